"""This program takes over the data of every released one: dumps of their databases are brought up to date and used."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import ChangeSet, Update, UpdateRecord
from crm_core.contracts.query import Query
from crm_core.crm import Crm, opened
from crm_core.services import verification
from crm_core.storage.migrate import CORE_MIGRATIONS, known_versions
from tests.migrations.store import RELEASED

DUMPS = sorted(path.stem for path in RELEASED.glob("*.sql"))


def load(revision: str, folder: Path) -> Path:
    """A database as the released program left it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "crm.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((RELEASED / f"{revision}.sql").read_text("utf-8"))
        connection.execute("PRAGMA journal_mode=WAL")
    return path


def rows_of(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


@pytest.fixture(params=DUMPS)
def crm(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Crm]:
    load(request.param, tmp_path)
    with opened(from_env({}, data_dir=tmp_path)) as made:
        yield made


def test_there_is_a_dump_of_the_first_release() -> None:
    assert "0001" in DUMPS
    assert set(DUMPS) <= set(known_versions(CORE_MIGRATIONS))


@pytest.mark.parametrize("revision", DUMPS)
def test_nothing_is_lost_and_the_way_back_is_kept(revision: str, tmp_path: Path) -> None:
    before = rows_of(load(revision, tmp_path))
    with opened(from_env({}, data_dir=tmp_path)) as crm:
        assert verification.verify(crm.units.storage, tmp_path / "crm.sqlite3").problems == ()
    after = rows_of(tmp_path / "crm.sqlite3")
    assert {name: after.get(name, 0) for name in before if after.get(name, 0) < before[name]} == {}
    newest = known_versions(CORE_MIGRATIONS)[-1]
    if revision != newest:
        assert rows_of(tmp_path / f"snapshots/before-core-{newest}.sqlite3") == before
    assert not list((tmp_path / "scratch").glob("*"))


def test_the_records_are_there_as_they_were(crm: Crm) -> None:
    window = crm.windows.query("investors", Query(limit=10), SYSTEM)
    fields = {field.id: field.name for field in crm.tables.fields("investors")}
    columns = {fields[ref]: column for ref, column in zip(window.fields, window.columns, strict=True)}
    assert columns["Name"] == ["Aurora Pension", "Bärenreiter KG"]
    assert columns["Check size"] == [5_000_000, 250_000.5]
    assert columns["Region"][0] is not None
    assert columns["Commitments"][0] is not None
    assert crm.windows.query("investors", Query(deleted=True), SYSTEM).total == 1


def test_people_come_in_and_work_goes_on(crm: Crm) -> None:
    assert {person.email for person in crm.users.everyone()} == {"ada@example.org", "bob@example.org"}
    window = crm.windows.query("investors", Query(limit=1), SYSTEM)
    op = Update("investors", [UpdateRecord(window.ids[0], {"name": "Renamed", "Region": "North"})])
    applied = crm.records.apply(ChangeSet([op], base_version=window.version), SYSTEM)
    history = crm.records.history("investors", window.ids[0])["items"]
    assert [item["kind"] for item in history][-1] == "create"
    crm.records.undo(applied.version, SYSTEM)
    for version in range(applied.version - 1, 0, -1):
        crm.records.undo(version, SYSTEM, force=True)
    assert crm.windows.query("investors", Query(), SYSTEM).total == 0
