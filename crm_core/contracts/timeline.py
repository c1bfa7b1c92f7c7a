"""What happened around a record, as clients see it: activities, comments, tasks and changes in one line."""

from typing import Any, Literal

import msgspec

from crm_core.contracts.change import Who
from crm_core.contracts.comments import Comment

ActivityKind = Literal["mail", "call", "note", "meeting"]
TimelineKind = Literal["mail", "call", "note", "meeting", "comment", "task", "change"]


class Participant(msgspec.Struct):
    """Who took part, or (`about`) which record it belongs to: a `record` of a `table`, a `user`, or just an address."""

    role: str
    name: str
    table: str | None = None
    record: str | None = None
    user: str | None = None
    email: str | None = None


class LoggedActivity(msgspec.Struct):
    """A call, meeting, note or mail. `logged_by` is who wrote it down; `mine` that the reader may change it."""

    id: str
    kind: ActivityKind
    subject: str
    body: str
    at: str
    participants: list[Participant]
    logged_by: Who | None
    edited: bool
    mine: bool


class TimelineTask(msgspec.Struct):
    """A task of the record, as it is now."""

    id: str
    title: str
    done: bool
    assignee: Who | None
    due: str | None


class RecordChange(msgspec.Struct):
    """One change of the record: its values before and after, by field id (as in its history)."""

    version: int
    source: str
    reason: str
    kind: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class TimelineItem(msgspec.Struct, omit_defaults=True):
    """One entry; exactly one of the last four is there. `actor` None stands for the CRM itself."""

    id: str
    at: str
    kind: TimelineKind
    actor: Who | None
    activity: LoggedActivity | None = None
    comment: Comment | None = None
    task: TimelineTask | None = None
    change: RecordChange | None = None


class Timeline(msgspec.Struct):
    """A page, newest first; `next` continues it. `names` are those of the records that changes link to."""

    items: list[TimelineItem]
    next: str | None
    names: dict[str, str]
