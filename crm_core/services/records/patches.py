"""A committed change set as clients see it: which cells are new, who did it, what to fetch again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from crm_core import ids
from crm_core.contracts.change import ChangeView, RecordPatch, TablePatch, Who
from crm_core.kinds import FieldDef
from crm_core.services.computed.graph import Graph
from crm_core.services.records import following, links
from crm_core.services.records.work import COMPUTED, LISTED, POSITION, Entry, Meta
from crm_core.storage.schema import Schema, TableDef
from crm_core.storage.statements import chunks, run, select_by_ids


@dataclass(frozen=True)
class Reading:
    """A plain read, for links.Seen."""

    connection: Connection
    schema: Schema


def view(connection: Connection, graph: Graph, meta: Meta, entries: Sequence[Entry], zone: str) -> ChangeView:
    """Build what clients get from history rows; a table with too many of them just says `reload`."""
    schema = graph.schema
    tables: dict[int, TablePatch] = {}
    wanted: dict[int, set[int]] = {}
    counts: dict[int, int] = {}
    touched: dict[int, set[int]] = {}
    for entry in entries:
        if entry.entity == "record":
            counts[entry.table_id] = counts.get(entry.table_id, 0) + 1
    moved = any(entry.entity != "record" for entry in entries)
    for entry in entries:
        table = schema.by_id.get(entry.table_id)
        if table is None:
            continue
        patch = tables.setdefault(table.id, TablePatch())
        if entry.entity != "record":
            patch.reload = patch.reload or _deep(entry)
        elif counts[table.id] > LISTED:
            patch.reload = True
        elif entry.op == "move":
            patch.reload = True
            _note_targets(Reading(connection, schema), table, entry, touched)
        else:
            _add(table, patch, entry, meta, wanted)
            _note_targets(Reading(connection, schema), table, entry, touched)
    for link, targets in touched.items():
        _add_inverse(Reading(connection, schema), schema.fields[link], targets, tables, wanted)
    for patch in tables.values():
        patch.records = _once(patch.records)
    if graph.nodes:
        following.add(connection, graph, entries, tables, zone)
    for patch in tables.values():
        if patch.reload:
            patch.records, patch.deleted, patch.restored = [], [], []
    public = {schema.by_id[key].public_id: patch for key, patch in tables.items() if _says_something(patch)}
    author = who(connection, meta.actor_id)
    names = names_of(connection, schema, wanted)
    return ChangeView(meta.version, meta.at, author, meta.source, meta.reason, moved, public, names)


def _once(records: list[RecordPatch]) -> list[RecordPatch]:
    """Each record once, with all that became other; a change set may write to it several times."""
    found: dict[str, RecordPatch] = {}
    for one in records:
        known = found.setdefault(one.id, one)
        if known is not one:
            known.cells.update(one.cells)
            known.created = known.created or one.created
            known.position = known.position if one.position is None else one.position
    return list(found.values()) if len(found) < len(records) else records


def _deep(entry: Entry) -> bool:
    """Whether a field's change alters what its cells show."""
    if entry.entity == COMPUTED:
        return entry.op != "stale"
    changed = set(entry.after or ())
    if entry.entity == "table":
        return "deleted_at" in changed
    return entry.entity == "field" and entry.op == "update" and bool(changed & {"kind", "column_name", "archived_at"})


def _says_something(patch: TablePatch) -> bool:
    return bool(patch.records or patch.deleted or patch.restored or patch.reload)


def _add(table: TableDef, patch: TablePatch, entry: Entry, meta: Meta, wanted: dict[int, set[int]]) -> None:
    public = ids.record(table.id, entry.entity_id)
    if entry.op == "delete":
        patch.deleted.append(public)
        return
    if entry.op == "restore":
        patch.restored.append(public)
        return
    cells: dict[str, Any] = {}
    for key, value in (entry.after or {}).items():
        field = table.by_cell_key.get(key)
        if field is None:
            continue
        cells[field.public_id] = None if value is None else field.kind.wire(value, field)
        if field.kind.name == "link":
            wanted.setdefault(field.options["table"], set()).update(value or ())
        if field.primary:
            wanted.setdefault(table.id, set()).add(entry.entity_id)
    cells.update(_computed(table, entry, meta))
    place = (entry.after or {}).get(POSITION)
    patch.records.append(RecordPatch(public, cells, entry.op == "create", place))


