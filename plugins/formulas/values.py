"""The values of formulas and how they turn into text, number, truth and each other: Airtable's coercions.

A value is None (blank), a float, a text, a bool, a Moment, or a tuple of values.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from plugins.formulas.dates.moments import Moment, iso_text, read_moment
from plugins.formulas.faults import RunError as RunError
from plugins.formulas.faults import not_finite as not_finite
from plugins.formulas.limits import check_length

Value: TypeAlias = Any

SPACES = (
    "\t\n\x0b\x0c\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What JavaScript's trim takes away, which is not what str.strip does."""


def number_text(number: float) -> str:
    """A number in its shortest decimal form, as JavaScript writes it: 3, 0.1, 1e+21, 1e-7."""
    if -1e15 < number < 1e15 and number == int(number):
        return str(int(number))
    text = repr(number)
    if "e" not in text and "n" not in text:
        return text.removesuffix(".0")
    if "n" in text:
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[text]
    mantissa, _, exponent = text.partition("e")
    power = int(exponent)
    if -7 < power < 21:
        return format(Decimal(text), "f").removesuffix(".0")
    return f"{mantissa.removesuffix('.0')}e{'+' if power > 0 else '-'}{abs(power)}"


def to_text(value: Value) -> str:
    """A value as text: blank is empty, booleans 1 and 0, dates ISO 8601, lists joined with a comma and a space."""
    if value is None:
        return ""
    if type(value) is str:
        return value
    if type(value) is float:
        return number_text(value)
    if type(value) is bool:
        return "1" if value else "0"
    if type(value) is Moment:
        return iso_text(value)
    texts, total = [], 0
    for item in value:
        texts.append(to_text(item))
        total += len(texts[-1]) + 2
        check_length(total - 2)
    return ", ".join(texts)


def decimal_number(text: str) -> float | None:
    """The number a text spells plainly (12, -3.5, 1e3), or None."""
    stripped = text.strip(SPACES)
    if not stripped or stripped[-1] not in "0123456789." or "_" in stripped or not stripped.isascii():
        return None
    try:
        number = float(Decimal(stripped))
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return number if number - number == 0.0 else None


def to_number(value: Value) -> float:
    """A value as a number: blank and "" are 0, booleans 1 and 0, a list of one item is its item."""
    if value is None:
        return 0.0
    if type(value) is float:
        return value
    if type(value) is bool:
        return 1.0 if value else 0.0
    if type(value) is str:
        number = 0.0 if not value else decimal_number(value)
        if number is None:
            raise RunError("bad_number", f"{quoted(value)} is not a number.")
        return number
    if type(value) is Moment:
        raise RunError("bad_number", "A date is not a number. DATETIME_DIFF counts the time between two dates.")
    if not value:
        return 0.0
    if len(value) == 1:
        return to_number(value[0])
    raise RunError("bad_number", f"A list of {len(value)} items is not a number. SUM adds them up.")


def to_moment(value: Value) -> Moment:
    """A value as a date: dates, texts that spell one, and lists of one such item."""
    if type(value) is Moment:
        return value
    if type(value) is str and value:
        moment = read_moment(value)
        if moment is None:
            raise RunError(
                "bad_date", f"{quoted(value)} is not a date. DATETIME_PARSE reads other ways of writing one."
            )
        return moment
    if value is None or value == "" or value == ():
        raise RunError("bad_date", "The date is empty.")
    if type(value) is tuple and len(value) == 1:
        return to_moment(value[0])
    raise RunError("bad_date", f"{quoted(to_text(value))} is not a date.")


def truthy(value: Value) -> bool:
    """Whether a value counts as true: all but blank, 0, "", false and the empty list."""
    return type(value) is Moment or bool(value)


def all_true(value: Value) -> bool:
    """Whether AND takes a value as true: a list when it holds something and all of it is."""
    if type(value) is not tuple:
        return truthy(value)
    items = tuple(flat(value))
    return bool(items) and all(map(truthy, items))


def any_true(value: Value) -> bool:
    """Whether OR takes a value as true: a list when some of it is."""
    return any(map(truthy, flat(value))) if type(value) is tuple else truthy(value)


HOLDS: Mapping[bool, Callable[[Value], bool]] = {True: all_true, False: any_true}
"""What AND (True) and OR (False) ask of each of their arguments."""


def to_list(value: Value) -> tuple[Value, ...]:
    """A value as a list: blank is the empty list, a single value a list of one."""
    if type(value) is tuple:
        return value
    return () if value is None else (value,)


def flat(values: Any) -> Iterator[Value]:
    """The items of values that may be lists in lists, in order."""
    waiting = [iter(values)]
    while waiting:
        for value in waiting[-1]:
            if type(value) is tuple:
                waiting.append(iter(value))
                break
            yield value
        else:
            waiting.pop()


def quoted(text: str, limit: int = 60) -> str:
    """A text for a message, in quotation marks, not too long."""
    return f"“{text if len(text) <= limit else text[: limit - 1] + '…'}”"
