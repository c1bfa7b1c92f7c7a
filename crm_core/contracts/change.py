"""A change set: what every write of the team's data looks like, whoever makes it.

Tables, fields, options and records are named as on the wire (docs/reference/http.md); the engine resolves them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec


class CreateRecord(msgspec.Struct, forbid_unknown_fields=True):
    """One new record: field → input value."""

    cells: dict[str, Any] = {}


class UpdateRecord(msgspec.Struct, forbid_unknown_fields=True):
    """New values of some cells of one record."""

    id: str
    cells: dict[str, Any]


class _Op(msgspec.Struct, forbid_unknown_fields=True, tag_field="op"):
    pass


class Create(_Op, tag="create"):
    """New records, in order, before the record `before` or at the end."""

    table: str
    records: list[CreateRecord]
    before: str | None = None


class Update(_Op, tag="update"):
    table: str
    records: list[UpdateRecord]


class Delete(_Op, tag="delete"):
    table: str
    ids: list[str]


class Restore(_Op, tag="restore"):
    table: str
    ids: list[str]


class Move(_Op, tag="move"):
    """Move records before another one, or to the end, keeping their order."""

    table: str
    ids: list[str]
    before: str | None = None


class Merge(_Op, tag="merge"):
    """Make one record of several: what points at `records` points at `into` then, and they lie in the trash.

    `take` says by field whose value stays: a record's id, or `all` to unite lists (and to join long texts). Where it is
    silent lists are united, and otherwise the first filled value stays, that of `into` before all others. A merge
    stands alone in its change set, so that undoing that version is un-merging.
    """

    table: str
    into: str
    records: list[str]
    take: dict[str, str] = {}


class NewTable(msgspec.Struct, forbid_unknown_fields=True):
    """A table of the team's own; `name_one` is what one record is called, by default the name without its plural."""

    name: str
    name_one: str = ""


class CreateTable(_Op, tag="create_table"):
    """A new table with a Name, Notes and one grid view, behind the others."""

    table: NewTable


class TableSet(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What of a table changes; `position` orders the tables among each other."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    name_one: str | msgspec.UnsetType = msgspec.UNSET
    position: float | msgspec.UnsetType = msgspec.UNSET


class UpdateTable(_Op, tag="update_table"):
    table: str
    set: TableSet


class ArchiveTable(_Op, tag="archive_table"):
    """Put a table of the team's own away, with all records, and the fields of other tables that link to it."""

    table: str


class RestoreTable(_Op, tag="restore_table"):
    """Bring a table back, with the links that went with it; `table` is its id."""

    table: str


class NewField(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    kind: str
    options: dict[str, Any] = {}
    description: str = ""


class CreateField(_Op, tag="create_field"):
    table: str
    field: NewField
    before: str | None = None


class FieldSet(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What of a field changes; what is left out stays."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    kind: str | msgspec.UnsetType = msgspec.UNSET
    options: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType = msgspec.UNSET


class UpdateField(_Op, tag="update_field"):
    field: str
    set: FieldSet


class MoveField(_Op, tag="move_field"):
    field: str
    before: str | None = None


class ArchiveField(_Op, tag="archive_field"):
    field: str


class RestoreField(_Op, tag="restore_field"):
    field: str


class NewView(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    kind: str = "grid"
    personal: bool = False
    config: dict[str, Any] = {}
    section: str = ""
    description: str = ""


class CreateView(_Op, tag="create_view"):
    table: str
    view: NewView


class ViewSet(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What of a view changes; `config` replaces the members it names."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    locked: bool | msgspec.UnsetType = msgspec.UNSET
    position: float | msgspec.UnsetType = msgspec.UNSET
    config: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    section: str | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType = msgspec.UNSET


class UpdateView(_Op, tag="update_view"):
    view: str
    set: ViewSet


class DeleteView(_Op, tag="delete_view"):
    view: str


class RestoreView(_Op, tag="restore_view"):
    view: str


RecordOp = Create | Update | Delete | Restore | Move | Merge
FieldOp = CreateField | UpdateField | MoveField | ArchiveField | RestoreField
ViewOp = CreateView | UpdateView | DeleteView | RestoreView
TableOp = CreateTable | UpdateTable | ArchiveTable | RestoreTable
Op = RecordOp | FieldOp | ViewOp | TableOp


class InsertStored(msgspec.Struct):
    """New records at the end whose cells were read by their kinds already: per record one stored value per field.

    For code of the CRM alone (a file of 100,000 rows is read once, not twice); no request can hold it, and the answer
    does not list its records. Links are lists of record keys; fields that show links backwards are not taken.
    """

    table: str
    fields: Sequence[str]
    records: Sequence[Sequence[Any]]


class ChangeSet(msgspec.Struct):
    """Operations that apply together or not at all.

    `ops` may be a generator (an import of any size runs in bounded memory). `base_version` is the version the edits
    were made on; None compares nothing. With `expected_version` the whole state must still be at it.
    `create_options` adds unknown select options instead of refusing them. `idempotency_key` makes a repetition get
    the first answer.
    """

    ops: Iterable[Op | InsertStored]
    base_version: int | None = None
    expected_version: int | None = None
    source: str = "api"
    reason: str = ""
    create_options: bool = False
    idempotency_key: str | None = None


class RecordPatch(msgspec.Struct, omit_defaults=True):
    """One record after a change: the cells that changed, in wire form, by field id."""

    id: str
    cells: dict[str, Any]
    created: bool = False
    position: float | None = None


class TablePatch(msgspec.Struct, omit_defaults=True):
    """What happened to one table's records; `reload` means too much or too deep to list."""

    records: list[RecordPatch] = []
    deleted: list[str] = []
    restored: list[str] = []
    reload: bool = False


class Who(msgspec.Struct):
    id: str
    name: str


class ChangeView(msgspec.Struct, rename={"by": "actor"}):
    """One committed change set as clients see it: in answers, on the live channel, in `GET /api/changes`."""

    version: int
    at: str
    by: Who | None
    source: str
    reason: str
    schema: bool
    tables: dict[str, TablePatch]
    names: dict[str, str]


class Applied(msgspec.Struct):
    """The answer to a change set.

    `created` lists ids by create op; `lost` counts cells that a retype or a removed option emptied.
    """

    version: int
    created: list[list[str]]
    lost: int
    change: ChangeView
