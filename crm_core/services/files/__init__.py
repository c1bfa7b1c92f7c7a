"""Attached files: taken in once each by the hash of their content, told what they are, given out, cleaned up on demand.

They lie in the data folder, `attachments/ab/abcd…`; the database knows their size and type. Nothing is removed when a
cell lets go of a file, because history, the trash and undo may still show it.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from crm_core import clock
from crm_core.config import Config
from crm_core.contracts.actor import Actor
from crm_core.errors import NotFound, Refused
from crm_core.kinds.attachments import File, is_hash, tidy_file_name
from crm_core.models.tables import ATTACHED_FILES, CHANGES
from crm_core.services.files.sniffing import sniff
from crm_core.services.imports.folder import Upload, explained
from crm_core.storage.unit import Units

_BLOCK = 1 << 16


class Found(NamedTuple):
    """A file to give out."""

    path: Path
    size: int
    type: str


class Files:
    """The files that cells hold."""

    def __init__(self, units: Units, config: Config) -> None:
        self._units, self._data, self._home = units, config.data_dir, config.data_dir / "attachments"
        self._most = config.max_attachment_mb * 2**20

    def upload(self) -> Upload:
        """A place for the blocks of a file on its way in; TooLarge (`file_too_large`) when they are too many."""
        return Upload(self._data, self._most, "Make it smaller, or raise CRM_MAX_ATTACHMENT_MB.")

    def keep(self, upload: Upload, name: str, actor: Actor) -> File:
        """Take an uploaded file in and answer what a cell says of it; the same content is kept once."""
        if actor.scope != "write":
            raise Refused("read_only_token", "This token may only read.", "Use a token with the scope write.")
        hash = upload.finish()
        path = self._path(hash)
        with explained():
            size = upload.path.stat().st_size
            if not (path.exists() and path.stat().st_size == size):
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                _sync(upload.path)
                upload.path.replace(path)
                _sync(path.parent)
        kind = sniff(path)
        with self._units.write() as session:
            connection = session.connection()
            if _row(connection, hash) is None:
                row = {"hash": hash, "size": size, "type": kind, "created_at": clock.now_text()}
                connection.execute(insert(ATTACHED_FILES).values(**row, created_by=actor.user_id))
        return File(hash, tidy_file_name(name), size, kind)

    def find(self, hash: str) -> Found:
        """A file by its hash; NotFound (`unknown_file`)."""
        with self._units.read() as session:
            row = _row(session.connection(), hash) if is_hash(hash) else None
        if row is None or not self._path(hash).is_file():
            raise NotFound("unknown_file", "There is no such file.", "It may have been cleaned up; see the backups.")
        return Found(self._path(hash), int(row[0]), str(row[1]))

    def blocks(self, found: Found) -> Iterator[bytes]:
        """A file's content, piece by piece."""
        with found.path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block

    def clean_up(self, *, older_than_hours: float = 24) -> tuple[int, int]:
        """Remove the files that no cell holds or ever held; answers how many there were, and their bytes.

        What history shows stays: undo and earlier states need it. So do new ones: somebody may be about to attach them.
        """
        count = size = 0
        before = clock.to_text(clock.now() - timedelta(hours=older_than_hours))
        with self._units.write() as session:
            connection = session.connection()
            known = select(ATTACHED_FILES.c.hash, ATTACHED_FILES.c.size).where(ATTACHED_FILES.c.created_at <= before)
            for hash, bytes_ in connection.execute(known).all():
                held = select(CHANGES.c.id).where(CHANGES.c.before.contains(hash) | CHANGES.c.after.contains(hash))
                if connection.execute(held.limit(1)).first() is None:
                    connection.execute(delete(ATTACHED_FILES).where(ATTACHED_FILES.c.hash == hash))
                    self._path(hash).unlink(missing_ok=True)
                    count, size = count + 1, size + int(bytes_)
        return count, size

    def _path(self, hash: str) -> Path:
        return self._home / hash[:2] / hash


def _row(connection: Connection, hash: str) -> tuple[int, str] | None:
    query = select(ATTACHED_FILES.c.size, ATTACHED_FILES.c.type).where(ATTACHED_FILES.c.hash == hash)
    row = connection.execute(query).first()
    return None if row is None else (row[0], row[1])


def _sync(path: Path) -> None:
    """Have it on the disk before anybody is told that it is kept."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
