"""The policy: whether, when and where backups are made by themselves, and how long they are kept."""

from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from crm_core.contracts import Cron
from crm_core.contracts.actor import Actor
from crm_core.crm import Crm
from crm_core.errors import Invalid, Unavailable

KEY = "backup_policy"
_HOUR = 2


class BackupPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a backup is made by itself: at `hour` (0 to 23) in the IANA time zone `zone`.

    Such a one is taken away when `keep_count` newer ones are there, or when it is older than `keep_days` (0: never);
    the newest verified one always stays. `folder` is an absolute path on the server, or empty for `backups` in the
    data folder.
    """

    enabled: bool = True
    hour: Annotated[int, msgspec.Meta(ge=0, le=23)] = _HOUR
    zone: Annotated[str, msgspec.Meta(max_length=64)] = "UTC"
    keep_count: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 14
    keep_days: Annotated[int, msgspec.Meta(ge=0, le=3_650)] = 90
    folder: Annotated[str, msgspec.Meta(max_length=1_000)] = ""

    def schedule(self) -> Cron | None:
        """When the nightly backup is due."""
        return Cron(self.hour, 0, self.zone) if self.enabled else None


class BackupPolicyChange(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What of the policy changes; what is left out stays."""

    enabled: bool | msgspec.UnsetType = msgspec.UNSET
    hour: Annotated[int, msgspec.Meta(ge=0, le=23)] | msgspec.UnsetType = msgspec.UNSET
    zone: Annotated[str, msgspec.Meta(max_length=64)] | msgspec.UnsetType = msgspec.UNSET
    keep_count: Annotated[int, msgspec.Meta(ge=1, le=1_000)] | msgspec.UnsetType = msgspec.UNSET
    keep_days: Annotated[int, msgspec.Meta(ge=0, le=3_650)] | msgspec.UnsetType = msgspec.UNSET
    folder: Annotated[str, msgspec.Meta(max_length=1_000)] | msgspec.UnsetType = msgspec.UNSET


def read_policy(crm: Crm) -> BackupPolicy:
    """The policy as of now; before anybody changed it, nightly in the team's time zone."""
    with crm.units.read() as session:
        stored = crm.settings.get(session, KEY)
    return msgspec.convert({"zone": crm.settings.team().time_zone, **(stored or {})}, BackupPolicy)


def change_policy(crm: Crm, change: BackupPolicyChange, actor: Actor) -> BackupPolicy:
    """Replace what is given; Invalid (`bad_policy`) for a zone there is not or a folder that cannot be written."""
    given: dict[str, Any] = msgspec.to_builtins(change)
    policy = msgspec.convert({**msgspec.to_builtins(read_policy(crm)), **given}, BackupPolicy)
    _check_zone(policy.zone)
    _check_folder(policy.folder)
    with crm.units.write() as session:
        crm.settings.put(session, KEY, msgspec.to_builtins(policy), actor)
    crm.snapshots.log("backup.policy_changed", actor, "", given)
    crm.jobs.reschedule()
    return policy


def folder_of(crm: Crm, policy: BackupPolicy) -> Path:
    """Where backups are kept. Unavailable (`backup_folder`) when it is not there.

    One that the policy names is never made: where a disk is not mounted, backups would fill the disk below it.
    """
    folder = Path(policy.folder) if policy.folder else crm.config.data_dir / "backups"
    try:
        if not policy.folder:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        there = folder.is_dir()
    except OSError:
        there = False
    if not there:
        what = f"The folder for backups {folder} is not there."
        raise Unavailable("backup_folder", what, "Mount its disk, or choose another folder.")
    return folder


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(
            "bad_policy", f"There is no time zone {zone!r}.", "Use one such as Europe/Berlin.", "/zone"
        ) from error


def _check_folder(folder: str) -> None:
    """A folder must be there to be written now, not only in the night."""
    if not folder:
        return
    path = Path(folder)
    if not path.is_absolute() or "\0" in folder:
        raise Invalid("bad_policy", "The folder is no absolute path.", "Begin it with a slash.", "/folder")
    try:
        probe = path / ".venture-crm-probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        what = f"The folder {path} cannot be written ({error.strerror})."
        raise Invalid(
            "bad_policy", what, "Make it first, or choose one that the CRM may write to.", "/folder"
        ) from error
