"""A result of a formula in the form its field stores: a pair of the value and what stands in the column beside it."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from math import floor
from typing import Any

from crm_core import clock
from crm_core.contracts.formula import FormulaError
from crm_core.kinds import FieldDef
from crm_core.kinds.computed import error_text, list_text
from crm_core.kinds.numbers import MAX_MINOR

_SMALL = 10.0**12
"""Below it a product of doubles is near enough to tell on which side of a half it lies, unless it is close to one."""

_AS_THEY_ARE = frozenset(("number", "percent", "duration"))
_FLOATS, _STRINGS = frozenset((float, type(None))), frozenset((str, type(None)))

Stored = tuple[Any, str | None]
Columns = tuple[list[Any], list[str | None]]
"""Stored values and what stands beside each."""

Writer = Callable[[Any], Stored]


def writer_of(field: FieldDef) -> Writer:
    """How results become what the field stores; a result that the field cannot hold becomes an error of the cell."""
    plain = _PLAIN.get(field.kind.family, _text)
    if field.kind.shown.name in ("currency", "rating"):
        plain = _money(10 ** int(field.options["precision"])) if field.kind.shown.name == "currency" else _rating

    def write(result: Any) -> Stored:
        if result is None or result == "":
            return None, None
        if type(result) is FormulaError:
            return failed(result)
        return plain(result)

    return write


def write_all(field: FieldDef, write: Writer, results: Sequence[Any]) -> Columns:
    """The same for many; plain numbers and texts go past it."""
    kinds = set(map(type, results))
    if field.kind.family == "number" and field.kind.shown.name in _AS_THEY_ARE and kinds <= _FLOATS:
        return list(results), [None] * len(results)
    if field.kind.family == "text" and kinds <= _STRINGS:
        return [result or None for result in results], [None] * len(results)
    return apart(list(map(write, results)))


def apart(pairs: Sequence[Stored]) -> Columns:
    """Pairs as two columns."""
    return [value for value, _ in pairs], [extra for _, extra in pairs]


def failed(error: FormulaError) -> Stored:
    """A cell in error."""
    return None, error_text({"kind": error.kind, "message": error.message, "shown": error.shown})


def _number(result: Any) -> Stored:
    return (float(result), None) if isinstance(result, (int, float)) else _misfit(result, "a number")


def _rating(result: Any) -> Stored:
    if not isinstance(result, (int, float)):
        return _misfit(result, "a number")
    return (max(0, min(10, round(result))) or None, None)


def _money(scale: int) -> Writer:
    def write(result: Any) -> Stored:
        if not isinstance(result, (int, float)):
            return _misfit(result, "a number")
        near = result * scale
        if -_SMALL < near < _SMALL and abs(near - floor(near) - 0.5) > 1e-3:
            return floor(near + 0.5), None
        exact = Decimal(repr(float(result))) * scale
        if abs(exact) > MAX_MINOR:
            return failed(FormulaError("bad_number", "The amount is too large: it has at most 15 digits."))
        return int(exact.quantize(Decimal(1), ROUND_HALF_UP)), None

    return write


def _checkbox(result: Any) -> Stored:
    return (1 if result else None), None


def _date(result: Any) -> Stored:
    if isinstance(result, datetime):
        return result.astimezone(UTC).date().isoformat(), None
    return (result.isoformat(), None) if isinstance(result, date) else _misfit(result, "a date")


def _moment(result: Any) -> Stored:
    if isinstance(result, datetime):
        return clock.to_text(result), None
    if isinstance(result, date):
        return clock.to_text(datetime(result.year, result.month, result.day, tzinfo=UTC)), None
    return _misfit(result, "a date")


def _text(result: Any) -> Stored:
    if type(result) is str:
        return result, None
    return text_of(result) or None, list_text(plain_of(result))


_PLAIN: dict[str, Writer] = {"number": _number, "checkbox": _checkbox, "date": _date, "moment": _moment}


def _misfit(result: Any, wanted: str) -> Stored:
    shown = text_of(result)[:60]
    return failed(
        FormulaError("bad_argument", f"The result {shown!r} is not {wanted}, as the field's format wants it.")
    )


def plain_of(result: Any) -> Any:
    """A result as JSON can hold it."""
    if isinstance(result, tuple):
        return [plain_of(item) for item in result]
    if isinstance(result, (date, datetime)):
        return text_of(result)
    return result


def text_of(result: Any) -> str:
    """A result as text: what a list, or a value of no fixed type, shows."""
    if result is None:
        return ""
    if isinstance(result, bool):
        return "1" if result else "0"
    if isinstance(result, float):
        return str(int(result)) if result.is_integer() and abs(result) < 1e15 else repr(result)
    if isinstance(result, datetime):
        return clock.to_text(result)
    if isinstance(result, date):
        return result.isoformat()
    if isinstance(result, tuple):
        return ", ".join(text_of(item) for item in result)
    return str(result)
