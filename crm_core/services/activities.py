"""Calls, meetings, notes and mail: what was said and written outside, kept at the records it is about."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, get_args
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core import clock, ids
from crm_core.contracts.actor import Actor
from crm_core.contracts.change import ChangeSet, Update, Who
from crm_core.contracts.timeline import ActivityKind, LoggedActivity, Participant
from crm_core.errors import Invalid, NotFound, Refused
from crm_core.kinds import CellError
from crm_core.kinds.text import clean
from crm_core.models.tables import ACTIVITIES, ACTIVITY_PARTICIPANTS, USERS
from crm_core.names import tidy_name
from crm_core.services import events, last_contact
from crm_core.services.attached import Spot, check_writes, find
from crm_core.services.records import Records
from crm_core.services.settings import Settings
from crm_core.storage import state
from crm_core.storage.queries import links, merges
from crm_core.storage.schema import Schema, SchemaCache
from crm_core.storage.unit import Units

KINDS: Sequence[ActivityKind] = get_args(ActivityKind)
MAX_SUBJECT = 300
MAX_BODY = 100_000
MAX_PARTICIPANTS = 100
SOURCE = "activity:"
"""How the source of a change begins that follows from an activity; the timeline tells the activity alone."""
ABOUT, ATTENDEE = "about", "attendee"
_activity, _part = ACTIVITIES.c, ACTIVITY_PARTICIPANTS.c


class Part(NamedTuple):
    """Who or what belongs to an activity, as `activity_participants` keeps it."""

    role: str
    table_id: int | None = None
    record_id: int | None = None
    user_id: int | None = None


class Activities:
    """Logs, edits and deletes activities. Deleted ones stay in the database and are never read."""

    def __init__(self, units: Units, schemas: SchemaCache, settings: Settings, records: Records) -> None:
        self._units, self._schemas, self._settings, self._records = units, schemas, settings, records

    def log(
        self,
        table: str,
        record: str,
        kind: str,
        actor: Actor,
        *,
        subject: str = "",
        body: str = "",
        at: str | None = None,
        participants: Sequence[str] = (),
    ) -> LoggedActivity:
        """Write down what happened with a record; it also belongs to those that it and who took part link to.

        `participants` are ids of people of the team and of records (contacts). Raises Invalid (`bad_activity`,
        `bad_time`), NotFound and Conflict (`record_deleted`).
        """
        check_writes(actor)
        values = {"kind": _kind(kind), "subject": _subject(subject), "body": _body(body)}
        if not values["subject"] and not values["body"]:
            raise Invalid("bad_activity", "An activity needs a subject or a text.", "Say what it was about.", "/body")
        zone, now = self._settings.team().time_zone, clock.now_text()
        values["at"] = _moment(at, zone) if at else now
        with self._units.write() as session:
            connection = session.connection()
            spot = find(connection, self._schemas, table, record, writes=True)
            parts = _parts(connection, spot, participants)
            stamps = {"created_at": now, "updated_at": now, "created_by": actor.user_id, "updated_by": actor.user_id}
            made = connection.execute(
                sa.insert(ACTIVITIES).values(**values, **stamps, state="approved")
            ).inserted_primary_key
            assert made is not None
            key = int(made[0])
            _keep(connection, key, parts)
            _tell(connection, "activity.logged", actor, spot, key, values)
            row = _row(connection, key)
            answer = views(connection, spot.schema, [row], actor, zone)[key]
            updates = _contact(connection, spot.schema, row, zone)
        self._move(updates, answer, actor)
        return answer

    def change(
        self,
        public_id: str,
        actor: Actor,
        *,
        kind: str | None = None,
        subject: str | None = None,
        body: str | None = None,
        at: str | None = None,
        participants: Sequence[str] | None = None,
    ) -> LoggedActivity:
        """Change what is given of an activity that the actor logged (or as an admin any)."""
        check_writes(actor)
        zone = self._settings.team().time_zone
        changes = {
            **({"kind": _kind(kind)} if kind is not None else {}),
            **({"subject": _subject(subject)} if subject is not None else {}),
            **({"body": _body(body)} if body is not None else {}),
            **({"at": _moment(at, zone)} if at is not None else {}),
        }
        with self._units.write() as session:
            connection, key = session.connection(), ids.decode("act", public_id)
            row = _own(connection, key, actor)
            if not (changes.get("subject", row.subject) or changes.get("body", row.body)):
                raise Invalid("bad_activity", "An activity needs a subject or a text.", "Delete it instead.", "/body")
            stamps = {"updated_at": clock.now_text(), "updated_by": actor.user_id}
            connection.execute(sa.update(ACTIVITIES).where(_activity.id == key).values(**changes, **stamps))
            spot = _home(connection, self._schemas, key)
            if participants is not None:
                parts = _parts(connection, spot, participants)
                connection.execute(sa.delete(ACTIVITY_PARTICIPANTS).where(_part.activity_id == key))
                _keep(connection, key, parts)
            row = _row(connection, key)
            _tell(connection, "activity.changed", actor, spot, key, row._mapping)
            answer = views(connection, spot.schema, [row], actor, zone)[key]
            updates = _contact(connection, spot.schema, row, zone)
        self._move(updates, answer, actor)
        return answer

    def _move(self, updates: Sequence[Update], entry: LoggedActivity, actor: Actor) -> None:
        """Bring the day of the last contact forward, as a change set of its own that shows in the history."""
        if updates:
            change = ChangeSet(updates, source=SOURCE + entry.id, reason=f"Logged a {entry.kind}")
            self._records.apply(change, actor)

    def delete(self, public_id: str, actor: Actor) -> None:
        """Take an activity away: one that the actor logged, or as an admin any."""
        check_writes(actor)
        with self._units.write() as session:
            connection, key = session.connection(), ids.decode("act", public_id)
            row = _own(connection, key, actor)
            values = {"deleted_at": clock.now_text(), "updated_by": actor.user_id}
            connection.execute(sa.update(ACTIVITIES).where(_activity.id == key).values(**values))
            spot = _home(connection, self._schemas, key)
            _tell(connection, "activity.deleted", actor, spot, key, row._mapping)


def views(
    connection: Connection, schema: Schema, rows: Sequence[Any], actor: Actor, zone: str
) -> dict[int, LoggedActivity]:
    """Rows of `activities` as clients see them, with who took part, by key."""
    people = links.people(connection)
    parts = list(
        connection.execute(
            sa.select(ACTIVITY_PARTICIPANTS)
            .where(_part.activity_id.in_([row.id for row in rows]))
            .order_by(_part.activity_id, _part.id)
        )
    )
    named = _record_names(connection, schema, parts, zone)
    found: dict[int, list[Participant]] = {}
    for part in parts:
        if part.table_id is not None and part.table_id not in schema.by_id:
            continue
        found.setdefault(part.activity_id, []).append(_participant(schema, part, people, named))
    return {
        row.id: LoggedActivity(
            ids.encode("act", row.id), row.kind, row.subject, row.body, row.at, found.get(row.id, []),
            None if row.created_by is None else Who(ids.encode("usr", row.created_by), people.get(row.created_by, "")),
            row.updated_at > row.created_at, row.created_by is not None and row.created_by == actor.user_id,
        )
        for row in rows
    }  # fmt: skip


def _participant(
    schema: Schema, part: Any, people: Mapping[int, str], named: Mapping[tuple[int, int], str]
) -> Participant:
    if part.table_id is not None:
        name = named.get((part.table_id, part.record_id), "")
        record = ids.record(part.table_id, part.record_id)
        return Participant(part.role, name or part.name, schema.by_id[part.table_id].key, record, email=part.email)
    user = None if part.user_id is None else ids.encode("usr", part.user_id)
    return Participant(part.role, people.get(part.user_id, part.name), user=user, email=part.email)


def _record_names(
    connection: Connection, schema: Schema, parts: Iterable[Any], zone: str
) -> dict[tuple[int, int], str]:
    wanted: dict[int, set[int]] = {}
    for part in parts:
        if part.table_id is not None and part.table_id in schema.by_id:
            wanted.setdefault(part.table_id, set()).add(part.record_id)
    return {
        (table, key): name
        for table, keys in wanted.items()
        for key, name in links.display_names(connection, schema.by_id[table], sorted(keys), zone).items()
    }


def _parts(connection: Connection, spot: Spot, participants: Sequence[str]) -> list[Part]:
    """The record first, then who took part, then what those link to by a link to one."""
    if len(participants) > MAX_PARTICIPANTS:
        raise Invalid("bad_activity", f"At most {MAX_PARTICIPANTS} may have taken part.", "", "/participants")
    parts, met = [Part(ABOUT, spot.table.id, spot.key)], [spot]
    for one in participants:
        if one.startswith("usr"):
            key = ids.decode("usr", one)
            if connection.execute(sa.select(USERS.c.id).where(USERS.c.id == key)).first() is None:
                raise NotFound("unknown_user", "There is no such person in the team.", "Look at /api/users.")
            parts.append(Part(ATTENDEE, user_id=key))
        else:
            other = _record(connection, spot.schema, one)
            parts.append(Part(ATTENDEE, other.table.id, other.key))
            met.append(other)
    for each in met:
        parts += [Part(ABOUT, table, key) for table, key in _above(connection, each)]
    seen: dict[tuple[int | None, int | None, int | None], Part] = {}
    for part in parts:
        seen.setdefault(part[1:], part)
    return list(seen.values())


def _record(connection: Connection, schema: Schema, public_id: str) -> Spot:
    for table in schema.tables:
        key = ids.try_record(table.id, public_id)
        if key is not None:
            key = merges.survivor(connection, table, key)
            live = sa.select(table.sql.c.id).where(table.sql.c.id == key, table.sql.c.deleted_at.is_(None))
            if connection.execute(live).first() is not None:
                return Spot(schema, table, key)
    raise NotFound("unknown_record", f"There is no record {public_id[:40]!r} that could have taken part.")


def _above(connection: Connection, spot: Spot) -> list[tuple[int, int]]:
    """The records that one points at by a link to one: a contact's investor."""
    fields = [field for field in spot.table.fields if field.kind.name == "link" and field.column]
    if not fields:
        return []
    query = sa.select(*(spot.table.column(field) for field in fields)).where(spot.table.sql.c.id == spot.key)
    row = connection.execute(query).one()
    return [(field.options["table"], key) for field, key in zip(fields, row, strict=True) if key is not None]


