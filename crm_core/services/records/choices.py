"""Options of select fields over time: taking one away empties its cells, and undo moves only what it is about."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, or_, select

from crm_core.errors import Conflict
from crm_core.kinds import FieldDef
from crm_core.kinds.choices import pack, unpack
from crm_core.services.records import rows
from crm_core.services.records.cells import Stored
from crm_core.services.records.work import Work
from crm_core.storage.schema import TableDef
from crm_core.storage.statements import chunks


def clear_removed(work: Work, field: FieldDef, options: Mapping[str, Any]) -> None:
    """Empty the live cells whose option is not among the new `options`; they are counted in `work.lost`.

    Records in the trash keep theirs, so that undoing an import that brought options, and undoing that, moves nothing.
    """
    removed = _removed(field, options)
    table, many = work.schema.by_id[field.table_id], field.kind.family == "choices"
    for piece in chunks(removed, 200):
        changes: dict[int, Stored] = {}
        for key, stored in work.connection.execute(_holders(table, field, piece)).all():
            left = pack([number for number in unpack(stored) if number not in removed]) if many else None
            changes[key] = {field.id: left}
        work.lost += len(changes)
        for keys in chunks(tuple(changes)):
            part = {key: changes[key] for key in keys}
            rows.write_cells(work, table, part, rows.fetch(work, table, part, [field]))


def refuse_used(work: Work, field: FieldDef, options: Mapping[str, Any]) -> None:
    """Raise Conflict (`option_in_use`) when a live cell holds an option that is not among the new `options`."""
    table = work.schema.by_id[field.table_id]
    for number in _removed(field, options):
        if work.connection.execute(_holders(table, field, [number]).limit(1)).first() is not None:
            raise Conflict(
                "option_in_use",
                f"The option {field.choice_names[number]!r} of {field.name} is in use by now.",
                "Undo with force to empty those cells, or leave the option.",
            )


def undone(now: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The options `now` without what one change did that led from `before` to `after`; numbers are never used again."""
    old, new = ({choice["number"]: choice for choice in one["choices"]} for one in (before, after))
    result = []
    for choice in now["choices"]:
        number = choice["number"]
        if number in new and number not in old:
            continue
        result.append(old[number] if number in old and new.get(number) == choice else choice)
    present = {choice["number"] for choice in result}
    names = {choice["name"].casefold() for choice in result}
    gone = (choice for number, choice in old.items() if number not in new and number not in present)
    result += [choice for choice in gone if choice["name"].casefold() not in names]
    kept = {choice["number"] for choice in result}
    if kept == set(old):  # nothing else happened to the list: also its order comes back
        order = {number: place for place, number in enumerate(old)}
        result.sort(key=lambda choice: order[choice["number"]])
    return {"choices": result, "next": max(now["next"], before["next"])}


def _removed(field: FieldDef, options: Mapping[str, Any]) -> list[int]:
    kept = {choice["number"] for choice in options.get("choices", ())}
    return [choice.number for choice in field.choices if choice.number not in kept]


def _holders(table: TableDef, field: FieldDef, numbers: Sequence[int]) -> Select[Any]:
    """The live records (key, value) whose cell holds one of these options."""
    column, live = table.column(field), table.sql.c.deleted_at.is_(None)
    many = field.kind.family == "choices"
    holds = or_(*(column.contains(f"|{number}|") for number in numbers)) if many else column.in_(numbers)
    return select(table.sql.c.id, column).where(live, holds)
