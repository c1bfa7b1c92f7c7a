"""Comments on records: who wrote what to whom, and who is told of it."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core import clock, ids
from crm_core.contracts.actor import Actor
from crm_core.contracts.change import Who
from crm_core.contracts.comments import Comment, Comments
from crm_core.errors import Invalid, NotFound, Refused
from crm_core.kinds import CellError
from crm_core.kinds.text import clean
from crm_core.models.tables import COMMENTS, GRID_TABLES
from crm_core.services import events, notifications
from crm_core.services.attached import Spot, check_writes, find
from crm_core.services.mentions import mentioned, names, plain
from crm_core.storage.queries import links
from crm_core.storage.schema import SchemaCache
from crm_core.storage.unit import Units

MAX_BODY = 10_000
MAX_PAGE = 200
_SNIPPET = 200
_comment = COMMENTS.c
LIVE = _comment.deleted_at.is_(None)


class Discussion:
    """Reads and writes comments. Deleted ones stay in the database and are never read."""

    def __init__(self, units: Units, schemas: SchemaCache) -> None:
        self._units, self._schemas = units, schemas

    def list(self, table: str, record: str, actor: Actor, offset: int = 0, limit: int = 100) -> Comments:
        """A record's comments, newest first."""
        if not (0 <= offset < 2**53 and 1 <= limit <= MAX_PAGE):
            raise Invalid("bad_limit", f"offset must be 0 or more and limit from 1 to {MAX_PAGE}.")
        with self._units.read() as session:
            connection = session.connection()
            spot = find(connection, self._schemas, table, record)
            here = on(spot)
            total = connection.execute(sa.select(sa.func.count()).select_from(COMMENTS).where(*here)).scalar() or 0
            query = sa.select(COMMENTS).where(*here).order_by(_comment.at.desc(), _comment.id.desc())
            people = links.people(connection)
            shown = [view(row, actor, people) for row in connection.execute(query.offset(offset).limit(limit))]
        return Comments(shown, total)

    def add(self, table: str, record: str, body: str, actor: Actor, reply_to: str | None = None) -> Comment:
        """Write a comment; people named in it, and those it answers, are notified.

        Raises Invalid (`bad_comment`), NotFound (`unknown_record`, `unknown_comment`) and Conflict (`record_deleted`).
        """
        check_writes(actor)
        body = _body(body)
        with self._units.write() as session:
            connection = session.connection()
            spot = find(connection, self._schemas, table, record, writes=True)
            answered = None if reply_to is None else _thread(connection, spot, reply_to)
            values = {
                "table_id": spot.table.id, "record_id": spot.key, "reply_to": answered, "body": body,
                "at": clock.now_text(), "created_by": actor.user_id,
            }  # fmt: skip
            made = connection.execute(sa.insert(COMMENTS).values(**values)).inserted_primary_key
            assert made is not None
            key = int(made[0])
            people = links.people(connection)
            named = set(mentioned(body))
            told = notifications.Note("mention", actor.user_id, spot.table.id, spot.key, key)
            notifications.send(connection, told, named)
            if answered is not None:
                told = told._replace(kind="reply")
                notifications.send(connection, told, _speakers(connection, answered) - named)
            _tell(connection, "comment.created", actor, spot.table.key, spot.public_id, key, plain(body, people))
            return view(_row(connection, key), actor, people)

    def change(self, public_id: str, body: str, actor: Actor) -> Comment:
        """Edit an own comment; who is named now and was not before is notified. Refused (`not_yours`) otherwise."""
        check_writes(actor)
        body = _body(body)
        with self._units.write() as session:
            connection, key = session.connection(), ids.decode("cmt", public_id)
            before = _row(connection, key)
            if before.created_by is None or before.created_by != actor.user_id:
                raise Refused("not_yours", "Only who wrote a comment may edit it.", "Answer it instead.")
            people = links.people(connection)
            if body != before.body:
                values = {"body": body, "edited_at": clock.now_text()}
                connection.execute(sa.update(COMMENTS).where(_comment.id == key).values(**values))
                told = notifications.Note("mention", actor.user_id, before.table_id, before.record_id, key)
                notifications.send(connection, told, set(mentioned(body)) - set(mentioned(before.body)))
                self._tell_of(connection, "comment.changed", actor, before, plain(body, people))
            return view(_row(connection, key), actor, people)

    def delete(self, public_id: str, actor: Actor) -> None:
        """Take a comment away: an own one, or as an admin any."""
        check_writes(actor)
        with self._units.write() as session:
            connection, key = session.connection(), ids.decode("cmt", public_id)
            before = _row(connection, key)
            if not actor.is_admin and (before.created_by is None or before.created_by != actor.user_id):
                raise Refused("not_yours", "Only who wrote a comment and admins may delete it.")
            connection.execute(sa.update(COMMENTS).where(_comment.id == key).values(deleted_at=clock.now_text()))
            self._tell_of(connection, "comment.deleted", actor, before, "")

    def _tell_of(self, connection: Connection, kind: str, actor: Actor, row: Any, text: str) -> None:
        table = next((key for key, number in _table_keys(connection).items() if number == row.table_id), "")
        _tell(connection, kind, actor, table, ids.record(row.table_id, row.record_id), row.id, text)


