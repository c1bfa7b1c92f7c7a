"""Values from outside as the evaluators hold them, by the type of the field."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from crm_core.contracts import FormulaContext, FormulaError, FormulaType, Kind
from plugins.formulas.dates.moments import Moment, from_datetime, ms_of, read_moment
from plugins.formulas.evaluation.coercion import native
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
