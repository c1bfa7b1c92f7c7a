"""FROMNOW and TONOW: the distance between two moments in English words, with moment.js's thresholds."""

from math import floor

from plugins.formulas.dates.moments import DAY_MS
from plugins.formulas.dates.units import add_months, months_between


def distance(a: int, b: int) -> str:
    """How far two moments are apart: a few seconds, a minute, 25 days, 2 years."""
    months, rest = _whole_months(a, b)
    days_ms = rest
    seconds = _round(abs(a - b) / 1000)
    minutes = _round(abs(a - b) / 60_000)
    hours = _round(abs(a - b) / 3_600_000)
    days = _round(_as_days(months, days_ms))
    whole_months = _round(_as_months(months, days_ms))
    years = _round(_as_months(months, days_ms) / 12)
    if seconds < 45:
        return "a few seconds"
    for count, limit, one, many in (
        (minutes, 45, "a minute", "minutes"),
        (hours, 22, "an hour", "hours"),
        (days, 26, "a day", "days"),
        (whole_months, 11, "a month", "months"),
    ):
        if count <= 1:
            return one
        if count < limit:
            return f"{count} {many}"
    return "a year" if years <= 1 else f"{years} years"


def _whole_months(a: int, b: int) -> tuple[int, int]:
    """Whole months between two moments, and the milliseconds that remain."""
    early, late = min(a, b), max(a, b)
    months = int(months_between(late, early))
    while months > 0 and add_months(early, months) > late:
        months -= 1
    return months, late - add_months(early, months)


def _as_days(months: int, ms: int) -> float:
    return ms / DAY_MS + _round(months * 146_097 / 4800)


def _as_months(months: int, ms: int) -> float:
    return months + ms / DAY_MS * 4800 / 146_097


def _round(number: float) -> int:
    return floor(number + 0.5)
