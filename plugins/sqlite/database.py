"""One SQLite file, opened so that an acknowledged write survives a power cut and readers never wait for writers."""

import errno
import os
import shutil
import sqlite3
import unicodedata
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool, StaticPool

from crm_core.errors import CrmError, Invalid, Unavailable

_BUSY_MS = 10_000
_READERS = 4
_MAX_READERS = 64
_READER_SECONDS = 10.0
_COPY_PAGES = 2_000
_LEAST_BYTES = 2**18
_WAL_BYTES = 32 * 2**20


def fold(text: object) -> str | None:
    """Text without case, for comparisons that go beyond ASCII (SQLite's own LIKE and NOCASE stop there)."""
    return unicodedata.normalize("NFC", text).casefold() if isinstance(text, str) else None


def _sync(path: Path) -> None:
    """Have a file, or the names in a folder, on disk before anything else happens."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class SqliteDatabase:
    """A Storage on one SQLite file (see crm_core.contracts.Storage)."""

    name = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self._prepare_folder()
        url = f"sqlite:///{path}"
        self._writing = self._engine(url, StaticPool, "BEGIN IMMEDIATE", {})
        self._reading = self._engine(
            url,
            QueuePool,
            "BEGIN",
            {"pool_size": _READERS, "max_overflow": _MAX_READERS - _READERS, "pool_timeout": _READER_SECONDS},
        )
        try:
            with self._writing.connect() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
        except Exception as error:
            raise self.explain(error) or error from error

    def _prepare_folder(self) -> None:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(
                "read_only",
                f"The data folder {self.path.parent} cannot be made ({error.strerror}).",
                "Choose a writable folder with CRM_DATA_DIR.",
            ) from error
        for place in (self.path.parent, self.path):
            if place.exists() and not os.access(place, os.W_OK):
                raise Unavailable(
                    "read_only", f"{place} cannot be written.", "Give the CRM write access to its data folder."
                )

    def _engine(self, url: str, pool: type[Any], begin: str, options: dict[str, Any]) -> Engine:
        engine = create_engine(
            url,
            poolclass=pool,
            connect_args={"check_same_thread": False, "isolation_level": None, "cached_statements": 512},
            **options,
        )
        reading = pool is QueuePool

        @event.listens_for(engine, "connect")
        def prepare(connection: sqlite3.Connection, _: object) -> None:
            connection.create_function("crm_fold", 1, fold, deterministic=True)
            if not reading:
                connection.execute("PRAGMA journal_mode=WAL")
            for pragma in (
                f"busy_timeout={_BUSY_MS}",
                "foreign_keys=ON",
                "synchronous=FULL",
                f"journal_size_limit={_WAL_BYTES}",
                "case_sensitive_like=OFF",
                "temp_store=MEMORY",
                f"cache_size={-4_000 if reading else -16_000}",
                *(("query_only=ON",) if reading else ()),
            ):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def begin_transaction(connection: Connection) -> None:
            connection.connection.cursor().execute(begin)

        return engine

    def reader(self) -> Connection:
        return self._reading.connect()

    def writer(self) -> Connection:
        return self._writing.connect()

    def explain(self, error: BaseException) -> CrmError | None:
        if isinstance(error, PoolTimeout):
            return Unavailable(
                "storage_busy",
                f"All {_MAX_READERS} readers of {self.path} are in use, for example by slow downloads.",
                "Try again in a moment.",
            )
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
            code, message, hint = _PROBLEMS["SQLITE_FULL"]
            return Unavailable(code, message.format(path=self.path), hint)
        if not isinstance(cause, sqlite3.Error):
            return None
        name = getattr(cause, "sqlite_errorname", "") or ""
        if name.startswith("SQLITE_IOERR") and self.free_bytes() < _LEAST_BYTES:
            name = "SQLITE_FULL"  # the log's index could not grow
        for start, (code, message, hint) in _PROBLEMS.items():
            if name.startswith(start):
                return Unavailable(code, message.format(path=self.path), hint)
        return None

    def snapshot(self, to: Path) -> None:
        """SQLite's online backup, written beside `to` first, so that a half-written copy never has its name.

        The open transaction holds one state of the source: without it each write of others starts the copy again.
        """
        part = to.with_name(to.name + ".part")
        try:
            part.unlink(missing_ok=True)
            with (
                closing(sqlite3.connect(self.path, isolation_level=None)) as source,
                closing(sqlite3.connect(part, isolation_level=None)) as target,
            ):
                source.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
                source.execute("BEGIN")
                source.execute("SELECT count(*) FROM sqlite_master").fetchone()
                source.backup(target, pages=_COPY_PAGES)
                target.execute("PRAGMA journal_mode=DELETE")
            _sync(part)
            part.replace(to)
            _sync(to.parent)
        except (sqlite3.Error, OSError) as error:
            part.unlink(missing_ok=True)
            raise self.explain(error) or error from error

    def restore(self, path: Path) -> None:
        """SQLite's online backup the other way round: one transaction of the write-ahead log.

        It copies pages as they are, so a damaged file is refused first (`backup_damaged`).
        """
        problems = self.check_file(path)
        if problems:
            raise Invalid(
                "backup_damaged",
                f"{path.name} is damaged ({problems[0]}); nothing was changed.",
                "Take another backup.",
            )
        try:
            with (
                closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as source,
                closing(sqlite3.connect(self.path, isolation_level=None)) as target,
            ):
                target.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
                target.execute("PRAGMA synchronous=FULL")
                source.backup(target)
                with suppress(sqlite3.Error):  # it is committed; a full disk only keeps the log longer
                    target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise self.explain(error) or error from error

    def verify(self, path: Path) -> list[str]:
        return self.check_file(path)

    @staticmethod
    def check_file(path: Path) -> list[str]:
        """Every problem SQLite finds in a file: damaged pages, broken indexes, rows that point nowhere."""
        if not path.is_file():
            return [f"{path} does not exist."]
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            problems = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        except sqlite3.DatabaseError as error:
            return [str(error)]
        finally:
            connection.close()
        return problems + [f"{table} row {row} points to a missing row of {parent}" for table, row, parent, _ in broken]

    def optimize(self) -> None:
        """Refresh the statistics the query planner goes by; quick, for the end of a run."""
        with closing(sqlite3.connect(self.path, timeout=1)) as connection:
            connection.execute("PRAGMA optimize")

    def size(self) -> int:
        """The file with its write-ahead log."""
        parts = (self.path, self.path.with_name(self.path.name + "-wal"))
        return sum(part.stat().st_size for part in parts if part.exists())

    def free_bytes(self) -> int:
        """Room left on the disk that holds the database."""
        return shutil.disk_usage(self.path.parent).free

    def close(self) -> None:
        self._reading.dispose()
        self._writing.dispose()


_PROBLEMS = {
    "SQLITE_FULL": (
        "disk_full",
        "The disk that holds {path} is full; nothing was changed.",
        "Free some space and try again.",
    ),
    "SQLITE_READONLY": (
        "read_only",
        "{path} cannot be written; nothing was changed.",
        "Give the CRM write access to its data folder.",
    ),
    "SQLITE_CANTOPEN": (
        "read_only",
        "{path} cannot be opened.",
        "Check that the data folder exists and belongs to the CRM.",
    ),
    "SQLITE_BUSY": (
        "storage_busy",
        "Another program holds {path}; nothing was changed.",
        "Close it, or try again in a moment.",
    ),
    "SQLITE_LOCKED": ("storage_busy", "{path} is locked; nothing was changed.", "Try again in a moment."),
    "SQLITE_IOERR": (
        "storage_failed",
        "The disk failed while using {path}; nothing was changed.",
        "Check the disk, then restore the last good backup if needed.",
    ),
    "SQLITE_CORRUPT": (
        "storage_damaged",
        "{path} is damaged.",
        "Stop the CRM, keep the file, and restore the last good backup.",
    ),
    "SQLITE_NOTADB": (
        "storage_damaged",
        "{path} is not a SQLite database.",
        "Move it away, or name another data folder with CRM_DATA_DIR.",
    ),
}
