"""Comments on records and what people are notified of, as clients see them."""

from typing import Literal

import msgspec

from crm_core.contracts.change import Who

NotificationKind = Literal["mention", "reply", "assigned"]


class Comment(msgspec.Struct):
    """A comment. In `body` people stand as `@[usr…]`; `mentions` has their names. `reply_to` is the comment it answers.

    `mine` says that the reader may edit it.
    """

    id: str
    at: str
    actor: Who | None
    body: str
    mentions: dict[str, str]
    reply_to: str | None
    edited_at: str | None
    mine: bool


class Comments(msgspec.Struct):
    """A page of a record's comments, newest first."""

    comments: list[Comment]
    total: int


class Notification(msgspec.Struct):
    """Something the reader is told of: who did it, at which record, and what was written there."""

    id: str
    at: str
    kind: NotificationKind
    actor: Who | None
    table: str
    record: str
    name: str
    text: str
    comment: str | None
    read: bool


class Notifications(msgspec.Struct):
    """A page of the reader's notifications, newest first, and how many he has not read."""

    notifications: list[Notification]
    total: int
    unread: int
