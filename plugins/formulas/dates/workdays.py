"""Working days: counted and added in closed form by weeks, so that any distance takes the same time."""

import re
from collections.abc import Iterable

from plugins.formulas.dates.moments import DAY_MS, MAX_MS, MIN_MS, Moment, read_moment
from plugins.formulas.values import RunError, Value, flat, quoted

_THURSDAY = 3  # 1 January 1970, counted from Monday = 0
_SEPARATOR = re.compile(r"[,;\s]+")


def _index(day: int) -> int:
    """How many weekdays (Monday to Friday) lie before a day since the Monday before 1970."""
    week, weekday = divmod(day + _THURSDAY, 7)
    return week * 5 + min(weekday, 5)


def _day_at(index: int) -> int:
    """The weekday with this index, as days since 1970."""
    week, weekday = divmod(index, 5)
    return week * 7 + weekday - _THURSDAY


def is_weekday(day: int) -> bool:
    """Whether a day is Monday to Friday."""
    return (day + _THURSDAY) % 7 < 5


def holidays_of(value: Value) -> tuple[int, ...]:
    """Days listed as text (2020-10-16, 2020-10-19), as a date, or as a list of either; sorted weekdays, each once."""
    found: set[int] = set()
    for item in flat((value,)):
        if item is None or item == "":
            continue
        if type(item) is Moment:
            found.add(item.ms // DAY_MS)
            continue
        if type(item) is not str:
            raise RunError("bad_date", "The holidays should be dates, such as “2020-10-16, 2020-10-19”.")
        for text in _SEPARATOR.split(item.strip()):
            moment = read_moment(text) if text else None
            if text and moment is None:
                raise RunError("bad_date", f"The holiday {quoted(text)} is not a date, such as 2020-10-16.")
            if moment is not None:
                found.add(moment.ms // DAY_MS)
    return tuple(sorted(day for day in found if is_weekday(day)))


def add_workdays(start: Moment, number: float, holidays: Iterable[int]) -> Moment:
    """The day so many working days after (or before) the start, which itself is not counted."""
    days = int(number)
    if abs(days) > 4_000_000:
        raise RunError("bad_date", "The date would be outside the years 1 to 9999.")
    first = start.ms // DAY_MS
    if days == 0:
        return Moment(first * DAY_MS, day=True)
    ahead = days > 0
    index = _index(first) + days - (1 if ahead and is_weekday(first) is False else 0) if ahead else _index(first) + days
    off = [_index(day) for day in holidays if (day > first if ahead else day < first)]
    for free in off if ahead else reversed(off):  # each holiday on the way costs one more working day
        if free <= index if ahead else free >= index:
            index += 1 if ahead else -1
        else:
            break
    ms = _day_at(index) * DAY_MS
    if not MIN_MS <= ms <= MAX_MS:
        raise RunError("bad_date", "The date would be outside the years 1 to 9999.")
    return Moment(ms, day=True)


def count_workdays(start: Moment, end: Moment, holidays: Iterable[int]) -> int:
    """Working days from start to end, both counted; negative when the end comes first."""
    first, last = start.ms // DAY_MS, end.ms // DAY_MS
    if last < first:
        return -count_workdays(end, start, holidays)
    return _index(last + 1) - _index(first) - sum(1 for day in holidays if first <= day <= last)
