"""The ranks each model could hold, and the groups that the data cannot tell apart.

Both start from a matrix of pairwise verdicts that has already been corrected for its family.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stats.families import Adjustment, Floats, holm

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def check_better(better: ArrayLike) -> Bools:
    """Return the verdicts as a boolean matrix.

    Raises
    ------
    TypeError
        Not boolean.
    ValueError
        Not square, empty, a model better than itself, or two models each better than the other.
    """
    verdicts = np.asarray(better)
    if verdicts.dtype != np.bool_:
        raise TypeError(f"better must be boolean, got {verdicts.dtype}")
    if verdicts.ndim != 2 or verdicts.shape[0] != verdicts.shape[1] or verdicts.shape[0] == 0:
        raise ValueError(f"better must be a square matrix, got shape {verdicts.shape}")
    both = np.argwhere(verdicts & verdicts.T)
    if both.size:
        i, j = both[0]
        raise ValueError(f"better must not hold in both directions, it does for models {i} and {j}")
    return verdicts


def rank_sets(better: ArrayLike) -> Ints:
    """Lowest and highest rank of each model, from verdicts on pairs.

    If every verdict is right, model j has at least as many models above it as are significantly
    better, and at least as many below it as are significantly worse. Verdicts that are right
    together with probability 1 - alpha give sets that hold together with that probability.

    Parameters
    ----------
    better : (m, m) bool
        ``better[i, j]``: model i is significantly better than model j.

    Returns
    -------
    (m, 2) int
        For each model, 1 + the number significantly better and m - the number significantly
        worse; rank 1 is the best. (1, m) where the data tell it from no other model.

    Raises
    ------
    TypeError, ValueError
        See `check_better`.

    References
    ----------
    Mogstad, Romano, Shaikh & Wilhelm (2024), Inference for ranks, Rev Econ Stud 91:476-518, sec 3.
    """
    verdicts = check_better(better)
    above = verdicts.sum(axis=0)
    below = verdicts.sum(axis=1)
    return np.column_stack([1 + above, verdicts.shape[0] - below])


def letters(better: ArrayLike, order: ArrayLike) -> tuple[str, ...]:
    """Compact letter display: models that share a letter are not significantly different.

    Insert and absorb: all models start in one group; each significant difference splits the
    groups that hold both models in two; a group inside another is absorbed. The groups left are
    all largest sets of mutually indistinguishable models. Differences are inserted one model at
    a time, in the given order, which leaves the same groups and splits far fewer of them.

    Parameters
    ----------
    better : (m, m) bool
        ``better[i, j]``: model i is significantly better than model j.
    order : (m,) int
        The models from best to worst; the best model's first group is ``a``.

    Returns
    -------
    tuple of m strings
        Letters of each model in the order of the input: a … z, A … Z, then a2 … Z2, a3 …, one
        letter with the digits that follow it.

    Raises
    ------
    TypeError, ValueError
        See `check_better`; ``order`` is not a permutation of the models.

    References
    ----------
    Piepho (2004), An algorithm for a letter-based representation of all-pairwise comparisons,
    J Comp Graph Stat 13:456-466, sec 3.
    """
    verdicts = check_better(better)
    m = verdicts.shape[0]
    sequence = np.asarray(order)
    if sequence.shape != (m,) or not np.array_equal(np.sort(sequence), np.arange(m)):
        raise ValueError(f"order must be a permutation of the {m} models, got {sequence.tolist()}")
    differs = (verdicts | verdicts.T)[np.ix_(sequence, sequence)]
    groups = _largest_groups([_mask(row[:i]) for i, row in enumerate(differs)])
    members = sorted(
        [position for position in range(m) if group >> position & 1] for group in groups
    )
    words = [""] * m
    for index, group in enumerate(members):
        for position in group:
            words[sequence[position]] += _letter(index)
    return tuple(words)


def _mask(flags: Bools) -> int:
    """Pack flags into one integer, the first flag in the lowest bit: groups are sets of bits."""
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def _largest_groups(differs: list[int]) -> list[int]:
    """Insert model after model; ``differs[i]`` holds the earlier models that i differs from."""
    groups = [0]
    for i, unlike in enumerate(differs):
        joined = {(group & ~unlike) | 1 << i for group in groups}
        joined_largest = [g for g in joined if not any(g != h and g & h == g for h in joined)]
        # A group that had to stay whole keeps its members; one without a difference was joined.
        groups = joined_largest + [group for group in groups if group & unlike]
    return groups


def _letter(index: int) -> str:
    alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    lap, place = divmod(index, len(alphabet))
    return alphabet[place] + (str(lap + 1) if lap else "")


def simultaneous_rank_sets(
    p_values: ArrayLike, gain: ArrayLike, *, alpha: float = 0.05, adjustment: Adjustment = holm
) -> Ints:
    """Rank sets that hold for all models together, from tests of all m (m - 1) / 2 pairs.

    Parameters
    ----------
    p_values : (m, m) in [0, 1]
        Symmetric, two-sided, unadjusted; the diagonal is ignored.
    gain : (m, m)
        ``gain[i, j] > 0`` where model i did better than model j; antisymmetric.
    alpha : float in (0, 1)
        Chance that any set misses its rank, at most; pairs with adjusted p <= alpha are told
        apart.
    adjustment : callable
        From `stats.families`; must control the family-wise error, or the sets hold in no
        stated sense.

    Returns
    -------
    (m, 2) int
        As `rank_sets`.

    Raises
    ------
    ValueError
        Shapes that do not fit, a p-value outside [0, 1], ``alpha`` outside (0, 1).
    """
    p, sign = _check_pairs(p_values, gain, alpha)
    upper = np.triu_indices(p.shape[0], k=1)
    adjusted = np.ones_like(p)
    if upper[0].size:
        adjusted[upper] = adjustment(p[upper])
    significant = np.minimum(adjusted, adjusted.T) <= alpha
    return rank_sets(significant & (sign > 0))


def marginal_rank_sets(
    p_values: ArrayLike, gain: ArrayLike, *, alpha: float = 0.05, adjustment: Adjustment = holm
) -> Ints:
    """Rank sets that hold for each model on its own, from tests of its m - 1 pairs.

    Narrower than the simultaneous sets; right for a reader who came for one model, wrong for
    one who reads down the whole table.

    Parameters
    ----------
    p_values, gain, alpha, adjustment
        As in `simultaneous_rank_sets`; the family is one model's row.

    Returns
    -------
    (m, 2) int
        As `rank_sets`.

    Raises
    ------
    ValueError
        Shapes that do not fit, a p-value outside [0, 1], ``alpha`` outside (0, 1).

    References
    ----------
    Mogstad, Romano, Shaikh & Wilhelm (2024), Inference for ranks, Rev Econ Stud 91:476-518, sec 3.
    """
    p, sign = _check_pairs(p_values, gain, alpha)
    m = p.shape[0]
    if m == 1:
        return np.ones((1, 2), dtype=np.int64)
    others = ~np.eye(m, dtype=np.bool_)
    adjusted = np.ones_like(p)
    for model in range(m):
        adjusted[model, others[model]] = adjustment(p[model, others[model]])
    significant = adjusted <= alpha
    above = (significant & (sign < 0)).sum(axis=1)
    below = (significant & (sign > 0)).sum(axis=1)
    return np.column_stack([1 + above, m - below])


def _check_pairs(p_values: ArrayLike, gain: ArrayLike, alpha: float) -> tuple[Floats, Floats]:
    p = np.asarray(p_values, dtype=np.float64)
    sign = np.sign(np.asarray(gain, dtype=np.float64))
    if p.ndim != 2 or p.shape[0] != p.shape[1] or p.shape[0] == 0 or sign.shape != p.shape:
        raise ValueError(
            f"p_values and gain must be square and alike, got shapes {p.shape} and {sign.shape}"
        )
    off = ~np.eye(p.shape[0], dtype=np.bool_)
    if not np.array_equal(p[off], p.T[off]):  # unequal as well where one is NaN
        raise ValueError("p_values must be symmetric and hold no NaN off the diagonal")
    if not np.array_equal(sign[off], -sign.T[off]):
        raise ValueError("gain must be antisymmetric: gain[i, j] = -gain[j, i]")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must be between 0 and 1 (exclusive), got {alpha}")
    return p, sign