def on(spot: Spot) -> tuple[sa.ColumnElement[bool], ...]:
    """The live comments of a record."""
    return _comment.table_id == spot.table.id, _comment.record_id == spot.key, LIVE


def view(row: Any, actor: Actor, people: Mapping[int, str]) -> Comment:
    """A row of `comments` as clients see it."""
    author = None if row.created_by is None else Who(ids.encode("usr", row.created_by), people.get(row.created_by, ""))
    return Comment(
        ids.encode("cmt", row.id), row.at, author, row.body, names(row.body, people),
        None if row.reply_to is None else ids.encode("cmt", row.reply_to),
        row.edited_at, row.created_by is not None and row.created_by == actor.user_id,
    )  # fmt: skip


def _row(connection: Connection, key: int) -> Any:
    row = connection.execute(sa.select(COMMENTS).where(_comment.id == key, LIVE)).first()
    if row is None:
        raise NotFound("unknown_comment", "There is no such comment.", "It may have been deleted; reload.")
    return row


def _thread(connection: Connection, spot: Spot, reply_to: str) -> int:
    """The comment that begins the thread: answers to an answer stand beside it."""
    row = _row(connection, ids.decode("cmt", reply_to))
    if (row.table_id, row.record_id) != (spot.table.id, spot.key):
        raise NotFound("unknown_comment", "The comment to answer belongs to another record.")
    return int(row.reply_to or row.id)


def _speakers(connection: Connection, first: int) -> set[int]:
    """Everybody who wrote in a thread."""
    mine = sa.select(_comment.created_by).where(sa.or_(_comment.id == first, _comment.reply_to == first), LIVE)
    return {row[0] for row in connection.execute(mine) if row[0] is not None}


def _table_keys(connection: Connection) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(sa.select(GRID_TABLES.c.key, GRID_TABLES.c.id))}


def _tell(connection: Connection, kind: str, actor: Actor, table: str, record: str, key: int, text: str) -> None:
    line = " ".join(text.split())
    data = {"table": table, "comment": ids.encode("cmt", key), **({"text": line[:_SNIPPET]} if line else {})}
    events.record(connection, kind, actor, subject=record, data=data)


def _body(text: str) -> str:
    try:
        tidy = clean(text.replace("\r\n", "\n").strip()) or ""
    except CellError as error:
        raise Invalid("bad_comment", f"The comment cannot be taken: {error.detail}", error.hint, "/body") from None
    if not tidy or len(tidy) > MAX_BODY:
        raise Invalid("bad_comment", f"A comment has 1 to {MAX_BODY:,} characters.", "Write it shorter.", "/body")
    return tidy
