"""Grid rows in stored form: insert, write cells, delete, restore, move. Each function also writes its history."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select

from crm_core import ids
from crm_core.errors import Conflict, NotFound
from crm_core.kinds import FieldDef
from crm_core.services.records import links
from crm_core.services.records.cells import Stored
from crm_core.services.records.links import Seen
from crm_core.services.records.work import POSITION, Cells, Entry, Work
from crm_core.storage.queries import merges
from crm_core.storage.schema import TableDef
from crm_core.storage.statements import chunks, insert_into, run, run_many, select_by_ids, update_by_id

_ROW = ("id", "position", "version", "created_at", "created_by", "updated_at", "updated_by")


def insert(
    work: Work, table: TableDef, records: Sequence[Stored], positions: Sequence[float] | None = None
) -> list[int]:
    """New rows with the given cells; answers their keys. `positions` None appends them."""
    first, last = work.next_ids(table, len(records))
    keys = list(range(first, first + len(records)))
    used = {field for stored in records for field in stored}
    fields = [field for field in table.fields if field.id in used]
    own = [field for field in fields if field.column and not links.is_many(field)]
    many = [field for field in fields if links.is_many(field)]
    columns = (*_ROW, *(field.column for field in own if field.column))
    getters = [(field.id, field.kind.family == "link") for field in own]
    version, at, actor = work.meta.version, work.at, work.actor.user_id
    names = {field.id: field.cell_key for field in fields}
    rows, entries = [], []
    for number, (key, stored) in enumerate(zip(keys, records, strict=True)):
        get = stored.get
        values = [get(field) if not link else _one(get(field)) for field, link in getters]
        place = positions[number] if positions else last + 1 + number
        rows.append((key, place, version, at, actor, at, actor, *values))
        after: Cells = {names[field]: value for field, value in stored.items() if value is not None}
        if positions:
            after[POSITION] = place
        entries.append(Entry("record", table.id, key, "create", None, after))
    run_many(work.connection, insert_into(work.connection, table.physical, columns), rows)
    for field in many:
        pairs = [(key, stored.get(field.id) or ()) for key, stored in zip(keys, records, strict=True)]
        links.write_many(work, field, {key: targets for key, targets in pairs if targets})
    work.log(entries)
    return keys


def insert_stored(work: Work, table: TableDef, fields: Sequence[FieldDef], records: Sequence[Sequence[Any]]) -> None:
    """New rows at the end, from one stored value per field and record: the quick way for many."""
    first, last = work.next_ids(table, len(records))
    keys = list(range(first, first + len(records)))
    own = [n for n, field in enumerate(fields) if field.column]
    values = records
    if any(field.kind.family == "link" for field in fields):
        columns = list(zip(*records, strict=True))
        kept = [[_one(v) for v in columns[n]] if fields[n].kind.family == "link" else columns[n] for n in own]
        values = list(zip(*kept, strict=True)) if kept else [()] * len(records)
    version, at, actor = work.meta.version, work.at, work.actor.user_id
    rows = [
        (key, last + key - first + 1, version, at, actor, at, actor, *row)
        for key, row in zip(keys, values, strict=True)
    ]
    names = (*_ROW, *(fields[n].column or "" for n in own))
    run_many(work.connection, insert_into(work.connection, table.physical, names), rows)
    for n, field in enumerate(fields):
        if links.is_many(field):
            links.write_many(work, field, {key: row[n] for key, row in zip(keys, records, strict=True) if row[n]})
    texts = [field.cell_key for field in fields]
    work.log(
        Entry("record", table.id, key, "create", None, {t: v for t, v in zip(texts, row, strict=True) if v is not None})
        for key, row in zip(keys, records, strict=True)
    )


def _one(link: Sequence[int] | None) -> int | None:
    return link[0] if link else None


def fetch(work: Seen, table: TableDef, keys: Iterable[int], fields: Sequence[FieldDef]) -> dict[int, dict[Any, Any]]:
    """Current rows by key: `version`, `deleted_at`, `position` and the stored values of `fields`."""
    own = [field for field in fields if field.column and not links.is_many(field)]
    columns = ("id", "version", "deleted_at", "position", *(field.column for field in own if field.column))
    found: dict[int, dict[Any, Any]] = {}
    for piece in chunks(tuple(keys)):
        query = select_by_ids(work.connection, table.physical, columns, len(piece))
        for row in run(work.connection, query, piece):
            values: dict[Any, Any] = {"version": row[1], "deleted_at": row[2], "position": row[3]}
            for field, value in zip(own, row[4:], strict=True):
                values[field.id] = ((value,) if value is not None else None) if field.kind.family == "link" else value
            found[row[0]] = values
    for field in fields:
        if links.is_many(field):
            current = links.targets_of(work, field, found)
            for key, values in found.items():
                values[field.id] = current.get(key)
    return found


def write_cells(
    work: Work, table: TableDef, changes: Mapping[int, Stored], current: Mapping[int, Mapping[Any, Any]]
) -> None:
    """Set cells of existing rows; what is already so is left alone and leaves no trace."""
    entries: list[Entry] = []
    by_columns: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    many: dict[int, dict[int, Sequence[int]]] = {}
    version, at, actor = work.meta.version, work.at, work.actor.user_id
    for key, stored in changes.items():
        now = current[key]
        changed = {field: value for field, value in stored.items() if not same(value, now[field])}
        if not changed:
            continue
        columns, values = [], []
        for field_id, value in changed.items():
            field = work.schema.fields[field_id]
            if links.is_many(field):
                many.setdefault(field_id, {})[key] = value or ()
            elif field.column:
                columns.append(field.column)
                values.append(_one(value) if field.kind.family == "link" else value)
        row = (*values, version, at, actor, key)
        by_columns.setdefault((*columns, "version", "updated_at", "updated_by"), []).append(row)
        cell = {field: work.schema.fields[field].cell_key for field in changed}
        before: Cells = {cell[field]: now[field] for field in changed}
        entries.append(
            Entry("record", table.id, key, "update", before, {cell[field]: value for field, value in changed.items()})
        )
    for names, rows in by_columns.items():
        run_many(work.connection, update_by_id(work.connection, table.physical, names), rows)
    for field_id, targets in many.items():
        links.write_many(work, work.schema.fields[field_id], targets)
    work.log(entries)


def same(one: Any, other: Any) -> bool:
    """Whether two stored values are equal; links compare as sequences, true numbers by value."""
    if isinstance(one, (tuple, list)) or isinstance(other, (tuple, list)):
        return list(one or ()) == list(other or ())
    return bool(one == other)


def set_deleted(work: Work, table: TableDef, keys: Sequence[int], *, deleted: bool) -> None:
    """Delete or restore rows; those that are so already stay as they are."""
    current = fetch(work, table, keys, ())
    todo = [key for key in keys if (current[key]["deleted_at"] is None) == deleted]
    op, mark = ("delete", work.at) if deleted else ("restore", None)
    columns = ("deleted_at", "version", "updated_at", "updated_by")
    rows = [(mark, work.meta.version, work.at, work.actor.user_id, key) for key in todo]
    if rows:
        run_many(work.connection, update_by_id(work.connection, table.physical, columns), rows)
    work.log([Entry("record", table.id, key, op, None, None) for key in todo])


def set_positions(work: Work, table: TableDef, positions: Mapping[int, float]) -> None:
    """Give rows their manual positions."""
    current = fetch(work, table, positions, ())
    rows, entries = [], []
    for key, place in positions.items():
        if current[key]["position"] != place:
            rows.append((place, work.meta.version, key))
            before = {POSITION: current[key]["position"]}
            entries.append(Entry("record", table.id, key, "move", before, {POSITION: place}))
    if rows:
        run_many(work.connection, update_by_id(work.connection, table.physical, ("position", "version")), rows)
    work.log(entries)


def places_before(
    work: Work, table: TableDef, before: int | None, count: int, moving: Sequence[int] = ()
) -> list[float]:
    """`count` positions in order, right before the row `before` (None: after the last row)."""
    sql = table.sql
    others = sql.c.id.not_in(moving)  # records in the trash too: restored, they are to be where they were
    if before is None:
        last = work.connection.execute(select(func.max(sql.c.position)).where(others)).scalar() or 0.0
        return [last + 1 + number for number in range(count)]
    for attempt in range(2):
        upper = work.connection.execute(select(sql.c.position).where(sql.c.id == before)).scalar()
        if upper is None:
            raise NotFound(
                "unknown_record", f"There is no record {ids.record(table.id, before)} to place others before."
            )
        below = select(func.max(sql.c.position)).where(others, sql.c.position < upper)
        lower = work.connection.execute(below).scalar()
        step = (upper - (upper - count - 1 if lower is None else lower)) / (count + 1)
        places = [upper - step * (count - number) for number in range(count)]
        if attempt or _distinct(places, lower, upper):
            return places
        _spread(work, table)
    raise AssertionError("positions were spread and are still too close")


def _distinct(places: Sequence[float], lower: float | None, upper: float) -> bool:
    line = [*([] if lower is None else [lower]), *places, upper]
    return all(a < b for a, b in pairwise(line))


def _spread(work: Work, table: TableDef) -> None:
    """Number all rows anew when two neighbours have no room left between them (after dozens of moves to one place).

    It is written down like any move, so that the order as of an earlier version stays known.
    """
    sql = table.sql
    keys = work.connection.execute(select(sql.c.id).order_by(sql.c.position, sql.c.id)).scalars().all()
    set_positions(work, table, {key: float(place) for place, key in enumerate(keys, 1)})


def keys_of(work: Seen, table: TableDef, public: Sequence[str], pointer: str) -> list[int]:
    """Record keys of public ids, each once, in order; NotFound names the first that does not exist."""
    keys: dict[int, None] = {}
    for number, text in enumerate(public):
        key = ids.try_record(table.id, text)
        if key is None:
            raise unknown(table, str(text), f"{pointer}/{number}")
        keys[key] = None
    found = fetch(work, table, keys, ())
    for number, key in enumerate(keys):
        if key not in found:
            raise unknown(table, ids.record(table.id, key), f"{pointer}/{number}")
    return list(keys)


def unknown(table: TableDef, public: str, pointer: str) -> NotFound:
    """There is no such record."""
    return NotFound("unknown_record", f"{table.name} has no record {public[:40]!r}.", "Reload the table.", pointer)


def gone(work: Seen, table: TableDef, key: int, pointer: str) -> Conflict:
    """The record is in the trash, perhaps because it was merged into another one."""
    public, into = ids.record(table.id, key), merges.survivor(work.connection, table, key)
    if into != key:
        other = ids.record(table.id, into)
        what = f"The record {public} of {table.name} was merged into {other}."
        return Conflict(
            "record_deleted", what, "Change that one, or un-merge them first.", pointer, extra={"into": other}
        )
    return Conflict(
        "record_deleted",
        f"The record {public} of {table.name} was deleted.",
        "Restore it from the trash first.",
        pointer,
    )
