"""Hold printed figures against the data: rounding, and what a count can give (GRIM).

Everything here is exact decimal or integer arithmetic. A figure counts as right when either of
the two common roundings, half away from zero or half to even, turns the value into it.
"""

import math
import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from stats.check import check_count

# One sign, digits bare or in groups of three, decimals, a percent sign; spaces may stand between.
_PRINTED = re.compile(
    r"(?P<sign>[+\-\u2212\u2013]?)\s*"
    r"(?P<whole>\d{1,3}(?:[,'\u2019_ \u00a0\u2009\u202f]\d{3})+|\d+|(?=\.\d))"
    r"(?:\.(?P<decimals>\d+))?\s*%?"
)
# Far more digits than any figure or float has, so that no decimal operation rounds by itself.
_DIGITS = 400
# Decimal digits that survive a few floating-point operations.
_SAFE_DIGITS = 14


@dataclass(frozen=True, slots=True)
class PrintedMatch:
    """A printed figure held against a value.

    Attributes
    ----------
    matches : bool
        Whether rounding the value, half up or half to even, gives the printed figure.
    decimals : int
        Decimals that the figure shows.
    figure : float
        The printed figure as a number, in the unit it is printed in.
    low, high : float
        The figure -+ half a unit of its last decimal: what it could stand for. At the ends
        themselves it depends on the rounding, which ``matches`` takes into account.
    rounded : str
        The value at the figure's decimals, half away from zero: what should have stood there.
    """

    matches: bool
    decimals: int
    figure: float
    low: float
    high: float
    rounded: str


def printed_matches(printed: str, value: float | Fraction) -> PrintedMatch:
    """Say whether a printed figure equals a value within the rounding that its decimals imply.

    Both are in the same unit: a percent sign is accepted and changes nothing, so ``"21.2 %"``
    goes with 21.2 and not with 0.212. A sign, spaces and thousands separators (``1,234.5``) are
    accepted; a minus may be a hyphen, a minus sign or an en dash.

    Parameters
    ----------
    printed : str
        The figure as printed; its decimals say how far it was rounded. "21.0" is not "21".
    value : float or Fraction
        What the data give. A float is taken at its shortest decimal form, and also at 14
        significant digits, so that 0.285 is the half that its author meant and not the binary
        number below it; a Fraction is exact.

    Raises
    ------
    ValueError
        ``printed`` is no decimal number, or ``value`` is infinite or not a number.
    """
    figure, decimals = parse_printed(printed)
    exact = _as_fraction(value)
    candidates = {exact} if isinstance(value, Fraction) else {exact, _at_safe_digits(exact)}
    rounded = {
        _round(candidate, decimals, mode)
        for candidate in candidates
        for mode in (ROUND_HALF_UP, ROUND_HALF_EVEN)
    }
    half = Fraction(1, 2 * 10**decimals)
    return PrintedMatch(
        matches=figure in rounded,
        decimals=decimals,
        figure=float(figure),
        low=float(figure - half),
        high=float(figure + half),
        rounded=_digits(_round(_at_safe_digits(exact), decimals, ROUND_HALF_UP), decimals),
    )


@dataclass(frozen=True, slots=True)
class Grim:
    """Which counts of n give a reported percentage, by way of rounding.

    Attributes
    ----------
    consistent : bool
        Some count gives the figure, rounded half up or half to even.
    counts : tuple of int
        Those counts, ascending; empty where none does.
    half_up, half_even, truncated : tuple of int
        The counts under each way of rounding; cutting off digits does not make a figure
        consistent, it explains one that is not.
    nearest : int
        The count whose percentage lies nearest to the figure (the smaller of two).
    n : int
        The total.
    """

    consistent: bool
    counts: tuple[int, ...]
    half_up: tuple[int, ...]
    half_even: tuple[int, ...]
    truncated: tuple[int, ...]
    nearest: int
    n: int


