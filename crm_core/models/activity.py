"""What was said and written to the people outside: calls, meetings, notes and mail, with who took part."""

from sqlalchemy import Index
from sqlmodel import Field as Column
from sqlmodel import SQLModel


class Activity(SQLModel, table=True):
    """A mail, call, note or meeting (`kind`).

    What a person logs is `approved` at once; what is captured from a mailbox is `proposed` until a person approves it.
    `dedupe` is what a captured one is known by (a Message-ID), so that it is proposed once.
    """

    __tablename__ = "activities"
    __table_args__ = (Index("ix_activities_state", "state", "at"),)

    id: int | None = Column(default=None, primary_key=True)
    kind: str
    state: str = "approved"
    subject: str = ""
    body: str = ""
    at: str
    dedupe: str | None = Column(default=None, unique=True)
    created_at: str
    created_by: int | None = Column(default=None, foreign_key="users.id")
    updated_at: str
    updated_by: int | None = None
    deleted_at: str | None = None


class ActivityParticipant(SQLModel, table=True):
    """Who took part in an activity, or what it is about (`role`): a record, a person of the team, an address."""

    __tablename__ = "activity_participants"
    __table_args__ = (Index("ix_activity_participants_record", "table_id", "record_id", "activity_id"),)

    id: int | None = Column(default=None, primary_key=True)
    activity_id: int = Column(foreign_key="activities.id", index=True)
    role: str
    table_id: int | None = Column(default=None, foreign_key="grid_tables.id")
    record_id: int | None = None
    user_id: int | None = Column(default=None, foreign_key="users.id")
    email: str | None = None
    name: str = ""
