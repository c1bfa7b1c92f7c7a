"""Comments, notifications and logged activities: what clients send."""

from typing import Annotated

from msgspec import Meta, Struct

from crm_core.contracts.timeline import ActivityKind

Body = Annotated[str, Meta(min_length=1, max_length=20_000, examples=["Who has the deck?"])]
Id = Annotated[str, Meta(max_length=40)]
Text = Annotated[str, Meta(max_length=200_000)]
Subject = Annotated[str, Meta(max_length=600, examples=["First call"])]
Moment = Annotated[str, Meta(max_length=40, examples=["2026-11-23T09:30:00Z"])]
People = Annotated[list[Id], Meta(max_length=100)]


class NewComment(Struct, forbid_unknown_fields=True):
    """A comment; people stand in `body` as `@[usr…]`. `reply_to` is the comment it answers."""

    body: Body
    reply_to: Id | None = None


class ChangeComment(Struct, forbid_unknown_fields=True):
    """The new text of a comment."""

    body: Body


class MarkRead(Struct, forbid_unknown_fields=True):
    """Which of the caller's notifications (null: all) are read, or not read."""

    ids: Annotated[list[Id], Meta(max_length=1_000)] | None = None
    read: bool = True


class NewActivity(Struct, forbid_unknown_fields=True):
    """What happened with a record. `at` null is now; `participants` are ids of people of the team and of records."""

    kind: ActivityKind
    subject: Subject = ""
    body: Text = ""
    at: Moment | None = None
    participants: People = []


class ChangeActivity(Struct, forbid_unknown_fields=True):
    """What of a logged activity changes; what is left out stays."""

    kind: ActivityKind | None = None
    subject: Subject | None = None
    body: Text | None = None
    at: Moment | None = None
    participants: People | None = None
