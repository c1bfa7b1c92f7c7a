"""Functions of dates and times; all of them count in UTC, as Airtable does."""

from datetime import date
from typing import Any

from plugins.formulas.dates import formatting, moments, parsing, units, weeks, words, workdays
from plugins.formulas.dates.locales import locale_of
from plugins.formulas.dates.moments import DAY_MS, Moment, date_of, parts
from plugins.formulas.dates.zones import zone_of
from plugins.formulas.functions.declare import Fails, function
from plugins.formulas.limits import check_length
from plugins.formulas.values import RunError, Value, quoted


def add(moment: Moment, number: float, unit: str) -> Moment:
    """DATEADD."""
    return units.add(moment, number, units.unit_of(unit))


def difference(first: Moment, second: Moment, unit: str = "seconds") -> float:
    """DATETIME_DIFF."""
    return float(units.difference(first.ms, second.ms, units.unit_of(unit)))


def formatted(moment: Moment, pattern: str = "") -> str:
    """DATETIME_FORMAT."""
    made = formatting.format_moment(moment, pattern)
    check_length(len(made))
    return made


def parsed(value: Value, pattern: str = "", locale: str = "") -> Moment | None:
    """DATETIME_PARSE; a date stays what it is, blank stays blank."""
    if type(value) is tuple and len(value) == 1:
        value = value[0]
    if value is None or value == "" or value == ():
        return None
    if type(value) is Moment:
        return value._replace(day=False)
    if type(value) is float:
        value = f"{value:.15g}"
    if type(value) is not str:
        raise RunError("bad_date", "DATETIME_PARSE reads text.")
    name = locale_of(locale) if locale else ""
    found = parsing.parse_moment(value, pattern, name) if pattern else moments.read_moment(value)
    if found is None:
        fits = f" written as {pattern}" if pattern else ""
        raise RunError("bad_date", f"{quoted(value)} is not a date{fits}.")
    return found


def day_text(moment: Moment) -> str:
    """DATESTR."""
    return date_of(moment.ms).isoformat()


def time_text(moment: Moment) -> str:
    """TIMESTR."""
    at = parts(moment.ms)
    return f"{at.hour:02}:{at.minute:02}:{at.second:02}"


def first_day(name: str) -> int:
    """The day that weeks begin on: 0 for Sunday, 1 for Monday."""
    day = name.strip().lower()
    if day not in ("", "sunday", "monday"):
        raise RunError("bad_argument", f"{quoted(name)} is no first day of the week. Use Sunday or Monday.")
    return int(day == "monday")


