"""Whose edit wins is decided by cell: an edit made on an old version passes unless that very cell changed since."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from crm_core import ids
from crm_core.contracts.change import Who
from crm_core.errors import Conflict
from crm_core.kinds import FieldDef
from crm_core.models.tables import CHANGES
from crm_core.services.records.cells import Stored
from crm_core.services.records.patches import who
from crm_core.services.records.rows import same
from crm_core.services.records.work import Work
from crm_core.storage.schema import TableDef
from crm_core.storage.state import State
from crm_core.storage.statements import chunks


def check(work: Work, table: TableDef, changes: Mapping[int, Stored], current: Mapping[int, Mapping[Any, Any]]) -> None:
    """Note every cell of `changes` that somebody changed to something else after the edit's base version."""
    base = work.base_version
    if base is None:
        return
    moved = [
        key for key in changes if current[key]["version"] > base and current[key]["version"] <= work.before.version
    ]
    for piece in chunks(moved):
        query = (
            select(CHANGES.c.entity_id, CHANGES.c.after, CHANGES.c.at, CHANGES.c.actor_id)
            .where(
                CHANGES.c.entity == "record",
                CHANGES.c.table_id == table.id,
                CHANGES.c.entity_id.in_(piece),
                CHANGES.c.version > base,
            )
            .order_by(CHANGES.c.id)
        )
        last: dict[tuple[int, int], tuple[str, int | None]] = {}
        for key, after, at, actor in work.connection.execute(query):
            for name in json.loads(after) if after else ():
                field = table.by_cell_key.get(name)
                if field is not None and field.id in changes[key]:
                    last[key, field.id] = (at, actor)
        for (key, field_id), (at, actor) in last.items():
            mine, theirs = changes[key][field_id], current[key][field_id]
            if not same(mine, theirs):
                field, by = work.schema.fields[field_id], who(work.connection, actor)
                work.conflicts.append(differing(table, key, field, mine, theirs, at, by))


def differing(
    table: TableDef, key: int, field: FieldDef, mine: Any, theirs: Any, at: str, by: Who | None
) -> dict[str, Any]:
    """One cell of a conflict: both stored values in wire form, and who changed it when."""
    return {
        "table": table.public_id,
        "record": ids.record(table.id, key),
        "field": field.public_id,
        "yours": None if mine is None else field.kind.wire(mine, field),
        "theirs": None if theirs is None else field.kind.wire(theirs, field),
        "updated_at": at,
        "updated_by": by,
    }


LISTED = 1_000
"""Cells of a conflict that are told with both values; of the others, which they are."""


def version_conflict(work: Work) -> Conflict:
    """The error that carries everything noted, and what is needed to try again."""
    count = len(work.conflicts)
    cells = f"{count} cell{'s' if count > 1 else ''}"
    if work.base_version is None:
        message, hint = f"{cells} changed since; nothing was undone.", "Compare the values; to insist, undo with force."
    else:
        message = f"{cells} changed since version {work.base_version}; nothing was applied."
        hint = "Compare the values; to insist, send the change again with base_version set to this version."
    return Conflict(
        "version_conflict",
        message,
        hint,
        extra={
            "version": work.before.version,
            "updated_at": work.before.updated_at,
            "updated_by": who(work.connection, work.before.updated_by),
            "conflicts": work.conflicts[:LISTED],
            "more_conflicts": _by_record(work.conflicts[LISTED:]),
        },
    )


def _by_record(conflicts: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Fields by record: enough to give every cell up, at a fraction of the size."""
    fields: dict[str, list[str]] = {}
    for cell in conflicts:
        fields.setdefault(cell["record"], []).append(cell["field"])
    return fields


def stale(expected: int, now: State, author: Who | None) -> Conflict:
    """Somebody changed the state since the caller, who wants to replace it whole, read it."""
    return Conflict(
        "version_conflict",
        f"The state is at version {now.version}, not {expected}; nothing was applied.",
        "Read the state again, merge, and send it with the new version.",
        extra={"version": now.version, "updated_at": now.updated_at, "updated_by": author, "conflicts": []},
    )
