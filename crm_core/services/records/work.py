"""One change set under way: the connection, the schema it sees, who acts, and the history it writes."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from crm_core.contracts.actor import Actor
from crm_core.errors import Fault
from crm_core.services import events
from crm_core.services.computed import Graphs
from crm_core.storage import schema, state
from crm_core.storage.schema import Schema, SchemaCache, TableDef
from crm_core.storage.statements import insert_into, run, run_many, update_by_id

Cells = dict[str, Any]
"""Stored values by `FieldDef.cell_key`: the form history keeps (`{"12": 5000}`)."""

POSITION = "@position"
"""The key under which history keeps a record's manual position."""

COMPUTED = "computed"
"""The entity of history rows that say which table's computed cells are (`fresh`) or will be (`stale`) other ones."""

LISTED = 2_000
"""How many record changes of one table an answer lists; more say `reload`."""

MAX_FAULTS = 1_000
_COLUMNS = (
    "version", "entity", "table_id", "entity_id", "op", "before", "after", "at", "actor_id", "source", "reason", "hash",
)  # fmt: skip
_LAST_HASH = "SELECT hash FROM changes ORDER BY id DESC LIMIT 1"
_STATE = ("version", "schema_version", "updated_at", "updated_by")
_encode = msgspec.json.Encoder().encode


class Entry(NamedTuple):
    """One thing that happened to one record, field or view."""

    entity: str
    table_id: int
    entity_id: int
    op: str
    before: Cells | None
    after: Cells | None


class Meta(NamedTuple):
    """What all entries of one change set share."""

    version: int
    at: str
    actor_id: int | None
    source: str
    reason: str


def chain(previous: bytes, meta: Meta, entry: Entry, before: str | None, after: str | None) -> bytes:
    """The hash of a history row: SHA-256 over the row before it and all of its own content."""
    content = (meta.version, *entry[:4], before, after, meta.at, meta.actor_id, meta.source, meta.reason)
    return hashlib.sha256(previous + _encode(content)).digest()


def text_of(cells: Cells | None) -> str | None:
    """Cells as history keeps them."""
    return None if cells is None else _encode(cells).decode()


@dataclass
class Work:
    """Everything the parts of the engine need while one change set is applied; gone when it is committed."""

    connection: Connection
    schemas: SchemaCache
    graphs: Graphs
    before: state.State
    schema: Schema
    actor: Actor
    zone: str
    at: str
    source: str
    reason: str
    base_version: int | None = None
    create_options: bool = False
    faults: list[Fault] = field(default_factory=list)
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    counts: dict[tuple[str, int, str], int] = field(default_factory=dict)
    created: list[list[str]] = field(default_factory=list)
    lost: int = 0
    schema_changed: bool = False
    deferred: bool = False
    read_cache: dict[int, dict[str, Any]] = field(default_factory=dict)
    _hash: bytes | None = None
    _ends: dict[int, tuple[int, float]] = field(default_factory=dict)

    @property
    def meta(self) -> Meta:
        return Meta(self.before.version + 1, self.at, self.actor.user_id, self.source, self.reason)

    @property
    def touched(self) -> bool:
        """Whether anything was changed so far."""
        return bool(self.counts)

    def fault(self, code: str, detail: str, pointer: str) -> None:
        """Note one bad cell and go on, so that the answer lists them all (up to a limit)."""
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(code, detail, pointer))

    def log(self, entries: Iterable[Entry]) -> None:
        """Append history rows, chained by hash."""
        if self._hash is None:
            self._hash = (run(self.connection, _LAST_HASH).fetchone() or (b"",))[0]
        meta, rows, last = self.meta, [], self._hash
        for entry in entries:
            before, after = text_of(entry.before), text_of(entry.after)
            last = chain(last, meta, entry, before, after)
            rows.append((meta.version, *entry[:4], before, after, *meta[1:], last))
            key = (entry.entity, entry.table_id, entry.op)
            count = self.counts[key] = self.counts.get(key, 0) + 1
            if count <= LISTED + 1:
                self.entries.append(entry)
        self._hash = last
        if rows:
            run_many(self.connection, insert_into(self.connection, "changes", _COLUMNS), rows)

    def schema_moved(self) -> None:
        """Read the schema again after a field or view of it changed, for the operations that follow."""
        self.schema_changed = True
        self.read_cache.clear()
        self.schema = schema.load(self.connection, self.before.schema_version + 1)

    def next_ids(self, table: TableDef, count: int) -> tuple[int, float]:
        """The first of `count` fresh record keys and the last used position; both grow only under the write lock.

        The position is never below the key, so that a row restored from the trash keeps its place among newer ones.
        """
        if table.id not in self._ends:
            row = self.connection.exec_driver_sql(
                f'SELECT max("id"), (SELECT max("position") FROM "{table.physical}" WHERE "deleted_at" IS NULL)'
                f' FROM "{table.physical}"'
            ).one()
            newest = row[0] or 0
            self._ends[table.id] = (newest + 1, max(row[1] or 0.0, float(newest)))
        first, last = self._ends[table.id]
        self._ends[table.id] = (first + count, last + count)
        return first, last

    def close(self) -> None:
        """Number the change set: the state row, and the event that everything downstream reads."""
        meta = self.meta
        moved = self.before.schema_version + (1 if self.schema_changed else 0)
        numbered = (meta.version, moved, meta.at, meta.actor_id, 1)
        run(self.connection, update_by_id(self.connection, "fundraising_state", _STATE), numbered)
        data: Mapping[str, Any] = {
            "source": self.source,
            "reason": self.reason,
            "counts": [[entity, table, op, count] for (entity, table, op), count in self.counts.items()],
        }
        events.record(self.connection, "records.changed", self.actor, version=meta.version, at=meta.at, data=data)
