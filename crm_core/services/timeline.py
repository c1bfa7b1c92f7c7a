"""The timeline of a record: activities, comments, tasks and its changes in one line, newest first."""

import base64
import heapq
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, get_args

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core import ids
from crm_core.contracts.actor import Actor
from crm_core.contracts.change import Who
from crm_core.contracts.timeline import RecordChange, Timeline, TimelineItem, TimelineKind, TimelineTask
from crm_core.errors import Invalid
from crm_core.models.tables import ACTIVITIES, ACTIVITY_PARTICIPANTS, CHANGES, COMMENTS
from crm_core.services import activities, comments
from crm_core.services.attached import Spot, find
from crm_core.services.records import patches
from crm_core.services.records.work import Entry, Meta
from crm_core.services.settings import Settings
from crm_core.storage.queries import links
from crm_core.storage.schema import SchemaCache, TableDef, is_inverse
from crm_core.storage.unit import Units

KINDS: Sequence[TimelineKind] = get_args(TimelineKind)
MAX_PAGE = 200
_CHANGE, _TASK, _COMMENT, _ACTIVITY = range(4)


class Mark(NamedTuple):
    """Where an entry stands: by time, then by what it is, then by its number."""

    at: str
    rank: int
    key: int


class Found(NamedTuple):
    """A row that may come onto the page."""

    mark: Mark
    row: Any


@dataclass(frozen=True)
class _Page:
    """What is asked for: a record's entries of some kinds that are older than a mark."""

    connection: Connection
    spot: Spot
    kinds: frozenset[str]
    before: Mark | None
    limit: int

    def older(self, rank: int, at: sa.ColumnElement[str], key: sa.ColumnElement[int]) -> list[sa.ColumnElement[bool]]:
        """The condition that lets only entries older than the mark through."""
        mark = self.before
        if mark is None:
            return []
        if rank != mark.rank:
            return [at < mark.at if rank > mark.rank else at <= mark.at]
        return [sa.or_(at < mark.at, sa.and_(at == mark.at, key < mark.key))]

    def read(
        self, rank: int, query: sa.Select[Any], at: sa.ColumnElement[str], key: sa.ColumnElement[int]
    ) -> list[Found]:
        query = query.where(*self.older(rank, at, key)).order_by(at.desc(), key.desc()).limit(self.limit + 1)
        rows = self.connection.execute(query)
        return [Found(Mark(row._mapping[at.name], rank, row._mapping[key.name]), row) for row in rows]


class Timelines:
    """Reads timelines."""

    def __init__(self, units: Units, schemas: SchemaCache, settings: Settings) -> None:
        self._units, self._schemas, self._settings = units, schemas, settings

    def read(
        self,
        table: str,
        record: str,
        actor: Actor,
        *,
        kinds: Sequence[str] = (),
        before: str | None = None,
        limit: int = 50,
    ) -> Timeline:
        """A page of what happened around a record, of all `kinds` or of some.

        Raises NotFound and Invalid (`bad_limit`, `bad_page_token`, `bad_timeline_kind`).
        """
        if not 1 <= limit <= MAX_PAGE:
            raise Invalid("bad_limit", f"limit must be from 1 to {MAX_PAGE}.", "Ask for more pages.")
        for kind in kinds:
            if kind not in KINDS:
                raise Invalid("bad_timeline_kind", f"Nothing is called {kind[:40]!r}.", f"Use: {', '.join(KINDS)}.")
        with self._units.read() as session:
            connection = session.connection()
            spot = find(connection, self._schemas, table, record)
            page = _Page(connection, spot, frozenset(kinds or KINDS), _opened(before), limit)
            sources = (_activities(page), _comments(page), _tasks(page), _changes(page))
            found = list(heapq.merge(*sources, key=lambda each: each.mark, reverse=True))[: limit + 1]
            shown = found[:limit]
            items, names = _items(page, shown, actor, self._settings.team().time_zone)
        return Timeline(items, _sealed(shown[-1].mark) if len(found) > limit else None, names)


def _activities(page: _Page) -> list[Found]:
    wanted = page.kinds & set(activities.KINDS)
    if not wanted:
        return []
    part = ACTIVITY_PARTICIPANTS.c
    here = (
        sa.select(part.activity_id)
        .where(part.table_id == page.spot.table.id, part.record_id == page.spot.key)
    )  # fmt: skip
    query = sa.select(ACTIVITIES).where(
        ACTIVITIES.c.id.in_(here),
        ACTIVITIES.c.kind.in_(sorted(wanted)),
        ACTIVITIES.c.state == "approved",
        ACTIVITIES.c.deleted_at.is_(None),
    )
    return page.read(_ACTIVITY, query, ACTIVITIES.c.at, ACTIVITIES.c.id)


