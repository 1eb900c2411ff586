"""What the outcomes hold for each model, and what was decided when they were read in."""

from functools import cache
from pathlib import Path

from harness.ingest.account import Held, held
from harness.ingest.record import Record, read_record
from report.document import Cell, Column, Table
from report.exhibits.common import Context, missing, whole

NOT_RECORDED = "these outcomes were not read in by the ingest command"


def held_table(context: Context) -> Table:
    """For each model: problems attempted, missing, duplicated, unscored, errored."""
    release = context.analysis.release
    assert release.outcomes is not None  # noqa: S101 - pages ask for it where there are outcomes
    found = {row.model: row for row in held(release.outcomes.frame.lazy())}
    twice = {str(m["id"]): int(m["duplicated"]) for m in record_of(release.path).models}
    rule = "is counted as failed" if release.missing == "failed" else "is not counted"
    return Table(
        id="held",
        caption=(
            f"What the outcomes of each model hold, of {release.n_problems:,} problems. Missing: "
            f"no outcome; it {rule}. Duplicated: rows that a file held twice, taken once. "
            "Unscored: rows with neither a pass nor a score, treated as missing. Errored: rows "
            "whose own word says that the harness failed, not the answer."
        ),
        columns=[
            Column("model", "Model"),
            Column("problems", "Attempted", "number"),
            Column("missing", "Missing", "number"),
            Column("duplicated", "Duplicated", "number"),
            Column("unscored", "Unscored", "number"),
            Column("errored", "Errored", "number"),
            Column("samples", "Samples a problem", "number"),
        ],
        rows=[
            _held_row(context, found[model], release.n_problems, twice.get(model))
            for model in release.tested
            if model in found
        ],
        row_header="model",
    )


def _held_row(context: Context, row: Held, n_problems: int, twice: int | None) -> dict[str, Cell]:
    fewest, most = row.fewest_samples, row.most_samples
    samples = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    return {
        "model": context.model_cell(row.model),
        "problems": whole(row.problems),
        "missing": whole(n_problems - row.problems),
        "duplicated": whole(twice) if twice is not None else missing(NOT_RECORDED),
        "unscored": whole(row.unscored),
        "errored": whole(row.errored),
        "samples": Cell(samples, sort=fewest, raw=samples),
    }


def sources_table(context: Context) -> Table:
    """Each file that was read in, the rules that were applied to it, and what was set aside."""
    rows = [
        {
            "file": Cell(str(source["name"])),
            "harness": Cell(str(source["harness"])),
            "what": Cell(what),
            "count": whole(count) if count is not None else Cell("", sort=0, raw=""),
        }
        for source in record_of(context.analysis.release.path).sources
        for what, count in [
            *((str(rule), None) for rule in source["rules"]),
            *((f"{s['what']}: {s['rule']}", int(s["count"])) for s in source["set_aside"]),
        ]
    ]
    return Table(
        id="sources",
        caption=(
            "How each file was read: the rules that turned its words into outcomes, and how much "
            "was set aside under them."
        ),
        columns=[
            Column("file", "File"),
            Column("harness", "Harness"),
            Column("what", "Rule, or what was set aside"),
            Column("count", "How many", "number"),
        ],
        rows=rows,
    )


@cache
def _record_at(path: Path, stamp: int) -> Record:
    del stamp  # a file that changed is read again
    return read_record(path)


def record_of(path: Path) -> Record:
    """Read a release's ingest.json; an empty record where there is none."""
    file = path / "ingest.json"
    return _record_at(path, file.stat().st_mtime_ns if file.exists() else 0)
