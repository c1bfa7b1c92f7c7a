"""Results that follow the clock are computed anew when it turns."""

from datetime import UTC, datetime, timedelta

from sqlmodel import select

from crm_core import clock, ids
from crm_core.models import User
from crm_core.services.computed import state
from tests.core.computed.conftest import Works

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def turn(works: Works, now: datetime) -> float | None:
    with clock.frozen(now):
        return works.recalculation._round()


def test_today_is_computed_once_a_day(works: Works) -> None:
    with clock.frozen(NOON):
        works.add("investors", Name="Acme", **{"Last contact": "2026-11-20"})
        field = works.field("investors", "Silence", "formula", formula="DATETIME_DIFF(TODAY(), {Last contact}, 'days')")
        works.field("investors", "Cold", "formula", formula='IF({Silence} > 3, "cold", "warm")')
    assert field.options["clock"] == "day"
    assert works.column("investors", "Cold") == ["warm"]
    before = works.version
    turn(works, NOON + timedelta(hours=2))
    assert works.version == before
    turn(works, NOON + timedelta(days=1))
    assert works.column("investors", "Silence") == [4.0]
    assert works.column("investors", "Cold") == ["cold"]
    assert works.version == before + 1
    turn(works, NOON + timedelta(days=1, hours=1))
    assert works.version == before + 1


def test_now_is_computed_every_few_minutes_and_waits_for_the_next_turn(works: Works) -> None:
    with clock.frozen(NOON):
        works.add("investors", Name="Acme")
        works.field("investors", "Now", "formula", formula="NOW()")
    wait = turn(works, NOON + timedelta(minutes=3))
    assert works.column("investors", "Now") == ["2026-11-23T12:00:00.000Z"]
    assert wait == (state.MINUTES - 3) * 60
    turn(works, NOON + timedelta(minutes=11))
    assert works.column("investors", "Now") == ["2026-11-23T12:11:00.000Z"]


def test_a_filter_that_speaks_of_today_turns_with_the_day(works: Works) -> None:
    with clock.frozen(NOON):
        acme = works.add("investors", Name="Acme")
        works.add("commitments", Name="C1", Investor=[acme], **{"Signed on": "2026-11-23"})
        recent = {"field": "Signed on", "op": "is_within", "value": {"unit": "past_days", "days": 1}}
        works.field("investors", "Recent", "count", link="Commitments", filter=recent)
    assert works.column("investors", "Recent") == [1.0]
    turn(works, NOON + timedelta(days=3))
    assert works.column("investors", "Recent") == [0.0]


def test_a_clock_that_goes_back_computes_for_the_day_it_says(works: Works) -> None:
    with clock.frozen(NOON):
        works.add("investors", Name="Acme")
        works.field("investors", "Day", "formula", formula="TODAY()")
    turn(works, NOON - timedelta(days=1))
    assert works.column("investors", "Day") == ["2026-11-22"]


def test_a_persons_new_name_reaches_the_formulas_that_show_it(works: Works) -> None:
    with works.units.write() as session:
        session.add(User(email="ann@example.org", name="Ann", role="member", created_at=clock.now_text()))
    with works.units.read() as session:
        person = ids.encode("usr", session.exec(select(User)).one().id or 0)
    works.add("investors", Name="Acme", Owner=person)
    works.field("investors", "Whose", "formula", formula='Owner & "\'s"')
    assert works.column("investors", "Whose") == ["Ann's"]
    with works.units.write() as session:
        session.exec(select(User)).one().name = "Anne"
    assert turn(works, NOON) == state.MINUTES * 60
    assert works.column("investors", "Whose") == ["Anne's"]
