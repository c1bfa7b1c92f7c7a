"""A database file of its own that holds the team's tables as they were at a version, for the ordinary query engine."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlmodel import SQLModel

from crm_core.kinds import FieldDef
from crm_core.models.tables import FIELDS, GRID_TABLES, RECORD_LINKS, RECORD_MERGES, STATE, USERS, VIEW_STARS, VIEWS
from crm_core.services.computed import Graphs, whole
from crm_core.services.past import rewind
from crm_core.services.past.rewind import Rewound
from crm_core.services.records.links import is_many
from crm_core.services.records.work import POSITION
from crm_core.storage import schema
from crm_core.storage.schema import ROW_COLUMNS, TableDef
from crm_core.storage.statements import insert_into, run_many

_BATCH = 5_000
_PEOPLE = ("id", "name", "email", "role", "active", "created_at", "deleted_at")
"""What of an account is copied: nothing that lets anybody in."""

_COPIED = (VIEW_STARS,)
_PLACES = {name: place for place, name in enumerate(ROW_COLUMNS)}

Links = dict[tuple[int, int], Sequence[int]]
"""Targets of many-links by field and record, where they were others than now."""


def fill(source: Connection, scratch: Connection, version: int) -> None:
    """Write everything a read needs into the empty database `scratch`; `source` sees the present."""
    _create(scratch)
    for kept in _COPIED:
        _copy(source, scratch, kept, [column.name for column in kept.columns])
    _copy(source, scratch, USERS, [name for name in _PEOPLE if name in USERS.c])
    _put(scratch, GRID_TABLES, _rows(source, GRID_TABLES, rewind.entities(source, "table", version)))
    _put(scratch, FIELDS, _rows(source, FIELDS, rewind.entities(source, "field", version)))
    _put(scratch, VIEWS, _rows(source, VIEWS, rewind.entities(source, "view", version)))
    _put(scratch, RECORD_MERGES, _merges(source, version))
    links: Links = {}
    absent: dict[int, list[int]] = {}
    past = schema.load(scratch, 1)
    for table in past.tables:
        absent[table.id] = _fill_table(source, scratch, table, version, links)
    _copy(source, scratch, RECORD_LINKS, [column.name for column in RECORD_LINKS.columns])
    many = [field for table in past.tables for field in table.by_id.values() if is_many(field)]
    _set_links(scratch, links, [(field.id, key) for field in many for key in absent[field.table_id]])
    _number(source, scratch, version)


def compute(scratch: Connection, graphs: Graphs, zone: str) -> None:
    """Computed cells are in no history: they follow from the fields and records as they were."""
    whole.recompute(scratch, graphs.of(schema.load(scratch, 1)), zone)


def _create(scratch: Connection) -> None:
    """The core's tables without their rules: what is copied kept them already."""
    plain = sa.MetaData()
    for table in SQLModel.metadata.tables.values():
        columns = (sa.Column(c.name, c.type, primary_key=c.primary_key) for c in table.columns)
        sa.Table(table.name, plain, *columns)
    physical = {table.name for table in plain.tables.values()}
    plain.create_all(scratch, tables=[plain.tables[name] for name in physical if not _is_grid(name)])
    scratch.exec_driver_sql('CREATE INDEX "past_links" ON "record_links" ("field_id", "to_id", "from_id")')


def _is_grid(name: str) -> bool:
    columns = SQLModel.metadata.tables[name].columns
    return all(part in columns for part in ROW_COLUMNS)


def _copy(source: Connection, scratch: Connection, table: sa.Table, columns: Sequence[str]) -> None:
    rows = source.execution_options(yield_per=_BATCH).execute(sa.select(*(table.c[name] for name in columns)))
    statement = insert_into(scratch, table.name, tuple(columns))
    for batch in rows.partitions(_BATCH):
        run_many(scratch, statement, [tuple(row) for row in batch])


def _rows(source: Connection, table: sa.Table, changed: Mapping[int, Rewound]) -> Iterator[dict[str, Any]]:
    """The rows of a table of fields or views as they were."""
    for row in source.execute(sa.select(table)).mappings():
        was = changed.get(row["id"], Rewound())
        if not was.absent:
            yield {**row, **{part: value for part, value in was.parts.items() if part in table.c}}


def _merges(source: Connection, version: int) -> Iterator[dict[str, Any]]:
    """The merges that stood at the version."""
    for row in source.execute(sa.select(RECORD_MERGES).where(RECORD_MERGES.c.version <= version)).mappings():
        undone = row["undone_version"]
        yield {**row, "undone_version": None if undone is None or undone > version else undone}


def _put(scratch: Connection, table: sa.Table, rows: Iterator[dict[str, Any]]) -> None:
    found = list(rows)
    if found:
        scratch.execute(sa.insert(table), found)


