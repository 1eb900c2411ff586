"""The parts of a change: they sum to it, mirror when read backwards, and match cases by hand."""

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stats.check import NoEstimateError
from stats.decomposition import CountSplit, Decomposition, decompose, split_counts

quick = settings(derandomize=True, deadline=None, max_examples=200)
F = Fraction
PARTS = ("rescored", "new_problems", "dropped_problems", "attempts", "missing_rule")


@st.composite
def histories(draw):
    """Two releases over up to 12 problems, with values on any grid and some missing."""
    n = draw(st.integers(1, 12))
    value = st.sampled_from([None, *(F(k, d) for d in (1, 3, 10) for k in range(d + 1))])
    held = [draw(st.lists(st.booleans(), min_size=n, max_size=n)) for _ in range(2)]
    drawn = [draw(st.lists(value, min_size=n, max_size=n)) for _ in range(2)]
    before, after = (
        [v if own else None for v, own in zip(values, mask, strict=True)]
        for values, mask in zip(drawn, held, strict=True)
    )
    assume(any(x is not None and y is not None for x, y in zip(before, after, strict=True)))
    rules = st.sampled_from(["absent", "failed"])
    options = {"in_before": held[0], "in_after": held[1]}
    return before, after, options, draw(rules), draw(rules)


@quick
@given(histories())
def test_the_parts_sum_to_the_change_exactly(history) -> None:
    before, after, held, first, second = history
    found = decompose(before, after, **held, rule_before=first, rule_after=second)
    assert sum(getattr(found, part) for part in PARTS) == found.after - found.before
    for values, mask, rule, rate in (
        (before, held["in_before"], first, found.before),
        (after, held["in_after"], second, found.after),
    ):
        known = [v for v in values if v is not None]
        assert rate == sum(known) / (sum(mask) if rule == "failed" else len(known))


@quick
@given(histories())
def test_read_backwards_every_part_turns_its_sign(history) -> None:
    before, after, held, first, second = history
    there = decompose(before, after, **held, rule_before=first, rule_after=second)
    back = decompose(
        after,
        before,
        in_before=held["in_after"],
        in_after=held["in_before"],
        rule_before=second,
        rule_after=first,
    )
    assert back.rescored == -there.rescored
    assert back.new_problems == -there.dropped_problems
    assert back.dropped_problems == -there.new_problems
    assert (back.attempts, back.missing_rule) == (-there.attempts, -there.missing_rule)


@quick
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_problems_does_not_matter(history, random) -> None:
    before, after, held, first, second = history
    rows = list(zip(before, after, held["in_before"], held["in_after"], strict=True))
    random.shuffle(rows)
    a, b, in_a, in_b = (list(column) for column in zip(*rows, strict=True))
    rules = {"rule_before": first, "rule_after": second}
    assert decompose(a, b, in_before=in_a, in_after=in_b, **rules) == decompose(
        before, after, **held, **rules
    )


@quick
@given(histories())
def test_one_release_against_itself_changes_nothing(history) -> None:
    before, _, held, rule, _ = history
    found = decompose(
        before,
        before,
        in_before=held["in_before"],
        in_after=held["in_before"],
        rule_before=rule,
        rule_after=rule,
    )
    assert all(getattr(found, part) == 0 for part in PARTS)


def test_better_on_every_old_problem_and_yet_five_points_down() -> None:
    # 10 old problems, 5 passed, then 6; 10 new and harder ones, of which 3 are passed.
    before = [F(i < 5) for i in range(10)] + [None] * 10
    after = [F(i < 6) for i in range(10)] + [F(i < 3) for i in range(10)]
    found = decompose(before, after, in_before=[True] * 10 + [False] * 10, in_after=[True] * 20)
    assert found.total == F(9, 20) - F(1, 2) == F(-1, 20)
    assert found.rescored == F(1, 10)
    assert found.new_problems == F(9, 20) - F(6, 10) == F(-3, 20)
    assert (found.dropped_problems, found.attempts, found.missing_rule) == (0, 0, 0)
    assert found.n_common == 10


def test_a_dropped_problem_is_judged_by_its_old_outcome() -> None:
    found = decompose(
        [F(1), F(1), F(0)], [F(1), F(0), None], in_before=[True] * 3, in_after=[True, True, False]
    )
    assert found.dropped_problems == F(2, 2) - F(2, 3)
    assert found.rescored == F(1, 2) - 1
    assert found.total == F(1, 2) - F(2, 3)


