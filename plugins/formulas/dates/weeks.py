"""Weeks of the year: ISO, by locale, and WEEKNUM's."""

from datetime import date


def iso_week(day: date) -> tuple[int, int]:
    """The ISO week-year and week of a day."""
    year, week, _ = day.isocalendar()
    return year, week


def week_of(day: date, first_day: int, first_week: int) -> tuple[int, int]:
    """The week-year and week of a day where weeks begin on `first_day` (0 is Sunday).

    `first_week` is moment.js's doy: 7 + first_day minus the day of January that the first week must hold.
    """
    year = day.year
    start = _offset(year, first_day, first_week)
    week = (_day_of_year(day) - start - 1) // 7 + 1
    if week < 1:
        year -= 1
        return year, week + _weeks(year, first_day, first_week)
    weeks = _weeks(year, first_day, first_week)
    return (year + 1, week - weeks) if week > weeks else (year, week)


def _day_of_year(day: date) -> int:
    return day.timetuple().tm_yday


def _offset(year: int, first_day: int, first_week: int) -> int:
    """How many days after 1 January the first week begins; negative when it begins in December."""
    anchor = 7 + first_day - first_week
    weekday = _weekday(year, anchor)
    return -((7 + weekday - first_day) % 7) + anchor - 1


def _weekday(year: int, day_of_january: int) -> int:
    days = (year - 1) * 365 + (year - 1) // 4 - (year - 1) // 100 + (year - 1) // 400 + day_of_january
    return days % 7  # 31 December of year 0 is a Sunday in the Gregorian calendar


def _weeks(year: int, first_day: int, first_week: int) -> int:
    length = 366 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 365
    return (length - _offset(year, first_day, first_week) + _offset(year + 1, first_day, first_week)) // 7


def week_number(day: date, first_day: int) -> int:
    """WEEKNUM: the week that holds 1 January is week 1, its days in December too, as moment.js counts.

    Weeks begin on `first_day` (0 Sunday, 1 Monday).
    """
    return week_of(day, first_day, first_day + 6)[1]