def _computed(table: TableDef, entry: Entry, meta: Meta) -> dict[str, Any]:
    """Cells that follow from the change itself: who and when, and a new record's number."""
    values = {"updated_at": meta.at, "updated_by": meta.actor_id}
    if entry.op == "create":
        values.update(created_at=meta.at, created_by=meta.actor_id, id=entry.entity_id)
    cells = {}
    for field, column in table.computed_fields:
        if column in values:
            value = values[column]
            cells[field.public_id] = None if value is None else field.kind.wire(value, field)
    return cells


def _note_targets(reading: Reading, table: TableDef, entry: Entry, touched: dict[int, set[int]]) -> None:
    """Records that a changed link points to, or pointed to, show it backwards: their cell is new too.

    So is its order after a move, since links are shown backwards in the manual order of their table.
    """
    for field in table.seen_backwards:
        before, after = (entry.before or {}).get(field.cell_key), (entry.after or {}).get(field.cell_key)
        targets = {*(before or ()), *(after or ())}
        if entry.op in ("delete", "restore", "move"):
            targets = _current(reading, field, entry.entity_id)
        if targets:
            touched.setdefault(field.id, set()).update(targets)


def _add_inverse(
    reading: Reading, forward: FieldDef, targets: set[int], tables: dict[int, TablePatch], wanted: dict[int, set[int]]
) -> None:
    inverse = reading.schema.fields[forward.options["inverse"]]
    sources = links.sources_of(reading, forward, targets)
    patch = tables.setdefault(inverse.table_id, TablePatch())
    for target in sorted(targets):
        linked = sources.get(target)
        cells = {inverse.public_id: inverse.kind.wire(linked, inverse) if linked else None}
        patch.records.append(RecordPatch(ids.record(inverse.table_id, target), cells))
        wanted.setdefault(forward.table_id, set()).update(linked or ())


def _current(reading: Reading, field: FieldDef, key: int) -> set[int]:
    if links.is_many(field):
        return set(links.targets_of(reading, field, [key]).get(key, ()))
    table = reading.schema.by_id[field.table_id]
    value = reading.connection.execute(select(table.column(field)).where(table.sql.c.id == key)).scalar()
    return set() if value is None else {value}


def names_of(connection: Connection, schema: Schema, wanted: dict[int, set[int]]) -> dict[str, str]:
    """Display names by public record id, asked table by table."""
    names: dict[str, str] = {}
    for table_id, keys in wanted.items():
        table = schema.by_id.get(table_id)
        if table is None or not keys:
            continue
        sql, primary = table.sql, table.primary
        for piece in chunks(tuple(keys)):
            query = select(sql.c.id, table.column(primary)).where(sql.c.id.in_(piece))
            for key, stored in connection.execute(query):
                names[ids.record(table.id, key)] = "" if stored is None else primary.kind.text(stored, primary, "UTC")
    return names


def who(connection: Connection, user_id: int | None) -> Who | None:
    """A person by id and name; None for the system."""
    if user_id is None:
        return None
    row = run(connection, select_by_ids(connection, "users", ("name",), 1), (user_id,)).fetchone()
    return Who(ids.encode("usr", user_id), row[0] if row else "")


def history(
    connection: Connection, schema: Schema, table: TableDef, rows: Sequence[tuple[Meta, Entry]], total: int
) -> dict[str, Any]:
    """A record's history rows with values in wire form."""
    wanted: dict[int, set[int]] = {}
    people: dict[int | None, Who | None] = {}
    items = []
    for meta, entry in rows:
        if meta.actor_id not in people:
            people[meta.actor_id] = who(connection, meta.actor_id)
        before, after = (_wire(table, cells, wanted) for cells in (entry.before, entry.after))
        common = {"version": meta.version, "at": meta.at, "actor": people[meta.actor_id], "source": meta.source}
        items.append({**common, "reason": meta.reason, "kind": entry.op, "before": before, "after": after})
    return {"items": items, "total": total, "names": names_of(connection, schema, wanted)}


def _wire(table: TableDef, cells: Mapping[str, Any] | None, wanted: dict[int, set[int]]) -> dict[str, Any] | None:
    if cells is None:
        return None
    result = {}
    for key, value in cells.items():
        field = table.by_cell_key.get(key)
        if field is not None:
            result[field.public_id] = None if value is None else field.kind.wire(value, field)
            if field.kind.name == "link":
                wanted.setdefault(field.options["table"], set()).update(value or ())
    return result