def _fill_table(source: Connection, scratch: Connection, table: TableDef, version: int, links: Links) -> list[int]:
    """Write one table's rows; answers the keys of rows that did not exist yet, and notes many-links of others."""
    present = {column["name"] for column in sa.inspect(source).get_columns(table.physical)}
    stored = (name for field in table.by_id.values() for name in (field.column, field.extra))
    own = dict.fromkeys(name for name in stored if name and name not in _PLACES)
    columns = (*ROW_COLUMNS, *(name for name in own if name in present))
    _create_rows(scratch, table, [*ROW_COLUMNS, *own])
    places = {name: place for place, name in enumerate(columns)}
    query = sa.select(*(table.sql.c[name] for name in columns)).order_by(table.sql.c.id)
    changes = rewind.records(source, table.id, version)
    statement = insert_into(scratch, table.physical, columns)
    absent: list[int] = []
    following = next(changes, None)
    for batch in source.execution_options(yield_per=_BATCH).execute(query).partitions(_BATCH):
        rows = [list(row) for row in batch]
        touched: dict[int, Rewound] = {}
        while following is not None and following[0] <= rows[-1][0]:
            touched[following[0]] = following[1]
            following = next(changes, None)
        gone = {key for key, was in touched.items() if was.absent}
        absent += gone
        marks = rewind.marks(source, table.id, version, [key for key in touched if key not in gone])
        for row in rows:
            if row[0] in touched and row[0] not in gone:
                _rewrite(table, row, places, touched[row[0]], marks.get(row[0]), links)
        run_many(scratch, statement, [row for row in rows if row[0] not in gone])
    return absent


def _create_rows(scratch: Connection, table: TableDef, columns: Sequence[str]) -> None:
    kinds = {name: table.sql.c[name].type for name in columns}
    made = sa.Table(
        table.physical,
        sa.MetaData(),
        *(sa.Column(name, kind, primary_key=name == "id") for name, kind in kinds.items()),
    )
    made.create(scratch)
    named = f'"{table.physical}" ("position", "id") WHERE "deleted_at" IS NULL'
    scratch.exec_driver_sql(f'CREATE INDEX "past_{table.id}_order" ON {named}')
    for field in table.by_id.values():
        if field.kind.family == "link" and field.column in columns:
            scratch.exec_driver_sql(f'CREATE INDEX "past_{field.id}" ON "{table.physical}" ("{field.column}")')


def _rewrite(
    table: TableDef, row: list[Any], places: Mapping[str, int], was: Rewound, last: rewind.Last | None, links: Links
) -> None:
    """Put back what one row was."""
    for part, value in was.parts.items():
        field = table.by_cell_key.get(part)
        if part == POSITION:
            row[_PLACES["position"]] = value
        elif field is not None and is_many(field):
            links[field.id, row[0]] = value or ()
        elif field is not None and field.column and field.column in places:
            row[places[field.column]] = _stored(field, value)
    if last is not None:
        row[_PLACES["version"]] = last.version
        row[_PLACES["updated_at"]], row[_PLACES["updated_by"]] = last.updated_at, last.updated_by
    if was.deleted is not None:
        row[_PLACES["deleted_at"]] = (last.deleted_at if last else None) if was.deleted else None


def _stored(field: FieldDef, value: Any) -> Any:
    """History keeps a link to one as a list."""
    if field.kind.family == "link":
        return value[0] if value else None
    return value


def _set_links(scratch: Connection, links: Links, absent: Sequence[tuple[int, int]]) -> None:
    remove = sa.delete(RECORD_LINKS).where(
        RECORD_LINKS.c.field_id == sa.bindparam("field"), RECORD_LINKS.c.from_id == sa.bindparam("record")
    )
    gone = iter([*links, *absent])
    while batch := list(islice(gone, _BATCH)):
        scratch.execute(remove, [{"field": field, "record": key} for field, key in batch])
    rows = [(field, key, target, n) for (field, key), linked in links.items() for n, target in enumerate(linked)]
    if rows:
        run_many(scratch, insert_into(scratch, "record_links", ("field_id", "from_id", "to_id", "position")), rows)


def _number(source: Connection, scratch: Connection, version: int) -> None:
    """The state row: the version this is, and who made it."""
    query = "SELECT at, actor_id FROM changes WHERE version = :version ORDER BY id DESC LIMIT 1"
    at, actor = source.execute(sa.text(query), {"version": version}).fetchone() or ("", None)
    row = {"id": 1, "version": version, "schema_version": 1, "updated_at": at, "updated_by": actor, "extra": "{}"}
    scratch.execute(sa.insert(STATE).values(**{name: value for name, value in row.items() if name in STATE.c}))
