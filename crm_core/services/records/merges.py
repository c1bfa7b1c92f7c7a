"""Merging: several records become one in one change set, and come apart again when it is undone."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import insert, update

from crm_core import ids
from crm_core.contracts.change import Merge
from crm_core.errors import Conflict, Invalid
from crm_core.models.tables import RECORD_MERGES
from crm_core.services.records import joining, relinking, rows, surroundings
from crm_core.services.records.links import Seen
from crm_core.services.records.patches import who
from crm_core.services.records.surroundings import Moved
from crm_core.services.records.work import Entry, Work
from crm_core.storage.queries import merges
from crm_core.storage.schema import TableDef
from crm_core.storage.statements import run as execute
from crm_core.storage.statements import update_by_id

MAX_MERGED = 50
"""Records that one merge takes in."""

MERGE, SEPARATE = "merge", "separate"
"""What history calls what happened to the record that stays: others went into it, and came out of it again."""

MERGED, MOVED = "@merged", "@moved"
"""The keys under which history keeps which records these were and what of theirs was moved."""


def run(work: Work, op: Merge, pointer: str) -> None:
    """Apply a merge.

    Raises Invalid (`bad_merge`), NotFound, and Conflict: `record_deleted`, and `version_conflict` when one of the
    records was changed since the base version, because what the person compared is not what is there.
    """
    if work.touched:
        raise alone(pointer)
    table = work.schema.table(op.table)
    into, *records = named(work, table, op.into, op.records, pointer)
    take = joining.picks(table, [into, *records], op.take, f"{pointer}/take")
    fields = joining.mergeable(table)
    current = rows.fetch(work, table, [into, *records], fields)
    check_live(work, table, current, pointer)
    _check_version(work, current)
    choices = joining.chosen(fields, [into, *records], current, take)
    cells = joining.joined(table, [into, *records], current, choices)
    rows.write_cells(work, table, {into: cells}, current)
    join(work, table, into, records)


def alone(pointer: str) -> Invalid:
    """A merge among other operations."""
    return Invalid("bad_merge", "A merge stands alone in its change set.", "Send the other changes apart.", pointer)


def named(work: Seen, table: TableDef, into: str, records: Sequence[str], pointer: str) -> list[int]:
    """The keys of the records of a merge, the one that stays first."""
    keys = rows.keys_of(work, table, [into], f"{pointer}/into")
    keys += rows.keys_of(work, table, records, f"{pointer}/records")
    if len(keys) < 2 or keys[0] in keys[1:]:
        raise Invalid("bad_merge", "A merge takes two records or more, each once.", "Pick other records.", pointer)
    if len(keys) > MAX_MERGED:
        what = f"A merge takes at most {MAX_MERGED} records; these are {len(keys)}."
        raise Invalid("bad_merge", what, "Merge some of them first.", f"{pointer}/records")
    return keys


def check_live(seen: Seen, table: TableDef, current: Mapping[int, Mapping[Any, Any]], pointer: str) -> None:
    """Raise Conflict (`record_deleted`) when one of the records lies in the trash."""
    for key, row in current.items():
        if row["deleted_at"] is not None:
            raise rows.gone(seen, table, key, pointer)


def _check_version(work: Work, current: Mapping[int, Mapping[Any, Any]]) -> None:
    if work.base_version is not None and max(row["version"] for row in current.values()) > work.base_version:
        raise Conflict(
            "version_conflict",
            f"One of the records was changed since version {work.base_version}; nothing was merged.",
            "Compare them again as they are now.",
            extra={
                "version": work.before.version,
                "updated_at": work.before.updated_at,
                "updated_by": who(work.connection, work.before.updated_by),
                "conflicts": [],
                "more_conflicts": {},
            },
        )


def join(work: Work, table: TableDef, into: int, records: Sequence[int]) -> None:
    """Move what points at `records` and what hangs on them, put them away, and remember where they went."""
    relinking.move(work, table, into, records)
    rows.set_deleted(work, table, records, deleted=True)
    moved = surroundings.move(work.connection, table.id, into, records)
    values = {"table_id": table.id, "into_id": into, "version": work.meta.version}
    work.connection.execute(insert(RECORD_MERGES), [{**values, "record_id": key} for key in records])
    after = {MERGED: list(records), MOVED: msgspec.to_builtins(moved, str_keys=True)}
    _touch(work, table, into, Entry("record", table.id, into, MERGE, None, after))


def turn(work: Work, table: TableDef, entry: Entry, version: int) -> None:
    """Turn a history entry of a merge or of a separation around, as part of undoing its whole version."""
    if entry.op == SEPARATE:
        cells = entry.before or {}
        join(work, table, entry.entity_id, cells[MERGED])
        return
    cells = entry.after or {}
    records = check_open(work, table, entry, version)
    surroundings.move_back(
        work.connection, table.id, entry.entity_id, msgspec.convert(cells[MOVED], Moved, str_keys=True)
    )
    c = RECORD_MERGES.c
    mine = c.table_id == table.id, c.version == version, c.undone_version.is_(None)
    work.connection.execute(update(RECORD_MERGES).where(*mine).values(undone_version=work.meta.version))
    _touch(work, table, entry.entity_id, Entry("record", table.id, entry.entity_id, SEPARATE, cells, None))
    rows.set_deleted(work, table, records, deleted=False)


def check_open(work: Seen, table: TableDef, entry: Entry, version: int) -> list[int]:
    """The records that a merge put away; Conflict (`merge_undone`, `merged_since`) when it cannot be undone now."""
    records: list[int] = (entry.after or {})[MERGED]
    newest = merges.open_version(work.connection, table.id, [*records, entry.entity_id])
    if newest.get(entry.entity_id, 0) > version:
        survivor = merges.survivor(work.connection, table, entry.entity_id)
        raise Conflict(
            "merged_since",
            f"The record itself was merged since, into {ids.record(table.id, survivor)} of {table.name}.",
            "Un-merge that first.",
            extra={"into": ids.record(table.id, survivor), "version": newest[entry.entity_id]},
        )
    for key in records:
        if newest.get(key) is None:
            raise Conflict("merge_undone", f"The merge of version {version} was undone already.", "Reload.")
        if newest[key] != version:
            what = f"{ids.record(table.id, key)} of {table.name} was merged again since."
            raise Conflict("merged_since", what, "Un-merge that first.", extra={"version": newest[key]})
    return records


def _touch(work: Work, table: TableDef, key: int, entry: Entry) -> None:
    """Write the entry, and mark the row as changed by it."""
    columns = ("version", "updated_at", "updated_by")
    values = (work.meta.version, work.at, work.actor.user_id, key)
    execute(work.connection, update_by_id(work.connection, table.physical, columns), values)
    work.log([entry])
