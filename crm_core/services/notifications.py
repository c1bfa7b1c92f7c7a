"""Who is told of what: mentions, replies, and tasks given to somebody."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core import clock, ids
from crm_core.contracts.actor import Actor
from crm_core.contracts.change import Who
from crm_core.contracts.comments import Notification, NotificationKind, Notifications
from crm_core.errors import Invalid
from crm_core.models.tables import COMMENTS, NOTIFICATIONS, USERS
from crm_core.services.attached import check_writes
from crm_core.services.mentions import plain
from crm_core.services.records.work import Work
from crm_core.services.settings import Settings
from crm_core.storage import state
from crm_core.storage.queries import links
from crm_core.storage.schema import Schema, SchemaCache
from crm_core.storage.unit import Units

MAX_PAGE = 200
_SNIPPET = 160
TASKS, ASSIGNEE = "tasks", "assignee"
"""The built-in table and field that give work to people."""
_note = NOTIFICATIONS.c


class Note(NamedTuple):
    """What somebody is told: why, who did it, at which record, and in which comment."""

    kind: NotificationKind
    actor_id: int | None
    table_id: int
    record_id: int
    comment_id: int | None = None


def send(connection: Connection, note: Note, people: Iterable[int]) -> None:
    """Tell people within the caller's unit of work: active ones, each once, and never the one who did it."""
    send_all(connection, [(note, person) for person in sorted(set(people))])


def send_all(connection: Connection, notes: Sequence[tuple[Note, int]]) -> None:
    """As `send`, for many notes at once."""
    wanted = {person for note, person in notes if person != note.actor_id}
    if not wanted:
        return
    there = sa.select(USERS.c.id).where(USERS.c.id.in_(sorted(wanted)), USERS.c.active.is_(True))
    active, at = {row[0] for row in connection.execute(there)}, clock.now_text()
    rows = [
        {**note._asdict(), "at": at, "user_id": person}
        for note, person in notes
        if person in active and person != note.actor_id
    ]
    if rows:
        connection.execute(sa.insert(NOTIFICATIONS), rows)


def assigned(work: Work) -> None:
    """Tell people of the tasks that a change set gives them."""
    table = next((table for table in work.schema.tables if table.key == TASKS), None)
    field = next((field for field in table.fields if field.key == ASSIGNEE), None) if table else None
    if table is None or field is None:
        return
    given = [
        (Note("assigned", work.actor.user_id, table.id, entry.entity_id), entry.after[field.cell_key])
        for entry in work.entries
        if entry.table_id == table.id and entry.entity == "record" and entry.op in ("create", "update")
        if entry.after and entry.after.get(field.cell_key) is not None
    ]
    send_all(work.connection, given)


class Notices:
    """Reads a person's notifications and marks them as read."""

    def __init__(self, units: Units, schemas: SchemaCache, settings: Settings) -> None:
        self._units, self._schemas, self._settings = units, schemas, settings

    def list(self, actor: Actor, *, unread: bool = False, offset: int = 0, limit: int = 50) -> Notifications:
        """The actor's own, newest first; `unread` leaves out those he has read."""
        if not (0 <= offset < 2**53 and 1 <= limit <= MAX_PAGE):
            raise Invalid("bad_limit", f"offset must be 0 or more and limit from 1 to {MAX_PAGE}.")
        with self._units.read() as session:
            connection = session.connection()
            mine = [_note.user_id == (actor.user_id or 0), _there()]
            new = _count(connection, [*mine, _note.read_at.is_(None)])
            if unread:
                mine.append(_note.read_at.is_(None))
            total = new if unread else _count(connection, mine)
            query = sa.select(NOTIFICATIONS).where(*mine).order_by(_note.id.desc()).offset(offset).limit(limit)
            rows = connection.execute(query).all()
            schema = self._schemas.at(connection, state.current(connection).schema_version)
            shown = _views(connection, schema, rows, self._settings.team().time_zone)
        return Notifications(shown, total, new)

    def mark(self, actor: Actor, marked: Sequence[str] | None, read: bool) -> Notifications:
        """Mark own notifications (None: all) as read or unread; ids of others are passed over."""
        check_writes(actor)
        where: list[sa.ColumnElement[bool]] = [_note.user_id == (actor.user_id or 0)]
        if marked is not None:
            where.append(_note.id.in_([ids.decode("ntf", one) for one in marked]))
        where.append(_note.read_at.is_(None) if read else _note.read_at.is_not(None))
        with self._units.write() as session:
            at = clock.now_text() if read else None
            session.connection().execute(sa.update(NOTIFICATIONS).where(*where).values(read_at=at))
        return self.list(actor)


def _there() -> sa.ColumnElement[bool]:
    """Not of a comment that was taken away."""
    gone = sa.select(COMMENTS.c.id).where(COMMENTS.c.id == _note.comment_id, COMMENTS.c.deleted_at.is_not(None))
    return sa.not_(sa.exists(gone))


def _count(connection: Connection, where: Sequence[sa.ColumnElement[bool]]) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(NOTIFICATIONS).where(*where)).scalar() or 0


def _views(connection: Connection, schema: Schema, rows: Sequence[Any], zone: str) -> list[Notification]:
    people = links.people(connection)
    named: dict[tuple[int, int], str] = {}
    for table_id in {row.table_id for row in rows}:
        if table_id in schema.by_id:
            keys = [row.record_id for row in rows if row.table_id == table_id]
            found = links.display_names(connection, schema.by_id[table_id], keys, zone)
            named.update(((table_id, key), name) for key, name in found.items())
    said = sa.select(COMMENTS.c.id, COMMENTS.c.body).where(COMMENTS.c.id.in_([row.comment_id or 0 for row in rows]))
    bodies = {row[0]: " ".join(plain(row[1], people).split())[:_SNIPPET] for row in connection.execute(said)}
    return [
        Notification(
            ids.encode("ntf", row.id), row.at, row.kind,
            None if row.actor_id is None else Who(ids.encode("usr", row.actor_id), people.get(row.actor_id, "")),
            schema.by_id[row.table_id].key, ids.record(row.table_id, row.record_id),
            named.get((row.table_id, row.record_id), ""), bodies.get(row.comment_id, ""),
            None if row.comment_id is None else ids.encode("cmt", row.comment_id), row.read_at is not None,
        )
        for row in rows
        if row.table_id in schema.by_id
    ]  # fmt: skip
