"""A moment on the time line, and how a text that spells one is read without being told its format."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

DAY_MS = 86_400_000
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
MIN_MS = (date.min.toordinal() - _EPOCH_ORDINAL) * DAY_MS
MAX_MS = (date.max.toordinal() - _EPOCH_ORDINAL + 1) * DAY_MS - 1


class Moment(NamedTuple):
    """Milliseconds since 1970 in UTC; `day` marks a calendar day without a time (midnight UTC).

    `zone` and `locale` are set by SET_TIMEZONE and SET_LOCALE and matter to DATETIME_FORMAT alone.
    """

    ms: int
    day: bool = False
    zone: str = ""
    locale: str = ""


class Clock(NamedTuple):
    """A moment taken apart, as a calendar and a clock show it."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    ms: int


def date_of(ms: int) -> date:
    """The calendar day (UTC) of a moment."""
    return date.fromordinal(ms // DAY_MS + _EPOCH_ORDINAL)


def ms_of(day: date) -> int:
    """Midnight UTC of a calendar day."""
    return (day.toordinal() - _EPOCH_ORDINAL) * DAY_MS


def parts(ms: int) -> Clock:
    """Year, month, day and the time of day of a moment, in UTC."""
    day = date_of(ms)
    rest = ms % DAY_MS
    seconds = rest // 1000
    return Clock(
        day.year, day.month, day.day, seconds // 3600, seconds // 60 % 60, seconds % 60, rest % 1000
    )  # fmt: skip


def iso_text(moment: Moment) -> str:
    """ISO 8601: a day as 2019-07-20, a moment as 2019-07-20T00:00:00.000Z."""
    day = date_of(moment.ms).isoformat()
    if moment.day:
        return day
    rest = moment.ms % DAY_MS
    seconds = rest // 1000
    return f"{day}T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest % 1000:03}Z"


def from_datetime(value: date) -> Moment:
    """A Python date or datetime (aware, or taken as UTC) as a moment."""
    if isinstance(value, datetime):
        shift = value.utcoffset() or timedelta(0)
        return Moment(
            ms_of(value)
            + ((value.hour * 60 + value.minute) * 60 + value.second) * 1000
            + value.microsecond // 1000
            - shift // timedelta(milliseconds=1)
        )
    return Moment(ms_of(value), day=True)


_SECONDS = r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
_TIME = rf"(?:(?P<hour>\d{{1,2}})(?::(?P<minute>\d{{2}}){_SECONDS})?\s*(?P<half>[ap]\.?m\.?)?)"
_ZONE = r"\s*(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2})?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_NAME = r"(?P<name>[a-z]{3,9})\.?"
_FORMS = tuple(
    re.compile(rf"{_WEEKDAY}{form}(?:(?:,?\s+|\s*t\s*){_TIME}{_ZONE})?", re.ASCII)
    for form in (
        r"(?P<year>\d{4})[-/](?P<month>\d{1,2})(?:[-/](?P<day>\d{1,2}))?",
        r"(?P<year>\d{4})\.(?P<month>\d{1,2})\.(?P<day>\d{1,2})",
        r"(?P<year>\d{4})-?w(?P<week>\d{2})(?:-?(?P<weekday>[1-7]))?",
        r"(?P<year>\d{4})-(?P<yearday>\d{3})",
        r"(?P<year>\d{4})",
        r"(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[-/.](?P<year>\d{4}|\d{2})",
        rf"{_DAY}[\s-]+(?:of\s+)?{_NAME}[\s,-]+(?P<year>\d{{4}}|\d{{2}})",
        rf"{_NAME}\s+{_DAY},?\s+(?P<year>\d{{4}})",
        rf"{_NAME}\s+(?P<year>\d{{4}})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    )
)
_FULL_NAMES = "january february march april may june july august september october november december"
_MONTH_NAMES = {name: number for number, full in enumerate(_FULL_NAMES.split(), 1) for name in (full, full[:3])} | {
    "sept": 9
}


@lru_cache(maxsize=4096)
def read_moment(text: str) -> Moment | None:
    """The moment a text spells: ISO 8601, month/day/year, or with the English name of the month; None if none."""
    if len(text) > 60:
        return None
    lowered = text.strip().lower()
    for form in _FORMS:
        match = form.fullmatch(lowered)
        if match:
            return _moment(match.groupdict())
    return None


def _moment(found: dict[str, str | None]) -> Moment | None:
    hour = _hour(int(found["hour"] or 0), found.get("half"))
    if hour is None or (found["hour"] and not found["minute"] and not found["half"]):
        return None
    try:
        day = _day(found)
    except (ValueError, OverflowError):
        return None
    minute, second = int(found["minute"] or 0), int(found["second"] or 0)
    if minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        return None
    fraction = int(((found["fraction"] or "") + "000")[:3])
    ms = ms_of(day) + ((hour * 60 + minute) * 60 + second) * 1000 + fraction - _shift(found["zone"])
    return Moment(ms) if MIN_MS <= ms <= MAX_MS else None


def _day(found: dict[str, str | None]) -> date:
    year = full_year(found["year"] or "")
    if "week" in found:
        return date.fromisocalendar(year, int(found["week"] or 0), int(found["weekday"] or 1))
    if "yearday" in found:
        day = date(year, 1, 1) + timedelta(days=int(found["yearday"] or 0) - 1)
        if day.year != year:
            raise ValueError("a year has no such day")
        return day
    month = _MONTH_NAMES.get(found["name"] or "", 0) if "name" in found else int(found.get("month") or 1)
    return date(year, month, int(found.get("day") or 1))


def full_year(text: str) -> int:
    """A year of two digits in its century, as moment.js sees it: 69 to 99 are 19xx."""
    year = int(text)
    return year if len(text) > 2 else year + (1900 if year > 68 else 2000)


def _hour(hour: int, half: str | None) -> int | None:
    if half is None:
        return hour if hour <= 24 else None
    if not 1 <= hour <= 12:
        return None
    return hour % 12 + (12 if half.startswith("p") else 0)


def _shift(zone: str | None) -> int:
    """A zone such as +05:30 in milliseconds."""
    if zone is None or zone[0] not in "+-":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return minutes * 60_000 * (1 if zone[0] == "+" else -1)
