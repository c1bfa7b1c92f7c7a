"""A change set in words: which records, fields and views it altered, and from what to what."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from crm_core import ids
from crm_core.contracts.activity import Part
from crm_core.services.activity.words import Words, listed, several
from crm_core.services.records.merges import MERGE, MERGED, SEPARATE
from crm_core.storage.queries import feed
from crm_core.storage.schema import TableDef

_decode = msgspec.json.decode
_NAMED = 3
_SAMPLED = 40
_VERBS = {"create": "added", "update": "changed", "delete": "deleted", "restore": "restored", "move": "moved"}

_RANK = {"table": 0, "record": 1, "field": 2, "view": 3}
"""What of a change set is told first."""

Cells = list[tuple[Part, Part | None, Part | None]]


class Row(NamedTuple):
    """A row of the history, decoded."""

    entity: str
    table_id: int
    key: int
    op: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class Told(NamedTuple):
    """A change set in words: the sentence after who did it, and the cells of the one record it altered."""

    parts: list[Part]
    cells: Cells


def tell(
    words: Words, version: int, data: dict[str, Any], reader: int | None, record: tuple[int, int] | None
) -> Told | None:
    """Describe a change set (the part of it that one record saw, when `record` is given).

    None when there is nothing in it that the reader may see: others' personal views.
    """
    found = feed.sample(words.connection, version, _SAMPLED, record)
    rows = [Row(row[0], row[1], row[2], row[3], _cells(row[4]), _cells(row[5])) for row in found]
    counts = [tuple(count) for count in data.get("counts", ())]
    if record is not None:
        counts = [("record", record[0], row.op, 1) for row in rows]
    hidden = {row.key for row in rows if row.entity == "view" and not _shared(words, row, reader)}
    if hidden:
        rows = [row for row in rows if row.entity != "view" or row.key not in hidden]
        counts = [count for count in counts if count[0] != "view"]
        counts += [("view", row.table_id, row.op, 1) for row in rows if row.entity == "view"]
    if not counts:
        return None
    source = str(data.get("source", ""))
    if record is None and source == "state":
        return Told([Part("replaced the whole state")], [])
    pieces: list[list[Part]] = []
    cells: Cells = []
    if record is None and (whole := _merged(words, version, counts)):
        return Told(_joined(_led(source, [whole])), [])
    for entity, table_id, op, number in sorted(counts, key=lambda count: _RANK.get(str(count[0]), 9)):
        mine = [row for row in rows if (row.entity, row.table_id, row.op) == (entity, table_id, op)]
        if entity == "table":
            pieces += [_table(words, row) for row in mine]
        table = words.schema.by_id.get(table_id)
        if table is None or entity == "table":
            continue
        if entity == "record":
            pieces.append(_records(words, table, op, number, mine, cells))
        elif mine:
            pieces += [_field(words, table, row) if entity == "field" else _view(words, table, row) for row in mine]
    if not pieces:
        return None
    once = {"".join(part.text for part in piece): piece for piece in pieces}  # a field may change several times
    return Told(_joined(_led(source, list(once.values()))), cells if sum(count[3] for count in counts) == 1 else [])


def _cells(text: str | None) -> dict[str, Any] | None:
    return None if text is None else dict(_decode(text))


def _shared(words: Words, row: Row, reader: int | None) -> bool:
    view = words.view(row.key)
    return view is not None and (view[1] is None or view[1] == reader)


def _led(source: str, pieces: list[list[Part]]) -> list[list[Part]]:
    what, _, detail = source.partition(":")
    if what == "undo":
        pieces[0] = [Part("undid "), Part(f"version {detail}", "version", detail), Part(": "), *pieces[0]]
    elif what == "restore":
        pieces[0] = [Part("restored from a backup: "), *pieces[0]]
    return pieces


def _joined(pieces: list[list[Part]]) -> list[Part]:
    shown, rest = pieces[:_NAMED], pieces[_NAMED:]
    parts: list[Part] = []
    for place, piece in enumerate(shown):
        if place:
            parts.append(Part(" and " if place == len(shown) - 1 and not rest else ", "))
        parts += piece
    return [*parts, Part(f" and {len(rest)} more changes")] if rest else parts


def _and(texts: Sequence[str]) -> str:
    return ", ".join(texts[:-1]) + (" and " if len(texts) > 1 else "") + texts[-1]


def _records(words: Words, table: TableDef, op: str, number: int, rows: Sequence[Row], cells: Cells) -> list[Part]:
    if op == "update":
        return _updated(words, table, number, rows, cells)
    if op in (MERGE, SEPARATE):
        return _merge(words, table, rows[0])
    verb = _VERBS[op]
    if not rows or number > _NAMED:
        return [Part(f"{verb} {several(number, table)}")]
    named = listed([words.record(table, row.key) for row in rows])
    kind = f" {several(number, table).partition(' ')[2]}" if op == "create" else ""
    return [Part(f"{verb}{' the' + kind if kind else ''} "), *named]


def _merged(words: Words, version: int, counts: Sequence[Sequence[Any]]) -> list[Part] | None:
    """A merge in words, or what took it back, when the change set is one: all else in it follows from that."""
    for _, table_id, op, _ in counts:
        table = words.schema.by_id.get(table_id)
        if op in (MERGE, SEPARATE) and table is not None:
            row = feed.first(words.connection, version, op)
            return _merge(words, table, Row(row[0], row[1], row[2], row[3], _cells(row[4]), _cells(row[5])))
    return None


def _merge(words: Words, table: TableDef, row: Row) -> list[Part]:
    into = words.record(table, row.key)
    keys: list[int] = (row.after or row.before or {}).get(MERGED, [])
    named = [words.record(table, key) for key in keys]
    telling = len(keys) <= _NAMED and all(part.text != into.text for part in named)
    what = listed(named) if telling else [Part(several(len(keys), table))]
    if row.op == MERGE:
        return [Part("merged "), *what, Part(" into "), into]
    return [Part("un-merged "), *what, Part(" from "), into]


def _updated(words: Words, table: TableDef, number: int, rows: Sequence[Row], cells: Cells) -> list[Part]:
    keys = list(dict.fromkeys(key for row in rows for key in row.after or {}))
    names = [_field_part(table, key) for key in keys]
    if number > 1 or not rows:
        fields = listed(names) if len(names) <= _NAMED else [Part(f"{len(names)} fields")]
        who = (
            listed([words.record(table, row.key) for row in rows])
            if 0 < len(rows) == number <= _NAMED
            else [Part(several(number, table))]
        )
        return [Part("changed "), *fields, Part(" of "), *who]
    row = rows[0]
    record = words.record(table, row.key)
    changes = [(name, *_values(words, table, row, key)) for name, key in zip(names, keys, strict=True)]
    cells += [(name, before, after) for name, before, after in changes]
    if len(changes) == 1:
        return _one_cell(record, *changes[0])
    shown = names if len(names) <= _NAMED else [*names[: _NAMED - 1], Part(f"{len(names) - _NAMED + 1} more fields")]
    return [Part("changed "), *listed(shown), Part(" of "), record]


def _one_cell(record: Part, name: Part, before: Part | None, after: Part | None) -> list[Part]:
    if after is None:
        return [Part("cleared "), name, Part(" of "), record, *([Part(", which was "), before] if before else [])]
    if before is None:
        return [Part("set "), name, Part(" of "), record, Part(" to "), after]
    return [Part("changed "), name, Part(" of "), record, Part(" from "), before, Part(" to "), after]


def _field_part(table: TableDef, key: str) -> Part:
    number = key.partition(".")[0]
    field = table.by_id.get(int(number)) if number.isdigit() else None
    return Part(field.name, "field", field.public_id) if field else Part("the order")


def _values(words: Words, table: TableDef, row: Row, key: str) -> tuple[Part | None, Part | None]:
    """Both values of a cell; of a field that has another kind by now they mean something else and are left out."""
    field = table.by_cell_key.get(key)
    if field is None:
        return None, None
    return words.value(field, (row.before or {}).get(key)), words.value(field, (row.after or {}).get(key))


def _table(words: Words, row: Row) -> list[Part]:
    before, after = row.before or {}, row.after or {}
    there = words.schema.by_id.get(row.key)
    known = there or next((one for one in words.schema.deleted if one.id == row.key), None)
    text = str(after.get("name") or (known.name if known else "a table"))
    name = Part(text, "table", table=there.key) if there else Part(text, "thing")
    if row.op == "create":
        return [Part("made the table "), name]
    if "deleted_at" in after:
        return [Part("deleted the table " if after["deleted_at"] else "brought back the table "), name]
    if "name" in after:
        return [Part("renamed the table "), Part(str(before["name"]), "thing"), Part(" to "), name]
    return [Part("moved the table " if "position" in after else "changed the table "), name]


def _field(words: Words, table: TableDef, row: Row) -> list[Part]:
    field = table.by_id.get(row.key)
    before, after = row.before or {}, row.after or {}
    name = Part(str(after.get("name") or (field.name if field else "a field")), "field", ids.encode("fld", row.key))
    place = [Part(" of "), Part(table.name, "table", table=table.key)]
    if row.op == "create":
        return [Part("added the field "), name, Part(" to "), place[1]]
    if "archived_at" in after:
        return [Part("deleted the field " if after["archived_at"] else "brought back the field "), name, *place]
    if "kind" in after:
        kinds = f" from {before['kind']} to {after['kind']}".replace("_", " ")
        return [Part("changed the kind of the field "), name, *place, Part(kinds)]
    if "name" in after:
        return [Part("renamed the field "), Part(str(before["name"]), "field", name.id), *place, Part(" to "), name]
    what = {"options": "the options", "position": "the place", "description": "the description"}
    changed = [what[part] for part in after if part in what]
    return [Part(f"changed {_and(changed) if changed else 'the settings'} of the field "), name, *place]


def _view(words: Words, table: TableDef, row: Row) -> list[Part]:
    before, after = row.before or {}, row.after or {}
    known = words.view(row.key)
    name = Part(
        str(after.get("name") or (known[0] if known else "a view")), "view", ids.encode("viw", row.key), table.key
    )
    place = [Part(" of "), Part(table.name, "table", table=table.key)]
    if row.op == "create":
        return [Part("added the view "), name, Part(" to "), place[1]]
    if "deleted_at" in after:
        return [Part("deleted the view " if after["deleted_at"] else "brought back the view "), name, *place]
    if "name" in after:
        return [Part("renamed the view "), Part(str(before["name"]), "view", name.id), *place, Part(" to "), name]
    if "locked" in after:
        return [Part("locked the view " if after["locked"] else "unlocked the view "), name, *place]
    return [Part("changed the view "), name, *place]
