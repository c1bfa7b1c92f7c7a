"""What the backup routes take and answer."""

from typing import Annotated

import msgspec

from crm_core.contracts.snapshot import Proof
from plugins.backups.turn import BackupProgress

_Id = Annotated[str, msgspec.Meta(max_length=40, examples=["20261123-020000-3fa9c2"])]


class BackupView(msgspec.Struct, frozen=True, kw_only=True):
    """One backup.

    `state` is verified, unverified, failed or damaged; `reason` nightly, manual, before-restore or uploaded.

    `records` counts the rows of the team's tables by name of the database table, `tables` and `rows` everything.
    """

    id: str
    state: str
    problem: str
    size: int
    created_at: str
    created_by: str
    reason: str
    app: str
    version: int
    sha256: str
    revisions: dict[str, str]
    records: dict[str, int]
    tables: int
    rows: int
    history_entries: int
    files: int
    proof: Proof | None


class BackupAlert(msgspec.Struct, frozen=True):
    """What an admin has to know: a `code` and the same in words.

    Codes: backup_folder, backup_failed, backup_damaged, backup_old, no_backup.
    """

    code: str
    text: str


class BackupList(msgspec.Struct, frozen=True, kw_only=True):
    """Backups, the newest first; what is under way; what is wrong; when the next one is made by itself."""

    backups: list[BackupView]
    total: int
    running: BackupProgress | None
    alerts: list[BackupAlert]
    next_at: str | None
    folder: str


class RestoreRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Which backup; `confirm` is its id once more, because everything that is there now gives way to it."""

    backup: _Id
    confirm: Annotated[str, msgspec.Meta(max_length=40)] = ""


class PreviewRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Which backup."""

    backup: _Id


class RecordsRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Which records of a table, and which of their fields (all when left out)."""

    table: Annotated[str, msgspec.Meta(max_length=200)]
    records: Annotated[list[str], msgspec.Meta(min_length=1, max_length=1_000)]
    fields: Annotated[list[str], msgspec.Meta(max_length=1_000)] | None = None
