"""Days in time zones: where they begin and end, also when the clocks change, and what relative dates mean."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from crm_core import clock
from crm_core.storage.queries.dates import span_of
from tests.core.queries.asking import names
from tests.core.queries.world import World

TODAY = date(2024, 3, 31)  # a Sunday, the last day of a month after a leap day


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ({"unit": "today"}, "2024-03-31", "2024-03-31"),
        ({"unit": "tomorrow"}, "2024-04-01", "2024-04-01"),
        ({"unit": "yesterday"}, "2024-03-30", "2024-03-30"),
        ({"unit": "past_week"}, "2024-03-24", "2024-03-31"),
        ({"unit": "next_week"}, "2024-03-31", "2024-04-07"),
        ({"unit": "past_month"}, "2024-02-29", "2024-03-31"),
        ({"unit": "next_month"}, "2024-03-31", "2024-04-30"),
        ({"unit": "past_year"}, "2023-03-31", "2024-03-31"),
        ({"unit": "next_year"}, "2024-03-31", "2025-03-31"),
        ({"unit": "this_week"}, "2024-03-25", "2024-03-31"),
        ({"unit": "this_month"}, "2024-03-01", "2024-03-31"),
        ({"unit": "this_year"}, "2024-01-01", "2024-12-31"),
        ({"unit": "past_days", "days": 3}, "2024-03-28", "2024-03-31"),
        ({"unit": "next_days", "days": 0}, "2024-03-31", "2024-03-31"),
        ({"unit": "days_ago", "days": 31}, "2024-02-29", "2024-02-29"),
        ({"unit": "days_from_now", "days": 1}, "2024-04-01", "2024-04-01"),
    ],
)
def test_what_relative_dates_mean(value: dict[str, Any], first: str, last: str) -> None:
    assert span_of(value, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


def moments(world: World, *moments: str) -> None:
    world.fill([{"name": moment, "moment": f"{moment}:00.000Z", "abroad": f"{moment}:00.000Z"} for moment in moments])


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        ("2026-03-29", "2026-03-28T23:00", "2026-03-29T22:00"),  # 23 hours: the clocks go forward
        ("2026-10-25", "2026-10-24T22:00", "2026-10-25T23:00"),  # 25 hours: and back
        ("2026-07-01", "2026-06-30T22:00", "2026-07-01T22:00"),
    ],
)
def test_a_day_of_a_moment_is_the_teams_day(world: World, day: str, start: str, end: str) -> None:
    moments(world, start, end)
    assert names(world, filter={"field": "moment", "op": "is", "value": day}) == [start]
    assert names(world, filter={"field": "moment", "op": "is_after", "value": day}) == [end]
    assert names(world, filter={"field": "moment", "op": "is_before", "value": day}) == []
    assert names(world, filter={"field": "moment", "op": "is_on_or_before", "value": day}) == [start]


def test_a_field_with_a_zone_of_its_own_has_days_of_its_own(world: World) -> None:
    moments(world, "2026-03-08T04:59", "2026-03-08T05:00", "2026-03-09T03:59", "2026-03-09T04:00")
    found = names(world, filter={"field": "abroad", "op": "is", "value": "2026-03-08"})
    assert found == ["2026-03-08T05:00", "2026-03-09T03:59"]


def test_today_is_the_day_where_the_field_is_read(world: World) -> None:
    moments(world, "2026-05-01T01:00", "2026-05-01T12:00")
    today = {"op": "is", "value": {"unit": "today"}}
    with clock.frozen(datetime(2026, 5, 1, 3, tzinfo=UTC)):
        assert names(world, filter={"field": "moment", **today}) == ["2026-05-01T01:00", "2026-05-01T12:00"]
        assert names(world, filter={"field": "abroad", **today}) == ["2026-05-01T01:00"]
    with clock.frozen(datetime(2026, 5, 1, 21, 59, tzinfo=UTC)):
        assert len(names(world, filter={"field": "moment", **today})) == 2
    with clock.frozen(datetime(2026, 5, 1, 22, 0, tzinfo=UTC)):
        assert names(world, filter={"field": "moment", **today}) == []
