"""What a database plugin gives: connections and whole-file work. Units of work and commits are the core's."""

from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection

from crm_core.errors import CrmError


class Storage(Protocol):
    """One open database.

    `reader()` and `writer()` give SQLAlchemy connections that begin a transaction at their first `begin()`; readers see
    a consistent snapshot and are safe to use from many threads (one each), the writer takes the write lock at begin.
    Only `crm_core/storage/unit.py` begins and ends transactions.
    """

    name: str

    def reader(self) -> Connection:
        """A pooled connection for reading; the caller closes it."""

    def writer(self) -> Connection:
        """The connection for writing; one is open at a time."""

    def explain(self, error: BaseException) -> CrmError | None:
        """A database error as a CrmError people can act on (`disk_full`, `read_only`, …); None for a defect of ours."""

    def snapshot(self, to: Path) -> None:
        """Write a consistent copy of the whole database as one SQLite file, while it is in use.

        `to` is there whole and on disk, or not at all.
        """

    def restore(self, path: Path) -> None:
        """Replace the whole content by that of the SQLite file at `path`, in one transaction, while it is in use.

        Whatever happens, the database afterwards holds either all of the old content or all of the new; who reads
        meanwhile goes on seeing the old.
        """

    def size(self) -> int:
        """The bytes that the database takes on disk."""

    def verify(self, path: Path) -> list[str]:
        """Every problem found in the SQLite file at `path`; empty when it is sound."""

    def close(self) -> None:
        """Let go of every connection."""