def _contact(connection: Connection, schema: Schema, row: Any, zone: str) -> list[Update]:
    if row.kind not in last_contact.COUNTS:
        return []
    query = sa.select(_part.table_id, _part.record_id).where(_part.activity_id == row.id, _part.table_id.is_not(None))
    found = [(each.table_id, each.record_id) for each in connection.execute(query.order_by(_part.id))]
    return list(last_contact.moved(connection, schema, found, row.at, zone))


def _keep(connection: Connection, key: int, parts: Sequence[Part]) -> None:
    rows = [{"activity_id": key, "name": "", **part._asdict()} for part in parts]
    connection.execute(sa.insert(ACTIVITY_PARTICIPANTS), rows)


def _row(connection: Connection, key: int) -> Any:
    row = connection.execute(sa.select(ACTIVITIES).where(_activity.id == key, _activity.deleted_at.is_(None))).first()
    if row is None:
        raise NotFound("unknown_activity_entry", "There is no such activity.", "It may have been deleted; reload.")
    return row


def _own(connection: Connection, key: int, actor: Actor) -> Any:
    row = _row(connection, key)
    if not actor.is_admin and (row.created_by is None or row.created_by != actor.user_id):
        raise Refused("not_yours", "Only who logged an activity and admins may change it.")
    return row


