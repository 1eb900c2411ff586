from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats import missing
from stats.check import NoEstimateError
from stats.proportion import wilson

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)
CELL = st.sampled_from([0, 1, None])


def test_rate_bracket_worked_by_hand() -> None:
    # 6 of 8 attempted, two of ten problems missing: between 6/10 and 8/10.
    got = missing.rate_bracket(6, 8, 10)
    assert (got.low, got.high, got.attempted_only) == (0.6, 0.8, 0.75)
    assert (got.as_failed, got.missing, got.n) == (0.6, 2, 10)


def test_nothing_missing_leaves_no_range() -> None:
    got = missing.rate_bracket(6, 8, 8)
    assert got.low == got.high == got.attempted_only == 0.75


def test_nothing_attempted_leaves_everything_open() -> None:
    got = missing.rate_bracket(0, 0, 8)
    assert (got.low, got.high, got.attempted_only) == (0, 1, None)


def test_interval_over_the_bracket_spans_both_ends() -> None:
    got = missing.rate_bracket_interval(6, 8, 10, level=0.9)
    assert got.low == wilson(6, 10, level=0.9).low
    assert got.high == wilson(8, 10, level=0.9).high
    assert got.method == "wilson_missing_bracket"
    complete, plain = missing.rate_bracket_interval(6, 8, 8), wilson(6, 8)
    assert (complete.low, complete.high) == (plain.low, plain.high)


@SETTINGS
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5))
def test_difference_bracket_is_the_range_of_all_completions(rows) -> None:
    first, second = ([row[side] for row in rows] for side in (0, 1))
    options = [(value,) if value is not None else (0, 1) for value in (*first, *second)]
    n = len(rows)
    possible = [(sum(case[:n]) - sum(case[n:])) / n for case in product(*options)]
    arguments = [np.array([np.nan if v is None else v for v in side]) for side in (first, second)]
    tried = [np.array([v is not None for v in side]) for side in (first, second)]
    got = missing.difference_bracket(*arguments, attempted_a=tried[0], attempted_b=tried[1])
    assert (got.low, got.high) == pytest.approx((min(possible), max(possible)))
    shared = [a - b for a, b in rows if a is not None and b is not None]
    assert got.shared_only == (pytest.approx(np.mean(shared)) if shared else None)
    assert got.sign_is_certain == (min(possible) > 0 or max(possible) < 0)


@SETTINGS
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=30))
def test_counts_give_the_same_bracket(rows) -> None:
    sides = [[row[side] for row in rows] for side in (0, 1)]
    values = [np.array([0 if v is None else v for v in side]) for side in sides]
    tried = [np.array([v is not None for v in side]) for side in sides]
    linked = missing.difference_bracket(*values, attempted_a=tried[0], attempted_b=tried[1])
    counts = [
        int(count) for v, t in zip(values, tried, strict=True) for count in (v.sum(), t.sum())
    ]
    unlinked = missing.difference_bracket_counts(*counts, len(rows))
    assert (unlinked.low, unlinked.high) == pytest.approx((linked.low, linked.high))
    assert unlinked.shared_only is None


def test_swapping_the_models_mirrors() -> None:
    ours = missing.difference_bracket_counts(6, 8, 3, 10, 10)
    theirs = missing.difference_bracket_counts(3, 10, 6, 8, 10)
    assert (ours.low, ours.high) == (-theirs.high, -theirs.low)
    assert (ours.missing_a, ours.missing_b) == (theirs.missing_b, theirs.missing_a)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((9, 8, 10), ValueError, "successes must be at most attempted = 8, got 9"),
        ((1, 11, 10), ValueError, "attempted must be between 0 and n = 10, got 11"),
        ((-1, 8, 10), ValueError, "successes must be between 0 and n = 10, got -1"),
        ((0, 0, 0), NoEstimateError, "n must be at least 1"),
        ((1.0, 2, 3), TypeError, "successes must be a whole number"),
    ],
)
def test_bad_counts_are_refused(arguments, error, message) -> None:
    with pytest.raises(error, match=message):
        missing.rate_bracket(*arguments)


def test_bad_outcomes_are_refused() -> None:
    yes = np.array([True, True])

    def run(a, b, tried_a=yes, tried_b=yes):
        return missing.difference_bracket(a, b, attempted_a=tried_a, attempted_b=tried_b)

    with pytest.raises(ValueError, match="outcomes_a must be between 0 and 1 where attempted"):
        run([0.0, np.nan], [1, 1])
    with pytest.raises(ValueError, match="outcomes_b must be between 0 and 1 where attempted"):
        run([0, 1], [2, 1])
    with pytest.raises(ValueError, match="both models need the same problems, got 2 and 3"):
        run([0, 1], [1, 1, 1], tried_b=np.array([True] * 3))
    with pytest.raises(ValueError, match="must be one-dimensional and of one length"):
        run([0, 1, 1], [1, 1])
    with pytest.raises(TypeError, match="attempted_a must be boolean, got an array of int64"):
        run([0, 1], [1, 1], tried_a=np.array([1, 0]))
    with pytest.raises(NoEstimateError, match="there are no problems"):
        run([], [], tried_a=np.array([], bool), tried_b=np.array([], bool))


def test_brackets_of_two_rates_make_that_of_their_difference() -> None:
    a, b = missing.rate_bracket(5, 8, 10), missing.rate_bracket(3, 9, 10)
    found = missing.difference_of_brackets(a, b)
    counted = missing.difference_bracket_counts(5, 8, 3, 9, 10)
    assert (found.low, found.high) == pytest.approx((counted.low, counted.high))
    assert (found.missing_a, found.missing_b, found.n) == (2, 1, 10)
    with pytest.raises(ValueError, match="same problems, got 10 and 11"):
        missing.difference_of_brackets(a, missing.rate_bracket(3, 9, 11))
