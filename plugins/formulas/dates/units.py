"""Units of time: their names, adding them to a moment and counting them between two, as moment.js does."""

from calendar import monthrange
from datetime import date
from math import floor, trunc

from plugins.formulas.dates.moments import DAY_MS, MAX_MS, MIN_MS, Moment, date_of, ms_of
from plugins.formulas.values import RunError, quoted

LENGTHS = {
    "milliseconds": 1,
    "seconds": 1000,
    "minutes": 60_000,
    "hours": 3_600_000,
    "days": DAY_MS,
    "weeks": 7 * DAY_MS,
}
MONTHS = {"months": 1, "quarters": 3, "years": 12}
UNITS = (*LENGTHS, *MONTHS)
_SHORT = {
    "ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks", "M": "months",
    "Q": "quarters", "y": "years",
}  # fmt: skip


def unit_of(text: str) -> str:
    """The unit a text names: days, day, d …; single letters by case (m minutes, M months)."""
    name = text.strip()
    if name in _SHORT:
        return _SHORT[name]
    lowered = name.lower()
    for unit in UNITS:
        if lowered in (unit, unit[:-1]):
            return unit
    if len(lowered) == 1 and lowered in "shdwy":
        return _SHORT[lowered]
    if lowered in ("ms", "q"):
        return _SHORT["ms" if lowered == "ms" else "Q"]
    raise RunError("bad_unit", f"{quoted(text)} is not a unit of time. Use {', '.join(UNITS[:-1])} or {UNITS[-1]}.")


def _rounded(number: float) -> int:
    """Half away from zero."""
    return floor(abs(number) + 0.5) * (1 if number >= 0 else -1)


def checked(ms: float, moment: Moment) -> Moment:
    """The moment moved to `ms`, within the years 1 to 9999."""
    if not MIN_MS <= ms <= MAX_MS:
        raise RunError("bad_date", "The date would be outside the years 1 to 9999.")
    return moment._replace(ms=int(ms))


def add(moment: Moment, number: float, unit: str) -> Moment:
    """The moment `number` units later; months keep the day or take the last one of a shorter month."""
    if unit in MONTHS:
        return checked(add_months(moment.ms, _rounded(number * MONTHS[unit])), moment)
    if unit in ("days", "weeks"):
        return checked(moment.ms + _rounded(number * (LENGTHS[unit] // DAY_MS)) * DAY_MS, moment)
    return checked(moment.ms + floor(number * LENGTHS[unit] + 0.5), moment._replace(day=False))


def add_months(ms: int, months: int) -> int:
    """Milliseconds of the moment so many months later, the day clamped to the month's last."""
    day = date_of(ms)
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise RunError("bad_date", "The date would be outside the years 1 to 9999.")
    moved = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return ms_of(moved) + ms % DAY_MS


def difference(a: int, b: int, unit: str) -> int:
    """Whole units from b to a, cut toward zero."""
    if unit in LENGTHS:
        return trunc_divided(a - b, LENGTHS[unit])
    return trunc(months_between(a, b) / MONTHS[unit])


def trunc_divided(number: int, divisor: int) -> int:
    """The quotient cut toward zero."""
    return number // divisor if number >= 0 else -(-number // divisor)


def months_between(a: int, b: int) -> float:
    """Months from b to a with their fraction, as moment.js counts them: anchored at the day of the month."""
    day_a, day_b = date_of(a), date_of(b)
    if day_a.day < day_b.day:
        return -months_between(b, a)
    whole = (day_b.year - day_a.year) * 12 + day_b.month - day_a.month
    anchor = add_months(a, whole)
    near = -1 if b < anchor else 1
    try:
        length = abs(add_months(a, whole + near) - anchor)
    except RunError:  # beyond the last year there is; any length of a month will do
        length = 31 * DAY_MS
    return -(whole + (b - anchor) / length) or 0.0


def start_of(ms: int, unit: str) -> int:
    """The first millisecond of the unit that holds the moment; weeks start on Sunday."""
    if unit == "weeks":
        day = ms // DAY_MS
        return (day - (day + 4) % 7) * DAY_MS
    if unit in LENGTHS:
        return ms // LENGTHS[unit] * LENGTHS[unit]
    day_of = date_of(ms)
    month = {"months": day_of.month, "quarters": (day_of.month - 1) // 3 * 3 + 1, "years": 1}[unit]
    return ms_of(date(day_of.year, month, 1))
