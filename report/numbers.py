"""The only place that rounds a number or writes a percent sign.

Everything before this module is a full-precision fraction; everything after it is text.
"""

from math import floor, isinf, log10

from stats.interval import Interval

MINUS = "−"
"""U+2212, so that a negative number is neither a hyphen nor a broken line."""


def signed(text: str, value: float) -> str:
    """Put the sign in front of an unsigned number, plus included; zero has none."""
    if not any(digit in text for digit in "123456789∞"):
        return text
    return f"+{text}" if value > 0 else f"{MINUS}{text}"


def fixed(value: float, digits: int) -> str:
    """Write a number with a fixed number of decimals, thousands set apart, and a true minus."""
    if isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    text = f"{abs(value):,.{digits}f}"
    negative = value < 0 and any(digit in text for digit in "123456789")
    return f"{MINUS}{text}" if negative else text


def percent(fraction: float, digits: int = 1) -> str:
    """0.4486 as "44.9%"."""
    return f"{fixed(100 * fraction, digits)}%"


def chance(probability: float) -> str:
    """A probability as a percentage, never 0 or 100% where it is only near: "<0.1%"."""
    if 0 < probability < _CHANCE_ENDS:
        return "<0.1%"
    if 1 - _CHANCE_ENDS < probability < 1:
        return ">99.9%"
    return percent(probability)


def points(fraction: float, digits: int = 1) -> str:
    """A difference of rates in percentage points, with its sign: 0.211 as "+21.1"."""
    return signed(fixed(abs(100 * fraction), digits), fraction)


def relative(fraction: float) -> str:
    """A relative change, with its sign: 0.889 as "+89%"."""
    return f"{signed(fixed(abs(100 * fraction), 0), fraction)}%"


def ratio(value: float) -> str:
    """A ratio as times: 1.5634 as "1.56×", 31.25 as "31.2×"."""
    if isinf(value):
        return "∞×"
    return f"{significant(value, 3)}×"


def significant(value: float, digits: int = 3) -> str:
    """Write a number with so many significant digits, never in powers of ten."""
    if value == 0 or isinf(value):
        return fixed(value, 0)
    decimals = digits - 1 - floor(log10(abs(value)))
    return fixed(value, max(0, decimals))


def p_value(p: float) -> str:
    """A p-value as a reader compares it: "0.27", "0.0043", "< 0.0001"."""
    if p < 0.0001:
        return "< 0.0001"
    if p > 0.9999:
        return "1"
    return fixed(p, 2) if p >= 0.095 else fixed(p, 3) if p >= 0.0095 else fixed(p, 4)


def tally(successes: float) -> str:
    """Write successes: whole where they are, else the sum of shares with one decimal."""
    return count(int(successes)) if successes == int(successes) else f"{successes:,.1f}"


def count(value: float) -> str:
    """A whole number, thousands set apart."""
    return fixed(value, 0)


def billions(value: float) -> str:
    """Parameters in billions: 1000 as "1,000 B", 32.5 as "32.5 B"."""
    text = fixed(value, 1)
    return f"{text.removesuffix('.0')} B"


def written(value: float, unit: str) -> str:
    """Write a value in its unit; the units are those of `report.analysis.quantities.Quantity`."""
    return _WRITERS[unit](value)


def interval(limits: Interval, unit: str) -> str:
    """Write both limits in the unit, the sign of the unit only once: "35.8 to 54.3%"."""
    low, high = written(limits.low, unit), written(limits.high, unit)
    for sign in ("%", "×", " B"):
        if low.endswith(sign) and high.endswith(sign):
            low = low.removesuffix(sign)
    return f"{low} to {high}"


def level(value: float) -> str:
    """A confidence level: 0.95 as "95%"."""
    return f"{significant(100 * value, 3).rstrip('0').rstrip('.')}%"


def per_billion(fraction: float) -> str:
    """Pass rate in percentage points for each billion parameters."""
    return fixed(100 * fraction, 2)


def _logit(value: float) -> str:
    return fixed(value, 2)


def _plain(value: float) -> str:
    return significant(value, 4) if abs(value) < 10 else fixed(value, 1)


_CHANCE_ENDS = 0.0005  # below it a tenth of a percent rounds to nothing

_WRITERS = {
    "fraction": percent,
    "points": points,
    "relative": relative,
    "ratio": ratio,
    "share": percent,
    "p": p_value,
    "count": count,
    "billion": billions,
    "per_billion": per_billion,
    "number": _plain,
    "logit": _logit,
    "rank": count,
}

UNITS = frozenset(_WRITERS)
