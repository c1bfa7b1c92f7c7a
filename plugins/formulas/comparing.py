"""Equality and order of two values, also of different kinds."""

from collections.abc import Callable

from plugins.formulas.dates.moments import Moment, read_moment
from plugins.formulas.values import Value, decimal_number, to_text


def equal(a: Value, b: Value) -> bool:
    """Whether two values are equal: blank equals 0, "" and false; text compares by case; dates by instant."""
    if type(a) is type(b):
        if type(a) is Moment:
            return bool(a.ms == b.ms)
        return bool(a == b) if type(a) is not tuple else to_text(a) == to_text(b)
    if a is None or b is None:
        other = b if a is None else a
        return type(other) is not Moment and not other
    one, two = _alike(a, b)
    return one is not None and two is not None and bool(one == two)


def less(a: Value, b: Value) -> bool:
    """Whether a comes before b: numbers by size, texts by character, dates by time; blank counts as 0 or ""."""
    one, two = _ordered(a, b)
    return one is not None and two is not None and bool(one < two)


def at_most(a: Value, b: Value) -> bool:
    """Whether a comes before b or they are equal in order."""
    one, two = _ordered(a, b)
    return one is not None and two is not None and bool(one <= two)


def _ordered(a: Value, b: Value) -> tuple[Value, Value]:
    if type(a) is str and type(b) is str:
        return a, b
    if a is None:
        a = "" if type(b) is str else 0.0
    if b is None:
        b = "" if type(a) is str else 0.0
    if type(a) is str and type(b) is str:
        return a, b
    return _alike(a, b)


def _alike(a: Value, b: Value) -> tuple[Value, Value]:
    """Two values of different kinds made comparable; None for one that cannot be."""
    if type(a) is tuple or type(b) is tuple:
        if type(a) is str or type(b) is str or (type(a) is tuple and type(b) is tuple):
            return to_text(a), to_text(b)
        one = _only(a)
        two = _only(b)
        return (None, None) if one is None or two is None else _ordered(one, two)
    if type(a) is Moment or type(b) is Moment:
        return _instant(a), _instant(b)
    return _number(a), _number(b)


def _only(value: Value) -> Value:
    if type(value) is not tuple:
        return value
    return value[0] if len(value) == 1 else None if value else 0.0


def _number(value: Value) -> float | None:
    if type(value) is str:
        return decimal_number(value)
    return float(value)


def _instant(value: Value) -> float | None:
    if type(value) is Moment:
        return float(value.ms)
    if type(value) is str:
        moment = read_moment(value)
        return None if moment is None else float(moment.ms)
    return float(value)


COMPARE: dict[str, Callable[[Value, Value], bool]] = {
    "=": equal,
    "!=": lambda a, b: not equal(a, b),
    "<": less,
    ">": lambda a, b: less(b, a),
    "<=": at_most,
    ">=": lambda a, b: at_most(b, a),
}
"""The operators that compare."""
