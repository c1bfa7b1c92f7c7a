"""Dates against moment.js: formats in every locale, differences, additions, words, parsing and time zones."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.formulas.dates import units, words, workdays
from plugins.formulas.dates.formatting import format_moment
from plugins.formulas.dates.moments import Moment, date_of, from_datetime, iso_text, ms_of, read_moment
from plugins.formulas.dates.parsing import parse_moment

SAMPLES: dict[str, Any] = json.loads((Path(__file__).parent / "oracle/samples.json").read_text("utf-8"))
OTHERWISE = {("2020 61", "YYYY DDDD")}  # moment.js reads a third digit there or nothing, we read what is there


def at(text: str) -> Moment:
    found = read_moment(text)
    assert found is not None
    return found


@pytest.mark.parametrize("locale", sorted({row[1] for row in SAMPLES["format"]}))
def test_formats_in(locale: str) -> None:
    rows = [row for row in SAMPLES["format"] if row[1] == locale]
    assert len(rows) >= 30
    found = [format_moment(at(instant)._replace(locale=locale), pattern) for instant, _, pattern, _ in rows]
    assert found == [row[3] for row in rows]


def test_differences() -> None:
    found = [units.difference(at(a).ms, at(b).ms, unit) for a, b, unit, _ in SAMPLES["diff"]]
    assert found == [row[3] for row in SAMPLES["diff"]]


def test_additions() -> None:
    found = [iso_text(units.add(at(start), number, unit)) for start, number, unit, _ in SAMPLES["add"]]
    assert found == [row[3] for row in SAMPLES["add"]]


def test_words() -> None:
    found = [words.distance(at(a).ms, at(b).ms) for a, b, _ in SAMPLES["words"]]
    assert found == [row[2] for row in SAMPLES["words"]]


@pytest.mark.parametrize(("text", "pattern", "locale", "wanted"), SAMPLES["parse"])
def test_parsing(text: str, pattern: str, locale: str, wanted: str | None) -> None:
    if (text, pattern) not in OTHERWISE:
        found = parse_moment(text, pattern, locale)
        assert (found and iso_text(found)) == wanted


@pytest.mark.parametrize(("instant", "zone", "wanted"), SAMPLES["zones"])
def test_time_zones(instant: str, zone: str, wanted: str) -> None:
    assert format_moment(at(instant)._replace(zone=zone), "M/D/YYYY h:mm a Z ZZ z X") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("07/10/19", "2019-07-10T00:00:00.000Z"),
        ("2025-12-31 15:00", "2025-12-31T15:00:00.000Z"),
        ("4 Mar 2017 7:00", "2017-03-04T07:00:00.000Z"),
        ("March 4, 2017 3pm", "2017-03-04T15:00:00.000Z"),
        ("2024-05-05T10:00:00+05:30", "2024-05-05T04:30:00.000Z"),
        ("2024-05", "2024-05-01T00:00:00.000Z"),
        ("20240505", "2024-05-05T00:00:00.000Z"),
        ("Wed, 4th of March 2020", "2020-03-04T00:00:00.000Z"),
        ("13/13/2020", None),
        ("2020-02-30", None),
        ("5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_texts_that_spell_a_date(text: str, wanted: str | None) -> None:
    found = read_moment(text)
    assert (found and iso_text(found)) == wanted


days = st.dates(date(2019, 1, 1), date(2022, 12, 31))


@given(days, st.integers(-60, 60), st.lists(days, max_size=40))
def test_working_days_are_those_of_a_calendar(start: date, count: int, free: list[date]) -> None:
    day, left = start, abs(count)
    step = timedelta(days=1 if count > 0 else -1)
    while left:
        day += step
        left -= day.weekday() < 5 and day not in free
    holidays = workdays.holidays_of(tuple(map(from_datetime, free)))
    assert workdays.add_workdays(from_datetime(start), count, holidays).ms == ms_of(day)


@given(days, days, st.lists(days, max_size=40))
def test_working_days_between_two_days(start: date, end: date, free: list[date]) -> None:
    first, last = min(start, end), max(start, end)
    all_days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    wanted = sum(1 for day in all_days if day.weekday() < 5 and day not in free)
    holidays = workdays.holidays_of(tuple(map(from_datetime, free)))
    found = workdays.count_workdays(from_datetime(start), from_datetime(end), holidays)
    assert found == (wanted if start <= end else -wanted)


@given(st.integers(ms_of(date(1, 1, 2)), ms_of(date(9999, 12, 30))))
def test_iso_texts_are_read_back(ms: int) -> None:
    assert read_moment(iso_text(Moment(ms))) == Moment(ms)
    assert date_of(ms) == date.fromisoformat(iso_text(Moment(ms))[:10])
