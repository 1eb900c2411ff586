"""Rank sets and letters: by hand, against brute force, and by what they promise."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.families import bonferroni
from stats.mcnemar import exact_p_values
from stats.ranks import letters, marginal_rank_sets, rank_sets, simultaneous_rank_sets

quick = settings(derandomize=True, deadline=None, max_examples=80)


def verdicts(m: int, *pairs: tuple[int, int]) -> np.ndarray:
    better = np.zeros((m, m), dtype=bool)
    for i, j in pairs:
        better[i, j] = True
    return better


def test_one_verdict_narrows_two_models() -> None:
    # Model 2 beats model 0: 2 cannot be last, 0 cannot be first, 1 can be anywhere.
    assert rank_sets(verdicts(3, (2, 0))).tolist() == [[2, 3], [1, 3], [1, 2]]


def test_no_verdict_leaves_every_rank_open() -> None:
    assert rank_sets(verdicts(4)).tolist() == [[1, 4]] * 4


def test_a_full_order_leaves_one_rank_each() -> None:
    better = verdicts(4, *combinations(range(4), 2))
    assert rank_sets(better).tolist() == [[1, 1], [2, 2], [3, 3], [4, 4]]
    assert letters(better, range(4)) == ("a", "b", "c", "d")


def test_letters_worked_by_hand() -> None:
    # 0 > 2 and 0 > 3 and 1 > 3: overlapping groups 01, 12, 23.
    better = verdicts(4, (0, 2), (0, 3), (1, 3))
    assert letters(better, [0, 1, 2, 3]) == ("a", "ab", "bc", "c")
    # From the other end the same groups are named in the other order.
    assert letters(better, [3, 2, 1, 0]) == ("c", "bc", "ab", "a")


def test_one_group_has_one_letter_and_one_model_too() -> None:
    assert letters(verdicts(5), range(5)) == ("a",) * 5
    assert letters(verdicts(1), [0]) == ("a",)


def test_letters_go_on_after_z() -> None:
    m = 54
    names = letters(verdicts(m, *combinations(range(m), 2)), range(m))
    assert (names[25], names[26], names[51], names[52]) == ("z", "A", "Z", "a2")
    assert len(set(names)) == m


better_matrices = st.integers(1, 7).flatmap(
    lambda m: st.lists(
        st.sampled_from([0, 1, 2]), min_size=m * (m - 1) // 2, max_size=m * (m - 1) // 2
    ).map(lambda signs: matrix_of(m, signs))
)


def matrix_of(m: int, signs: list[int]) -> np.ndarray:
    better = np.zeros((m, m), dtype=bool)
    for (i, j), sign in zip(combinations(range(m), 2), signs, strict=True):
        better[i, j], better[j, i] = sign == 1, sign == 2
    return better


@quick
@given(better_matrices)
def test_models_share_a_letter_exactly_where_they_do_not_differ(better) -> None:
    names = letters(better, range(len(better)))
    for i, j in combinations(range(len(better)), 2):
        differ = better[i, j] or better[j, i]
        assert bool(set(names[i]) & set(names[j])) == (not differ)


@quick
@given(better_matrices)
def test_letters_are_the_largest_indistinguishable_groups(better) -> None:
    m = len(better)
    alike = [
        set(group)
        for size in range(1, m + 1)
        for group in combinations(range(m), size)
        if not better[np.ix_(group, group)].any()
    ]
    largest = [group for group in alike if not any(group < other for other in alike)]
    names = letters(better, range(m))
    found = [{i for i in range(m) if letter in names[i]} for letter in sorted(set("".join(names)))]
    assert sorted(map(sorted, found)) == sorted(map(sorted, largest))


@quick
@given(better_matrices, st.randoms())
def test_relabelling_the_models_relabels_their_ranks(better, random) -> None:
    places = list(range(len(better)))
    random.shuffle(places)
    moved = better[np.ix_(places, places)]
    assert rank_sets(moved).tolist() == rank_sets(better)[places].tolist()


def pairwise(passed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    only = np.array([[(a & ~b).sum() for b in passed.T] for a in passed.T])
    return exact_p_values(only, only.T), only - only.T


def test_marginal_sets_lie_within_simultaneous_ones() -> None:
    rng = np.random.default_rng(7)
    passed = rng.random((107, 8)) < np.linspace(0.2, 0.8, 8)
    p, gain = pairwise(passed)
    wide, narrow = simultaneous_rank_sets(p, gain), marginal_rank_sets(p, gain)
    assert np.all(wide[:, 0] <= narrow[:, 0])
    assert np.all(narrow[:, 1] <= wide[:, 1])
    assert np.any(narrow != wide)
    strict = simultaneous_rank_sets(p, gain, adjustment=bonferroni)
    assert np.all(strict[:, 0] <= wide[:, 0])


def test_simultaneous_sets_hold_all_true_ranks_often_enough() -> None:
    # Two tied models and four others: ranks 1-2 are both true for the tied ones.
    rng = np.random.default_rng(20_240_601)
    rates = np.array([0.7, 0.7, 0.6, 0.5, 0.4, 0.2])
    best = np.array([1, 1, 3, 4, 5, 6])
    worst = np.array([2, 2, 3, 4, 5, 6])
    held = 0
    for _ in range(300):
        sets = simultaneous_rank_sets(*pairwise(rng.random((80, 6)) < rates))
        held += bool(np.all((sets[:, 0] <= worst) & (best <= sets[:, 1])))
        assert np.all(sets[:2, 0] <= 2)
    assert held / 300 >= 0.95


def test_a_single_model_holds_the_only_rank() -> None:
    for method in (simultaneous_rank_sets, marginal_rank_sets):
        assert method([[1.0]], [[0.0]]).tolist() == [[1, 1]]


@pytest.mark.parametrize(
    ("better", "error", "sentence"),
    [
        (np.zeros((2, 3), dtype=bool), ValueError, "square"),
        (np.zeros((0, 0), dtype=bool), ValueError, "square"),
        (np.zeros((2, 2)), TypeError, "boolean"),
        (np.ones((2, 2), dtype=bool), ValueError, "models 0 and 0"),
        (verdicts(3, (1, 2), (2, 1)), ValueError, "models 1 and 2"),
    ],
)
def test_verdicts_that_contradict_themselves_are_refused(better, error, sentence) -> None:
    with pytest.raises(error, match=sentence):
        rank_sets(better)
    with pytest.raises(error, match=sentence):
        letters(better, range(len(better)))


def test_an_order_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="permutation of the 3 models"):
        letters(verdicts(3), [0, 1, 1])


@pytest.mark.parametrize("method", [simultaneous_rank_sets, marginal_rank_sets])
@pytest.mark.parametrize(
    ("p", "gain", "alpha", "sentence"),
    [
        ([[1, 0.1], [0.2, 1]], [[0, 1], [-1, 0]], 0.05, "symmetric"),
        ([[1, np.nan], [np.nan, 1]], [[0, 1], [-1, 0]], 0.05, "NaN"),
        ([[1, 0.1], [0.1, 1]], [[0, 1], [1, 0]], 0.05, "antisymmetric"),
        ([[1, 0.1], [0.1, 1]], [[0, 1], [-1, 0]], 1.0, "alpha"),
        ([[1, 0.1], [0.1, 1]], [[0]], 0.05, "alike"),
        ([[1, 7.0], [7.0, 1]], [[0, 1], [-1, 0]], 0.05, r"\[0, 1\]"),
    ],
)
def test_what_is_no_matrix_of_tests_is_refused(method, p, gain, alpha, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        method(p, gain, alpha=alpha)
