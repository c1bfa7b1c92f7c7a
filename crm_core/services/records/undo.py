"""Undo of any version: its rows backwards, as a new change set.

What was changed since is never overwritten silently: cells are conflicts, other things raise Conflict, both unless
`force`. Values of a field whose kind changed since are never written back, also not with `force`: they mean something
else. Views and fields keep their rules.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from crm_core import ids
from crm_core.contracts.change import Who
from crm_core.errors import Conflict, NotFound
from crm_core.models.tables import CHANGES
from crm_core.services.records import fields, merges, rows, tables, views
from crm_core.services.records.cells import Stored
from crm_core.services.records.conflicts import differing
from crm_core.services.records.journal import RESTORE
from crm_core.services.records.links import Seen
from crm_core.services.records.patches import who
from crm_core.services.records.work import COMPUTED, POSITION, Cells, Entry, Meta, Work
from crm_core.storage.schema import TableDef
from crm_core.storage.statements import chunks

_BATCH = 2_000
MAX_CONFLICTS = 1_000
"""Conflicts are listed up to here; then the undo is given up."""


def run(work: Work, history: Iterable[tuple[Meta, Entry]], version: int, *, force: bool) -> None:
    """Undo the given rows (newest first). Conflicts of cells are noted in `work` unless `force`."""
    for (entity, table_id, op), group in groupby(history, key=lambda row: (row[1].entity, row[1].table_id, row[1].op)):
        if entity == "record":
            _records(work, tables.live(work, table_id), op, (entry for _, entry in group), version, force)
            continue
        if entity == RESTORE:
            raise Conflict(
                "restore_not_undone",
                f"Version {version} is the restore of a backup.",
                "The data of before is in the backup that was made just before; restore that.",
            )
        for _, entry in group:
            if entity == "table":
                tables.undo(work, entry, force=force)
            elif entity == "field":
                tables.live(work, table_id)
                fields.undo(work, entry, version, force=force)
            elif entity != COMPUTED:
                _view(work, entry, version, force=force)


def _view(work: Work, entry: Entry, version: int, *, force: bool) -> None:
    try:
        views.undo(work, entry, force=force)
    except NotFound:  # somebody else's personal view: for this person there was no such version
        raise NotFound("unknown_version", f"There is no version {version} to undo.", "Look at the history.") from None


def _records(work: Work, table: TableDef, op: str, group: Iterable[Entry], version: int, force: bool) -> None:
    batch: list[Entry] = []
    for entry in group:
        batch.append(entry)
        if len(batch) == _BATCH:
            _batch(work, table, op, batch, version, force)
            batch = []
        if len(work.conflicts) >= MAX_CONFLICTS:
            return
    if batch:
        _batch(work, table, op, batch, version, force)


def _batch(work: Work, table: TableDef, op: str, batch: list[Entry], version: int, force: bool) -> None:
    keys = [entry.entity_id for entry in batch]
    if op in ("delete", "restore"):
        rows.set_deleted(work, table, keys, deleted=op == "restore")
    elif op in (merges.MERGE, merges.SEPARATE):
        for entry in batch:
            merges.turn(work, table, entry, version)
    elif op == "move":
        _move_back(work, table, batch, force)
    elif op == "create":
        _compare(work, table, batch, force)
        if not work.conflicts:
            rows.set_deleted(work, table, keys, deleted=True)
    else:
        _refuse_other_kinds(table, batch, version)
        current = _compare(work, table, batch, force)
        if not work.conflicts:
            changes = {entry.entity_id: stored(table, entry.before) for entry in batch}
            rows.write_cells(work, table, changes, current)


def _move_back(work: Work, table: TableDef, batch: list[Entry], force: bool) -> None:
    current = rows.fetch(work, table, (entry.entity_id for entry in batch), ())
    for entry in batch:
        if not force and current[entry.entity_id]["position"] != (entry.after or {})[POSITION]:
            raise Conflict(
                "record_moved",
                f"{ids.record(table.id, entry.entity_id)} of {table.name} was moved again since.",
                "Undo the later move first, or undo with force.",
            )
    rows.set_positions(work, table, {entry.entity_id: (entry.before or {})[POSITION] for entry in batch})


def stored(table: TableDef, cells: Cells | None) -> Stored:
    """History's cells by field; links as tuples, values of an earlier kind left out."""
    known = table.by_cell_key
    return {
        known[key].id: tuple(value) if isinstance(value, list) else value
        for key, value in (cells or {}).items()
        if key in known
    }


def _refuse_other_kinds(table: TableDef, batch: list[Entry], version: int) -> None:
    """Raise Conflict when the version wrote cells of a field that has another kind by now."""
    for entry in batch:
        for key in entry.after or {}:
            field = table.by_id.get(int(key.partition(".")[0])) if key[:1].isdigit() else None
            if field is not None and field.cell_key != key:
                raise Conflict(
                    "field_changed",
                    f"{field.name} has another kind since version {version}; its old values mean something else.",
                    "Undo the change of the field first.",
                )


def _compare(work: Work, table: TableDef, batch: list[Entry], force: bool) -> dict[int, dict[Any, Any]]:
    """The rows as they are; cells that differ from what the undone version left are conflicts."""
    left = {entry.entity_id: stored(table, entry.after) for entry in batch}
    touched = {field for stored in left.values() for field in stored}
    involved = [field for field in table.by_id.values() if field.id in touched]
    current = rows.fetch(work, table, left, involved)
    if force:
        return current
    cells_of = {
        key: [field for field, value in stored.items() if not rows.same(value, current[key][field])]
        for key, stored in left.items()
        if current[key]["deleted_at"] is None
    }
    changed = [key for key, cells in cells_of.items() if cells][:MAX_CONFLICTS]
    if changed:
        back = {entry.entity_id: stored(table, entry.before) for entry in batch}
        last = last_changes(work, table, changed)
        for key in changed:
            for field_id in cells_of[key]:
                mine, theirs = back[key].get(field_id), current[key][field_id]
                work.conflicts.append(differing(table, key, table.by_id[field_id], mine, theirs, *last[key]))
    return current


def last_changes(work: Seen, table: TableDef, keys: list[int]) -> dict[int, tuple[str, Who | None]]:
    """When and by whom each record was changed last."""
    mine = (CHANGES.c.entity == "record") & (CHANGES.c.table_id == table.id)
    found: dict[int, tuple[str, Who | None]] = {}
    people: dict[int | None, Who | None] = {}
    for piece in chunks(keys):
        newest = (
            select(func.max(CHANGES.c.id)).where(mine, CHANGES.c.entity_id.in_(piece)).group_by(CHANGES.c.entity_id)
        )
        query = select(CHANGES.c.entity_id, CHANGES.c.at, CHANGES.c.actor_id).where(CHANGES.c.id.in_(newest))
        for key, at, actor in work.connection.execute(query):
            if actor not in people:
                people[actor] = who(work.connection, actor)
            found[key] = (at, people[actor])
    return found
