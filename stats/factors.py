"""Categorical explanations and the design they make, without writing out a row for each outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_COUNTED = 1 << 22  # keys up to here are looked up in a table of 32 MB


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """A categorical explanation: one level for each row, the first level is the reference.

    Attributes
    ----------
    name : str
        Such as ``model`` or ``difficulty``; coefficients are called ``name:level``.
    levels : tuple of str
        In order.
    codes : int, shape (rows,)
        Index of each row's level.
    """

    name: str
    levels: tuple[str, ...]
    codes: Ints

    @classmethod
    def of(cls, name: str, values: Sequence[str], levels: Sequence[str]) -> Self:
        """Code each row's value by its place among the levels; ValueError for unknown values."""
        place = {level: index for index, level in enumerate(levels)}
        unknown = sorted(set(values) - set(place))
        if unknown:
            raise ValueError(f"{name} has unknown levels {unknown}; known: {list(levels)}")
        return cls(name, tuple(levels), np.array([place[v] for v in values], dtype=np.int64))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its coefficients: all levels but the reference."""
        return tuple(f"{self.name}:{level}" for level in self.levels[1:])


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """An intercept and treatment-coded factors over rows, held as the distinct cells.

    Attributes
    ----------
    factors : tuple of Factor
    cells : float, shape (cells, k)
        Distinct rows of the design matrix, 0 or 1.
    cell_of_row : int, shape (rows,)
        Which cell each row is in.
    """

    factors: tuple[Factor, ...]
    cells: Floats
    cell_of_row: Ints

    @classmethod
    def of(cls, factors: Sequence[Factor], rows: int) -> Self:
        """Build the design of factors coded for so many rows; without factors, an intercept."""
        cell, first = np.zeros(rows, dtype=np.int64), np.zeros(min(rows, 1), dtype=np.int64)
        for factor in factors:
            # Cells so far and levels make one number, mostly small enough not to be sorted.
            cell, first = _numbered(cell * len(factor.levels) + factor.codes)
        parts = [np.ones((first.size, 1))]
        for factor in factors:
            levels = np.arange(1, len(factor.levels))
            parts.append((factor.codes[first, None] == levels).astype(np.float64))
        return cls(tuple(factors), np.concatenate(parts, axis=1), cell)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coefficients."""
        return ("intercept", *(name for factor in self.factors for name in factor.names))

    def by_cell(self, values: ArrayLike) -> Floats:
        """Add up a value of each row within cells; shape (cells,)."""
        sums = np.bincount(self.cell_of_row, np.asarray(values), self.cells.shape[0])
        return sums.astype(np.float64)

    def by_cluster(self, values: Floats, clusters: Ints, n_clusters: int) -> Floats:
        """Add up design row times value within clusters; shape (n_clusters, k)."""
        parts = [np.bincount(clusters, values, n_clusters)[:, None]]
        for factor in self.factors:
            size = len(factor.levels)
            sums = np.bincount(clusters * size + factor.codes, values, n_clusters * size)
            parts.append(sums.reshape(n_clusters, size)[:, 1:])
        return np.concatenate(parts, axis=1)


def _numbered(keys: Ints) -> tuple[Ints, Ints]:
    """Number the keys that occur, in their order; return each one's number and a row with it."""
    most = int(keys.max(initial=-1)) + 1
    if most > _COUNTED + keys.size:
        _, first, place = np.unique(keys, return_index=True, return_inverse=True)
        return place.astype(np.int64), first.astype(np.int64)
    first = np.full(most, -1, dtype=np.int64)
    first[keys] = np.arange(keys.size)
    place = np.cumsum(first >= 0) - 1
    return place[keys], first[first >= 0]


def cluster_codes(clusters: ArrayLike, shape: tuple[int, ...]) -> tuple[Ints, int]:
    """Number the clusters from 0; return the number of each row, and how many there are."""
    values = np.asarray(clusters)
    if values.shape != shape:
        raise ValueError(f"clusters must have one value for each row, {shape}, got {values.shape}")
    if values.dtype.kind == "f" and np.isnan(values).any():
        raise ValueError("clusters must be named: NaN says nothing of where a row belongs")
    names, codes = np.unique(values, return_inverse=True)
    return codes.ravel().astype(np.int64), int(names.size)
