"""The binomial distribution, written out."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, xlog1py, xlogy

Floats = NDArray[np.float64]


def binomial_pmf(n: int, rate: ArrayLike) -> Floats:
    """Probabilities of 0, 1, ..., n successes.

    Parameters
    ----------
    n : int, >= 0
    rate : float, any shape, in [0, 1]
        0 and 1 give all weight to one end.

    Returns
    -------
    float, shape (*rate.shape, n + 1)
        Relative error about 1e-15 times the largest log-factorial, 1e-12 at n = 1000.
    """
    k, rates = np.arange(n + 1), np.asarray(rate, dtype=np.float64)[..., None]
    choose = gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0)
    pmf: Floats = np.exp(choose + xlogy(k, rates) + xlog1py(n - k, -rates))
    return pmf
