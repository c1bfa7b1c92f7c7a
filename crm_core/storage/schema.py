"""The grid's tables and fields as one immutable picture, rebuilt only when `schema_version` moves."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core import ids
from crm_core.errors import NotFound
from crm_core.kinds import KINDS, FieldDef
from crm_core.kinds.computed import resolved

ROW_COLUMNS = ("id", "position", "version", "created_at", "created_by", "updated_at", "updated_by", "deleted_at")
"""What every row has beside its fields' columns (see crm_core.models.fundraising.Row)."""

COMPUTED_COLUMNS = {
    "created_time": "created_at",
    "modified_time": "updated_at",
    "created_by": "created_by",
    "modified_by": "updated_by",
    "auto_number": "id",
}
"""Kinds whose value is one of the row's own columns."""

TEAM_PREFIX = "f_"
"""Columns of fields added by the team start like this; Alembic leaves them alone."""

TEAM_TABLES = "t_"
"""Database tables of tables added by the team start like this; they are in no model, so Alembic leaves them alone."""


@dataclass(frozen=True)
class TableDef:
    """A grid table: its fields in order (archived ones apart) and its SQLAlchemy table for building queries."""

    id: int
    key: str
    name: str
    name_one: str
    physical: str
    position: float
    fields: tuple[FieldDef, ...]
    archived: tuple[FieldDef, ...] = ()
    deleted_at: str | None = None

    @cached_property
    def public_id(self) -> str:
        return ids.encode("tbl", self.id)

    @property
    def builtin(self) -> bool:
        """Whether the table comes with the program, so that code may know it."""
        return not self.physical.startswith(TEAM_TABLES)

    @cached_property
    def by_id(self) -> Mapping[int, FieldDef]:
        return {field.id: field for field in (*self.archived, *self.fields)}

    @cached_property
    def by_cell_key(self) -> Mapping[str, FieldDef]:
        """Fields by the key of their values in history (see FieldDef.cell_key)."""
        return {field.cell_key: field for field in (*self.archived, *self.fields)}

    @cached_property
    def _refs(self) -> Mapping[str, FieldDef]:
        found: dict[str, FieldDef] = {}
        for field in self.fields:
            found.setdefault(field.name, field)
        found.update({field.key: field for field in self.fields if field.key})
        found.update({field.public_id: field for field in self.fields})
        return found

    def field(self, ref: str) -> FieldDef:
        """A field by public id, built-in key or exact name; NotFound (`unknown_field`)."""
        field = self._refs.get(ref) if isinstance(ref, str) else None
        if field is None:
            raise NotFound(
                "unknown_field", f"{self.name} has no field {str(ref)[:60]!r}.", "Use a field's id, key or exact name."
            )
        return field

    @cached_property
    def primary(self) -> FieldDef:
        """The field whose text names a record."""
        return next((field for field in self.fields if field.primary), self.fields[0])

    @cached_property
    def sql(self) -> sa.TableClause:
        """The database table with every column a query may name."""
        columns: dict[str, sa.ColumnClause[Any]] = {
            "id": sa.column("id", sa.BigInteger),
            "position": sa.column("position", sa.Double),
            "version": sa.column("version", sa.BigInteger),
            "created_at": sa.column("created_at", sa.Text),
            "created_by": sa.column("created_by", sa.Integer),
            "updated_at": sa.column("updated_at", sa.Text),
            "updated_by": sa.column("updated_by", sa.Integer),
            "deleted_at": sa.column("deleted_at", sa.Text),
        }
        for field in self.by_id.values():
            if field.column and field.column not in columns:
                columns[field.column] = sa.column(field.column, field.kind.sql_type)
            if field.extra:
                columns[field.extra] = sa.column(field.extra, sa.Text)
        return sa.table(self.physical, *columns.values())

    def column(self, field: FieldDef) -> sa.ColumnClause[Any]:
        """The database column of a field that has one."""
        assert field.column is not None, f"{field.name} has no column of its own"
        return self.sql.c[field.column]

    @cached_property
    def pointing_fields(self) -> tuple[FieldDef, ...]:
        """Fields whose values name people or records."""
        return tuple(field for field in self.fields if field.kind.family in ("link", "user"))

    @cached_property
    def seen_backwards(self) -> tuple[FieldDef, ...]:
        """Link fields that another table shows backwards."""
        return tuple(field for field in self.fields if field.kind.name == "link" and field.options.get("inverse"))

    @cached_property
    def computed_fields(self) -> tuple[tuple[FieldDef, str], ...]:
        """Fields that show one of the row's own columns, with that column."""
        return tuple(
            (field, COMPUTED_COLUMNS[field.kind.name]) for field in self.fields if field.kind.name in COMPUTED_COLUMNS
        )

    @cached_property
    def inverse_fields(self) -> tuple[FieldDef, ...]:
        """Link fields of this table that show the other direction of another table's link."""
        return tuple(field for field in self.fields if is_inverse(field))


