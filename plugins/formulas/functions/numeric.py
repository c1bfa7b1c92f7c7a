"""Functions of numbers."""

import math
from collections.abc import Callable, Iterable
from typing import Any

from plugins.formulas.dates.moments import Moment
from plugins.formulas.functions import rounding
from plugins.formulas.functions.declare import Fails, function
from plugins.formulas.values import SPACES, RunError, Value, decimal_number, flat, not_finite, quoted, to_number


def numbers(values: Iterable[Value]) -> list[float]:
    """The numbers among values that may be lists; blanks in lists do not count."""
    return [to_number(value) for value in flat(values) if value is not None and value != ""]


def added(*values: Value) -> float:
    """The sum: from left to right for single values, exactly for lists, so that the order of a list cannot matter."""
    for value in values:
        if type(value) is tuple:
            try:
                return math.fsum(numbers(values))
            except OverflowError:
                raise not_finite(math.inf) from None
    total = 0.0
    for value in values:
        total += to_number(value)
    return total


def average(*values: Value) -> float:
    """The mean of the values that are there."""
    found = numbers(values)
    if not found:
        raise RunError("not_a_number", "AVERAGE of no numbers.", "NaN")
    return added(tuple(found)) / len(found)


def _extreme(pick: Callable[..., Any]) -> Callable[..., Value]:
    def choose(*values: Value) -> Value:
        items = [value for value in flat(values) if value is not None and value != ""]
        if items and all(type(item) is Moment for item in items):
            return pick(items, key=lambda item: item.ms)
        found = [to_number(item) for item in items]
        return pick(found) + 0.0 if found else 0.0

    return choose


largest, smallest = _extreme(max), _extreme(min)


def _extreme_date(pick: Callable[..., Any]) -> Callable[..., Value]:
    def choose(*moments: Value) -> Value:
        found = [moment for moment in moments if moment is not None]
        return pick(found, key=lambda moment: moment.ms) if found else None

    return choose


DATED = {"MAX": _extreme_date(max), "MIN": _extreme_date(min)}
"""What MAX and MIN do when all their arguments are dates: of none, they give none."""


def count(*values: Value) -> float:
    """How many are numbers."""
    return float(sum(1 for value in flat(values) if type(value) in (float, bool)))


def count_filled(*values: Value) -> float:
    """How many are not empty."""
    return float(sum(1 for value in flat(values) if value is not None and value != ""))


def count_all(*values: Value) -> float:
    """How many there are, empty ones too."""
    return float(sum(1 for _ in flat(values)))


def counting_all(lists: frozenset[int]) -> Callable[..., float]:
    """COUNTALL where the arguments at some places are lists: of an empty one there is nothing to count."""

    def counted(*values: Value) -> float:
        return count_all(*(value for at, value in enumerate(values) if value is not None or at not in lists))

    return counted


def power(base: float, exponent: float) -> float:
    """Base to the power of the exponent."""
    try:
        return math.pow(base, exponent)
    except OverflowError:
        raise not_finite(-math.inf if base < 0 and exponent % 2 == 1 else math.inf) from None
    except ValueError:
        if base == 0.0:
            raise RunError("divide_by_zero", "0 has no negative power.", "Infinity") from None
        raise not_finite(math.nan) from None


def exponential(exponent: float) -> float:
    """e to the power."""
    try:
        return math.exp(exponent)
    except OverflowError:
        raise not_finite(math.inf) from None


def logarithm(number: float, base: float = 10.0) -> float:
    """The logarithm to a base."""
    if number <= 0.0 or base <= 0.0 or base == 1.0:
        shown = "-Infinity" if number == 0.0 and base > 1.0 else "NaN"
        raise RunError("not_a_number", "A logarithm needs a number above 0 and a base above 0 other than 1.", shown)
    if base == 10.0:
        return math.log10(number)
    if base == 2.0:
        return math.log2(number)
    return math.log(number) / math.log(base) if base != math.e else math.log(number)


def modulo(value: float, divisor: float) -> float:
    """The remainder, with the sign of the divisor."""
    if divisor == 0.0:
        raise RunError("not_a_number", "The divisor of MOD is 0.", "NaN")
    rest = math.fmod(value, divisor)
    if rest and (rest < 0) != (divisor < 0):
        rest += divisor
    return rest + 0.0


