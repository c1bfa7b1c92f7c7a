"""Un-merging: a merge taken back although the record that stayed was changed since.

What the merge moved goes back; what others changed since stays as it is and is told.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from crm_core.errors import NotFound
from crm_core.services.records import joining, merges, rows
from crm_core.services.records.conflicts import differing
from crm_core.services.records.links import Seen
from crm_core.services.records.undo import last_changes, stored
from crm_core.services.records.work import Entry, Meta, Work
from crm_core.storage.schema import TableDef

Kept = list[dict[str, Any]]
"""Cells that stay as they are, in the shape of a conflict: `yours` is what stood there before the merge."""


def run(work: Work, history: Iterable[tuple[Meta, Entry]], version: int) -> Kept:
    """Take back the merge of this version (its rows newest first); answers what stays changed."""
    found = [entry for _, entry in history if entry.entity == "record"]
    if not any(entry.op == merges.MERGE for entry in found):
        raise NotFound("unknown_merge", f"Version {version} is no merge.", "Look at the history of the record.")
    kept: Kept = []
    for (table_id, op), group in groupby(found, key=lambda entry: (entry.table_id, entry.op)):
        table = work.schema.by_id.get(table_id)
        if table is None:
            continue  # links from a table that was deleted since
        entries = list(group)
        if op == merges.MERGE:
            merges.turn(work, table, entries[0], version)
        elif op == "update":
            kept += _cells_back(work, table, entries)
        elif op == "delete":
            rows.set_deleted(work, table, [entry.entity_id for entry in entries], deleted=False)
    return kept


def conflicts(seen: Seen, history: Iterable[tuple[Meta, Entry]]) -> Kept:
    """What would stay changed if the merge were taken back now; nothing is written."""
    kept: Kept = []
    found = [entry for _, entry in history if entry.entity == "record" and entry.op == "update"]
    for table_id, group in groupby(found, key=lambda entry: entry.table_id):
        if (table := seen.schema.by_id.get(table_id)) is not None:
            kept += _back(seen, table, list(group))[1]
    return kept


def _cells_back(work: Work, table: TableDef, entries: list[Entry]) -> Kept:
    (changes, current), kept = _back(work, table, entries)
    rows.write_cells(work, table, changes, current)
    return kept


def _back(seen: Seen, table: TableDef, entries: list[Entry]) -> tuple[tuple[Any, Any], Kept]:
    keys = [entry.entity_id for entry in entries]
    pairs = {entry.entity_id: (stored(table, entry.before), stored(table, entry.after)) for entry in entries}
    involved = [field for field in table.by_id.values() if any(field.id in after for _, after in pairs.values())]
    current = rows.fetch(seen, table, keys, involved)
    changes: dict[int, dict[int, Any]] = {}
    stays: list[tuple[int, int]] = []
    for key, (before, after) in pairs.items():
        for field in involved:
            if field.id in after:
                value, went = joining.back(field, before.get(field.id), after[field.id], current[key][field.id])
                changes.setdefault(key, {})[field.id] = value
                if not went:
                    stays.append((key, field.id))
    last = last_changes(seen, table, [key for key, _ in stays])
    kept = [
        differing(
            table, key, table.by_id[field], pairs[key][0].get(field), current[key][field], *last.get(key, ("", None))
        )
        for key, field in stays
    ]
    return (changes, current), kept
