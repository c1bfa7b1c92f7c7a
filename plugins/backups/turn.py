"""One at a time: whose turn it is to work on backups, over all processes, and how far that work is."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from crm_core import clock
from crm_core.errors import Conflict

_SECONDS = 0.2


class BackupProgress(msgspec.Struct, frozen=True):
    """Work under way: `doing` backup, verify or restore; `step` by name, of which `share` (0 to 1) is done."""

    doing: str
    backup: str
    step: str
    share: float
    started_at: str
    by: str


class Turn:
    """Holds the lock while it works, and writes down how far it is for whoever asks in the meantime."""

    def __init__(self, folder: Path) -> None:
        self._lock, self._note = folder / "lock", folder / "progress.json"

    @contextmanager
    def taken(self, doing: str, backup: str, by: str) -> Iterator["Work"]:
        """Have the turn; Conflict (`backup_busy`) when somebody else has it."""
        held = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                now = self.now()
                raise Conflict(
                    "backup_busy",
                    f"Another {now.doing if now else 'backup'} is under way.",
                    "Try again when it is done.",
                    extra={"retry_after": 5},
                ) from None
            try:
                yield Work(self._note, BackupProgress(doing, backup, "", 0.0, clock.now_text(), by))
            finally:
                self._note.unlink(missing_ok=True)
        finally:
            os.close(held)

    def now(self) -> BackupProgress | None:
        """What is under way; None when nobody has the turn (what a killed process noted does not count)."""
        try:
            found = msgspec.json.decode(self._note.read_bytes(), type=BackupProgress)
            held = os.open(self._lock, os.O_RDONLY)
        except (OSError, msgspec.MsgspecError):
            return None
        try:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return found
        finally:
            os.close(held)
        return None


class Work:
    """The progress of who has the turn."""

    def __init__(self, note: Path, progress: BackupProgress) -> None:
        self._note, self._progress, self._told = note, progress, 0.0

    def about(self, backup: str) -> None:
        """Say which backup it is about, once that is known."""
        self._progress = msgspec.structs.replace(self._progress, backup=backup)

    def tell(self, step: str, share: float) -> None:
        """Note how far it is; often enough to watch, not so often that it costs."""
        now = clock.monotonic()
        if step == self._progress.step and now - self._told < _SECONDS:
            return
        self._told = now
        self._progress = msgspec.structs.replace(self._progress, step=step, share=round(share, 3))
        part = self._note.with_suffix(".part")
        with suppress(OSError):  # a disk that is full stops what is shown, not the work
            part.write_bytes(msgspec.json.encode(self._progress))
            part.replace(self._note)
