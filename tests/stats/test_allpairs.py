"""All pairs at once against one pair at a time; missing outcomes counted pair by pair."""

from time import perf_counter

import numpy as np
import pytest

from stats import allpairs
from stats.allpairs import compare_all, pair_tables
from stats.check import NoEstimateError
from stats.paired import count_pairs, mcnemar_exact, mcnemar_midp, tango


def outcomes(n: int, m: int, *, missing: float = 0.0, seed: int = 1) -> np.ndarray:
    """Models of different ability on problems of different difficulty."""
    rng = np.random.default_rng(seed)
    logit = rng.normal(size=m) - 1.5 * rng.normal(size=(n, 1))
    passed = rng.random((n, m)) < 1 / (1 + np.exp(-logit))
    if not missing:
        return passed
    return np.where(rng.random((n, m)) < missing, np.nan, passed)


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_every_pair_agrees_with_the_pair_on_its_own(missing) -> None:
    table = outcomes(60, 9, missing=missing)
    result = compare_all(table, level=0.9)
    tables = result.tables
    assert tables.first.size == 36
    for k, (i, j) in enumerate(zip(tables.first, tables.second, strict=True)):
        pair = count_pairs(table[:, i], table[:, j])
        assert tables.both[k] == pair.both
        assert tables.only_first[k] == pair.only_a
        assert tables.only_second[k] == pair.only_b
        assert tables.neither[k] == pair.neither
        assert (tables.n[k], tables.missing[k]) == (pair.n, pair.missing)
        alone = tango(pair.both, pair.only_a, pair.only_b, pair.neither, level=0.9)
        assert (result.low[k], result.high[k]) == pytest.approx((alone.low, alone.high), abs=1e-13)
        assert result.p_midp[k] == mcnemar_midp(pair.only_a, pair.only_b).p_value
        assert result.p_exact[k] == mcnemar_exact(pair.only_a, pair.only_b).p_value
        assert tables.differences()[k] == (pair.only_a - pair.only_b) / pair.n


def test_a_new_model_moves_no_old_number() -> None:
    table = outcomes(107, 12)
    old, new = compare_all(table[:, :11]), compare_all(table)
    kept = new.tables.second < 11
    for name in ("low", "high", "p_midp", "p_exact"):
        assert np.array_equal(getattr(old, name), getattr(new, name)[kept])


def test_relabelling_the_models_relabels_the_pairs() -> None:
    table = outcomes(50, 6, missing=0.1)
    places = np.array([3, 1, 5, 0, 2, 4])
    result, moved = compare_all(table), compare_all(table[:, places])

    def square(pairs, name, swapped):
        return pairs.tables.matrix(getattr(pairs, name), diagonal=0, swapped=swapped)

    p = square(result, "p_midp", 1)
    assert np.array_equal(square(moved, "p_midp", 1), p[np.ix_(places, places)])
    for result_low, moved_low in zip(
        limits_as_matrix(result)[places][:, places].ravel(),
        limits_as_matrix(moved).ravel(),
        strict=True,
    ):
        assert result_low == pytest.approx(moved_low, abs=1e-14)


def limits_as_matrix(pairs: allpairs.AllPairs) -> np.ndarray:
    """Lower limit of row minus column, in both directions."""
    square = pairs.tables.matrix(pairs.low, diagonal=0)
    square[pairs.tables.second, pairs.tables.first] = -pairs.high
    return square


def test_the_order_of_problems_does_not_matter() -> None:
    table = outcomes(40, 5, missing=0.1)
    there, back = compare_all(table), compare_all(table[::-1])
    assert np.array_equal(there.low, back.low)
    assert np.array_equal(there.tables.both, back.tables.both)


def test_distinct_counts_found_by_sorting_give_the_same(monkeypatch) -> None:
    table = outcomes(40, 8, missing=0.3)
    dense = compare_all(table)
    monkeypatch.setattr(allpairs, "DENSE", 0)
    sparse = compare_all(table)
    for name in ("low", "high", "p_midp", "p_exact"):
        assert np.array_equal(getattr(dense, name), getattr(sparse, name))


def test_identical_models_and_opposite_models() -> None:
    one = np.array([[1], [0], [1], [1]])
    result = compare_all(np.hstack([one, one, 1 - one]))
    assert result.p_midp[0] == result.p_exact[0] == 1
    assert result.low[0] == -result.high[0] < 0
    assert (result.tables.only_first[1], result.tables.only_second[1]) == (3, 1)
    assert (result.low[1], result.high[1]) == (result.low[2], result.high[2])


def test_a_pair_without_common_problems_is_not_compared() -> None:
    table = np.array([[1, np.nan, 0], [np.nan, 1, 1]])
    result = compare_all(table)
    assert result.tables.n.tolist() == [0, 1, 1]
    assert result.tables.missing.tolist() == [2, 1, 1]
    assert (result.low[0], result.high[0]) == (-1, 1)
    assert (result.p_midp[0], result.p_exact[0]) == (1, 1)
    with pytest.raises(NoEstimateError, match="models 0 and 1 have no problem in common"):
        result.tables.differences()


def test_matrix_lays_out_both_directions() -> None:
    tables = pair_tables([[1, 0, 0], [1, 1, 0]])
    square = tables.matrix(tables.differences(), diagonal=0, swapped=-1)
    assert square.tolist() == [[0, 0.5, 1], [-0.5, 0, 0.5], [-1, -0.5, 0]]


@pytest.mark.parametrize("kind", [bool, int, float])
def test_outcomes_may_be_booleans_or_numbers(kind) -> None:
    table = outcomes(20, 4)
    assert np.array_equal(compare_all(table.astype(kind)).low, compare_all(table).low)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ([1, 0, 1], "problems x models"),
        ([[1], [0]], "at least 1 x 2"),
        (np.zeros((0, 3)), "at least 1 x 2"),
        ([[1, 2]], "must hold 0, 1 or NaN, got 2"),
        ([[1, 0.5]], "must hold 0, 1 or NaN, got 0.5"),
        ([[1, np.inf]], "must hold 0, 1 or NaN, got inf"),
    ],
)
def test_what_is_no_table_of_outcomes_is_refused(table, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        compare_all(table)


def test_a_level_that_is_no_probability_is_refused_before_the_work() -> None:
    with pytest.raises(ValueError, match="level"):
        compare_all([[1, 0]], level=2)


@pytest.mark.slow
@pytest.mark.parametrize("missing", [0.0, 0.02])
def test_half_a_million_pairs_take_well_under_a_second(missing) -> None:
    table = outcomes(2_294, 1_000, missing=missing)
    started = perf_counter()
    result = compare_all(table)
    elapsed = perf_counter() - started
    assert result.low.size == 499_500
    assert np.all(result.low <= result.tables.differences())
    assert elapsed < 2  # 0.1 to 0.3 s on two idle cores
