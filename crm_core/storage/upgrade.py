"""Upgrades that strand nobody: a copy is migrated and looked at, then takes the place of the data in one step.

Whatever fails on the way, the data is as the older program left it; so that one still starts.
"""

import fcntl
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect

from crm_core.contracts import Storage
from crm_core.errors import Conflict, CrmError, Unavailable
from crm_core.storage.migrate import CORE, CORE_MIGRATIONS, current_version, migrate, pending
from crm_core.storage.scratch import scratch
from crm_core.storage.unit import Units

Copy = Callable[[Path], Storage]
"""Opens a copy of the database, which is one SQLite file whichever database runs."""

_log = logging.getLogger("crm.storage")


@dataclass(frozen=True, slots=True)
class Measure:
    """What no migration may change or lose: the data's version, its history, and how many rows there are."""

    version: int | None
    history: tuple[int, bytes]
    rows: Mapping[str, int]


def prepare(storage: Storage, data_dir: Path, copy: Copy | None = None) -> Path | None:
    """Bring the core's tables up to date at start; answers the snapshot that leads back, if there was anything to do.

    Without `copy` the migrations run on the data itself, in one transaction. Unavailable (`newer_database`) when a
    newer program wrote it, (`upgrade_failed`) when a migration fails; Conflict (`already_running`) below a server.
    """
    if not _todo(storage):
        return None
    with _alone(data_dir):
        todo = _todo(storage)  # somebody else may have been faster
        if not todo:
            return None
        with storage.reader() as connection:
            fresh = current_version(connection, CORE) is None
        if fresh:
            with Units(storage).write() as session:
                migrate(session.connection(), CORE, CORE_MIGRATIONS)
            return None
        folder = data_dir / "snapshots"
        folder.mkdir(exist_ok=True)
        before = folder / f"before-core-{todo[-1]}.sqlite3"
        storage.snapshot(before)
        try:
            if copy is None:
                with Units(storage).write() as session:
                    run_checked(session.connection(), CORE, CORE_MIGRATIONS)
            else:
                _by_copy(storage, data_dir, before, copy)
        except CrmError:
            raise
        except Exception as error:
            raise _failed(CORE, f"a migration fails with {type(error).__name__}: {error}") from error
    return before


def take_back(storage: Storage, before: Path) -> None:
    """Put the snapshot from before an upgrade back, because the CRM does not start on what came out of it."""
    storage.restore(before)
    _log.error("The upgrade was taken back: the data is as it was before. It is tried again at the next start.")


def run_checked(connection: Connection, owner: str, package: str) -> None:
    """Run an owner's migrations in the caller's transaction, and refuse what comes out when anything was lost."""
    was = measure(connection)
    migrate(connection, owner, package)
    _compare(owner, was, measure(connection))


def measure(connection: Connection) -> Measure:
    """Count everything."""
    tables = [name for name in inspect(connection).get_table_names() if not name.startswith("alembic_version_")]

    def first(sql: str, table: str) -> Any:
        return connection.exec_driver_sql(sql).first() if table in tables else None

    state = first("SELECT version FROM fundraising_state", "fundraising_state")
    last = first("SELECT id, hash FROM changes ORDER BY id DESC LIMIT 1", "changes")
    return Measure(
        None if state is None else int(state[0]),
        (0, b"") if last is None else (int(last[0]), bytes(last[1])),
        {name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one() for name in tables},
    )


def _by_copy(storage: Storage, data_dir: Path, before: Path, copy: Copy) -> None:
    with scratch(data_dir, room=int(3.5 * before.stat().st_size)) as folder:
        path = folder / "crm.sqlite3"
        candidate = copy(path)
        try:
            candidate.restore(before)
            with Units(candidate).write() as session:
                run_checked(session.connection(), CORE, CORE_MIGRATIONS)
            problems = candidate.verify(path)
        finally:
            candidate.close()
        if problems:
            raise _failed(CORE, problems[0])
        with storage.reader() as connection, copy_of(copy, before, folder) as old, old.reader() as then:
            if measure(connection) != measure(then):
                raise Conflict(
                    "already_running",
                    "Somebody wrote to the data while it was being brought up to date.",
                    "Stop every program that works on this data folder, then start again; nothing was changed.",
                )
        storage.restore(path)
    _log.warning("The data was brought up to date; as it was before, it is kept in %s.", before)


@contextmanager
def copy_of(copy: Copy, file: Path, folder: Path) -> Iterator[Storage]:
    """A file restored into a folder and opened."""
    storage = copy(folder / "before.sqlite3")
    try:
        storage.restore(file)
        yield storage
    finally:
        storage.close()


def _todo(storage: Storage) -> list[str]:
    with storage.reader() as connection:
        return pending(connection, CORE, CORE_MIGRATIONS)


def _compare(owner: str, was: Measure, now: Measure) -> None:
    if (was.version, was.history) != (now.version, now.history):
        raise _failed(owner, "it changed the version or the history of the data")
    for name, rows in was.rows.items():
        if now.rows.get(name, rows) < rows:
            raise _failed(owner, f"the table {name} would have {now.rows[name]:,} rows instead of {rows:,}")


def _failed(owner: str, why: str) -> Unavailable:
    return Unavailable(
        "upgrade_failed",
        f"The {owner} tables cannot be brought up to date: {why}.",
        "Nothing was changed. Start the older version again, and tell whoever made this one.",
    )


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Let one process upgrade at a time, and none below a server of an older version."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    server = _other_server(data_dir)
    if server:
        raise Conflict(
            "already_running",
            f"The data must be brought up to date first, but a server of an older version runs on {data_dir}"
            f" (process {server}).",
            "Stop it, then start this version.",
        )
    held = os.open(data_dir / "upgrade.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _other_server(data_dir: Path) -> str:
    """The process number of a server on the data folder that is not this process; empty when there is none."""
    with suppress(FileNotFoundError), (data_dir / "server.lock").open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            process = file.read(20).strip()
            return "" if process == str(os.getpid()) else process or "?"
    return ""
