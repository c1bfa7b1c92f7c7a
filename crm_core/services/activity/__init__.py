"""The activity feed: everything that happened, in one line of sentences, newest first."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from crm_core import clock, ids
from crm_core.contracts.activity import Feed, Happening, Part
from crm_core.contracts.actor import Actor
from crm_core.errors import Invalid, NotFound
from crm_core.services.activity import changes, groups, sentences
from crm_core.services.activity.words import NOBODY, Words
from crm_core.services.settings import Settings
from crm_core.storage import state
from crm_core.storage.queries import feed
from crm_core.storage.queries.feed import Event, Wanted
from crm_core.storage.schema import Schema, SchemaCache, TableDef
from crm_core.storage.unit import Units

MAX_PAGE = 200
_LOOKED_AT = 20_000
_READ = 1_500
"""Events looked at (for a table) and put into words (for a text) before a page is answered with what was found."""

SYSTEM_ACTOR = "system"


@dataclass(frozen=True)
class Ask:
    """What of the feed is wanted. `kinds` are groups or kinds; `actor` a person's id or `system`; `start` and `end`
    dates (both included) or moments; `before` continues a page, `after` asks for what is newer than an id."""

    kinds: Sequence[str] = ()
    actor: str | None = None
    table: str | None = None
    record: str | None = None
    start: str | None = None
    end: str | None = None
    text: str = ""
    before: str | None = None
    after: str | None = None
    limit: int = 50


class _Target(NamedTuple):
    table: TableDef | None
    record: int | None


class Activity:
    """Reads the log of events for people."""

    def __init__(self, units: Units, schemas: SchemaCache, settings: Settings) -> None:
        self._units, self._schemas, self._settings = units, schemas, settings

    def feed(self, ask: Ask, actor: Actor) -> Feed:
        """A page of what the actor may see; raises Invalid (`unknown_activity`, `bad_time`, `bad_page_token`) and
        NotFound for a table, record or person that is not there."""
        if not 1 <= ask.limit <= MAX_PAGE:
            raise Invalid("bad_limit", f"limit must be from 1 to {MAX_PAGE}.", "Ask for more pages.")
        zone = self._settings.team().time_zone
        wanted = Wanted(
            groups.chosen(actor, ask.kinds),
            _person(ask.actor),
            _moment(ask.start, zone, days=0),
            _moment(ask.end, zone, days=1),
        )
        before, after = _position(ask.before), ids.decode("evt", ask.after) if ask.after else 0
        with self._units.read() as session:
            connection = session.connection()
            schema = self._schemas.at(connection, state.current(connection).schema_version)
            target = _target(schema, ask)
            words = Words(connection, schema, zone)
            if target.table is not None and target.record is not None:
                events = self._of_record(words, target.table.id, target.record, wanted, before, after)
            else:
                events = feed.newest_first(connection, wanted, before, after)
            page = _page(words, events, ask, actor, target)
            free = not (ask.text or target.table or before or after)
            total = feed.total(connection, wanted) if free else None
        return Feed(page.items, page.next, page.items[0].id if page.items else None, page.searched_to, total)

    def _of_record(
        self, words: Words, table: int, key: int, wanted: Wanted, before: int | None, after: int
    ) -> Iterator[Event]:
        """The events of one record that the other conditions let through; pages go by version there."""
        for event in feed.of_record(words.connection, table, key, before):
            if event.id <= after:
                return
            by = wanted.actor_id is None or (event.actor_id or 0) == wanted.actor_id
            since = wanted.start is None or event.at >= wanted.start
            if event.kind in wanted.kinds and by and since and (wanted.end is None or event.at < wanted.end):
                yield event


class _Page(NamedTuple):
    items: list[Happening]
    next: str | None
    searched_to: str | None


def _page(words: Words, events: Iterator[Event], ask: Ask, actor: Actor, target: _Target) -> _Page:
    """Put events into words until the page is full, or long enough was looked for."""
    items: list[Happening] = []
    needle = " ".join(ask.text.casefold().split())
    read = 0
    for looked, event in enumerate(events, 1):
        if len(items) == ask.limit:
            return _Page(items, _token(items[-1], target), None)
        data = msgspec.json.decode(event.data)
        if target.record is not None or (not _told_elsewhere(event, data) and _about(words, data, target.table, event)):
            read += 1
            item = _happening(words, event, data, actor, target)
            if item is not None and (not needle or needle in _text(item)):
                items.append(item)
        if looked >= _LOOKED_AT or (needle and read >= _READ):
            number = event.version if target.record is not None else event.id
            return _Page(items, _seal(number or 0), event.at)
    return _Page(items, None, None)


def _told_elsewhere(event: Event, data: dict[str, Any]) -> bool:
    """An import is told by its end, which knows the file; what takes it back is told by its change set."""
    if event.kind == "records.changed":
        return str(data.get("source", "")).startswith("import:")
    return event.kind == "import.finished" and data.get("status") == "undone"


def _about(words: Words, data: dict[str, Any], table: TableDef | None, event: Event) -> bool:
    if table is None:
        return True
    if event.kind == "import.finished":
        return words.table_of_import(event.subject) is table
    return event.kind == "records.changed" and any(count[1] == table.id for count in data.get("counts", ()))


def _happening(words: Words, event: Event, data: dict[str, Any], actor: Actor, target: _Target) -> Happening | None:
    who = words.who(event.actor_id)
    cells: changes.Cells = []
    if event.kind == "records.changed":
        record = (target.table.id, target.record) if target.table and target.record is not None else None
        told = changes.tell(words, event.version or 0, data, actor.user_id, record)
        if told is None:
            return None
        parts, cells = told
    else:
        parts = sentences.tell(words, event, data)
    name = who or NOBODY
    group = "imports" if str(data.get("source", "")).startswith("import:") else groups.group_of(event.kind).name
    return Happening(
        id=ids.encode("evt", event.id),
        at=event.at,
        kind=event.kind,
        group=group,
        actor=who,
        parts=[Part(name.name, "person", name.id or None), Part(" "), *parts],
        source=str(data.get("source", "")),
        reason=str(data.get("reason", "")) if event.kind == "records.changed" else "",
        version=event.version,
        undoable=event.kind == "records.changed" or (data.get("status") == "applied" and event.version is not None),
        cells=cells,
    )


def _text(item: Happening) -> str:
    """What a search looks in: the sentence, the reason, and the values of the cells."""
    cells = " ".join(part.text for cell in item.cells for part in cell if part is not None)
    return " ".join((*(part.text for part in item.parts), item.reason, cells)).casefold()


def _token(item: Happening, target: _Target) -> str:
    return _seal((item.version or 0) if target.record is not None else ids.decode("evt", item.id))


def _seal(number: int) -> str:
    return base64.urlsafe_b64encode(str(number).encode()).rstrip(b"=").decode()


def _position(token: str | None) -> int | None:
    if not token:
        return None
    try:
        text = base64.b64decode(token.encode() + b"=" * (-len(token) % 4), altchars=b"-_", validate=True).decode()
        if text.isascii() and text.isdigit() and len(text) < 19:
            return int(text)
    except (ValueError, UnicodeError):
        pass
    raise Invalid("bad_page_token", "The token to continue with is not one of this feed.", "Send the last `next`.")


def _person(text: str | None) -> int | None:
    if not text:
        return None
    return 0 if text == SYSTEM_ACTOR else ids.decode("usr", text)


def _target(schema: Schema, ask: Ask) -> _Target:
    if not ask.record:
        return _Target(schema.table(ask.table) if ask.table else None, None)
    tables = [schema.table(ask.table)] if ask.table else schema.tables
    for table in tables:
        key = ids.try_record(table.id, ask.record)
        if key is not None:
            return _Target(table, key)
    raise NotFound("unknown_record", f"There is no record {ask.record[:40]!r}.", "It may be of another table.")


def _moment(text: str | None, zone: str, *, days: int) -> str | None:
    """A date or moment in stored form; of a date the first moment of that day in the team's zone, `days` later."""
    if not text:
        return None
    try:
        if len(text) == 10:
            day = datetime.combine(datetime.fromisoformat(text).date(), time(), ZoneInfo(zone))
            return clock.to_text(day + timedelta(days=days))
        moment = datetime.fromisoformat(text)
        return clock.to_text(moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone)))
    except (ValueError, OverflowError) as error:
        what = f"{text[:40]!r} is no date and no moment."
        raise Invalid("bad_time", what, "Use 2026-11-23 or 2026-11-23T09:30:00Z.") from error