def _comments(page: _Page) -> list[Found]:
    if "comment" not in page.kinds:
        return []
    query = sa.select(COMMENTS).where(*comments.on(page.spot))
    return page.read(_COMMENT, query, COMMENTS.c.at, COMMENTS.c.id)


def _tasks(page: _Page) -> list[Found]:
    """The tasks that link to the record, at the time they were made."""
    table = _task_table(page)
    if table is None or "task" not in page.kinds:
        return []
    ways = [
        table.column(field)
        for field in table.fields
        if field.kind.name == "link" and field.column and not is_inverse(field)
        if field.options["table"] == page.spot.table.id
    ]
    if not ways:
        return []
    rows = table.sql.c
    query = sa.select(table.sql).where(sa.or_(*(way == page.spot.key for way in ways)), rows.deleted_at.is_(None))
    return page.read(_TASK, query, rows.created_at, rows.id)


def _task_table(page: _Page) -> TableDef | None:
    return next((table for table in page.spot.schema.tables if table.key == "tasks"), None)


def _changes(page: _Page) -> list[Found]:
    if "change" not in page.kinds:
        return []
    change = CHANGES.c
    query = sa.select(CHANGES).where(
        change.entity == "record",
        change.table_id == page.spot.table.id,
        change.entity_id == page.spot.key,
        change.op != "move",
        change.source.not_like(f"{activities.SOURCE}%"),
    )
    return page.read(_CHANGE, query, change.at, change.id)


def _items(page: _Page, found: Sequence[Found], actor: Actor, zone: str) -> tuple[list[TimelineItem], dict[str, str]]:
    people = links.people(page.connection)
    by_rank: dict[int, list[Any]] = {}
    for each in found:
        by_rank.setdefault(each.mark.rank, []).append(each.row)
    logged = activities.views(page.connection, page.spot.schema, by_rank.get(_ACTIVITY, []), actor, zone)
    history = _history(page, by_rank.get(_CHANGE, []))
    told = dict(zip((row.id for row in by_rank.get(_CHANGE, [])), history["items"], strict=True))
    items = []
    for mark, row in found:
        if mark.rank == _ACTIVITY:
            entry = logged[row.id]
            item = TimelineItem(entry.id, row.at, row.kind, entry.logged_by, activity=entry)
        elif mark.rank == _COMMENT:
            comment = comments.view(row, actor, people)
            item = TimelineItem(comment.id, row.at, "comment", comment.actor, comment=comment)
        elif mark.rank == _TASK:
            item = _task(page, row, people)
        else:
            item = _changed(row.id, told[row.id])
        items.append(item)
    return items, history["names"]


def _task(page: _Page, row: Any, people: Mapping[int, str]) -> TimelineItem:
    table = _task_table(page)
    assert table is not None
    cells = {
        field.key: row._mapping[field.column] for field in table.fields if field.key and field.column in row._fields
    }
    task = TimelineTask(
        ids.record(table.id, row.id), str(cells.get("title") or ""), bool(cells.get("done")),
        _who(cells.get("assignee"), people), cells.get("due"),
    )  # fmt: skip
    return TimelineItem(task.id, row.created_at, "task", _who(row.created_by, people), task=task)


def _who(key: int | None, people: Mapping[int, str]) -> Who | None:
    return None if key is None else Who(ids.encode("usr", key), people.get(key, ""))


def _history(page: _Page, rows: Sequence[Any]) -> dict[str, Any]:
    """History rows with values in wire form, as the record's history has them."""
    decoded = []
    for row in rows:
        before, after = (None if text is None else json.loads(text) for text in (row.before, row.after))
        meta = Meta(row.version, row.at, row.actor_id, row.source, row.reason)
        decoded.append((meta, Entry(row.entity, row.table_id, row.entity_id, row.op, before, after)))
    return patches.history(page.connection, page.spot.schema, page.spot.table, decoded, len(decoded))


def _changed(key: int, item: Mapping[str, Any]) -> TimelineItem:
    change = RecordChange(
        item["version"], item["source"], item["reason"], item["kind"], item["before"], item["after"]
    )  # fmt: skip
    return TimelineItem(f"chg{key}", item["at"], "change", item["actor"], change=change)


def _sealed(mark: Mark) -> str:
    return base64.urlsafe_b64encode(json.dumps(mark).encode()).rstrip(b"=").decode()


def _opened(token: str | None) -> Mark | None:
    if not token:
        return None
    try:
        text = base64.b64decode(token.encode() + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
        at, rank, key = json.loads(text)
        if isinstance(at, str) and at.isascii() and type(rank) is int and type(key) is int and 0 <= key < 2**63:
            return Mark(at, rank, key)
    except (ValueError, TypeError, UnicodeError):
        pass
    raise Invalid("bad_page_token", "The token to continue with is not one of this timeline.", "Send the last `next`.")
