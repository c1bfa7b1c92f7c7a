"""One restore: a copy made ready while work goes on, then swapped in behind a closed door, or nothing at all."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from crm_core import clock
from crm_core.contracts import Storage
from crm_core.contracts.actor import Actor
from crm_core.contracts.snapshot import Backup, Manifest, Restored
from crm_core.errors import CrmError, Invalid, Unavailable
from crm_core.host import Host
from crm_core.services import verification
from crm_core.services.snapshots import carrying
from crm_core.services.snapshots.proving import Tell
from crm_core.storage import state
from crm_core.storage.unit import Units

_log = logging.getLogger("crm.backups")


class Restoring:
    """Prepares a candidate from a backup's file in a scratch folder, and puts it in the place of the data."""

    def __init__(self, units: Units, host: Host, file: Path, manifest: Manifest, folder: Path, tell: Tell) -> None:
        self._units, self._manifest, self._tell = units, manifest, tell
        self._file = file
        self._path = folder / "crm.sqlite3"
        self._candidate: Storage | None = host.copy(self._path)

    def close(self) -> None:
        """Let go of the candidate."""
        if self._candidate is not None:
            self._candidate.close()
            self._candidate = None

    def prepare(self, upgrade: Callable[[Storage], object]) -> None:
        """Copy, migrate the copy, and check that it is sound and its history whole."""
        assert self._candidate is not None
        self._tell("copy", 0.0)
        self._candidate.restore(self._file)
        self._tell("migrate", 0.0)
        upgrade(self._candidate)
        self._tell("check", 0.0)
        found = verification.verify(self._candidate, self._path)
        if found.problems:
            raise Invalid(
                "backup_damaged",
                f"The backup does not hold what it should: {found.problems[0]}",
                "Nothing was changed. Use another backup.",
            )

    def swap(
        self,
        backup: str,
        actor: Actor,
        safety: Callable[[], Backup],
        settings: Sequence[str],
        forget: Sequence[Callable[[], None]],
    ) -> Restored:
        """Close the door, make the safety backup, carry over what stays, swap, look, open the door."""
        self._tell("safety", 0.0)
        with self._units.maintenance("A backup is being restored"):
            start = clock.monotonic()
            kept = safety()
            self._tell("swap", 0.0)
            version, accounts = self._complete(backup, actor, kept.name, settings)
            self._swap(version)
            try:
                _forget(forget)
                self._look(version)
            except BaseException as error:
                self._units.storage.restore(kept.file)
                _forget(forget)
                raise Unavailable(
                    "restore_failed",
                    f"The restored data could not be used ({error}), so the data of before was put back.",
                    "Nothing was changed. Verify the backup, or use another one.",
                ) from error
            seconds = clock.monotonic() - start
        _log.warning("The backup %s was restored; the data of before is in the backup %s.", backup, kept.name)
        return Restored(backup=backup, version=version, safety=kept.name, accounts=accounts, seconds=round(seconds, 3))

    def _complete(self, backup: str, actor: Actor, safety: str, settings: Sequence[str]) -> tuple[int, str]:
        """Bring the candidate to the moment: what stays as it is, the new version, the entry in its history."""
        assert self._candidate is not None
        with self._units.read() as session, Units(self._candidate).write() as other:
            live, candidate = session.connection(), other.connection()
            accounts = carrying.carry_over(live, candidate, settings)
            now = state.current(live)
            version = carrying.number(now, candidate, actor, backup, self._manifest, safety, accounts)
        self.close()
        return version, accounts

    def _swap(self, version: int) -> None:
        """Put the candidate in place. Whether that was done, the data itself says, whatever the storage answers."""
        try:
            self._units.storage.restore(self._path)
        except CrmError as error:
            if self._version() != version:
                raise
            _log.warning("The data was swapped, but not without a complaint: %s", error)

    def _version(self) -> int:
        with self._units.read() as session:
            return state.current(session.connection()).version

    def _look(self, version: int) -> None:
        found = self._version()
        if found != version:
            raise Invalid("restore_failed", f"The data is at version {found}, and should be at {version}.")


def _forget(acts: Sequence[Callable[[], None]]) -> None:
    for act in acts:
        act()
