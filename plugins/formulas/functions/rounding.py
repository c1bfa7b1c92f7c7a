"""Rounding: to digits and to multiples, right at the ties that binary numbers miss by a hair."""

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_UP, Decimal
from math import ceil, floor

NEAR = 1e-9
"""How near to a whole number the scaled value must be for its decimal text to decide."""
EXACT = 2.0**52
"""From here on every double is a whole number."""
_MOST_DIGITS = 300


def scale(digits: float) -> float:
    """10 to the power of the digits behind the point, cut to a whole number."""
    return 10.0 ** min(_MOST_DIGITS, abs(int(digits)))


def round_half_up(value: float, digits: float = 0.0) -> float:
    """Rounded to digits behind the point; ties go toward plus infinity.

    A value is a tie when it is the double nearest to the decimal tie, which is when people see it as one: 1.005 is,
    although the double is a little less. The quotient below is that double.
    """
    power = scale(digits)
    scaled = value * power if digits >= 0 else value / power
    if not -EXACT < scaled < EXACT:
        return value
    below = floor(scaled)
    tie = (below + 0.5) / power if digits >= 0 else (below + 0.5) * power
    whole = below + 1.0 if value >= tie else below + 0.0
    return (whole / power if digits >= 0 else whole * power) + 0.0


def round_away(value: float, digits: float = 0.0) -> float:
    """Rounded away from zero."""
    return _directed(value, digits, away=True)


def round_toward(value: float, digits: float = 0.0) -> float:
    """Rounded toward zero."""
    return _directed(value, digits, away=False)


def _directed(value: float, digits: float, *, away: bool) -> float:
    power = scale(digits)
    scaled = value * power if digits >= 0 else value / power
    if scaled - scaled != 0.0:
        return value
    if abs(scaled - round(scaled)) < NEAR * max(1.0, abs(scaled)):
        return _decimal(value, digits, ROUND_UP if away else ROUND_DOWN) + 0.0
    up = (scaled > 0) == away
    whole = float(ceil(scaled) if up else floor(scaled))
    return (whole / power if digits >= 0 else whole * power) + 0.0


def _decimal(value: float, digits: float, mode: str) -> float:
    """Rounded by the shortest decimal text of the number, which is what people see."""
    places = min(_MOST_DIGITS, max(-_MOST_DIGITS, int(digits)))
    text = Decimal(repr(value))
    if places > 0 and -int(text.as_tuple().exponent) <= places:
        return value
    step = Decimal(1).scaleb(-places)
    return float((text / step).to_integral_value(mode) * step)


def ceiling(value: float, significance: float = 1.0) -> float:
    """The smallest multiple not below the value."""
    return _multiple(value, significance, ROUND_CEILING)


def flooring(value: float, significance: float = 1.0) -> float:
    """The largest multiple not above the value."""
    return _multiple(value, significance, ROUND_FLOOR)


def _multiple(value: float, significance: float, mode: str) -> float:
    if significance == 0.0:
        return 0.0
    if max(abs(value), abs(significance)) > 1e150 or 0 < abs(significance) < 1e-150:
        quotient = value / abs(significance)
        whole = ceil(quotient) if mode == ROUND_CEILING else floor(quotient)
        return whole * abs(significance)
    step = abs(Decimal(repr(significance)))
    quotient_exact = (Decimal(repr(value)) / step).to_integral_value(mode)
    return float(quotient_exact * step) + 0.0


def even(value: float) -> float:
    """The next even whole number, away from zero; a whole number that is even stays."""
    return _parity(value, 0)


def odd(value: float) -> float:
    """The next odd whole number, away from zero; a whole number that is odd stays."""
    return _parity(value, 1)


def _parity(value: float, wanted: int) -> float:
    whole = ceil(abs(value))
    if whole % 2 != wanted:
        whole += 1
    return float(whole if value >= 0 else -whole) + 0.0
