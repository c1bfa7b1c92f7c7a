"""The SQLite storage: its contract, its refusals, its command, its health check."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from crm_core.contracts.actor import SYSTEM
from crm_core.crm import Crm
from crm_core.errors import Unavailable
from crm_core.storage.unit import Units
from crm_core.testing import check_storage
from plugins.sqlite import database
from plugins.sqlite.database import SqliteDatabase
from plugins.sqlite.plugin import crm_storage

pytest_plugins = ["crm_core.testing.fixtures"]


def test_it_keeps_the_contract_of_a_storage(tmp_path: Path) -> None:
    check_storage(lambda: SqliteDatabase(tmp_path / "db" / "contract.sqlite3"), tmp_path)


def test_it_claims_its_own_scheme_and_no_other(tmp_path: Path) -> None:
    opened = crm_storage(f"sqlite:///{tmp_path}/a.sqlite3")
    assert opened is not None
    opened.close()
    assert (tmp_path / "a.sqlite3").exists()
    assert crm_storage("postgresql://x") is None


def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite3"
    file.write_bytes(b"a letter to a limited partner" * 100)
    with pytest.raises(Unavailable) as caught:
        SqliteDatabase(file)
    assert caught.value.code == "storage_damaged"
    assert file.read_bytes().startswith(b"a letter")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Unavailable) as caught:
        SqliteDatabase(tmp_path / "a.sqlite3")
    assert caught.value.code == "read_only"


def test_a_folder_that_it_makes_is_closed_to_others(tmp_path: Path) -> None:
    SqliteDatabase(tmp_path / "made" / "a.sqlite3").close()
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o700


def test_when_all_readers_are_in_use_the_next_one_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_READER_SECONDS", 0.05)
    storage = SqliteDatabase(tmp_path / "a.sqlite3")
    units = Units(storage)
    held = [storage.reader() for _ in range(database._MAX_READERS)]
    with pytest.raises(Unavailable) as caught, units.read():
        pass
    assert caught.value.code == "storage_busy"
    assert caught.value.hint
    held.pop().close()
    with units.read() as session:
        assert session.connection().exec_driver_sql("SELECT 1").scalar() == 1
    for connection in held:
        connection.close()
    storage.close()


def test_an_acknowledged_write_is_on_disk_before_the_file_is_closed(crm: Crm) -> None:
    with crm.units.write() as session:
        session.connection().exec_driver_sql("CREATE TABLE kept (id INTEGER)")
    with closing(sqlite3.connect(crm.config.data_dir / "crm.sqlite3")) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert other.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_its_health_check_says_how_much_room_there_is(crm: Crm) -> None:
    found = {check.name: check for check in crm.plugins.health()}
    assert "GiB free" in found["sqlite: disk space"].detail


def test_it_is_on_and_stays_on(crm: Crm) -> None:
    view = crm.plugins.show("sqlite", SYSTEM)
    assert (view.state, view.pinned) == ("on", True)


def test_the_command_that_checks_a_file(crm: Crm, tmp_path: Path) -> None:
    sound = crm.config.data_dir / "crm.sqlite3"
    broken = tmp_path / "broken.sqlite3"
    copy = tmp_path / "copy.sqlite3"
    crm.units.storage.snapshot(copy)
    content = bytearray(copy.read_bytes())
    content[4096:12_000] = bytes(12_000 - 4096)
    broken.write_bytes(content)
    tool = Path(sys.executable).with_name("crm")
    for file, code in ((sound, 0), (broken, 1), (tmp_path / "nowhere.sqlite3", 1)):
        answer = subprocess.run([tool, "check-file", file], capture_output=True, text=True, timeout=60)
        assert answer.returncode == code, answer.stdout + answer.stderr
        assert ("is sound" in answer.stdout) == (code == 0)