@dataclass(frozen=True)
class Schema:
    """All grid tables at one `version` of the schema; the `deleted` ones can be brought back and nothing else."""

    version: int
    tables: tuple[TableDef, ...]
    deleted: tuple[TableDef, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[int, TableDef]:
        return {table.id: table for table in self.tables}

    @cached_property
    def _refs(self) -> Mapping[str, TableDef]:
        found = {table.name: table for table in self.tables}
        found.update({table.key: table for table in self.tables})
        found.update({table.public_id: table for table in self.tables})
        return found

    def table(self, ref: str) -> TableDef:
        """A table by public id, key or exact name; NotFound (`unknown_table`)."""
        table = self._refs.get(ref) if isinstance(ref, str) else None
        if table is None:
            raise NotFound(
                "unknown_table",
                f"There is no table {str(ref)[:60]!r}.",
                f"Tables are: {', '.join(t.key for t in self.tables)}.",
            )
        return table

    def field(self, public_id: str) -> FieldDef:
        """A field of any table by its public id, archived ones included; NotFound (`unknown_field`)."""
        key = ids.decode("fld", public_id)
        found = self.fields.get(key)
        if found is None:
            raise NotFound(
                "unknown_field", f"There is no field {public_id}.", "It may have been deleted; read /api/tables again."
            )
        return found

    @cached_property
    def fields(self) -> Mapping[int, FieldDef]:
        return {field.id: field for table in self.tables for field in table.by_id.values()}


def is_inverse(field: FieldDef) -> bool:
    """Whether a link field shows another table's link backwards."""
    return field.kind.name == "link" and bool(field.options.get("inverse_of"))


def load(connection: Connection, version: int) -> Schema:
    """Read the schema from the database."""
    found: dict[int, FieldDef] = {}
    for row in connection.exec_driver_sql(
        "SELECT id, table_id, key, name, kind, options, column_name, position, is_primary, description, archived_at"
        " FROM fields ORDER BY position, id"
    ):
        if row[4] in KINDS:
            column = row[6] or COMPUTED_COLUMNS.get(row[4])
            options = json.loads(row[5])
            id, table, key, name = row[:4]
            kind, position, primary, description, archived_at = KINDS[row[4]], row[7], bool(row[8]), row[9], row[10]
            field = FieldDef(id, table, key, name, kind, options, column, position, primary, description, archived_at)
            found[field.id] = field
    fields: dict[int, list[FieldDef]] = {}
    for field in found.values():
        fields.setdefault(field.table_id, []).append(resolved(field, found) if field.kind.computed else field)
    tables = []
    for row in connection.exec_driver_sql(
        "SELECT id, key, name, name_one, physical, position, deleted_at FROM grid_tables ORDER BY position, id"
    ):
        own = fields.get(row[0], [])
        live = tuple(field for field in own if field.archived_at is None)
        archived = tuple(field for field in own if field.archived_at is not None)
        id, key, name, name_one, physical, position, deleted_at = row
        tables.append(TableDef(id, key, name, name_one, physical, position, live, archived, deleted_at))
    there = tuple(table for table in tables if table.deleted_at is None)
    return Schema(version, there, tuple(table for table in tables if table.deleted_at is not None))


class SchemaCache:
    """The last schema read, shared by all threads; asked with the version the caller's transaction sees."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._schema: Schema | None = None

    def at(self, connection: Connection, version: int, *, keep: bool = True) -> Schema:
        """The schema of that version, read with this connection if the cached one is another.

        A writer does not `keep` what it reads: it may come from a change that is never committed.
        """
        schema = self._schema
        if schema is not None and schema.version == version:
            return schema
        loaded = load(connection, version)
        if keep:
            self.keep(loaded)
        return loaded

    def keep(self, schema: Schema) -> None:
        """Remember a committed schema, unless a newer one is known."""
        with self._lock:
            if self._schema is None or self._schema.version < schema.version:
                self._schema = schema

    def forget(self) -> None:
        """Drop the cache (after a restore, where versions may go back)."""
        with self._lock:
            self._schema = None


__all__ = [
    "COMPUTED_COLUMNS",
    "ROW_COLUMNS",
    "TEAM_PREFIX",
    "TEAM_TABLES",
    "FieldDef",
    "Schema",
    "SchemaCache",
    "TableDef",
    "is_inverse",
    "load",
]
