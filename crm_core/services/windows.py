"""Every read of the team's records: windows of rows, footer and group values, one record, whole tables for export."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core import ids
from crm_core.contracts import ExportTable
from crm_core.contracts.actor import Actor
from crm_core.contracts.formula import FormulaError
from crm_core.contracts.query import (
    MAX_LIMIT,
    AggregateQuery,
    Aggregates,
    FindQuery,
    Group,
    Matches,
    Query,
    Record,
    Window,
)
from crm_core.errors import Invalid, NotFound
from crm_core.kinds import FieldDef
from crm_core.kinds.computed import error_texts
from crm_core.services.computed.types import wire_error
from crm_core.services.indexing import Indexing
from crm_core.services.settings import Settings
from crm_core.storage import state
from crm_core.storage.queries import links, merges
from crm_core.storage.queries.aggregates import check_function
from crm_core.storage.queries.filters import field_at
from crm_core.storage.queries.groups import group
from crm_core.storage.queries.indexes import fitting
from crm_core.storage.queries.reads import Read, resolve
from crm_core.storage.queries.search import compile_search
from crm_core.storage.queries.totals import Known, Totals
from crm_core.storage.queries.windows import Token, count, page, page_after, place, positions, seal, unseal
from crm_core.storage.schema import Schema, SchemaCache, TableDef
from crm_core.storage.unit import Units

_EXPORT_BATCH = 1_000
_MOST_FOUND = 10_000

Batches = Iterator[tuple[Sequence[FieldDef], Sequence[int], list[Any]]]
"""Records batch by batch: the fields, the keys, and one list of wire values per field."""


@dataclass(frozen=True)
class _At:
    """What one read transaction sees."""

    connection: Connection
    state: state.State
    schema: Schema
    broken: Mapping[int, FormulaError]


class Windows:
    """Reads the grid's tables. Each call is one read transaction; the version it answers is the one it saw."""

    def __init__(
        self,
        units: Units,
        schemas: SchemaCache,
        settings: Settings,
        broken: Callable[[Schema], Mapping[int, FormulaError]] = lambda _: {},
    ) -> None:
        """`broken` says why the cells of some computed fields hold an error, all of them, by field key."""
        self._units, self._schemas, self._settings, self._broken = units, schemas, settings, broken
        self._totals = Totals()
        self._indexing = Indexing(units)

    def close(self) -> None:
        """Wait for the index under way, if any."""
        self._indexing.close()

    def settle(self) -> None:
        """Wait until the indexes that reads asked for are made (for benchmarks and tests)."""
        self._indexing.settle()

    def forget(self) -> None:
        """Drop counts remembered from earlier reads (after a restore, where versions may go back)."""
        self._totals = Totals()

    def query(self, table: str, query: Query, actor: Actor) -> Window:
        """A window of rows in wire form, column by column, with the total that matches.

        Raises NotFound (table, view) and Invalid with a pointer into the query.
        """
        _check_range(query)
        zone = self._settings.team().time_zone
        with self._units.read() as session:
            at = self._at(session.connection())
            read = resolve(at.connection, at.schema, at.schema.table(table), query, actor, zone)
            known = self._known(at, read)
            token = unseal(query.after, read.asked, read.selection.keys) if query.after else None
            offset = token.offset if token else query.offset
            columns = _columns(read.scope.table, read.fields)
            if token:
                found, more = page_after(read.selection, columns, query.limit, token.values)
            else:
                found, more = page(read.selection, columns, query.limit, offset, known)
            keys = found[0]
            stored = dict(zip((column.name for column in columns), found, strict=False))
            cells, names = _cells(at, read, keys, stored, zone)
            self._indexing.wish((read.asked, at.schema.version), lambda: fitting(read))
        follow = None
        if more and keys:
            last = [values[-1] for values in found[len(columns) :]]
            known.note(offset + len(keys), last)
            follow = seal(Token(read.asked, offset + len(keys), last))
        table_id = read.scope.table.id
        return Window(
            version=at.state.version,
            total=known.total,
            offset=offset,
            fields=[field.public_id for field in read.fields],
            ids=[ids.record(table_id, key) for key in keys],
            columns=cells,
            names=names,
            next=follow,
        )

    def find(self, table: str, query: FindQuery, actor: Actor) -> Matches:
        """Where the rows that hold a text, or one record, stand among all rows of the query; raises as `query` does."""
        zone = self._settings.team().time_zone
        window = Query(query.view, query.filter, query.groups, query.sorts, "", query.fields)
        with self._units.read() as session:
            at = self._at(session.connection())
            read = resolve(at.connection, at.schema, at.schema.table(table), window, actor, zone)
            if query.record is not None:
                key = ids.try_record(read.scope.table.id, query.record)
                row = None if key is None else place(read.selection, key)
                return Matches(at.state.version, int(row is not None), [] if row is None else [row])
            found = compile_search(read.scope, query.search, read.fields)
            rows, total = ((), 0) if not query.search.strip() else positions(read.selection, found, _MOST_FOUND)
        return Matches(at.state.version, total, list(rows))

    def aggregate(self, table: str, query: AggregateQuery, actor: Actor) -> Aggregates:
        """Aggregates over all rows that match, and for each group; raises as `query` does."""
        zone = self._settings.team().time_zone
        with self._units.read() as session:
            at = self._at(session.connection())
            read = resolve(at.connection, at.schema, at.schema.table(table), query, actor, zone)
            wanted: dict[int, tuple[FieldDef, str]] = {}
            for ref, function in query.aggregates.items():
                pointer = f"/aggregates/{ref.replace('~', '~0').replace('/', '~1')}"
                field = field_at(read.scope.table, ref, pointer)
                check_function(field, function, pointer)
                wanted[field.id] = field, function
            found = group(read.selection, read.groups, list(wanted.values()))
            fields = [field for field, _ in read.groups]
            linked: dict[int, set[int]] = {}
            for number, field in enumerate(fields):
                if field.kind.family == "link":
                    linked.setdefault(field.options["table"], set()).update(
                        target for key in found.keys for target in key[number] or ()
                    )
            names = _names(at, linked, zone)
        groups = [
            Group([_wire(field, part) for field, part in zip(fields, key, strict=True)], number, dict(totals))
            for key, number, totals in zip(found.keys, found.counts, found.values, strict=True)
        ]
        return Aggregates(at.state.version, found.total, dict(found.totals), groups, names)

    def record(self, table: str, record: str, actor: Actor) -> Record:
        """One record with all its cells, also when it lies in the trash; NotFound (`unknown_record`).

        The id of a merged record answers the record it was merged into.
        """
        zone = self._settings.team().time_zone
        with self._units.read() as session:
            at = self._at(session.connection())
            found = at.schema.table(table)
            rows = found.sql
            key = ids.try_record(found.id, record)
            query = sa.select(rows)
            row = at.connection.execute(query.where(rows.c.id == key)).mappings().first() if key is not None else None
            if row is not None and row["deleted_at"] is not None:
                key = merges.survivor(at.connection, found, row["id"])
                row = at.connection.execute(query.where(rows.c.id == key)).mappings().first()
            if row is None:
                raise NotFound(
                    "unknown_record",
                    f"{found.name} has no record {record[:40]!r}.",
                    "It may have been deleted for good.",
                )
            stored = {name: (value,) for name, value in row.items()}
            read = resolve(at.connection, at.schema, found, Query(), actor, zone)
            cells, names = _cells(at, read, (row["id"],), stored, zone)
        return Record(
            version=at.state.version,
            id=ids.record(found.id, row["id"]),
            table=found.public_id,
            cells={field.public_id: column[0] for field, column in zip(read.fields, cells, strict=True)},
            names=names,
            created_at=row["created_at"],
            created_by=_user(row["created_by"]),
            updated_at=row["updated_at"],
            updated_by=_user(row["updated_by"]),
            deleted_at=row["deleted_at"],
        )

    @contextmanager
    def everything(self, actor: Actor) -> Iterator[tuple[state.State, Schema, Iterator[tuple[TableDef, Batches]]]]:
        """All live records of all tables from one snapshot, in manual order, batch by batch, in wire form."""
        zone = self._settings.team().time_zone
        with self._units.read() as session:
            at = self._at(session.connection())

            def batches(table: TableDef) -> Batches:
                read = resolve(at.connection, at.schema, table, Query(), actor, zone)
                for keys, stored in _streamed(at, read):
                    yield read.fields, keys, _cells(at, read, keys, stored, zone)[0]

            yield at.state, at.schema, ((table, batches(table)) for table in at.schema.tables)

    def export(self, table: str, actor: Actor, view: str | None = None) -> ExportTable:
        """A whole table (or view) for an exporter: its rows are read as the exporter takes them, from one snapshot.

        Raises NotFound for an unknown table or view at once.
        """
        zone = self._settings.team().time_zone
        with self._units.read() as session:
            at = self._at(session.connection())
            read = resolve(at.connection, at.schema, at.schema.table(table), Query(view=view), actor, zone)
        names = [field.name for field in read.fields]

        def values() -> Iterable[Mapping[str, Any]]:
            for at, read, keys, stored in self._batches(table, view, actor, zone):
                cells, _ = _cells(at, read, keys, stored, zone)
                for row in zip(*cells, strict=True) if cells else ((),) * len(keys):
                    yield dict(zip(names, row, strict=False))

        def texts() -> Iterable[Sequence[str]]:
            for at, read, keys, stored in self._batches(table, view, actor, zone):
                cells = _texts(at, read, keys, stored, zone)
                yield from zip(*cells, strict=True) if cells else ((),) * len(keys)

        described = [{"id": f.public_id, "name": f.name, "kind": f.kind.name} for f in read.fields]
        return ExportTable(read.scope.table.name, described, texts, values)

    def _batches(
        self, table: str, view: str | None, actor: Actor, zone: str
    ) -> Iterator[tuple[_At, Read, Sequence[int], Mapping[str, Sequence[Any]]]]:
        """All rows of a view in its order, a batch at a time, from one snapshot and one pass."""
        with self._units.read() as session:
            at = self._at(session.connection())
            read = resolve(at.connection, at.schema, at.schema.table(table), Query(view=view), actor, zone)
            for keys, stored in _streamed(at, read):
                yield at, read, keys, stored

    def _at(self, connection: Connection) -> _At:
        now = state.current(connection)
        schema = self._schemas.at(connection, now.schema_version)
        return _At(connection, now, schema, self._broken(schema))

    def _known(self, at: _At, read: Read) -> Known:
        """How many rows match, and what earlier windows showed; counted once per version and question."""
        key = (read.asked, *at.state[:3], read.scope.zone, tuple(read.scope.notes))
        return self._totals.of(key, lambda: count(read.selection))


