"""The record that something hangs on (a comment, an activity, a timeline), found and named."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from crm_core import ids
from crm_core.contracts.actor import Actor
from crm_core.errors import Conflict, NotFound, Refused
from crm_core.storage import state
from crm_core.storage.queries import merges
from crm_core.storage.schema import Schema, SchemaCache, TableDef


class Spot(NamedTuple):
    """A record's place: the schema in force, its table and its key."""

    schema: Schema
    table: TableDef
    key: int

    @property
    def public_id(self) -> str:
        return ids.record(self.table.id, self.key)


def find(connection: Connection, schemas: SchemaCache, table_ref: str, record: str, *, writes: bool = False) -> Spot:
    """The record of that table; the id of a merged one stands for the record it was merged into.

    One in the trash is found too, but not to write on: Conflict (`record_deleted`).

    Raises NotFound (`unknown_table`, `unknown_record`).
    """
    schema = schemas.at(connection, state.current(connection).schema_version, keep=not writes)
    table = schema.table(table_ref)
    key = ids.try_record(table.id, record)
    deleted_at = select(table.sql.c.deleted_at)
    row = connection.execute(deleted_at.where(table.sql.c.id == (key or 0))).first()
    if key is not None and row is not None and row[0] is not None:
        key = merges.survivor(connection, table, key)
        row = connection.execute(deleted_at.where(table.sql.c.id == key)).first()
    if key is None or row is None:
        raise NotFound("unknown_record", f"{table.name} has no record {record[:40]!r}.")
    if writes and row[0] is not None:
        raise Conflict("record_deleted", "The record lies in the trash.", "Restore it first.")
    return Spot(schema, table, key)


def check_writes(actor: Actor) -> None:
    """Refuse a token that may only read."""
    if actor.scope != "write":
        raise Refused("read_only_token", "This token may only read.", "Use a token with the scope write.")
