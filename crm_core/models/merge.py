"""Records that became one, and records that people said are not the same."""

from sqlalchemy import Index
from sqlmodel import Field as Column
from sqlmodel import SQLModel


class RecordMerge(SQLModel, table=True):
    """A record that was merged into another one by the change set `version`, and came back by `undone_version`.

    While it lies in the trash and did not come back, its id stands for the other record.
    """

    __tablename__ = "record_merges"
    __table_args__ = (
        Index("ix_record_merges_record", "table_id", "record_id"),
        Index("ix_record_merges_into", "table_id", "into_id"),
        Index("ix_record_merges_version", "version"),
    )

    id: int | None = Column(default=None, primary_key=True)
    table_id: int = Column(foreign_key="grid_tables.id")
    record_id: int
    into_id: int
    version: int
    undone_version: int | None = None


class DistinctPair(SQLModel, table=True):
    """Two records of a table that somebody said are no duplicates; `one_id` is the smaller key."""

    __tablename__ = "distinct_pairs"

    table_id: int = Column(primary_key=True, foreign_key="grid_tables.id")
    one_id: int = Column(primary_key=True)
    other_id: int = Column(primary_key=True)
    at: str
    created_by: int | None = Column(default=None, foreign_key="users.id")