def weekday(moment: Moment, start: str = "Sunday") -> float:
    """WEEKDAY."""
    return float((moment.ms // DAY_MS + 4 - first_day(start)) % 7)


def week_number(moment: Moment, start: str = "Sunday") -> float:
    """WEEKNUM."""
    return float(weeks.week_number(date_of(moment.ms), first_day(start)))


def same(first: Moment, second: Moment, unit: str = "") -> bool:
    """IS_SAME."""
    if not unit:
        return first.ms == second.ms
    name = units.unit_of(unit)
    return units.start_of(first.ms, name) == units.start_of(second.ms, name)


def workday(start: Moment, days: float, holidays: Value = None) -> Moment:
    """WORKDAY."""
    return workdays.add_workdays(start, days, workdays.holidays_of(holidays))


def workday_count(start: Moment, end: Moment, holidays: Value = None) -> float:
    """WORKDAY_DIFF."""
    return float(workdays.count_workdays(start, end, workdays.holidays_of(holidays)))


def end_of_month(moment: Moment, months: float = 0.0) -> Moment:
    """EOMONTH."""
    if abs(months) > 120_000:
        raise RunError("bad_date", "The date would be outside the years 1 to 9999.")
    first = units.start_of(moment.ms, "months")
    return Moment(units.checked(units.add_months(first, int(months) + 1) - DAY_MS, moment).ms, day=True)


def make_date(year: float, month: float, day: float) -> Moment:
    """DATE: months and days beyond their range roll over."""
    if not (1 <= year <= 9999 and abs(month) < 120_000 and abs(day) < 4_000_000):
        raise RunError("bad_date", "The date would be outside the years 1 to 9999.")
    january = moments.ms_of(date(int(year), 1, 1))
    first = units.add_months(january, int(month) - 1)
    return units.checked(first + (int(day) - 1) * DAY_MS, Moment(0, day=True))


D: Any = {"category": "date"}
_DAY = {"D": date(2013, 2, 17)}
FUNCTIONS = (
    function(
        "DATE",
        "year: number, month: number, day: number",
        "date",
        make_date,
        "The day of a year, month and day.",
        ("DATE(2024, 2, 30)", date(2024, 3, 1)),
        **D,
    ),
    function(
        "DATEADD",
        "date: dateTime, number: number, unit: text",
        "dateTime",
        add,
        "The date so many units later; months keep the day or take the last one of a shorter month.",
        ('DATESTR(DATEADD("07/10/19", 10, "days"))', "2019-07-20"),
        ('DATESTR(DATEADD("2024-01-31", 1, "month"))', "2024-02-29"),
        ('DATEADD({D}, 1, "days")', date(2013, 2, 18), _DAY),
        **D,
    ),
    function(
        "DATESTR",
        "date: dateTime",
        "text",
        day_text,
        "The day as YYYY-MM-DD.",
        ('DATESTR("12/13/21")', "2021-12-13"),
        **D,
    ),
    function(
        "DATETIME_DIFF",
        "first: dateTime, second: dateTime, [unit: text]",
        "number",
        difference,
        "The first date minus the second in whole units (seconds if none is given): milliseconds, seconds, minutes, "
        "hours, days, weeks, months, quarters or years.",
        ('DATETIME_DIFF("04/06/2019 12:00", "04/05/2019 11:00", "hours")', 25),
        ('DATETIME_DIFF("2024-01-01", "2024-01-02")', -86400),
        **D,
    ),
    function(
        "DATETIME_FORMAT",
        "date: dateTime, [format: text]",
        "text",
        formatted,
        "The date as text by a format such as YYYY-MM-DD, D MMMM YYYY or h:mm A.",
        ('DATETIME_FORMAT("2025-12-31 15:00", "M/D/YYYY")', "12/31/2025"),
        ('DATETIME_FORMAT("2025-12-31 15:00", "dddd, MMMM Do [at] h A")', "Wednesday, December 31st at 3 PM"),
        ('DATETIME_FORMAT(BLANK(), "L")', Fails("bad_date")),
        **D,
    ),
    function(
        "DATETIME_PARSE",
        "text: any, [format: text], [locale: text]",
        "dateTime",
        parsed,
        "The date that a text spells, in a format if one is given.",
        ('DATESTR(DATETIME_PARSE("4 Mar 2017 22:00", "D MMM YYYY HH:mm"))', "2017-03-04"),
        ('DATETIME_PARSE("soon")', Fails("bad_date")),
        **D,
    ),
    function(
        "DAY",
        "date: dateTime",
        "number",
        lambda moment: float(date_of(moment.ms).day),
        "The day of the month, 1 to 31.",
        ('DAY("02/17/2013")', 17),
        ("DAY({D})", 17, _DAY),
        **D,
    ),
    function(
        "EOMONTH",
        "date: dateTime, [months: number]",
        "date",
        end_of_month,
        "The last day of the month, or of the month so many later.",
        ('EOMONTH("2024-02-10")', date(2024, 2, 29)),
        ('EOMONTH("2024-02-10", 1)', date(2024, 3, 31)),
        **D,
    ),
    function(
        "FROMNOW",
        "date: dateTime",
        "text",
        lambda moment, now: words.distance(moment.ms, now.ms),
        "How far a date is from now, in words.",
        ('FROMNOW(DATEADD(NOW(), 25, "days"))', "25 days"),
        volatile="minute",
        **D,
    ),
    function(
        "HOUR",
        "date: dateTime",
        "number",
        lambda moment: float(moment.ms // 3_600_000 % 24),
        "The hour, 0 to 23.",
        ('HOUR("4 Mar 2017 7:00")', 7),
        **D,
    ),
    function(
        "IS_AFTER",
        "first: dateTime, second: dateTime",
        "bool",
        lambda first, second: first.ms > second.ms,
        "Whether the first date is later.",
        ('IS_AFTER("1/1/1979", "1/1/2000")', False),
        **D,
    ),
    function(
        "IS_BEFORE",
        "first: dateTime, second: dateTime",
        "bool",
        lambda first, second: first.ms < second.ms,
        "Whether the first date is earlier.",
        ('IS_BEFORE("1/1/1979", "1/1/2000")', True),
        **D,
    ),
    function(
        "IS_SAME",
        "first: dateTime, second: dateTime, [unit: text]",
        "bool",
        same,
        "Whether two dates are the same, or lie in the same unit.",
        ('IS_SAME("1/1/1979", "1/1/1979")', True),
        ('IS_SAME("2024-05-01", "2024-05-31", "month")', True),
        **D,
    ),
    function(
        "MINUTE",
        "date: dateTime",
        "number",
        lambda moment: float(moment.ms // 60_000 % 60),
        "The minute, 0 to 59.",
        ('MINUTE("02/17/2013 7:31")', 31),
        **D,
    ),
    function(
        "MONTH",
        "date: dateTime",
        "number",
        lambda moment: float(date_of(moment.ms).month),
        "The month, 1 to 12.",
        ('MONTH("02/17/2013 7:31")', 2),
        **D,
    ),
    function(
        "NOW",
        "",
        "dateTime",
        lambda: None,
        "The current moment.",
        ('DATETIME_DIFF(NOW(), NOW(), "days")', 0),
        volatile="minute",
        **D,
    ),
    function(
        "SECOND",
        "date: dateTime",
        "number",
        lambda moment: float(moment.ms // 1000 % 60),
        "The second, 0 to 59.",
        ('SECOND("02/17/2013 7:31:25")', 25),
        **D,
    ),
    function(
        "SET_LOCALE",
        "date: dateTime, locale: text",
        "dateTime",
        lambda moment, name: moment._replace(locale=locale_of(name)),
        "The same date, written by DATETIME_FORMAT in another language.",
        ('DATETIME_FORMAT(SET_LOCALE("07/10/19", "es"), "LLLL")', "miércoles, 10 de julio de 2019 0:00"),
        **D,
    ),
    function(
        "SET_TIMEZONE",
        "date: dateTime, zone: text",
        "dateTime",
        lambda moment, name: moment._replace(zone=zone_of(name), day=False),
        "The same moment, written by DATETIME_FORMAT in another time zone.",
        ('DATETIME_FORMAT(SET_TIMEZONE("07/10/19 13:00", "Australia/Sydney"), "M/D/YYYY h:mm")', "7/10/2019 11:00"),
        **D,
    ),
    function(
        "TIMESTR",
        "date: dateTime",
        "text",
        time_text,
        "The time as HH:mm:ss.",
        ('TIMESTR("02/17/2013 7:31:25")', "07:31:25"),
        **D,
    ),
    function(
        "TODAY",
        "",
        "date",
        lambda: None,
        "The current day.",
        ('DATETIME_DIFF(TODAY(), TODAY(), "days")', 0),
        volatile="day",
        **D,
    ),
    function(
        "TONOW",
        "date: dateTime",
        "text",
        lambda moment, now: words.distance(moment.ms, now.ms),
        "As FROMNOW.",
        ('TONOW(DATEADD(NOW(), -1, "years"))', "a year"),
        volatile="minute",
        **D,
    ),
    function(
        "WEEKDAY",
        "date: dateTime, [first_day: text]",
        "number",
        weekday,
        'The day of the week: 0 for Sunday, or for Monday with "Monday".',
        ('WEEKDAY("2021-06-09")', 3),
        ('WEEKDAY("2021-06-09", "Monday")', 2),
        **D,
    ),
    function(
        "WEEKNUM",
        "date: dateTime, [first_day: text]",
        "number",
        week_number,
        "The week of the year; the week of 1 January is 1.",
        ('WEEKNUM("02/17/2013")', 8),
        **D,
    ),
    function(
        "WORKDAY",
        "start: dateTime, days: number, [holidays: any]",
        "date",
        workday,
        "The day so many working days after the start; weekends and holidays do not count.",
        ('WORKDAY("10/16/2020", 10, "2020-10-16, 2020-10-19")', date(2020, 11, 2)),
        **D,
    ),
    function(
        "WORKDAY_DIFF",
        "start: dateTime, end: dateTime, [holidays: any]",
        "number",
        workday_count,
        "The working days from start to end, both counted.",
        ('WORKDAY_DIFF("10/16/2020", "11/02/2020", "2020-10-16, 2020-10-19")', 10),
        **D,
    ),
    function(
        "YEAR",
        "date: dateTime",
        "number",
        lambda moment: float(date_of(moment.ms).year),
        "The year.",
        ('YEAR("2021-06-09")', 2021),
        **D,
    ),
)