def _home(connection: Connection, schemas: SchemaCache, key: int) -> Spot:
    """The record where an activity was logged."""
    query = sa.select(_part.table_id, _part.record_id).where(
        _part.activity_id == key, _part.role == ABOUT, _part.table_id.is_not(None)
    )
    table, record = connection.execute(query.order_by(_part.id)).first() or (0, 0)
    schema = schemas.at(connection, state.current(connection).schema_version, keep=False)
    if table not in schema.by_id:
        raise NotFound("unknown_table", "The table of this activity is not there any more.")
    return Spot(schema, schema.by_id[table], record)


def _tell(connection: Connection, kind: str, actor: Actor, spot: Spot, key: int, values: Mapping[str, Any]) -> None:
    text = " ".join((values["subject"] or values["body"]).split())[:200]
    data = {"table": spot.table.key, "activity": ids.encode("act", key), "kind": values["kind"], "text": text}
    events.record(connection, kind, actor, subject=spot.public_id, data=data)


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise Invalid("bad_activity", f"There is no activity {kind[:40]!r}.", f"Use: {', '.join(KINDS)}.", "/kind")
    return kind


def _subject(text: str) -> str:
    if not text.strip():
        return ""
    return tidy_name(
        text, "A subject", MAX_SUBJECT, code="bad_activity", hint="Put the rest below.", pointer="/subject"
    )


def _body(text: str) -> str:
    try:
        return clean(text.replace("\r\n", "\n").strip()) or ""
    except CellError as error:
        raise Invalid("bad_activity", f"The text cannot be taken: {error.detail}", error.hint, "/body") from None


def _moment(text: str, zone: str) -> str:
    """A moment in stored form; one without a zone is in the team's."""
    try:
        moment = datetime.fromisoformat(text)
        return clock.to_text(moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone)))
    except (ValueError, OverflowError) as error:
        what = f"{text[:40]!r} is no moment."
        raise Invalid("bad_time", what, "Use 2026-11-23T09:30:00Z.", "/at") from error
