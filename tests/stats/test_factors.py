import numpy as np
import pytest

from stats import factors
from stats.factors import Design, Factor


def three(rows: int) -> list[Factor]:
    rng = np.random.default_rng(1)
    names = {"model": "abcd", "difficulty": "xy", "category": "pqr"}
    return [
        Factor(name, tuple(levels), rng.integers(len(levels), size=rows))
        for name, levels in names.items()
    ]


@pytest.mark.parametrize("counted", [-100, 1 << 22])  # by sorting, by a table
def test_cells_are_the_distinct_rows_in_order(counted, monkeypatch) -> None:
    monkeypatch.setattr(factors, "_COUNTED", counted)
    found = Design.of(three(50), 50)
    codes = np.stack([factor.codes for factor in found.factors], axis=1)
    distinct, place = np.unique(codes, axis=0, return_inverse=True)
    np.testing.assert_array_equal(found.cell_of_row, place.ravel())
    written = [
        [1, *(int(row[0] == k) for k in (1, 2, 3)), int(row[1]), int(row[2] == 1), int(row[2] == 2)]
        for row in distinct
    ]
    assert found.cells.tolist() == written


def test_without_factors_there_is_one_cell() -> None:
    found = Design.of([], 3)
    assert (found.cells.tolist(), found.cell_of_row.tolist()) == ([[1.0]], [0, 0, 0])
