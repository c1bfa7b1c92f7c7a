"""A copy of the whole CRM as one file: its manifest, what a proof of it found, what restoring it would change."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

FORMAT = "venture-crm/backup/1"


class FileContent(msgspec.Struct, frozen=True):
    """One file by name; `sha256` in hexadecimal, `size` in bytes."""

    name: str
    size: int
    sha256: str


class TableContent(msgspec.Struct, frozen=True):
    """How many rows a database table has, and the SHA-256 of them all in the order of their key."""

    rows: int
    sha256: str


class History(msgspec.Struct, frozen=True):
    """How many entries the history has, and the hash of the last one, which stands for all of them."""

    entries: int
    last_hash: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds, written when it was made. `seal` is the SHA-256 of the rest, so that it vouches for itself.

    `revisions` names the migration each owner's tables are at; `version` the change set the data is at; `files` the
    attachments that belong to it, kept beside the backups by their hash.
    """

    format: str = FORMAT
    app: str
    created_at: str
    created_by: str
    reason: str
    database: FileContent
    revisions: dict[str, str]
    version: int
    schema_version: int
    changed_at: str
    history: History
    tables: dict[str, TableContent]
    files: list[FileContent] = []
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup as it lies on disk: what it is called, its database file, its manifest."""

    name: str
    file: Path
    manifest: Manifest


class ProofStep(msgspec.Struct, frozen=True):
    """One check: what was looked at, whether it held, what was found, how long it took."""

    name: str
    ok: bool
    detail: str
    seconds: float


class Proof(msgspec.Struct, frozen=True):
    """The certificate of one real restore into a scratch folder: when, by which program, step by step."""

    at: str
    ok: bool
    app: str
    seconds: float
    steps: list[ProofStep]


class FieldDifference(msgspec.Struct, frozen=True):
    """A cell as text: as it is now, and as it is in the backup."""

    field: str
    name: str
    now: str
    then: str


class RecordDifference(msgspec.Struct, frozen=True):
    """A record that restoring would bring back, change or take away, named by its primary field."""

    id: str
    name: str
    fields: list[FieldDifference]


class TableDifference(msgspec.Struct, frozen=True, kw_only=True):
    """What restoring would do to one grid table: counts, and the first records of each sort."""

    table: str
    key: str
    name: str
    now: int
    then: int
    added: int
    changed: int
    removed: int
    fields_added: list[str]
    fields_removed: list[str]
    samples_added: list[RecordDifference]
    samples_changed: list[RecordDifference]
    samples_removed: list[RecordDifference]


class RestorePreview(msgspec.Struct, frozen=True, kw_only=True):
    """What restoring a backup would change. `versions_lost` counts the change sets made since.

    `accounts` is `kept` when the backup is of this CRM: people, passwords and sessions then stay as they are now;
    `replaced` when it comes from another one. `migrations` are run on the copy before it takes the place of the data.
    """

    backup: str
    created_at: str
    version_now: int
    version_then: int
    changed_now: str
    changed_then: str
    versions_lost: int
    accounts: str
    migrations: dict[str, list[str]]
    tables: list[TableDifference]
    other: dict[str, list[int]]


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What a restore did. `safety` is the backup made of the data just before; `seconds` how long nobody could work."""

    backup: str
    version: int
    safety: str
    accounts: str
    seconds: float
