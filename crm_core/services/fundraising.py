"""The roadmap's whole-state view of the fund: read all, replace by diff, export, and sums by stage, list and fund."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from crm_core import clock, ids
from crm_core.contracts.actor import Actor
from crm_core.contracts.change import (
    Applied,
    ChangeSet,
    Create,
    CreateRecord,
    Delete,
    Op,
    Update,
    UpdateRecord,
)
from crm_core.errors import Invalid
from crm_core.kinds import FieldDef
from crm_core.services.imports.exports import tell
from crm_core.services.records import Records
from crm_core.services.records.conflicts import stale
from crm_core.services.records.patches import who
from crm_core.services.tables import Tables, describe_fields
from crm_core.services.windows import Batches, Windows
from crm_core.storage.queries import summary
from crm_core.storage.schema import SchemaCache, TableDef
from crm_core.storage.state import State, current
from crm_core.storage.unit import Units

FORMAT = "venture-crm/state/1"
_encode = msgspec.json.Encoder().encode


class GivenRecord(msgspec.Struct, forbid_unknown_fields=True):
    """A record in a whole state; without an id it is new."""

    cells: dict[str, Any] = {}
    id: str | None = None


class GivenTable(msgspec.Struct):
    """A table in a whole state; what else an answer holds (fields, views) is not read back."""

    records: list[GivenRecord]


class GivenState(msgspec.Struct):
    tables: dict[str, GivenTable]


class Fundraising:
    """Reads and replaces the state as one document; every write ends in `Records.apply`."""

    def __init__(self, units: Units, schemas: SchemaCache, tables: Tables, windows: Windows, records: Records) -> None:
        self._units, self._schemas = units, schemas
        self._tables, self._windows, self._records = tables, windows, records

    def state(self, actor: Actor) -> Iterator[bytes]:
        """The whole state as JSON, in pieces, from one snapshot."""
        yield from self._document(actor, lambda _: {})

    def export(self, actor: Actor) -> Iterator[bytes]:
        """The state as a file to keep: with its format, when and by whom it was made."""
        made = {"format": FORMAT, "exported_at": clock.now_text(), "exported_by": actor.name}
        tell(self._units, actor, "fundraising state", "json")
        yield from self._document(actor, lambda counts: {"manifest": {**made, "counts": counts}})

    def _document(self, actor: Actor, more: Callable[[dict[str, int]], Mapping[str, Any]]) -> Iterator[bytes]:
        counts: dict[str, int] = {}
        with self._windows.everything(actor) as (now, schema, tables):
            head = {"version": now.version, "updated_at": now.updated_at, "updated_by": self._author(now)}
            yield _encode(head)[:-1] + b',"state":{"tables":{'
            for table, batches in tables:
                about = {"fields": describe_fields(schema, table.fields), "views": self._tables.views(table.key, actor)}
                separator = b"," if counts else b""
                yield separator + _encode(table.key) + b":" + _encode(about)[:-1] + b',"records":['
                counts[table.key] = 0
                for fields, keys, columns in batches:
                    lead = b"," if counts[table.key] else b""
                    counts[table.key] += len(keys)
                    yield lead + b",".join(_records(table, fields, keys, columns))
                yield b"]}"
        tail = _encode(more(counts))
        yield b'},"extra":{}}' + (b"," + tail[1:] if len(tail) > 2 else b"}")

    def _author(self, now: State) -> Any:
        with self._units.read() as session:
            return who(session.connection(), now.updated_by)

    def replace(self, given: GivenState, expected_version: int, actor: Actor) -> Applied:
        """Make the tables named in `given` hold exactly its records; cells it leaves out stay as they are.

        Raises Conflict (`version_conflict`) unless the state is at `expected_version`, before and when it is written.
        """
        ops: list[Op] = []
        with self._windows.everything(actor) as (now, schema, tables):
            if now.version != expected_version:
                raise stale(expected_version, now, self._author(now))
            wanted = {schema.table(ref).id: part.records for ref, part in given.tables.items()}
            if len(wanted) < len(given.tables):
                what = "A table is given twice, under two names."
                raise Invalid("bad_state", what, "Name each table once.", "/state/tables")
            for table, batches in tables:
                if table.id in wanted:
                    ops += _difference(table, wanted[table.id], batches)
        change = ChangeSet(ops, source="state", expected_version=expected_version)
        return self._records.apply(change, actor)

    def summary(self) -> dict[str, Any]:
        """Counts by table, investors by stage and list, and each fund's soft and hard commitments (major units)."""
        with self._units.read() as session:
            connection = session.connection()
            now = current(connection)
            schema = self._schemas.at(connection, now.schema_version)
            investors, funds = schema.table("investors"), schema.table("funds")
            counts = {table.key: summary.count_rows(connection, table) for table in schema.tables}
            stages, lists = (
                summary.by_choice(connection, investors, key, ("check_size", "committed")) for key in ("stage", "list")
            )
            by_fund = summary.by_fund(connection, schema)
        money = investors.field("check_size")
        return {
            "version": now.version,
            "counts": counts,
            "by_stage": [_group(row, money) for row in stages],
            "by_list": [_group(row, money) for row in lists],
            "by_fund": [
                {
                    "id": ids.record(funds.id, row["id"]),
                    "name": row["name"] or "",
                    "commitments": row["commitments"],
                    **{part: _major(row[part], funds.field("target")) for part in ("target", "soft", "hard")},
                }
                for row in by_fund
            ],
        }