def test_a_problem_attempted_in_one_release_only_is_told_apart_from_a_rescored_one() -> None:
    # As in a report whose 106 results became 107: the new one is a fail.
    found = decompose(
        [F(1), F(0), None], [F(1), F(0), F(0)], in_before=[True] * 3, in_after=[True] * 3
    )
    assert (found.rescored, found.attempts) == (0, F(1, 3) - F(1, 2))
    assert found.n_common == 2


def test_a_changed_rule_alone_moves_the_rate() -> None:
    held = {"in_before": [True] * 4, "in_after": [True] * 4}
    values = [F(1), F(1), F(0), None]
    found = decompose(values, values, **held, rule_before="absent", rule_after="failed")
    assert found.missing_rule == found.total == F(2, 4) - F(2, 3)
    assert found.rescored == 0


def test_a_changed_rule_is_the_mean_of_changing_it_first_and_last() -> None:
    # First: 1/2 - 1/1 with the old outcomes. Last: 2/2 - 2/2 with the new ones.
    found = decompose(
        [F(1), None],
        [F(1), F(1)],
        in_before=[True, True],
        in_after=[True, True],
        rule_before="absent",
        rule_after="failed",
    )
    assert found.missing_rule == (F(1, 2) - 1 + 0) / 2 == F(-1, 4)
    assert found.total == 0
    # Under "absent" the second problem is newly attempted (no effect), under "failed" rescored.
    assert found.rescored == (F(0) + F(1, 2)) / 2
    assert found.attempts == 0


def test_a_part_that_does_not_sum_is_refused() -> None:
    with pytest.raises(ValueError, match="the parts sum to 0, the change is 1/2"):
        Decomposition(F(0), F(1, 2), F(0), F(0), F(0), F(0), F(0), 1)
    with pytest.raises(ValueError, match="the parts sum to 0, the change is 1/2"):
        CountSplit(F(0), F(1, 2), F(0), F(0), 0, 0)


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        (([F(1)], [None], [True], [True]), NoEstimateError, "after holds no outcome"),
        (([F(1), None], [None, F(1)], [True] * 2, [True] * 2), NoEstimateError, "cannot be split"),
        (([F(2)], [F(1)], [True], [True]), ValueError, r"before\[0\] must be in \[0, 1\], got 2"),
        (([F(1)], [F(1)], [True], [False]), ValueError, "holds no such problem"),
        (([F(1)], [F(1), F(1)], [True], [True]), ValueError, "must have one length"),
    ],
)
def test_what_cannot_be_split_is_refused(arguments, error, sentence) -> None:
    before, after, in_before, in_after = arguments
    with pytest.raises(error, match=sentence):
        decompose(before, after, in_before=in_before, in_after=in_after)


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="one of"):
        decompose(
            [F(1)],
            [F(1)],
            in_before=[True],
            in_after=[True],
            rule_before="zero",  # type: ignore[arg-type] # what a typo would give
        )


counts = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@quick
@given(counts, counts)
def test_counts_split_exactly_and_mirror(one, other) -> None:
    there, back = split_counts(*one, *other), split_counts(*other, *one)
    assert there.successes + there.totals == F(*other) - F(*one)
    assert (back.successes, back.totals) == (-there.successes, -there.totals)
    assert (back.least_lost, back.least_gained) == (there.least_gained, there.least_lost)


def test_the_copied_row_of_the_founding_report_worked_by_hand() -> None:
    found = split_counts(23, 106, 14, 107)
    assert found.total == F(14, 107) - F(23, 106) == F(-977, 11342)
    assert found.successes == -9 * (F(1, 106) + F(1, 107)) / 2
    assert found.totals == F(-37, 2) * (F(1, 106) - F(1, 107))
    assert (found.least_lost, found.least_gained) == (9, 0)


def test_counts_beyond_their_total_are_refused() -> None:
    with pytest.raises(ValueError, match="passed_after must be between 0 and n = 3, got 4"):
        split_counts(1, 3, 4, 3)
    with pytest.raises(NoEstimateError, match="n must be at least 1"):
        split_counts(0, 0, 1, 1)