def grim(reported: str, n: int) -> Grim:
    """Say whether a percentage, as reported, can come from a whole number of successes out of n.

    Granularity-related inconsistency of means, for percentages: 100 x / n has only n + 1 values,
    so with few problems most figures with a decimal or two are impossible.

    Parameters
    ----------
    reported : str
        The percentage as printed, without or with its percent sign; its decimals matter.
    n : int
        The total, at least 1.

    Raises
    ------
    ValueError
        ``reported`` is no decimal number, or ``n`` is below 1.
    TypeError
        ``n`` is not a whole number.

    References
    ----------
    Brown & Heathers (2017), The GRIM Test, Social Psychological and Personality Science 8(4).
    """
    check_count(0, n)
    figure, decimals = parse_printed(reported)
    possible = _counts_near(figure, decimals, n)
    by_mode = {
        mode: tuple(x for x in possible if _round(Fraction(100 * x, n), decimals, mode) == figure)
        for mode in (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN)
    }
    counts = tuple(sorted({*by_mode[ROUND_HALF_UP], *by_mode[ROUND_HALF_EVEN]}))
    nearest = math.ceil(figure * n / 100 - Fraction(1, 2))
    return Grim(
        consistent=bool(counts),
        counts=counts,
        half_up=by_mode[ROUND_HALF_UP],
        half_even=by_mode[ROUND_HALF_EVEN],
        truncated=by_mode[ROUND_DOWN],
        nearest=min(max(nearest, 0), n),
        n=n,
    )


def parse_printed(printed: str) -> tuple[Fraction, int]:
    """Read a printed figure; return it exactly, with its number of decimals.

    Raises
    ------
    ValueError
        ``printed`` is no decimal number.
    """
    match = _PRINTED.fullmatch(printed.strip())
    if match is None:
        raise ValueError(
            f"printed must be a decimal number such as '21.2' or '-3 %', got {printed!r}"
        )
    decimals = match["decimals"] or ""
    whole = re.sub(r"\D", "", match["whole"]) or "0"
    figure = Fraction(int(whole + decimals), 10 ** len(decimals))
    return (figure if match["sign"] in ("", "+") else -figure), len(decimals)


def _as_fraction(value: float | Fraction) -> Fraction:
    """Take a float at the decimal number that a person would read, a Fraction as it is."""
    if isinstance(value, Fraction):
        return value
    if not math.isfinite(value):
        raise ValueError(f"value must be a finite number, got {value}")
    return Fraction(repr(float(value)))


def _at_safe_digits(value: Fraction) -> Fraction:
    """Round to 14 significant digits, below which floating-point noise lives."""
    with localcontext(prec=_SAFE_DIGITS):
        return Fraction(Decimal(value.numerator) / Decimal(value.denominator))


def _round(value: Fraction, decimals: int, mode: str) -> Fraction:
    """Round to so many decimals, exactly: the quotient's remainder decides, not its digits."""
    scaled = abs(value) * 10**decimals
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest
    if mode == ROUND_HALF_UP:
        up = twice >= scaled.denominator
    else:
        past_half = (twice, whole % 2) >= (scaled.denominator, 1)
        up = mode == ROUND_HALF_EVEN and past_half
    size = Fraction(whole + up, 10**decimals)
    return size if value >= 0 else -size


def _digits(value: Fraction, decimals: int) -> str:
    """Write an already rounded number with its decimals; no negative zero."""
    with localcontext(prec=_DIGITS):
        number = Decimal(value.numerator) / Decimal(value.denominator)
        return f"{number:.{decimals}f}"


def _counts_near(figure: Fraction, decimals: int, n: int) -> range:
    """Every count whose percentage lies within one unit of the figure's last decimal."""
    unit = Fraction(1, 10**decimals)
    low = math.floor((figure - unit) * n / 100)
    high = math.ceil((figure + unit) * n / 100)
    return range(max(low, 0), min(high, n) + 1)
