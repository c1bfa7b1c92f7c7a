"""What hangs on records without being a field: comments, notifications, activities. It goes along with a merge."""

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core.models.tables import ACTIVITIES, ACTIVITY_PARTICIPANTS, COMMENTS, NOTIFICATIONS
from crm_core.storage.statements import chunks

_PLAIN = {"comments": COMMENTS, "notifications": NOTIFICATIONS}
_part = ACTIVITY_PARTICIPANTS.c
ABOUT = "about"


class Moved(msgspec.Struct, omit_defaults=True):
    """What was moved, so that it can go back: keys by the record it came from.

    `parts` are participants as [key, activity, record]; `dropped` those left out because another of the merged
    records took part in the same activity, as whole rows with the key of the participant that stands for them.
    """

    comments: dict[int, list[int]] = {}
    notifications: dict[int, list[int]] = {}
    parts: list[tuple[int, int, int]] = []
    dropped: list[tuple[int, dict[str, Any]]] = []


def count(connection: Connection, table_id: int, records: Sequence[int]) -> dict[str, int]:
    """How many live comments and activities hang on these records."""
    comment = COMMENTS.c
    mine = comment.table_id == table_id, comment.record_id.in_(records), comment.deleted_at.is_(None)
    activities = (
        sa.select(sa.func.count(_part.activity_id.distinct()))
        .join(ACTIVITIES, ACTIVITIES.c.id == _part.activity_id)
        .where(_part.table_id == table_id, _part.record_id.in_(records), ACTIVITIES.c.deleted_at.is_(None))
    )
    said = sa.select(sa.func.count()).select_from(COMMENTS).where(*mine)
    return {
        "comments": connection.execute(said).scalar() or 0,
        "activities": connection.execute(activities).scalar() or 0,
    }


def move(connection: Connection, table_id: int, into: int, records: Sequence[int]) -> Moved:
    """Let everything that hangs on `records` hang on `into`."""
    plain: dict[str, dict[int, list[int]]] = {}
    for name, table in _PLAIN.items():
        mine = table.c.table_id == table_id, table.c.record_id.in_(records)
        found = plain[name] = {}
        for key, record in connection.execute(sa.select(table.c.id, table.c.record_id).where(*mine)):
            found.setdefault(record, []).append(key)
        connection.execute(sa.update(table).where(*mine).values(record_id=into))
    moved = Moved(plain["comments"], plain["notifications"])
    _move_participants(connection, table_id, into, records, moved)
    return moved


def _move_participants(connection: Connection, table_id: int, into: int, records: Sequence[int], moved: Moved) -> None:
    """One participant an activity stays for all of them: one it is about, where there is one."""
    met = sa.select(_part.activity_id).where(_part.table_id == table_id, _part.record_id.in_(records))
    query = sa.select(ACTIVITY_PARTICIPANTS).where(
        _part.activity_id.in_(met), _part.table_id == table_id, _part.record_id.in_([into, *records])
    )
    by_activity: dict[int, list[dict[str, Any]]] = {}
    for each in connection.execute(query.order_by(_part.id)).mappings():
        by_activity.setdefault(each["activity_id"], []).append(dict(each))
    for activity, found in by_activity.items():
        ordered = sorted(found, key=lambda row: (row["role"] != ABOUT, row["record_id"] != into, row["id"]))
        stays, *others = ordered
        if stays["record_id"] != into:
            moved.parts.append((stays["id"], activity, stays["record_id"]))
            connection.execute(sa.update(ACTIVITY_PARTICIPANTS).where(_part.id == stays["id"]).values(record_id=into))
        for row in others:
            moved.dropped.append((stays["id"], row))
            connection.execute(sa.delete(ACTIVITY_PARTICIPANTS).where(_part.id == row["id"]))


def move_back(connection: Connection, table_id: int, into: int, moved: Moved) -> None:
    """Let what was moved hang where it hung; answers to moved comments go along. What others changed since stays."""
    for record, keys in moved.comments.items():
        for piece in chunks(keys):
            thread = sa.or_(COMMENTS.c.id.in_(piece), COMMENTS.c.reply_to.in_(piece))
            here = COMMENTS.c.table_id == table_id, COMMENTS.c.record_id == into
            spoken = sa.select(COMMENTS.c.id).where(thread, *here)
            told = NOTIFICATIONS.c.table_id == table_id, NOTIFICATIONS.c.record_id == into
            connection.execute(
                sa.update(NOTIFICATIONS)
                .where(*told, NOTIFICATIONS.c.comment_id.in_(spoken))
                .values(record_id=record)
            )  # fmt: skip
            connection.execute(sa.update(COMMENTS).where(thread, *here).values(record_id=record))
    for record, keys in moved.notifications.items():
        for piece in chunks(keys):
            told = NOTIFICATIONS.c.table_id == table_id, NOTIFICATIONS.c.record_id == into
            connection.execute(
                sa.update(NOTIFICATIONS).where(*told, NOTIFICATIONS.c.id.in_(piece)).values(record_id=record)
            )
    _participants_back(connection, table_id, into, moved)


def _participants_back(connection: Connection, table_id: int, into: int, moved: Moved) -> None:
    for stays, row in moved.dropped:
        activity = row["activity_id"]
        there = sa.select(_part.id).where(_part.id == stays, *_here(table_id, into), _part.activity_id == activity)
        if connection.execute(there).first() is None:
            continue  # who took part was written anew since
        taken = connection.execute(sa.select(_part.id).where(_part.id == row["id"])).first() is not None
        values = {name: value for name, value in row.items() if name != "id" or not taken}
        connection.execute(sa.insert(ACTIVITY_PARTICIPANTS).values(**values))
    for key, activity, record in moved.parts:
        mine = _part.id == key, _part.activity_id == activity, *_here(table_id, into)
        connection.execute(sa.update(ACTIVITY_PARTICIPANTS).where(*mine).values(record_id=record))


def _here(table_id: int, into: int) -> tuple[sa.ColumnElement[bool], ...]:
    return _part.table_id == table_id, _part.record_id == into