def _group(row: Mapping[str, Any], money: FieldDef) -> dict[str, Any]:
    sums = {part: _major(row[part], money) or 0 for part in ("check_size", "committed")}
    return {"name": row["name"], "count": row["count"], **sums}


def _major(minor: int | None, field: FieldDef) -> Any:
    return None if minor is None else field.kind.wire(minor, field)


def _records(
    table: TableDef, fields: Sequence[FieldDef], keys: Sequence[int], columns: Sequence[Any]
) -> Iterator[bytes]:
    """Records as JSON; empty cells are left out."""
    names = [field.public_id for field in fields]
    for key, *values in zip(keys, *columns, strict=True):
        cells = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        yield _encode({"id": ids.record(table.id, key), "cells": cells})


def _difference(table: TableDef, given: list[GivenRecord], batches: Batches) -> Iterator[Op]:
    """The operations that turn the table's records into the given ones."""
    wanted: dict[int, dict[str, Any]] = {}
    new: list[CreateRecord] = []
    for number, record in enumerate(given):
        key = None if record.id is None else ids.try_record(table.id, record.id)
        if record.id is not None and (key is None or key in wanted):
            raise Invalid(
                "bad_state",
                f"Record {number} of {table.name} has the id {record.id[:40]!r}, which is "
                + ("given twice." if key is not None else "no id of a record of this table."),
                "Leave the id out of new records.",
                f"/state/tables/{table.key}/records/{number}/id",
            )
        if key is None:
            new.append(CreateRecord(record.cells))
        else:
            wanted[key] = {table.field(ref).public_id: value for ref, value in record.cells.items()}
    changed: list[UpdateRecord] = []
    gone: list[str] = []
    for fields, keys, columns in batches:
        names = [field.public_id for field in fields]
        writable = {field.public_id for field in fields if not field.read_only}
        for key, *values in zip(keys, *columns, strict=True):
            cells = wanted.pop(key, None)
            if cells is None:
                gone.append(ids.record(table.id, key))
                continue
            now = dict(zip(names, values, strict=True))
            differs = {ref: value for ref, value in cells.items() if ref in writable and now.get(ref) != value}
            if differs:
                changed.append(UpdateRecord(ids.record(table.id, key), differs))
    if wanted:
        missing = ids.record(table.id, next(iter(wanted)))
        raise Invalid("bad_state", f"{table.name} has no record {missing}.", "Leave the id out of new records.")
    if gone:
        yield Delete(table.public_id, gone)
    if changed:
        yield Update(table.public_id, changed)
    if new:
        yield Create(table.public_id, new)
