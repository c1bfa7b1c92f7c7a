"""From what a client sent to what is stored: every cell is read by its field's kind, every bad one is named."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from crm_core.errors import NotFound
from crm_core.kinds import CellError, FieldDef
from crm_core.kinds.attachments import pack, unpack
from crm_core.kinds.choices import COLORS, split_names
from crm_core.models.tables import ATTACHED_FILES, USERS
from crm_core.services.records.work import Work
from crm_core.storage.queries import merges
from crm_core.storage.schema import TableDef
from crm_core.storage.statements import chunks

Stored = dict[int, Any]
"""Stored values by field key, one record."""

_CACHED = 20_000


def read_records(work: Work, table: TableDef, records: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Stored]:
    """Read the cells of many records; `records` yields (JSON pointer, cells). Faults are noted in `work`."""
    fields: dict[str, FieldDef | None] = {}
    result = []
    for pointer, cells in records:
        stored: Stored = {}
        for ref, value in cells.items():
            if ref not in fields:
                fields[ref] = _writable(work, table, ref, f"{pointer}/cells/{_escape(ref)}")
            field = fields[ref]
            if field is None:
                continue
            cache = work.read_cache.get(field.id)
            if cache is None:
                cache = work.read_cache[field.id] = {}
            try:
                stored[field.id] = cache[value] if type(value) is str else _read(work, field, value)
            except KeyError:
                _fill(work, field, value, cache, stored, f"{pointer}/cells/{_escape(ref)}")
            except CellError as error:
                work.fault(error.code, _sentence(field, error), f"{pointer}/cells/{_escape(ref)}")
        result.append(stored)
    check_targets(work, table, result)
    check_files(work, table, result)
    return result


def _fill(work: Work, field: FieldDef, value: str, cache: dict[str, Any], stored: Stored, pointer: str) -> None:
    """Read a text that was not met before in this change set, and remember it."""
    try:
        result = _read(work, field, value)
    except CellError as error:
        work.fault(error.code, _sentence(field, error), pointer)
        return
    stored[field.id] = result
    if len(cache) < _CACHED:
        cache[value] = result


def _read(work: Work, field: FieldDef, value: Any) -> Any:
    current = work.schema.fields.get(field.id, field)
    try:
        return current.kind.read(value, current, work.zone)
    except CellError as error:
        if error.code == "unknown_option" and work.create_options:
            grown = add_options(work, current, value)
            return grown.kind.read(value, grown, work.zone)
        raise


def add_options(work: Work, field: FieldDef, value: Any) -> FieldDef:
    """Give a select field the options that `value` names and it lacks; they are part of the same change set."""
    from crm_core.services.records.fields import set_options  # the two call each other: new options are a field change

    named = value if isinstance(value, list) else [value]
    if field.kind.family == "choices" and isinstance(value, str):
        named = split_names(value)
    known = field.choice_numbers
    missing = [
        name.strip()
        for name in named
        if isinstance(name, str) and name.strip() and name.casefold().strip() not in known
    ]
    options = {"choices": [{"id": c.id, "name": c.name, "color": c.color} for c in field.choices]}
    for name in dict.fromkeys(missing):
        options["choices"].append({"name": name, "color": COLORS[len(options["choices"]) % len(COLORS)]})
    return set_options(work, field, options)


def _writable(work: Work, table: TableDef, ref: str, pointer: str) -> FieldDef | None:
    try:
        field = table.field(ref)
    except NotFound as error:
        work.fault(error.code, error.message, pointer)
        return None
    if field.read_only:
        work.fault("read_only_field", f"{field.name} is filled by the CRM and cannot be written.", pointer)
        return None
    return field


def _sentence(field: FieldDef, error: CellError) -> str:
    return f"{field.name}: {error.detail}" + (f" {error.hint}" if error.hint else "")


def _escape(ref: str) -> str:
    return ref.replace("~", "~0").replace("/", "~1")


def check_targets(work: Work, table: TableDef, records: list[Stored]) -> None:
    """People and linked records must exist; asked once per table for the whole operation."""
    for field in table.pointing_fields:
        if field.kind.family == "user":
            wanted = {stored[field.id] for stored in records if stored.get(field.id) is not None}
            known = _existing_users(work, wanted) if wanted else wanted
            what = "person of the team"
        else:
            wanted = {key for stored in records for key in stored.get(field.id) or ()}
            known = existing_records(work, field.options["table"], wanted) if wanted else wanted
            if wanted - known:
                known = known | _follow_merges(work, field, records, wanted - known)
            what = f"record of {work.schema.by_id[field.options['table']].name}"
        for key in sorted(wanted - known)[:MAX_NAMED]:
            code = "unknown_user" if field.kind.family == "user" else "unknown_record"
            public = field.kind.wire(key if code == "unknown_user" else (key,), field)
            work.fault(code, f"{field.name}: {public} is no {what}, or was deleted.", "")


def _follow_merges(work: Work, field: FieldDef, records: list[Stored], missing: set[int]) -> set[int]:
    """Let links to merged records lead to those they were merged into; answers which of the missing these were."""
    table_id = field.options["table"]
    found = merges.survivors(work.connection, work.schema.by_id[table_id], missing)
    live = existing_records(work, table_id, set(found.values()))
    followed = {key: target for key, target in found.items() if target in live}
    for stored in records if followed else ():
        if stored.get(field.id):
            stored[field.id] = tuple(dict.fromkeys(followed.get(key, key) for key in stored[field.id]))
    return set(followed)


def check_files(work: Work, table: TableDef, records: list[Stored]) -> None:
    """Attached files must have been uploaded; what they are is told by what was found then."""
    for field in table.fields:
        if field.kind.family != "file":
            continue
        given = {n: unpack(stored[field.id]) for n, stored in enumerate(records) if stored.get(field.id) is not None}
        known: dict[str, tuple[int, str]] = {}
        for piece in chunks(tuple({file.hash for files in given.values() for file in files})):
            columns = ATTACHED_FILES.c
            query = select(columns.hash, columns.size, columns.type).where(columns.hash.in_(piece))
            known.update({row[0]: (row[1], row[2]) for row in work.connection.execute(query)})
        for number, files in given.items():
            for file in files:
                if file.hash not in known:
                    work.fault("unknown_file", f"{field.name}: {file.name} was not uploaded. Upload it first.", "")
                else:
                    file.size, file.type = known[file.hash]
            records[number][field.id] = pack(files)


MAX_NAMED = 20


def _existing_users(work: Work, wanted: set[int]) -> set[int]:
    query = select(USERS.c.id).where(USERS.c.id.in_(wanted), USERS.c.deleted_at.is_(None))
    return {row[0] for row in work.connection.execute(query)}


def existing_records(work: Work, table_id: int, wanted: set[int]) -> set[int]:
    """Those of the record keys that exist in the table and are not deleted."""
    target = work.schema.by_id[table_id].sql
    found: set[int] = set()
    for piece in chunks(tuple(wanted)):
        query = select(target.c.id).where(target.c.id.in_(piece), target.c.deleted_at.is_(None))
        found.update(row[0] for row in work.connection.execute(query))
    return found
