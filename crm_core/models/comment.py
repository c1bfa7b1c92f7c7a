"""What people of the team say to each other about a record, and who is told of it."""

from sqlalchemy import Index
from sqlmodel import Field as Column
from sqlmodel import SQLModel


class Comment(SQLModel, table=True):
    """A comment on a record; people named in `body` stand as `@[usr…]`. `reply_to` is the comment it answers."""

    __tablename__ = "comments"
    __table_args__ = (Index("ix_comments_record", "table_id", "record_id", "at"),)

    id: int | None = Column(default=None, primary_key=True)
    table_id: int = Column(foreign_key="grid_tables.id")
    record_id: int
    reply_to: int | None = Column(default=None, foreign_key="comments.id")
    body: str
    at: str
    created_by: int | None = Column(default=None, foreign_key="users.id")
    edited_at: str | None = None
    deleted_at: str | None = None


class Notification(SQLModel, table=True):
    """Something one person is told of: a mention, a reply, a task given to him (`kind`)."""

    __tablename__ = "notifications"
    __table_args__ = (Index("ix_notifications_unread", "user_id", "read_at", "id"),)

    id: int | None = Column(default=None, primary_key=True)
    user_id: int = Column(foreign_key="users.id")
    kind: str
    at: str
    actor_id: int | None = Column(default=None, foreign_key="users.id")
    table_id: int = Column(foreign_key="grid_tables.id")
    record_id: int
    comment_id: int | None = Column(default=None, foreign_key="comments.id")
    read_at: str | None = None