def _streamed(at: _At, read: Read) -> Iterator[tuple[Sequence[int], Mapping[str, Sequence[Any]]]]:
    """All rows of a selection in its order, a batch at a time: (keys, stored values by column)."""
    columns = _columns(read.scope.table, read.fields)
    names = [column.name for column in columns]
    query = read.selection.ordered(read.selection.select(*columns))
    result = at.connection.execution_options(stream_results=True).execute(query)
    try:
        while rows := result.fetchmany(_EXPORT_BATCH):
            by_column = list(zip(*rows, strict=True))
            yield by_column[0], dict(zip(names, by_column, strict=True))
    finally:
        result.close()


def _check_range(query: Query) -> None:
    if not 0 <= query.limit <= MAX_LIMIT:
        raise Invalid("bad_limit", f"limit must be from 0 to {MAX_LIMIT}.", "Ask for more pages.", "/limit")
    if not 0 <= query.offset < 2**53:
        raise Invalid("bad_offset", "offset must not be negative.", "Count rows from 0.", "/offset")


def _columns(table: TableDef, fields: Sequence[FieldDef]) -> list[sa.ColumnClause[Any]]:
    """The database columns that the cells of these fields come from, the key first, each once."""
    names = dict.fromkeys(("id", *(name for field in fields for name in (field.column, field.extra) if name)))
    return [table.sql.c[name] for name in names]


