"""Which values stay when several records become one, and how a cell goes back when it was changed again since."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crm_core import ids
from crm_core.errors import Invalid
from crm_core.kinds import FieldDef, attachments
from crm_core.kinds import choices as options
from crm_core.services.records.cells import Stored
from crm_core.services.records.rows import same
from crm_core.storage.schema import TableDef, is_inverse

ALL = "all"
"""What `take` says of a field whose values are united."""

_LISTS = ("choices", "file")


def mergeable(table: TableDef) -> list[FieldDef]:
    """The fields whose values a merge picks: what is stored with the record, archived fields too."""
    return [field for field in table.by_id.values() if not field.read_only and not is_inverse(field)]


def is_list(field: FieldDef) -> bool:
    """Whether the field's values can be united without asking."""
    return field.kind.family in _LISTS or (field.kind.family == "link" and bool(field.options["many"]))


def can_unite(field: FieldDef) -> bool:
    """Whether `all` may be said of the field."""
    return is_list(field) or field.kind.name == "long_text"


def picks(table: TableDef, records: Sequence[int], take: Mapping[str, str], pointer: str) -> dict[int, int | str]:
    """What `take` names: by field the record whose value stays, or ALL; Invalid (`bad_merge`) for what cannot be."""
    found: dict[int, int | str] = {}
    known = {field.id for field in mergeable(table)}
    for ref, choice in take.items():
        field = table.field(ref)
        at = f"{pointer}/{ref.replace('~', '~0').replace('/', '~1')}"
        if field.id not in known:
            raise Invalid("bad_merge", f"{field.name} is filled by the CRM; it cannot be picked.", "", at)
        if choice == ALL:
            if not can_unite(field):
                raise Invalid("bad_merge", f"The values of {field.name} cannot be united.", "Name one record.", at)
            found[field.id] = ALL
            continue
        key = ids.try_record(table.id, choice)
        if key not in records:
            raise Invalid("bad_merge", f"{choice[:40]!r} is none of the merged records.", "Name one of them.", at)
        assert key is not None
        found[field.id] = key
    return found


def chosen(
    fields: Sequence[FieldDef],
    records: Sequence[int],
    current: Mapping[int, Mapping[Any, Any]],
    take: Mapping[int, int | str],
) -> dict[int, int | str]:
    """Where each field's value comes from: what `take` says, else ALL for lists, else the first filled record.

    0 stands for a field that nobody filled.
    """

    def first(field: FieldDef) -> int:
        return next((key for key in records if current[key][field.id] not in (None, ())), 0)

    return {field.id: take.get(field.id, ALL if is_list(field) else first(field)) for field in fields}


def joined(
    table: TableDef,
    records: Sequence[int],
    current: Mapping[int, Mapping[Any, Any]],
    choices: Mapping[int, int | str],
) -> Stored:
    """The cells of the one record that stays (the first of `records`); a link among them leads to itself and goes."""
    result: Stored = {}
    for field_id, choice in choices.items():
        field = table.by_id[field_id]
        if choice == ALL:
            value = united(field, [current[key][field_id] for key in records])
        else:
            value = current[int(choice)][field_id] if choice else None
        if field.kind.family == "link" and field.options["table"] == table.id:
            value = tuple(target for target in value or () if target not in records) or None
        result[field_id] = value
    return result


def united(field: FieldDef, values: Iterable[Any]) -> Any:
    """Several values as one, each part once, in their order."""
    if not is_list(field):
        return "\n\n".join(dict.fromkeys(text for text in values if text)) or None
    parts = list(dict.fromkeys(part for value in values for part in _parts(field, value)))
    if field.kind.family == "file" and len(parts) > attachments.MAX_FILES:
        what = f"{field.name} would have {len(parts)} files; a cell holds at most {attachments.MAX_FILES}."
        raise Invalid("bad_merge", what, "Pick the files of one record.", "/ops/0/take")
    return _whole(field, parts)


def back(field: FieldDef, before: Any, after: Any, now: Any) -> tuple[Any, bool]:
    """What a cell becomes when its change from `before` to `after` is taken back but `now` it is something else.

    Of a list only what came goes, and what went comes; another value stays. The second says whether that is so.
    """
    if same(now, after):
        return before, True
    if not is_list(field):
        return now, same(now, before)
    was, became, is_now = (_parts(field, value) for value in (before, after, now))
    came, went = [part for part in became if part not in was], [part for part in was if part not in became]
    if came and not any(part in is_now for part in came):
        return now, True  # somebody took away since what had come: there is nothing to give back
    kept = [part for part in is_now if part not in came]
    kept += [part for part in went if part not in kept]
    return _whole(field, kept), True


def _parts(field: FieldDef, value: Any) -> list[Any]:
    if not value:
        return []
    if field.kind.family == "link":
        return list(value)
    if field.kind.family == "choices":
        return list(options.unpack(value))
    return [(file.hash, file.name, file.size, file.type) for file in attachments.unpack(value)]


def _whole(field: FieldDef, parts: Sequence[Any]) -> Any:
    if field.kind.family == "link":
        return tuple(parts) or None
    if field.kind.family == "choices":
        return options.pack(parts)
    return attachments.pack([attachments.File(*part) for part in parts])
