"""View operations: add, change, delete and restore the saved ways to look at a table."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import UNSET
from sqlalchemy import func, insert, select, update

from crm_core import ids
from crm_core.contracts.catalogue import ViewConfig
from crm_core.contracts.change import CreateView, DeleteView, RestoreView, UpdateView, ViewOp
from crm_core.errors import Conflict, CrmError, Invalid, NotFound, Refused
from crm_core.models.tables import VIEWS
from crm_core.names import MAX_NAME, tidy_name
from crm_core.services.records.work import Entry, Work

MAX_DESCRIPTION = 2_000
KINDS = ("grid", "kanban", "calendar", "gallery")


def run(work: Work, op: ViewOp, pointer: str) -> None:
    """Apply one operation on views; raises on the first problem, with its pointer."""
    try:
        if isinstance(op, CreateView):
            _create(work, op)
        elif isinstance(op, UpdateView):
            _update(work, op)
        elif isinstance(op, (DeleteView, RestoreView)):
            row = _own(work, op.view)
            if isinstance(op, DeleteView):
                _refuse_last(work, row)
            save(work, row["id"], {"deleted_at": work.at if isinstance(op, DeleteView) else None})
    except CrmError as error:
        error.pointer = error.pointer or pointer
        raise


def _create(work: Work, op: CreateView) -> None:
    table = work.schema.table(op.table)
    if op.view.kind not in KINDS:
        raise Invalid(
            "unknown_view_kind", f"There is no view kind {op.view.kind!r}.", f"Kinds are: {', '.join(KINDS)}."
        )
    if op.view.personal and work.actor.user_id is None:
        raise Invalid("no_owner", "A personal view needs a person as its owner.")
    row = {
        "name": _name(op.view.name),
        "description": _description(op.view.description),
        "section": _section(op.view.section),
        "kind": op.view.kind,
        "owner_id": work.actor.user_id if op.view.personal else None,
        "locked": False,
        "position": (work.connection.execute(select(func.max(VIEWS.c.position))).scalar() or 0.0) + 1,
        "config": _config(op.view.config, {}),
        "deleted_at": None,
    }
    key = (work.connection.execute(select(func.max(VIEWS.c.id))).scalar() or 0) + 1
    made = {"id": key, "table_id": table.id, "created_at": work.at, "created_by": work.actor.user_id}
    work.connection.execute(insert(VIEWS).values(**row, **made))
    work.log([Entry("view", table.id, key, "create", None, row)])
    work.schema_moved()
    work.created.append([ids.encode("viw", key)])


def _update(work: Work, op: UpdateView) -> None:
    new = op.set
    unlocking = new.locked is False and msgspec.to_builtins(new) == {"locked": False}
    row = _own(work, op.view, even_locked=unlocking)
    if new.locked is not UNSET:
        _check_key_holder(work, row)
    changes: dict[str, Any] = {}
    if new.name is not UNSET:
        changes["name"] = _name(new.name)
    if new.description is not UNSET:
        changes["description"] = _description(new.description)
    if new.section is not UNSET:
        changes["section"] = _section(new.section)
    if new.locked is not UNSET:
        changes["locked"] = new.locked
    if new.position is not UNSET:
        changes["position"] = new.position
    if new.config is not UNSET:
        changes["config"] = _config(new.config, json.loads(row["config"]))
    save(work, row["id"], changes)


def undo(work: Work, entry: Entry, *, force: bool) -> None:
    """Take one change of a view back, by the same rules as changing it; Conflict when it was changed again since."""
    unlocking = (entry.after or {}).get("locked") is True
    row = _own(work, ids.encode("viw", entry.entity_id), even_locked=unlocking)
    if entry.op == "create":
        _refuse_last(work, row)
        save(work, entry.entity_id, {"deleted_at": work.at})
        return
    before, after = entry.before or {}, entry.after or {}
    if "locked" in before:
        _check_key_holder(work, row)
    changed = [part for part in before if row[part] != after[part]]
    if changed and not force:
        what = f"The view {row['name']} was changed again since ({', '.join(changed)})."
        raise Conflict("view_changed", what, "Undo the later change first, or undo with force.")
    if before.get("deleted_at"):
        _refuse_last(work, row)
    save(work, entry.entity_id, before)


def save(work: Work, key: int, changes: Mapping[str, Any]) -> None:
    """Write what differs, with its history."""
    row = _row(work, key)
    changed = {part: value for part, value in changes.items() if row[part] != value}
    if changed:
        work.connection.execute(update(VIEWS).where(VIEWS.c.id == key).values(**changed))
        before = {part: row[part] for part in changed}
        work.log([Entry("view", row["table_id"], key, "update", before, changed)])
        work.schema_moved()


def _row(work: Work, key: int) -> Mapping[str, Any]:
    row = work.connection.execute(select(VIEWS).where(VIEWS.c.id == key)).mappings().first()
    if row is None:
        raise NotFound("unknown_view", f"There is no view {ids.encode('viw', key)}.")
    return dict(row)


def _own(work: Work, public: str, *, even_locked: bool = False) -> Mapping[str, Any]:
    """The view, when this actor may change it; somebody else's personal view does not exist for him."""
    row = _row(work, ids.decode("viw", public))
    if row["owner_id"] is not None and row["owner_id"] != work.actor.user_id:
        raise NotFound("unknown_view", f"There is no view {public}.")
    if row["locked"] and not even_locked:
        raise Refused("view_locked", f"The view {row['name']} is locked.", "Unlock it first, or make a copy.")
    return row


def _check_key_holder(work: Work, row: Mapping[str, Any]) -> None:
    """Who may lock and unlock: an admin, the owner of a personal view, and whoever made a shared one."""
    if not work.actor.is_admin and work.actor.user_id not in (row["owner_id"], row["created_by"]):
        what = f"The view {row['name']} is locked and unlocked by an admin or by who made it."
        raise Refused("view_locked", what, "Ask one of them, or make a copy of the view.")


def _refuse_last(work: Work, row: Mapping[str, Any]) -> None:
    """A table keeps at least one shared view."""
    if row["owner_id"] is not None:
        return
    others = select(func.count()).where(
        VIEWS.c.table_id == row["table_id"],
        VIEWS.c.owner_id.is_(None),
        VIEWS.c.deleted_at.is_(None),
        VIEWS.c.id != row["id"],
    )
    if not work.connection.execute(others).scalar():
        raise Refused("last_view", f"{row['name']} is the table's only shared view.", "Make another one first.")


def _name(name: str) -> str:
    return tidy_name(name, "A view's name", MAX_NAME)


def _section(name: str) -> str:
    return _name(name) if name.strip() else ""


def _description(text: str) -> str:
    tidy = text.strip()
    if len(tidy) > MAX_DESCRIPTION or any(not (sign.isprintable() or sign in "\n\t") for sign in tidy):
        what = f"A view's description has at most {MAX_DESCRIPTION:,} printable characters."
        raise Invalid("bad_description", what, "Shorten it.")
    return tidy


def _config(given: Mapping[str, Any], before: Mapping[str, Any]) -> str:
    unknown = sorted(set(given) - set(ViewConfig.__struct_fields__))
    if unknown:
        has = ", ".join(ViewConfig.__struct_fields__)
        raise Invalid("bad_view", f"A view's configuration has no {unknown[0][:40]!r}.", f"It has: {has}.")
    try:
        config = msgspec.convert({**before, **given}, ViewConfig)
    except msgspec.ValidationError as error:
        raise Invalid("bad_view", f"The view's configuration cannot be taken: {error}.") from None
    return msgspec.json.encode(config).decode()
