"""The record operations of a change set: resolve what is named, read the cells, check, then write stored rows."""

from crm_core import ids
from crm_core.contracts.change import Create, Delete, InsertStored, Merge, Move, RecordOp, Restore, Update
from crm_core.errors import Fault, Invalid
from crm_core.services.records import conflicts, links, merges, rows
from crm_core.services.records.cells import Stored, check_targets, read_records
from crm_core.services.records.work import Work
from crm_core.storage.schema import TableDef


def run(work: Work, op: RecordOp | InsertStored, pointer: str) -> None:
    """Apply one operation on records; bad cells and conflicts are noted in `work`, other problems raise."""
    table = work.schema.table(op.table)
    if isinstance(op, Create):
        _create(work, table, op, pointer)
    elif isinstance(op, InsertStored):
        _insert_stored(work, table, op)
    elif isinstance(op, Update):
        _update(work, table, op, pointer)
    elif isinstance(op, Delete):
        rows.set_deleted(work, table, rows.keys_of(work, table, op.ids, f"{pointer}/ids"), deleted=True)
    elif isinstance(op, Restore):
        rows.set_deleted(work, table, rows.keys_of(work, table, op.ids, f"{pointer}/ids"), deleted=False)
    elif isinstance(op, Merge):
        merges.run(work, op, pointer)
    else:
        _move(work, table, op, pointer)


def _create(work: Work, table: TableDef, op: Create, pointer: str) -> None:
    given = ((f"{pointer}/records/{n}", record.cells) for n, record in enumerate(op.records))
    records = read_records(work, table, given)
    if work.faults:
        return
    table = work.schema.by_id[table.id]  # reading may have added options
    before = None if op.before is None else rows.keys_of(work, table, [op.before], f"{pointer}/before")[0]
    positions = None if before is None else rows.places_before(work, table, before, len(records))
    inverse = _take_inverse(table, records)
    keys = rows.insert(work, table, records, positions) if records else []
    _write_inverse(work, table, dict(zip(keys, inverse, strict=True)))
    work.created.append([ids.record(table.id, key) for key in keys])


def _insert_stored(work: Work, table: TableDef, op: InsertStored) -> None:
    fields = [table.field(ref) for ref in op.fields]
    pointing = [n for n, field in enumerate(fields) if field.kind.family in ("link", "user")]
    if pointing:
        check_targets(work, table, [{fields[n].id: record[n] for n in pointing} for record in op.records])
    if not work.faults:
        rows.insert_stored(work, table, fields, op.records)


def _update(work: Work, table: TableDef, op: Update, pointer: str) -> None:
    given = [(f"{pointer}/records/{n}", record.cells) for n, record in enumerate(op.records)]
    records = read_records(work, table, given)
    changes: dict[int, Stored] = {}
    keys: list[int] = []
    for number, (record, stored) in enumerate(zip(op.records, records, strict=True)):
        key = ids.try_record(table.id, record.id)
        if key is None:
            raise rows.unknown(table, str(record.id), f"{pointer}/records/{number}/id")
        keys.append(key)
        changes.setdefault(key, {}).update(stored)
    if work.faults:
        return
    table = work.schema.by_id[table.id]
    inverse = dict(zip(changes, _take_inverse(table, list(changes.values())), strict=True))
    touched = {field for stored in changes.values() for field in stored}
    current = rows.fetch(work, table, changes, [field for field in table.fields if field.id in touched])
    for number, key in enumerate(keys):
        if key not in current:
            raise rows.unknown(table, ids.record(table.id, key), f"{pointer}/records/{number}/id")
        if current[key]["deleted_at"] is not None:
            raise rows.gone(work, table, key, f"{pointer}/records/{number}/id")
    conflicts.check(work, table, changes, current)
    if not work.conflicts:
        rows.write_cells(work, table, changes, current)
        _write_inverse(work, table, inverse)


def _take_inverse(table: TableDef, records: list[Stored]) -> list[Stored]:
    """Split off the cells that are another table's links seen backwards."""
    inverse = {field.id for field in table.inverse_fields}
    return [{field: record.pop(field) for field in inverse & record.keys()} for record in records]


def _write_inverse(work: Work, table: TableDef, cells: dict[int, Stored]) -> None:
    """Write links given from this side as changes of the other table's link field."""
    for field in table.inverse_fields:
        wanted = {key: stored[field.id] or () for key, stored in cells.items() if field.id in stored}
        if not wanted:
            continue
        other = work.schema.by_id[field.options["table"]]
        changes = links.take_inverse(work, field, wanted)
        forward = work.schema.fields[field.options["inverse_of"]]
        current = rows.fetch(work, other, changes, [forward])
        conflicts.check(work, other, changes, current)
        if not work.conflicts:
            rows.write_cells(work, other, changes, current)


def _move(work: Work, table: TableDef, op: Move, pointer: str) -> None:
    keys = rows.keys_of(work, table, op.ids, f"{pointer}/ids")
    before = None if op.before is None else rows.keys_of(work, table, [op.before], f"{pointer}/before")[0]
    if before in keys:
        raise Invalid("bad_move", "Records cannot be moved before one of themselves.", pointer=f"{pointer}/before")
    places = rows.places_before(work, table, before, len(keys), keys)
    rows.set_positions(work, table, dict(zip(keys, places, strict=True)))


def refuse_faults(faults: list[Fault]) -> None:
    """Raise the one error that lists every bad cell."""
    if not faults:
        return
    first = faults[0]
    count = len(faults)
    raise Invalid(
        "invalid_cells",
        first.detail if count == 1 else f"{count} cells cannot be taken; the first: {first.detail}",
        "Correct the cells listed in errors and send the change again; nothing was applied.",
        first.pointer,
        tuple(faults),
    )
