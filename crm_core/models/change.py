"""The append-only truth: what changed, what happened, and which requests were already answered."""

from sqlalchemy import Index
from sqlmodel import Field as Column
from sqlmodel import SQLModel


class Change(SQLModel, table=True):
    """One record, field or view touched by one change set, with its state before and after.

    `before` and `after` are JSON objects; for a record: the field's cell key → stored value. `hash` is
    SHA-256 over the previous row's hash and this row's content, so that a rewritten history is noticed.
    """

    __tablename__ = "changes"
    __table_args__ = (
        Index("ix_changes_version", "version"),
        Index("ix_changes_entity", "entity", "table_id", "entity_id", "version"),
    )

    id: int | None = Column(default=None, primary_key=True)
    version: int
    entity: str
    table_id: int
    entity_id: int
    op: str
    before: str | None = None
    after: str | None = None
    at: str
    actor_id: int | None = None
    source: str
    reason: str = ""
    hash: bytes


class Event(SQLModel, table=True):
    """Something worth telling: the feed and audit log. `data` is JSON and never holds secrets."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_kind", "kind", "id"),
        Index("ix_events_at", "at", "version"),
        Index("ix_events_actor", "actor_id", "kind", "id"),
    )

    id: int | None = Column(default=None, primary_key=True)
    at: str
    kind: str
    actor_id: int | None = None
    version: int | None = None
    subject: str = ""
    data: str = "{}"


class IdempotencyKey(SQLModel, table=True):
    """The first answer to a write, kept so that a repeated request gets it again instead of writing twice."""

    __tablename__ = "idempotency_keys"

    actor_id: int = Column(primary_key=True)
    key: str = Column(primary_key=True)
    digest: bytes
    answer: str
    at: str = Column(index=True)
