"""Earlier states by version and by moment: what may be asked, what is kept, and that nothing of it can be written."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm_core import clock
from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import ChangeSet, Create, CreateRecord, Delete, Move, Op, Update, UpdateRecord
from crm_core.contracts.query import AggregateQuery, AsOf, Query
from crm_core.crm import Crm, open_crm
from crm_core.errors import Invalid, NotFound
from crm_core.host import Host
from crm_core.services import past

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Crm]:
    opened = open_crm(from_env({"CRM_TIME_ZONE": "Europe/Berlin"}, data_dir=tmp_path), Host.discover())
    yield opened
    opened.close()
    assert not any((tmp_path / "scratch").glob("*"))


def go(crm: Crm, op: Op) -> list[str]:
    applied = crm.records.apply(ChangeSet([op]), SYSTEM)
    return applied.created[0] if applied.created else []


def names(crm: Crm, as_of: AsOf | None) -> list[str]:
    with crm.past.reading(as_of) as then:
        window = then.windows.query("investors", Query(fields=["name"]), SYSTEM)
    return list(window.columns[0])


def rename(record: str, name: str) -> Update:
    return Update("investors", [UpdateRecord(record, {"name": name})])


def test_a_date_means_its_end_in_the_teams_zone(crm: Crm) -> None:
    with clock.frozen(NOON):
        record = go(crm, Create("investors", [CreateRecord({"name": "One"})]))[0]
    with clock.frozen(datetime(2026, 3, 10, 22, 30, tzinfo=UTC)):
        go(crm, rename(record, "Two"))
    with clock.frozen(datetime(2026, 3, 10, 23, 30, tzinfo=UTC)):  # the 11th in Berlin
        go(crm, rename(record, "Three"))
    assert names(crm, AsOf(moment="2026-03-09")) == []
    assert names(crm, AsOf(moment="2026-03-10")) == ["Two"]
    assert names(crm, AsOf(moment="2026-03-11")) == ["Three"]
    assert names(crm, AsOf(moment="2026-03-10T12:00:00Z")) == ["One"]
    assert names(crm, AsOf(moment="2026-03-10T12:59:59")) == []
    assert names(crm, None) == ["Three"]


def test_a_clock_that_went_back_changes_no_order_of_versions(crm: Crm) -> None:
    with clock.frozen(NOON + timedelta(days=3650)):
        record = go(crm, Create("investors", [CreateRecord({"name": "Far"})]))[0]
    with clock.frozen(NOON):
        go(crm, rename(record, "Now"))
    assert names(crm, AsOf(version=1)) == ["Far"]
    assert names(crm, AsOf(moment="2026-03-10")) == ["Now"]
    assert names(crm, AsOf(moment="2040-01-01")) == ["Now"]


def test_totals_and_the_trash_are_those_of_then(crm: Crm) -> None:
    records = go(crm, Create("investors", [CreateRecord({"name": str(n), "check_size": n * 100}) for n in (1, 2, 3)]))
    go(crm, Delete("investors", records[:2]))
    with crm.past.reading(AsOf(version=1)) as then:
        totals = then.windows.aggregate("investors", AggregateQuery(aggregates={"check_size": "sum"}), SYSTEM).totals
        trash = then.windows.query("investors", Query(deleted=True), SYSTEM)
    assert list(totals.values()) == [600]
    assert (trash.total, trash.version) == (0, 1)


def test_the_manual_order_is_known_after_all_rows_were_numbered_anew(crm: Crm) -> None:
    ids = go(crm, Create("investors", [CreateRecord({"name": name}) for name in "abcd"]))
    orders = {crm.windows.query("investors", Query(), SYSTEM).version: names(crm, None)}
    for turn in range(120):  # always between the same two: floats run out of room after about fifty
        go(crm, Move("investors", [ids[2 if turn % 2 else 3]], before=ids[1]))
        orders[crm.windows.query("investors", Query(), SYSTEM).version] = names(crm, None)
    for version in (1, 2, 30, 49, 50, 51, 52, 53, 54, 55, 60, 90, 110):
        assert names(crm, AsOf(version=version)) == orders[version], version


def test_only_the_last_few_states_stay_on_disk(crm: Crm, tmp_path: Path) -> None:
    record = go(crm, Create("investors", [CreateRecord({"name": "0"})]))[0]
    for number in range(1, past.KEPT + 4):
        go(crm, rename(record, str(number)))
    for version in range(1, past.KEPT + 4):
        assert names(crm, AsOf(version=version)) == [str(version - 1)]
    assert len(list((tmp_path / "scratch").iterdir())) == past.KEPT
    assert names(crm, AsOf(version=1)) == ["0"]


@pytest.mark.parametrize("asked", [AsOf(), AsOf(1, "2026-01-01"), AsOf(moment="soon"), AsOf(moment="9999-12-31")])
def test_what_is_no_moment_is_refused(crm: Crm, asked: AsOf) -> None:
    with pytest.raises(Invalid) as caught:
        names(crm, asked)
    assert caught.value.code == "bad_as_of"


def test_a_version_that_is_not_there_yet_is_not_found(crm: Crm) -> None:
    with pytest.raises(NotFound) as caught:
        names(crm, AsOf(version=99))
    assert caught.value.code == "unknown_version"


def test_more_records_than_the_limit_are_refused(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    go(crm, Create("investors", [CreateRecord({"name": str(n)}) for n in range(3)]))
    go(crm, Create("investors", [CreateRecord({"name": "4"})]))
    monkeypatch.setattr(past, "MAX_RECORDS", 2)
    with pytest.raises(Invalid) as caught:
        names(crm, AsOf(version=1))
    assert caught.value.code == "past_too_large"


def test_nothing_that_lets_anybody_in_is_copied(crm: Crm, tmp_path: Path) -> None:
    crm.access.accounts.create(SYSTEM, email="ada@example.org", name="Ada", password="quiet otters cross rivers")
    record = go(crm, Create("investors", [CreateRecord({"name": "x"})]))[0]
    go(crm, rename(record, "y"))
    with crm.past.reading(AsOf(version=1)) as then, then.windows._units.read() as session:
        connection = session.connection()
        copied = connection.exec_driver_sql("SELECT name, password_hash FROM users").fetchall()
        assert copied == [("Ada", None)]
        assert connection.exec_driver_sql("SELECT count(*) FROM app_settings").scalar() == 0
