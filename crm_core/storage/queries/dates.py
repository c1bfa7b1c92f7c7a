"""Dates in filters: a day or a relative span of days, as the text interval [from, to) that a column lies in."""

import calendar
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from crm_core import clock
from crm_core.kinds import KINDS, CellError, FieldDef
from crm_core.kinds.dates import zone_of
from crm_core.storage.queries.scope import Scope

MAX_DAYS = 36_600
Span = tuple[date, date]
"""The first and the last day of a span, both inside."""
Bounds = tuple[str | None, str | None]
"""[from, to) in stored form; None where the calendar ends."""


def months_from(day: date, months: int) -> date:
    """The same day of another month, or that month's last day when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _days(count: int) -> timedelta:
    return timedelta(days=count)


_UNITS: Mapping[str, Callable[[date], Span]] = {
    "today": lambda day: (day, day),
    "tomorrow": lambda day: (day + _days(1), day + _days(1)),
    "yesterday": lambda day: (day - _days(1), day - _days(1)),
    "past_week": lambda day: (day - _days(7), day),
    "next_week": lambda day: (day, day + _days(7)),
    "past_month": lambda day: (months_from(day, -1), day),
    "next_month": lambda day: (day, months_from(day, 1)),
    "past_year": lambda day: (months_from(day, -12), day),
    "next_year": lambda day: (day, months_from(day, 12)),
    "this_week": lambda day: (day - _days(day.weekday()), day + _days(6 - day.weekday())),
    "this_month": lambda day: (day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])),
    "this_year": lambda day: (day.replace(month=1, day=1), day.replace(month=12, day=31)),
}
_COUNTED: Mapping[str, Callable[[date, int], Span]] = {
    "past_days": lambda day, n: (day - _days(n), day),
    "next_days": lambda day, n: (day, day + _days(n)),
    "days_ago": lambda day, n: (day - _days(n), day - _days(n)),
    "days_from_now": lambda day, n: (day + _days(n), day + _days(n)),
}
UNITS = (*_UNITS, *_COUNTED)


def span_of(value: Mapping[str, Any], today: date) -> Span:
    """The days a relative value such as `{"unit": "past_days", "days": 7}` means; CellError when it means none."""
    unit, days = value.get("unit"), value.get("days")
    if not isinstance(unit, str) or unit not in UNITS:
        raise CellError("bad_date", f"{str(unit)[:60]!r} is not a unit of time.", f"Use one of: {', '.join(UNITS)}.")
    extra = set(value) - ({"unit", "days"} if unit in _COUNTED else {"unit"})
    if extra:
        raise CellError("bad_date", f"A relative date has no member {min(extra, key=str)!r} with the unit {unit!r}.")
    if unit in _UNITS:
        return _UNITS[unit](today)
    if not isinstance(days, int) or isinstance(days, bool) or not 0 <= days <= MAX_DAYS:
        raise CellError("bad_date", f"The unit {unit} needs a number of days.", f'Add "days", from 0 to {MAX_DAYS}.')
    return _COUNTED[unit](today, days)


def bounds_of(scope: Scope, field: FieldDef, value: Any) -> Bounds:
    """What a filter's value means for a date or moment field, in the field's zone (the team's when it has none)."""
    zone = field.options.get("zone") or scope.zone
    if isinstance(value, Mapping):
        try:
            first, last = span_of(value, clock.today(zone))
        except (OverflowError, ValueError):
            raise CellError("bad_date", "The date is out of the calendar.") from None
    else:
        exact = _moment(field, value, scope.zone)
        if exact is not None:
            return exact
        text = KINDS["date"].read(value, field, zone)
        if text is None:
            raise CellError("filter_value_missing", "A date was expected.", "Write it like 2026-11-23.")
        first = last = date.fromisoformat(text)
    found = _stored(field, first, zone), _stored(field, last, zone, after=1)
    scope.notes.append(found)
    return found


def _moment(field: FieldDef, value: Any, zone: str) -> Bounds | None:
    """The one millisecond of a full moment (`2026-11-23T09:30:00Z`) given to a moment field."""
    if field.kind.family != "moment" or not isinstance(value, str) or ":" not in value:
        return None
    text = field.kind.read(value, field, zone)
    if text is None:
        return None
    try:
        return text, clock.to_text(datetime.fromisoformat(text) + timedelta(milliseconds=1))
    except OverflowError:
        return text, None


def _stored(field: FieldDef, day: date, zone: str, after: int = 0) -> str | None:
    """The start of a day (plus `after` days) as the column stores it; it may fall into a change of the clocks."""
    try:
        day += timedelta(days=after)
        if field.kind.family == "date":
            return day.isoformat()
        return clock.to_text(datetime.combine(day, time(), zone_of(zone)))
    except OverflowError:
        return None