def root(value: float) -> float:
    """The square root."""
    if value < 0.0:
        raise RunError("not_a_number", "A negative number has no square root.", "NaN")
    return math.sqrt(value)


def value_of(text: str) -> float | None:
    """The number in a text: currency signs, thousands' commas and other words are left out; 50% is 0.5."""
    stripped = text.strip(SPACES)
    if not stripped:
        return None
    number = decimal_number(stripped)
    if number is None:
        try:
            number = float("".join(letter for letter in stripped if letter in "0123456789.-"))
        except ValueError:
            raise RunError("bad_number", f"{quoted(text)} holds no number.") from None
        number = number / 100.0 if stripped.endswith("%") else number
    if number - number != 0.0:
        raise not_finite(number)
    return number + 0.0


def _floors(values: Any) -> Any:
    import numpy as np  # here, because only columns need it, and a server without formulas does without

    return np.floor(values) + 0.0


N: Any = {"category": "numeric"}
FUNCTIONS = (
    function(
        "ABS",
        "value: number",
        "number",
        abs,
        "The absolute value.",
        ("ABS(-5)", 5),
        ("ABS({N})", 0, {"N": None}),
        vectorised=abs,
        **N,
    ),
    function(
        "AVERAGE",
        "number: numbers, numbers: numbers*",
        "number",
        average,
        "The mean of the numbers; lists are taken apart, empty values do not count.",
        ("AVERAGE(2, 4, 6)", 4),
        ("AVERAGE({L})", 2, {"L": (1.0, 3.0, None)}),
        **N,
    ),
    function(
        "CEILING",
        "value: number, [significance: number]",
        "number",
        rounding.ceiling,
        "The smallest multiple of the significance (1 if not given) that is not below the value.",
        ("CEILING(1.01)", 2),
        ("CEILING(1.01, 0.1)", 1.1),
        ("CEILING(-1.5)", -1),
        **N,
    ),
    function(
        "COUNT",
        "number: any, numbers: any*",
        "number",
        count,
        "How many of the values are numbers; text that looks like a number is none.",
        ('COUNT(1, 2, 3, "", "four")', 3),
        **N,
    ),
    function(
        "COUNTA",
        "value: any, values: any*",
        "number",
        count_filled,
        "How many of the values are not empty.",
        ('COUNTA(1, 2, 3, "", "four")', 4),
        **N,
    ),
    function(
        "COUNTALL",
        "value: any, values: any*",
        "number",
        count_all,
        "How many values there are, empty ones too.",
        ('COUNTALL(1, 2, 3, "", "four")', 5),
        **N,
    ),
    function(
        "EVEN",
        "value: number",
        "number",
        rounding.even,
        "The next even whole number, away from zero.",
        ("EVEN(2.2)", 4),
        ("EVEN(5)", 6),
        ("EVEN(4)", 4),
        **N,
    ),
    function(
        "EXP",
        "power: number",
        "number",
        exponential,
        "e to the power.",
        ("EXP(1)", 2.718281828459045),
        ("EXP(0)", 1),
        **N,
    ),
    function(
        "FLOOR",
        "value: number, [significance: number]",
        "number",
        rounding.flooring,
        "The largest multiple of the significance (1 if not given) that is not above the value.",
        ("FLOOR(1.99)", 1),
        ("FLOOR(1.99, 0.1)", 1.9),
        **N,
    ),
    function(
        "INT",
        "value: number",
        "number",
        lambda value: math.floor(value) + 0.0,
        "The largest whole number that is not above the value.",
        ("INT(1.99)", 1),
        ("INT(-1.99)", -2),
        vectorised=_floors,
        **N,
    ),
    function(
        "LN",
        "number: number",
        "number",
        lambda number: logarithm(number, math.e),
        "The natural logarithm.",
        ("LN(1)", 0),
        ("LN(0)", Fails("not_a_number")),
        **N,
    ),
    function(
        "LOG",
        "number: number, [base: number]",
        "number",
        logarithm,
        "The logarithm, to base 10 if none is given.",
        ("LOG(1024, 2)", 10),
        ("LOG(1000)", 3),
        ("LOG(-1)", Fails("not_a_number")),
        **N,
    ),
    function(
        "MAX",
        "number: ordered, numbers: ordered*",
        "number",
        largest,
        "The largest number, or the latest date.",
        ("MAX(100, 1000)", 1000),
        ("MAX({L}, 2)", 3, {"L": (1.0, 3.0)}),
        **N,
    ),
    function(
        "MIN",
        "number: ordered, numbers: ordered*",
        "number",
        smallest,
        "The smallest number, or the earliest date.",
        ("MIN(100, 1000)", 100),
        **N,
    ),
    function(
        "MOD",
        "value: number, divisor: number",
        "number",
        modulo,
        "The remainder of a division, with the sign of the divisor.",
        ("MOD(7, 5)", 2),
        ("MOD(-7, 5)", 3),
        ("MOD(7, 0)", Fails("not_a_number")),
        **N,
    ),
    function(
        "ODD",
        "value: number",
        "number",
        rounding.odd,
        "The next odd whole number, away from zero.",
        ("ODD(1.1)", 3),
        ("ODD(-1.1)", -3),
        **N,
    ),
    function("PI", "", "number", lambda: math.pi, "The number π.", ("ROUND(PI(), 5)", 3.14159), **N),
    function(
        "POWER",
        "base: number, power: number",
        "number",
        power,
        "The base to the power.",
        ("POWER(3, 3)", 27),
        ("POWER(7, 0)", 1),
        ("POWER(10, 400)", Fails("not_a_number")),
        **N,
    ),
    function(
        "ROUND",
        "value: number, [precision: number]",
        "number",
        rounding.round_half_up,
        "Rounds to so many digits behind the point (0 if not given, negative: before it); ties go toward +infinity.",
        ("ROUND(3.5, 0)", 4),
        ("ROUND(3.4, 0)", 3),
        ("ROUND(-2.5, 0)", -2),
        ("ROUND(65.115, 2)", 65.12),
        ("ROUND(1234, -2)", 1200),
        **N,
    ),
    function(
        "ROUNDDOWN",
        "value: number, precision: number",
        "number",
        rounding.round_toward,
        "Rounds toward zero.",
        ("ROUNDDOWN(1.9, 0)", 1),
        ("ROUNDDOWN(-1.9, 0)", -1),
        ("ROUNDDOWN(1.15, 2)", 1.15),
        **N,
    ),
    function(
        "ROUNDUP",
        "value: number, precision: number",
        "number",
        rounding.round_away,
        "Rounds away from zero.",
        ("ROUNDUP(1.1, 0)", 2),
        ("ROUNDUP(-1.1, 0)", -2),
        **N,
    ),
    function(
        "SIGN",
        "value: number",
        "number",
        lambda value: float((value > 0) - (value < 0)),
        "1, 0 or -1: the sign of the number.",
        ("SIGN(-3)", -1),
        ("SIGN({N})", 0, {"N": None}),
        **N,
    ),
    function(
        "SQRT",
        "value: number",
        "number",
        root,
        "The square root.",
        ("SQRT(100)", 10),
        ("SQRT(-1)", Fails("not_a_number")),
        **N,
    ),
    function(
        "SUM",
        "number: numbers, numbers: numbers*",
        "number",
        added,
        "The sum; blanks add 0, lists are taken apart.",
        ("SUM(1, 2, 3)", 6),
        ("SUM({L}, 1)", 4, {"L": (1.0, 2.0)}),
        ("SUM({N}, 1)", 1, {"N": None}),
        **N,
    ),
    function(
        "TRUNC",
        "value: number, [precision: number]",
        "number",
        rounding.round_toward,
        "Cuts off the digits behind so many places (0 if not given).",
        ("TRUNC(1.99)", 1),
        ("TRUNC(-1.99, 1)", -1.9),
        **N,
    ),
    function(
        "VALUE",
        "text: text",
        "number",
        value_of,
        "The number in a text; currency signs, thousands' commas and words are left out.",
        ('VALUE("$1000")', 1000),
        ('VALUE("1,234.50 EUR")', 1234.5),
        ('VALUE("none")', Fails("bad_number")),
        **N,
    ),
)
