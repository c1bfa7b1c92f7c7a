"""An upgrade that goes wrong at whatever step leaves the data as the older program can use it."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crm_core.config import from_env
from crm_core.crm import opened
from crm_core.errors import Conflict, Unavailable
from crm_core.storage import migrate, upgrade
from plugins.sqlite.database import SqliteDatabase
from tests.migrations.test_released import load

HEAD = migrate.known_versions(migrate.CORE_MIGRATIONS)[-1]
NEXT = """
from alembic import op
import sqlalchemy as sa

revision = "9001"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("users", sa.Column("shoe_size", sa.Integer(), nullable=True))
    {more}
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that this program's next version is about to take over."""
    folder = tmp_path / "data"
    load("0001", folder)
    with opened(from_env({}, data_dir=folder)):
        pass
    shutil.rmtree(folder / "snapshots", ignore_errors=True)
    return folder


@pytest.fixture
def coming(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The next version's migrations: this one's, and a file that the tests write."""
    package = tmp_path / "site" / "coming_migrations"
    source = Path(migrate.__file__).with_name("migrations")
    shutil.copytree(source / "versions", package / "versions", ignore=shutil.ignore_patterns("__pycache__"))
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(package.parent))
    monkeypatch.setattr(upgrade, "CORE_MIGRATIONS", "coming_migrations")
    yield package / "versions" / "9001_shoes.py"
    sys.modules.pop("coming_migrations", None)


def content(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "crm.sqlite3")) as connection:
        return list(connection.iterdump())


def test_a_good_one_goes_through(data: Path, coming: Path) -> None:
    coming.write_text(NEXT.format(head=HEAD, more="pass"))
    before = content(data)
    with opened(from_env({}, data_dir=data)):
        pass
    with closing(sqlite3.connect(data / "crm.sqlite3")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version_core").fetchone() == ("9001",)
        assert connection.execute("SELECT count(shoe_size) FROM users").fetchone() == (0,)
    with closing(sqlite3.connect(data / "snapshots/before-core-9001.sqlite3")) as connection:
        assert list(connection.iterdump()) == before


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('op.execute("SELECT * FROM nowhere")', "nowhere"),
        ("1 / 0", "division"),
        ('op.execute("DELETE FROM contacts")', "contacts"),
        ('op.execute("DELETE FROM fundraising_contacts")', "would have 0 rows instead of 1"),
        ("op.execute(\"UPDATE changes SET hash = x'00' WHERE id = (SELECT max(id) FROM changes)\")", "history"),
        ('op.execute("UPDATE fundraising_state SET version = 1")', "version"),
    ],
)  # fmt: skip
def test_a_bad_one_changes_nothing(data: Path, coming: Path, more: str, said: str) -> None:
    coming.write_text(NEXT.format(head=HEAD, more=more))
    before = content(data)
    with pytest.raises(Unavailable) as caught, opened(from_env({}, data_dir=data)):
        pass
    assert caught.value.code == "upgrade_failed"
    assert said in caught.value.message
    assert content(data) == before
    assert not list((data / "scratch").glob("*"))


def test_when_the_crm_does_not_start_on_it_the_data_goes_back(
    data: Path, coming: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The migration went through, and then something else of the new version fails."""
    coming.write_text(NEXT.format(head=HEAD, more="pass"))
    before = content(data)

    def fail(*_: object) -> None:
        raise ValueError("a defect of the new version")

    monkeypatch.setattr("crm_core.crm.ensure_builtin", fail)
    with pytest.raises(ValueError, match="a defect"), opened(from_env({}, data_dir=data)):
        pass
    assert content(data) == before


def test_when_the_swap_fails_the_data_stays(data: Path, coming: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    coming.write_text(NEXT.format(head=HEAD, more="pass"))
    before = content(data)
    original = SqliteDatabase.restore

    def fail(storage: SqliteDatabase, path: Path) -> None:
        if storage.path.resolve() == (data / "crm.sqlite3").resolve():
            raise Unavailable("disk_full", "The disk is full.")
        original(storage, path)

    monkeypatch.setattr(SqliteDatabase, "restore", fail)
    with pytest.raises(Unavailable), opened(from_env({}, data_dir=data)):
        pass
    assert content(data) == before


def test_not_below_a_running_server_of_the_older_version(data: Path, coming: Path) -> None:
    coming.write_text(NEXT.format(head=HEAD, more="pass"))
    before = content(data)
    held = os.open(data / "server.lock", os.O_RDWR | os.O_CREAT)
    try:
        os.write(held, b"1\n")
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(Conflict) as caught, opened(from_env({}, data_dir=data)):
            pass
    finally:
        os.close(held)
    assert caught.value.code == "already_running"
    assert content(data) == before


def test_who_writes_meanwhile_is_not_overwritten(data: Path, coming: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    coming.write_text(NEXT.format(head=HEAD, more="pass"))
    original = SqliteDatabase.verify

    def write(storage: SqliteDatabase, path: Path) -> list[str]:
        with closing(sqlite3.connect(data / "crm.sqlite3", isolation_level=None)) as connection:
            connection.execute("INSERT INTO events (at, kind, subject, data) VALUES ('x', 'late', '', '{}')")
        return original(storage, path)

    monkeypatch.setattr(SqliteDatabase, "verify", write)
    with pytest.raises(Conflict), opened(from_env({}, data_dir=data)):
        pass
    with closing(sqlite3.connect(data / "crm.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM events WHERE kind = 'late'").fetchone() == (1,)
        assert connection.execute("SELECT version_num FROM alembic_version_core").fetchone() == (HEAD,)


KILLED = """
import sys, os
sys.path.insert(0, {site!r})
from pathlib import Path
from crm_core.config import from_env
from crm_core.crm import opened
from crm_core.storage import upgrade
from plugins.sqlite.database import SqliteDatabase
upgrade.CORE_MIGRATIONS = "coming_migrations"
place, count = {place!r}, [0]

def dying(owner, name):
    original = getattr(owner, name)
    def act(*arguments, **more):
        if place == name:
            os.kill(os.getpid(), 9)
        answer = original(*arguments, **more)
        if place == name + " done":
            os.kill(os.getpid(), 9)
        return answer
    setattr(owner, name, act)

for name in ("snapshot", "verify", "restore"):
    dying(SqliteDatabase, name)
for name in ("migrate", "measure", "_by_copy"):
    dying(upgrade, name)
with opened(from_env({{}}, data_dir=Path({data!r}))):
    pass
"""


@pytest.mark.parametrize(
    "place",
    [
        "snapshot", "snapshot done", "migrate", "migrate done", "measure", "verify", "restore", "restore done",
        "_by_copy done",
    ],
)  # fmt: skip
def test_killed_at_any_step_the_next_start_brings_it_up_to_date(data: Path, coming: Path, place: str) -> None:
    coming.write_text(NEXT.format(head=HEAD, more="pass"))
    code = KILLED.format(site=str(coming.parents[2]), place=place, data=str(data))
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == -9, run.stderr
    with closing(sqlite3.connect(data / "crm.sqlite3")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        revision = connection.execute("SELECT version_num FROM alembic_version_core").fetchone()[0]
        columns = [row[1] for row in connection.execute("PRAGMA table_info(users)")]
    assert (revision, "shoe_size" in columns) in ((HEAD, False), ("9001", True))
    with opened(from_env({}, data_dir=data)):
        pass
    with closing(sqlite3.connect(data / "crm.sqlite3")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version_core").fetchone() == ("9001",)
        assert connection.execute("SELECT count(*) FROM fundraising_contacts").fetchone() == (1,)
    assert not list((data / "scratch").glob("*"))
