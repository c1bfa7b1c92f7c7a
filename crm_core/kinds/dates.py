"""Dates and moments: date, date-time, created and modified time.

A date is stored as `YYYY-MM-DD`, a moment as UTC text with milliseconds: both sort as text in the order of time and are
the wire form as they stand.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crm_core import clock
from crm_core.errors import Invalid
from crm_core.kinds.base import CellError, FieldDef, Kind, form_of, option_of, refuse_unknown

FORMATS = ("iso", "european", "us", "friendly")
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1)
    for name in names.split()
}  # fmt: skip
_NAMES = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})")
_WORDED = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(?:([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?|(\d{1,2})(?:st|nd|rd|th|\.)?\s+([A-Za-z]{3,9})\.?),?\s+(\d{4})"
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?\s*([AaPp])?\.?[Mm]?\.?")


def parse_date(text: str, order: str | None) -> date | None:
    """A calendar day as people and Airtable write it; None when it is none or its meaning is not certain.

    `order` is "mdy" or "dmy" for dates such as 3/4/2026; with None they are read only when one part is over 12.
    """
    try:
        if match := _ISO.fullmatch(text):
            return date(*map(int, match.groups()))
        if match := _SLASHED.fullmatch(text):
            first, second, year = map(int, match.groups())
            year += 0 if year > 99 else 2000 if year < 70 else 1900
            if order is None:
                order = "dmy" if first > 12 else "mdy" if second > 12 or first == second else None
            if order is None:
                return None
            day, month = (first, second) if order == "dmy" else (second, first)
            return date(year, month, day)
        if match := _WORDED.fullmatch(text):
            month1, day1, day2, month2, year_text = match.groups()
            month_number = _MONTHS.get((month1 or month2).lower())
            return date(int(year_text), month_number, int(day1 or day2)) if month_number else None
    except ValueError:
        return None
    return None


def parse_moment(text: str, order: str | None, zone: str) -> datetime | None:
    """A moment as people, programs and Airtable write it, aware; a text without a zone is read in `zone`."""
    if re.match(r"\d{4}-\d{2}-\d{2}T", text) or re.fullmatch(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}.*[Z+-].*", text):
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            return None
        return found if found.tzinfo else found.replace(tzinfo=zone_of(zone))
    day_text, separator, clock_text = text.rpartition(" ")
    if clock_text.lower().rstrip(".").replace(".", "") in ("am", "pm"):
        day_text, separator, hour = day_text.rpartition(" ")
        clock_text = hour + clock_text
    match = _CLOCK.fullmatch(clock_text) if separator else None
    day = parse_date((day_text if match else text).strip().rstrip(","), order)
    if day is None:
        return None
    if not match:
        return datetime(day.year, day.month, day.day, tzinfo=zone_of(zone))
    hour_text, minute, second, fraction, half = match.groups()
    hours = int(hour_text)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half in "Pp" else 0)
    try:
        micro = int((fraction or "0").ljust(6, "0"))
        return datetime(day.year, day.month, day.day, hours, int(minute), int(second or 0), micro, zone_of(zone))
    except ValueError:
        return None


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """The IANA zone; Invalid (`bad_time_zone`) when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(
            "bad_time_zone", f"{name!r} is not a time zone.", "Use an IANA name such as Europe/Berlin."
        ) from error


def order_of(options: Mapping[str, Any]) -> str | None:
    """How a field's display format reads 3/4/2026."""
    return {"european": "dmy", "us": "mdy"}.get(form_of(options, "iso"))


def day_text(day: date, form: str) -> str:
    if form == "european":
        return f"{day.day:02}/{day.month:02}/{day.year}"
    if form == "us":
        return f"{day.month}/{day.day}/{day.year}"
    if form == "friendly":
        return f"{_NAMES[day.month - 1]} {day.day}, {day.year}"
    return day.isoformat()


class Date(Kind):
    name: ClassVar[str] = "date"
    family = "date"

    def check_options(self, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        refuse_unknown(self.name, given, ("format",))
        return {"format": option_of(self.name, given, "format", FORMATS, before.get("format", "iso"))}

    def read(self, value: object, field: FieldDef, zone: str) -> str | None:
        if value is None or value == "":
            return None
        if isinstance(value, str):
            text = value.strip()
            if not text:
                return None
            day = parse_date(text, order_of(field.options))
            if day is None and (moment := parse_moment(text, order_of(field.options), zone)):
                day = moment.astimezone(zone_of(zone)).date()
            if day is not None:
                return day.isoformat()
        raise CellError(
            "bad_date", f"{str(value)[:60]!r} is not a date that can be read for certain.", "Write it like 2026-11-23."
        )

    def text(self, stored: Any, field: FieldDef, zone: str) -> str:
        return day_text(date.fromisoformat(stored), form_of(field.options, "iso"))


class DateTime(Kind):
    """A moment; `zone` says where people read it (None: the team's zone)."""

    name: ClassVar[str] = "date_time"
    family = "moment"

    def check_options(self, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        refuse_unknown(self.name, given, ("format", "clock", "zone"))
        zone = given.get("zone", before.get("zone"))
        if zone is not None:
            zone_of(str(zone))
        return {
            "format": option_of(self.name, given, "format", FORMATS, before.get("format", "iso")),
            "clock": option_of(self.name, given, "clock", ("24h", "12h"), before.get("clock", "24h")),
            "zone": zone,
        }

    def read(self, value: object, field: FieldDef, zone: str) -> str | None:
        if value is None or value == "":
            return None
        if isinstance(value, str):
            text = value.strip()
            if not text:
                return None
            moment = parse_moment(text, order_of(field.options), field.options.get("zone") or zone)
            if moment is not None:
                try:
                    return clock.to_text(moment)
                except OverflowError:
                    pass
        raise CellError(
            "bad_date",
            f"{str(value)[:60]!r} is not a date and time that can be read for certain.",
            "Write it like 2026-11-23 14:30.",
        )

    def text(self, stored: Any, field: FieldDef, zone: str) -> str:
        moment = datetime.fromisoformat(stored).replace(tzinfo=UTC)
        local = moment.astimezone(zone_of(field.options.get("zone") or zone))
        hours = f"{local.hour:02}:{local.minute:02}"
        if field.options.get("clock") == "12h":
            hours = f"{local.hour % 12 or 12}:{local.minute:02}{'am' if local.hour < 12 else 'pm'}"
        return f"{day_text(local.date(), form_of(field.options, 'iso'))} {hours}"


class CreatedTime(DateTime):
    name = "created_time"
    read_only = True


class ModifiedTime(DateTime):
    name = "modified_time"
    read_only = True