def _cells(
    at: _At, read: Read, keys: Sequence[int], stored: Mapping[str, Sequence[Any]], zone: str
) -> tuple[list[Any], dict[str, str]]:
    """The cells of some rows in wire form, field by field, and the display names of the records they link to."""
    cells: list[Any] = []
    linked: dict[int, set[int]] = {}
    for field in read.fields:
        if field.kind.family == "link":
            targets = links.fetch_links(at.connection, at.schema, field, keys, stored.get(field.column or "", ()))
            linked.setdefault(field.options["table"], set()).update(key for some in targets if some for key in some)
            cells.append(field.kind.wire_column(targets, field))
        elif field.id in at.broken:
            cells.append([wire_error(at.broken[field.id])] * len(keys))
        elif field.extra:
            cells.append(field.kind.wire_cells(stored[field.column or ""], stored[field.extra], field))
        else:
            cells.append(field.kind.wire_column(stored[field.column or ""], field))
    return cells, _names(at, linked, zone)


def _texts(
    at: _At, read: Read, keys: Sequence[int], stored: Mapping[str, Sequence[Any]], zone: str
) -> list[Sequence[str]]:
    """The cells of some rows as people read them, field by field; people and linked records by name."""
    cells: list[Sequence[str]] = []
    people: Mapping[int, str] | None = None
    for field in read.fields:
        family = field.kind.family
        if family == "link":
            targets = links.fetch_links(at.connection, at.schema, field, keys, stored.get(field.column or "", ()))
            table = at.schema.by_id[field.options["table"]]
            names = links.display_names(at.connection, table, {k for some in targets if some for k in some}, zone)
            cells.append([", ".join(_quoted(names.get(key, "")) for key in some or ()) for some in targets])
            continue
        if field.id in at.broken:
            cells.append([at.broken[field.id].shown] * len(keys))
            continue
        column = stored[field.column or ""]
        errors = error_texts(stored[field.extra]) if field.extra else {}
        if family == "user":
            people = links.people(at.connection) if people is None else people
            cells.append(["" if value is None else people.get(value, "") for value in column])
        elif family == "text":
            cells.append(["" if value is None else value for value in column])
        else:
            text = field.kind.text
            known = {value: "" if value is None else text(value, field, zone) for value in set(column)}
            cells.append([known[value] for value in column])
        if errors:
            cells[-1] = [errors.get(place, cell) for place, cell in enumerate(cells[-1])]
    return cells


def _quoted(name: str) -> str:
    """A name inside a list of names, as Airtable writes it: with a comma in it, it stands in double quotes."""
    return f'"{name}"' if "," in name else name


def _names(at: _At, linked: Mapping[int, Iterable[int]], zone: str) -> dict[str, str]:
    """Display names of linked records by their public ids."""
    names: dict[str, str] = {}
    for table_id, keys in linked.items():
        if keys:
            found = links.display_names(at.connection, at.schema.by_id[table_id], keys, zone)
            names.update((ids.record(table_id, key), name) for key, name in found.items())
    return names


def _wire(field: FieldDef, stored: Any) -> Any:
    return None if stored is None else field.kind.wire(stored, field)


def _user(key: int | None) -> str | None:
    return None if key is None else ids.encode("usr", key)
