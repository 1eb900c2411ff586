"""Counts that add up: problems of the benchmark, successes of each model, cells and totals."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from harness.csv_file import Row, Table
from harness.errors import ResultFileError
from harness.raw import RawRelease
from harness.release import ProblemCell
from harness.text import shown

FIELDS = ("problems", "compiled", "passed")


def count_errors(raw: RawRelease) -> Iterator[ResultFileError]:
    """Yield counts above their bound and sums that differ from their total.

    A model with a wrong row of its own is not summed: that would report the row a second time.
    """
    yield from _problem_set_errors(raw)
    counts = raw.table("counts")
    wrong = {row.line: list(_single_errors(raw, counts, row)) for row in counts.rows}
    for errors in wrong.values():
        yield from errors
    if "counts" in raw.clean:
        for model, rows in _by_model(counts.rows).items():
            if not any(wrong[row.line] for row in rows) and all(_is_known(raw, r) for r in rows):
                yield from _sum_errors(counts, model, rows)


def problem_cells(raw: RawRelease) -> tuple[ProblemCell, ...]:
    """Count the problems by category and difficulty, from whichever file has them.

    Single problems are counted in the order of the release's categories and difficulties.
    """
    table = raw.table("problem_counts")
    if table.rows:
        return tuple(
            ProblemCell(category, difficulty, problems)
            for row in table.rows
            for category, difficulty, problems in [_cell(row)]
        )
    tally: dict[tuple[object, object], int] = defaultdict(int)
    for row in raw.table("problems").rows:
        tally[row.values.get("category"), row.values.get("difficulty")] += 1
    return tuple(
        ProblemCell(category, difficulty, tally[category, difficulty])
        for category in (*(raw.words("categories") or ()), None)
        for difficulty in (*(raw.words("difficulties") or ()), None)
        if tally[category, difficulty] and (category, difficulty) != (None, None)
    )


def _cell(row: Row) -> tuple[str, str, int]:
    value = row.values
    return str(value["category"]), str(value["difficulty"]), int(value["problems"])


def _problem_set_errors(raw: RawRelease) -> Iterator[ResultFileError]:
    if "problem_counts" in raw.tables and "problems" in raw.tables:
        yield ResultFileError(
            raw.table("problem_counts").path,
            found="problems.csv is there too",
            expected="one of the two",
            way_out="Delete problem_counts.csv: its cells are counted from problems.csv.",
        )
        return
    for name in ("problem_counts", "problems"):
        total = sum(int(row.values.get("problems", 1)) for row in raw.table(name).rows)
        if name in raw.clean and raw.n_problems is not None and total != raw.n_problems:
            yield ResultFileError(
                raw.table(name).path,
                found=f"{total} problems",
                expected=f"n_problems of release.toml, {raw.n_problems}",
                way_out="Correct whichever of the two is wrong.",
            )


def _single_errors(raw: RawRelease, counts: Table, row: Row) -> Iterator[ResultFileError]:
    yield from _order_errors(counts, row)
    if _is_known(raw, row):
        yield from _bound_errors(raw, counts, row)


def _is_known(raw: RawRelease, row: Row) -> bool:
    """Tell whether the release knows the row's part; another check reports what it does not."""
    parts = (("category", "categories"), ("difficulty", "difficulties"))
    return all(row.values.get(one) in (None, *(raw.words(many) or ())) for one, many in parts)


def _order_errors(counts: Table, row: Row) -> Iterator[ResultFileError]:
    value = {field: row.values[field] for field in FIELDS if field in row.values}
    for small, large in (("compiled", "problems"), ("passed", "problems"), ("passed", "compiled")):
        if small in value and large in value and int(value[small]) > int(value[large]):
            if small == "passed" and large == "problems" and "compiled" in value:
                continue  # passed > compiled or compiled > problems says it
            yield counts.error(
                row,
                small,
                found=f"{value[small]} {small}",
                expected=f"at most the {value[large]} {large}",
            )


def _bound_errors(raw: RawRelease, counts: Table, row: Row) -> Iterator[ResultFileError]:
    bound, name = _bound(raw, row)
    if bound is not None and int(row.values["problems"]) > bound:
        yield counts.error(
            row,
            "problems",
            found=f"{row.values['problems']} problems",
            expected=f"at most the {bound} of {name}",
            way_out="A model cannot have results for more problems than there are.",
        )


def _bound(raw: RawRelease, row: Row) -> tuple[int | None, str]:
    category, difficulty = row.values.get("category"), row.values.get("difficulty")
    if category is None and difficulty is None:
        return raw.n_problems, "the benchmark"
    cells = problem_cells(raw)
    if not cells or not raw.clean & {"problem_counts", "problems"}:
        return None, ""
    inside = (
        cell.problems
        for cell in cells
        if category in (None, cell.category) and difficulty in (None, cell.difficulty)
    )
    return sum(inside), " ".join(shown(word) for word in (category, difficulty) if word)


def _by_model(rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    models: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        models[str(row.values["model"])].append(row)
    return models


def _sum_errors(counts: Table, model: str, rows: Sequence[Row]) -> Iterator[ResultFileError]:
    """Compare each way of splitting a model's results with the row that it splits."""
    by_kind: dict[tuple[bool, bool], list[Row]] = defaultdict(list)
    for row in rows:
        by_kind["category" in row.values, "difficulty" in row.values].append(row)
    total = by_kind.pop((False, False), [])
    if not total:
        yield _no_total(counts, model, rows)
        return
    for parts in by_kind.values():
        yield from _difference_errors(counts, total[0], parts)
    for column, kind in (("category", (True, False)), ("difficulty", (False, True))):
        for whole in by_kind.get(kind, ()):
            parts = [r for r in by_kind.get((True, True), ()) if _same(r, whole, column)]
            yield from _difference_errors(counts, whole, parts)


def _same(row: Row, other: Row, column: str) -> bool:
    return row.values[column] == other.values[column]


def _no_total(counts: Table, model: str, rows: Sequence[Row]) -> ResultFileError:
    return counts.error(
        rows[0],
        "model",
        found=f"{shown(model)} has parts but no overall row",
        expected="a row with empty category and difficulty",
        way_out="Add the overall row: the parts may not be all there is.",
    )


def _difference_errors(
    counts: Table, whole: Row, parts: Sequence[Row]
) -> Iterator[ResultFileError]:
    differences = [d for field in FIELDS if parts for d in _difference(field, whole, parts)]
    if differences:
        lines = f"{parts[0].line} to {parts[-1].line}" if len(parts) > 1 else f"{parts[0].line}"
        yield counts.error(
            whole,
            None,
            found=f"a total that its parts (lines {lines}) do not sum to: {', '.join(differences)}",
            expected="parts that sum to their total",
            way_out="A part may be missing, or one of the numbers is wrong.",
        )


def _difference(field: str, whole: Row, parts: Sequence[Row]) -> Iterator[str]:
    """Say how the parts miss the total, unless one of the numbers is not known."""
    if all(field in row.values for row in (whole, *parts)):
        total, summed = int(whole.values[field]), sum(int(row.values[field]) for row in parts)
        if total != summed:
            yield f"{field} {total} against {summed}"
