"""Values from outside as the evaluators hold them: by the type of the field, for one row and for columns."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from crm_core.contracts import FormulaContext, FormulaError, FormulaType, Kind
from plugins.formulas.dates.moments import Moment, from_datetime, ms_of, read_moment
from plugins.formulas.evaluation.coercion import native
from plugins.formulas.evaluation.columns import Codes, Column, Errors, constant, gathered
from plugins.formulas.values import RunError, Value, to_text

Reader = Callable[[Any], Value]


def failed(error: FormulaError) -> RunError:
    """A cell in error, as it spreads."""
    return RunError(error.kind, error.message, error.shown)


def reader(wanted: FormulaType, *, computed: bool) -> Reader:
    """What turns a value from outside into one of ours; a FormulaError becomes a RunError to be raised."""
    read = _READERS.get(wanted.kind, native)
    if not computed:
        return read
    return lambda value: failed(value) if isinstance(value, FormulaError) else read(value)


def _number(value: Any) -> Value:
    return None if value is None or value == "" else native(float(value))


def _text(value: Any) -> Value:
    return value if value is None or type(value) is str else to_text(native(value))


def _bool(value: Any) -> Value:
    return None if value is None else bool(value)


def _moment(value: Any) -> Moment | None:
    if value is None or value == "":
        return None
    if isinstance(value, Moment):
        return value
    if isinstance(value, date):
        return from_datetime(value)
    found = read_moment(value) if isinstance(value, str) else None
    if found is None:
        raise RunError("bad_date", f"{value!r} is not a date.")
    return found


def _day(value: Any) -> Value:
    found = _moment(value)
    return None if found is None else Moment(found.ms // 86_400_000 * 86_400_000, day=True)


def _instant(value: Any) -> Value:
    found = _moment(value)
    return None if found is None else found._replace(day=False)


def _list(value: Any) -> Value:
    if value is None:
        return None
    if not isinstance(value, list | tuple):
        return (native(value),)
    made = native(value)
    return None if made == () else made


_READERS: dict[Kind, Reader] = {
    Kind.NUMBER: _number,
    Kind.TEXT: _text,
    Kind.BOOL: _bool,
    Kind.DATE: _day,
    Kind.DATETIME: _instant,
    Kind.LIST: _list,
}


def column_of(given: Any, wanted: FormulaType, *, computed: bool, count: int, errors: Errors) -> Column:
    """A column from outside: a list, a NumPy array, or a pair of an array and a mask of its blanks."""
    null = None
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[0], np.ndarray):
        given, null = given
    if isinstance(given, np.ndarray):
        found = _array(given, null, wanted)
        if found is not None:
            return found
        given = given.tolist()
    read = reader(wanted, computed=computed)
    values: list[Value] = []
    codes: list[tuple[int, int]] = []
    for at, value in enumerate(given):
        made = read(value)
        if isinstance(made, RunError):
            codes.append((at, errors.number(made)))
            made = None
        values.append(made)
    err: Codes | None = None
    if codes:
        err = np.zeros(count, dtype=np.int32)
        for at, number in codes:
            err[at] = number
    store = {Kind.NUMBER: "num", Kind.TEXT: "text", Kind.BOOL: "bool", Kind.DATE: "date", Kind.DATETIME: "date"}.get(
        wanted.kind, "obj"
    )
    return gathered(store, values, err, day=wanted.kind is Kind.DATE)


def _array(given: Any, null: Any, wanted: FormulaType) -> Column | None:
    """A NumPy array that needs no look at its single values; NaN and NaT count as blank."""
    kind = given.dtype.kind
    if wanted.kind is Kind.NUMBER and kind in "fiu":
        data = given.astype(np.float64, copy=False)
        if null is None and kind == "f" and not np.isfinite(data).all():
            null = ~np.isfinite(data)
        if null is not None and null.any():
            return Column("num", np.where(null, 0.0, data), null)
        return Column("num", data)
    if wanted.kind is Kind.BOOL and kind == "b":
        return Column("bool", given if null is None else given & ~null, null)
    if wanted.kind in (Kind.DATE, Kind.DATETIME) and kind == "M":
        blank = np.isnat(given) if null is None else null
        data = given.astype("datetime64[ms]").astype(np.int64)
        if wanted.kind is Kind.DATE:
            data = data // 86_400_000 * 86_400_000
        any_blank = bool(blank.any())
        data = np.where(blank, 0, data) if any_blank else data
        return Column("date", data, blank if any_blank else None, day=wanted.kind is Kind.DATE)
    return None


def context_value(name: str, context: FormulaContext) -> Value:
    """Something of the context by its name."""
    if name == "now":
        return from_datetime(context.now)
    if name == "today":
        here = context.now if context.now.tzinfo else context.now.replace(tzinfo=UTC)
        return Moment(ms_of(here.astimezone(ZoneInfo(context.timezone or "UTC")).date()), day=True)
    if name == "record_id":
        return context.record_id
    if name == "created_time":
        return None if context.created_time is None else from_datetime(_aware(context.created_time))
    fields = name.removeprefix("modified:")
    keys = fields.split("\n") if fields else [""]
    times = [context.last_modified[key] for key in keys if key in context.last_modified]
    return from_datetime(max(map(_aware, times))) if times else None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_CONTEXT_STORES = {"today": "date", "record_id": "text"}


def context_column(name: str, context: FormulaContext | Sequence[FormulaContext], count: int) -> Column:
    """The same for a column: one value for all rows, or one for each."""
    store = _CONTEXT_STORES.get(name, "date")
    day = name == "today"
    if isinstance(context, FormulaContext):
        return constant(store, context_value(name, context), count, day=day)
    return gathered(store, [context_value(name, one) for one in context], day=day)
