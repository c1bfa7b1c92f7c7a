"""Clocks that jump: a day back, ten years ahead and back again. Order, versions, sessions and jobs stay right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm_core import clock
from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import ChangeSet, Create, CreateRecord, Update, UpdateRecord
from crm_core.contracts.jobs import Cron
from crm_core.contracts.query import AsOf, Query
from crm_core.crm import Crm, open_crm
from crm_core.errors import Conflict
from crm_core.host import Host
from crm_core.models import User
from crm_core.services.access import Client
from crm_core.services.activity import Ask
from crm_core.services.records import journal

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
JUMPS = [timedelta(), timedelta(days=-1), timedelta(days=3653), timedelta(minutes=1), timedelta(days=-1), timedelta()]
HERE = Client("192.0.2.1", "a test")


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Crm]:
    with closing(open_crm(from_env({}, data_dir=tmp_path), Host.discover())) as opened:
        yield opened


def rename(crm: Crm, record: str, name: str) -> int:
    op = Update("investors", [UpdateRecord(record, {"name": name})])
    return crm.records.apply(ChangeSet([op]), SYSTEM).version


def enter(crm: Crm) -> str:
    """Sign Ada in, without the cost of a password; answers the cookie's secret."""
    with crm.units.write() as session:
        user = session.get(User, 1)
        if user is None:
            now = clock.now_text()
            user = User(id=1, email="ada@example.org", name="Ada", password_hash="", role="admin", created_at=now)
            session.add(user)
            session.flush()
        return crm.access.sessions.open(session, user, HERE).secret


def test_versions_and_histories_keep_the_order_in_which_things_happened(crm: Crm) -> None:
    with clock.frozen(NOON):
        made = crm.records.apply(ChangeSet([Create("investors", [CreateRecord({"name": "0"})])]), SYSTEM)
    record = made.created[0][0]
    versions = []
    for number, jump in enumerate(JUMPS, 1):
        with clock.frozen(NOON + jump):
            versions.append(rename(crm, record, str(number)))
            assert crm.records.undo(versions[-1], SYSTEM).version == versions[-1] + 1
            versions[-1] = rename(crm, record, str(number))
    assert versions == sorted(versions)
    history = crm.records.history("investors", record)["items"]
    assert [item["version"] for item in history] == sorted((item["version"] for item in history), reverse=True)
    changes, newest, reset = crm.records.since(0)
    assert ([change.version for change in changes], reset) == (list(range(1, newest + 1)), False)
    told = [item.version for item in crm.activity.feed(Ask(kinds=("records",), limit=200), SYSTEM).items]
    assert told == list(range(newest, 0, -1))
    for number, version in enumerate(versions, 1):
        with crm.past.reading(AsOf(version=version)) as then:
            window = then.windows.query("investors", Query(fields=["name"]), SYSTEM)
        assert list(window.columns[0]) == [str(number)]
    with crm.units.read() as session:
        assert journal.verify_chain(session.connection()) is None


def test_an_edit_on_an_old_version_still_conflicts_when_the_clock_went_back(crm: Crm) -> None:
    with clock.frozen(NOON):
        made = crm.records.apply(ChangeSet([Create("investors", [CreateRecord({"name": "a"})])]), SYSTEM)
    record = made.created[0][0]
    with clock.frozen(NOON - timedelta(days=1)):
        rename(crm, record, "theirs")
        op = Update("investors", [UpdateRecord(record, {"name": "mine"})])
        with pytest.raises(Conflict, match="version_conflict"):
            crm.records.apply(ChangeSet([op], base_version=made.version), SYSTEM)


def test_sessions_bear_a_clock_that_is_set_back_and_end_in_their_time(crm: Crm) -> None:
    access = crm.access
    with clock.frozen(NOON):
        secret = enter(crm)
    for jump, alive in (
        (timedelta(minutes=5), True),
        (timedelta(days=-1), True),
        (timedelta(days=3653), False),
        (timedelta(minutes=5), True),
        (timedelta(days=29), True),
        (timedelta(days=70), False),
    ):
        access.sessions.remembered.forget()
        with clock.frozen(NOON + jump):
            assert (access.sessions.find(secret) is not None) is alive, jump


def test_what_was_begun_under_a_clock_years_ahead_does_not_last_until_then(crm: Crm) -> None:
    access = crm.access
    with clock.frozen(NOON + timedelta(days=3653)):
        secret = enter(crm)
    access.sessions.remembered.forget()
    with clock.frozen(NOON):
        assert access.sessions.find(secret) is None
    with clock.frozen(NOON + timedelta(days=1)):
        secret = enter(crm)
    access.sessions.remembered.forget()
    with clock.frozen(NOON):
        found = access.sessions.find(secret)
        assert found is not None
        assert not found.proved, "a proof of tomorrow is none today"


def test_a_job_is_not_made_up_for_twice_and_none_is_forgotten(crm: Crm) -> None:
    jobs = crm.jobs
    key = next(iter(jobs.items), None)
    assert key is not None, "a bundled plugin offers a job"
    owner, _, name = key.partition("/")
    daily = Cron(hour=3, minute=0, zone="UTC")
    catches_up = jobs.items[key].offer.catch_up
    with clock.frozen(NOON), crm.units.write() as session:
        row = {"owner": owner, "name": name, "started_at": clock.now_text(), "state": "done", "detail": ""}
        session.connection().exec_driver_sql(
            "INSERT INTO job_runs (owner, name, started_at, state, detail) VALUES (?, ?, ?, ?, ?)", tuple(row.values())
        )
    for jump, missed in ((timedelta(hours=1), False), (timedelta(days=-1), False), (timedelta(days=3653), True)):
        with clock.frozen(NOON + jump):
            assert jobs.missed(key, daily) is (missed and catches_up), jump
