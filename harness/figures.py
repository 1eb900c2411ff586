"""The vocabulary of printed figures: what each word needs, and checks that a row gives it.

results/README.md says what each word means and how it is computed from the data.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from harness.csv_file import Row, Table
from harness.errors import ResultFileError
from harness.raw import RawRelease
from harness.release_checks import BEST
from harness.text import listed, shown

Need = Literal["needed", "allowed", "empty"]
Versus = Literal["model", "comparison", "best"]


@dataclass(frozen=True, slots=True)
class Figure:
    """What a row with this word must and may say besides the digits.

    ``versus`` lists what may stand in that column; where it is empty the column is too.
    ``some_part`` asks for a category, a difficulty, or both.
    """

    units: tuple[str, ...]
    model: Need = "needed"
    versus: tuple[Versus, ...] = ()
    versus_needed: bool = True
    category: Need = "empty"
    difficulty: Need = "empty"
    some_part: bool = False


def _cell_rate() -> Figure:
    return Figure(("%",), category="allowed", difficulty="allowed", some_part=True)


def _against(unit: str, *more: str) -> Figure:
    return Figure((unit, *more), versus=("model", "best"))


FIGURES: Mapping[str, Figure] = {
    "problems": Figure(("problems",), "empty", category="allowed", difficulty="allowed"),
    "category_share": Figure(("%",), "empty", category="needed"),
    "difficulty_share": Figure(("%",), "empty", difficulty="needed"),
    "compile_rate": Figure(("%",)),
    "pass_rate": Figure(("%",)),
    "pass_rate_of_compiled": Figure(("%",)),
    "cell_compile_rate": _cell_rate(),
    "cell_pass_rate": _cell_rate(),
    "group_mean_pass_rate": Figure(("%",), "empty", ("comparison",)),
    "gap_points": Figure(("points", "%"), versus=("comparison",)),
    "gap_relative": Figure(("%",), versus=("comparison",)),
    "difference_points": _against("points", "%"),
    "difference_relative": _against("%"),
    "best_pass_rate": Figure(("%",), "allowed"),
    "best_compile_rate": Figure(("%",), "allowed"),
    "proximity_pass": _against("%"),
    "proximity_compile": _against("%"),
    "parameters": Figure(("B",)),
    "efficiency": Figure(("points per B",)),
    "rank": Figure(("rank",), versus=("comparison",), versus_needed=False),
    "efficiency_rank": Figure(("rank",), versus=("comparison",), versus_needed=False),
    "size_ratio": _against("x"),
    "performance_ratio": _against("x"),
    "efficiency_ratio": _against("x"),
    "smallest_size_ratio": Figure(("x",), "allowed", ("comparison",)),
    "largest_size_ratio": Figure(("x",), "allowed", ("comparison",)),
}


def figure_errors(raw: RawRelease) -> Iterator[ResultFileError]:
    """Yield rows of printed.csv that lack what their word needs, or say what it cannot use."""
    table = raw.table("printed")
    for row in table.rows:
        word = str(row.values["figure"])
        figure = FIGURES[word]
        yield from _column_errors(table, row, word, figure)
        yield from _versus_errors(raw, table, row, figure)
        if row.values["unit"] not in figure.units:
            yield table.error(
                row,
                "unit",
                found=shown(row.values["unit"]),
                expected=f"{' or '.join(figure.units)}, as {word} is given",
            )


def _column_errors(table: Table, row: Row, word: str, figure: Figure) -> Iterator[ResultFileError]:
    needs: dict[str, Need] = {
        "model": figure.model,
        "versus": ("needed" if figure.versus_needed else "allowed") if figure.versus else "empty",
        "category": figure.category,
        "difficulty": figure.difficulty,
    }
    for column, need in needs.items():
        if need == "needed" and column not in row.values:
            yield table.error(
                row, column, found="it is missing", expected=f"a {column}: {word} needs one"
            )
        if need == "empty" and column in row.values:
            yield table.error(
                row,
                column,
                found=shown(row.values[column]),
                expected=f"nothing: {word} has no {column}",
            )
    if figure.some_part and not {"category", "difficulty"} & set(row.values):
        yield table.error(
            row,
            "category",
            found="neither a category nor a difficulty",
            expected=f"at least one of them: {word} is the rate of a part",
        )


def _versus_errors(
    raw: RawRelease, table: Table, row: Row, figure: Figure
) -> Iterator[ResultFileError]:
    value = row.values.get("versus")
    known = {
        "model": raw.ids("models"),
        "comparison": raw.ids("comparisons"),
        "best": [BEST],
    }
    choices = [known[kind] for kind in figure.versus]
    words = [word for choice in choices if choice is not None for word in choice]
    if value is None or not figure.versus or None in choices or value in words:
        return
    yield table.error(
        row,
        "versus",
        found=f"{shown(value)} is unknown",
        expected=" or ".join(_NAMED[kind] for kind in figure.versus),
        way_out=f"Known: {listed(words)}.",
    )


_NAMED: Mapping[Versus, str] = {
    "model": "the id of a model in models.toml",
    "comparison": "the id of a comparison in release.toml",
    "best": BEST,
}
