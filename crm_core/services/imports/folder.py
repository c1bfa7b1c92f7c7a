"""The folder of one import: the uploaded file, what was read of it, and a lock that says somebody works on it."""

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import msgspec

from crm_core import clock
from crm_core.contracts.imports import ImportColumn
from crm_core.errors import Conflict, NotFound, TooLarge, Unavailable

_ABANDONED_SECONDS = 24 * 3600

KEPT = 30
"""Folders kept; those of older imports are removed (their runs and what they changed stay)."""


class Facts(msgspec.Struct):
    """What was found at upload: the header, one entry per column, notices, and whether a saved mapping was used."""

    suffix: str
    header: list[str]
    columns: list[ImportColumn]
    notices: list[str]
    saved: bool = False


class Folder:
    """Files of the import with this key under the data folder."""

    def __init__(self, data_dir: Path, key: int) -> None:
        self.path = data_dir / "uploads" / str(key)

    @property
    def found(self) -> Path:
        """The scratch file of the last comparison (see store.Store)."""
        return self.path / "found.sqlite3"

    def file(self, facts: Facts) -> Path:
        return self.path / f"file{facts.suffix}"

    def facts(self) -> Facts:
        """What was found at upload; NotFound (`import_gone`) when the folder was removed."""
        try:
            return msgspec.json.decode((self.path / "facts.json").read_bytes(), type=Facts)
        except (OSError, msgspec.DecodeError):
            raise NotFound(
                "import_gone",
                "The file of this import is no longer kept.",
                "Upload it again; its mapping is remembered.",
            ) from None

    def keep(self, upload: Path, facts: Facts) -> None:
        """Take an uploaded file in."""
        with explained():
            self.path.mkdir(parents=True, exist_ok=True)
            upload.replace(self.file(facts))
            part = self.path / "facts.json.part"
            part.write_bytes(msgspec.json.encode(facts))
            part.replace(self.path / "facts.json")

    @contextmanager
    def working(self) -> Iterator[None]:
        """Hold the lock while working on the import; Conflict (`import_busy`) when another process does."""
        self.path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Conflict(
                    "import_busy", "This import is being worked on already.", "Wait for it to end, or cancel it."
                ) from None
            yield
        finally:
            os.close(descriptor)

    def idle(self) -> bool:
        """Whether no process works on the import."""
        try:
            with self.working():
                return True
        except Conflict:
            return False


def prune(data_dir: Path) -> None:
    """Remove the folders of all but the newest imports, and uploads that were never finished."""
    root = data_dir / "uploads"
    folders = sorted((path for path in root.iterdir() if path.name.isdigit()), key=lambda path: -int(path.name))
    for path in folders[KEPT:]:
        if Folder(data_dir, int(path.name)).idle():
            shutil.rmtree(path, ignore_errors=True)
    for path in root.glob("incoming-*"):
        if clock.now().timestamp() - path.stat().st_mtime > _ABANDONED_SECONDS:
            path.unlink(missing_ok=True)


class Upload:
    """A file on its way in, written block by block; gone at the end of the `with` block unless an import took it."""

    def __init__(self, data_dir: Path, most: int, hint: str = "Split it, or raise CRM_MAX_UPLOAD_MB.") -> None:
        root = data_dir / "uploads"
        with explained():
            root.mkdir(parents=True, exist_ok=True)
        self.path = root / f"incoming-{uuid4().hex}"
        self._most, self._size, self._hint = most, 0, hint
        self._digest = hashlib.sha256()

    def __enter__(self) -> "Upload":
        with explained():
            self._file = self.path.open("xb")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)

    def write(self, block: bytes) -> None:
        """Take in more of the file; TooLarge (`file_too_large`), Unavailable (`disk_full`, `read_only`)."""
        self._size += len(block)
        if self._size > self._most:
            raise TooLarge(
                "file_too_large",
                f"The file is larger than {self._most // 2**20} MB.",
                self._hint,
            )
        self._digest.update(block)
        with explained():
            self._file.write(block)

    def finish(self) -> str:
        """Write out what is left; answers the SHA-256 of the file."""
        with explained():
            self._file.close()
        return self._digest.hexdigest()


@contextmanager
def explained() -> Iterator[None]:
    """Turn what the file system refuses into an error people can act on."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise Unavailable(
            "disk_full" if full else "read_only",
            f"The file cannot be kept in the data folder ({error.strerror}); nothing was imported.",
            "Free some space and try again." if full else "Give the CRM write access to its data folder.",
        ) from error
