"""What describes the grid: tables, fields, views, links and the indexes that queries earned."""

from sqlalchemy import Index
from sqlmodel import Field as Column
from sqlmodel import SQLModel


class GridTable(SQLModel, table=True):
    """A table of the grid; its rows lie in the database table `physical`."""

    __tablename__ = "grid_tables"

    id: int | None = Column(default=None, primary_key=True)
    key: str = Column(unique=True)
    name: str
    name_one: str
    physical: str = Column(unique=True)
    position: float
    deleted_at: str | None = None


class Field(SQLModel, table=True):
    """A column of a grid table, built in (with a `key`) or added by the team.

    `column_name` is the physical column; None for computed kinds and for the inverse side of a link. `options` is the
    kind's JSON. A field is archived, not deleted, so that it can be restored with its values.
    """

    __tablename__ = "fields"

    id: int | None = Column(default=None, primary_key=True)
    table_id: int = Column(foreign_key="grid_tables.id", index=True)
    key: str | None = None
    name: str
    kind: str
    description: str = ""
    options: str = "{}"
    column_name: str | None = None
    position: float
    is_primary: bool = False
    created_at: str
    archived_at: str | None = None


class View(SQLModel, table=True):
    """A saved way to look at a table; `owner_id` None means shared with the team."""

    __tablename__ = "fundraising_views"

    id: int | None = Column(default=None, primary_key=True)
    table_id: int = Column(foreign_key="grid_tables.id", index=True)
    name: str
    description: str = ""
    section: str = ""
    kind: str = "grid"
    owner_id: int | None = Column(default=None, foreign_key="users.id")
    locked: bool = False
    position: float
    config: str = "{}"
    created_at: str
    created_by: int | None = None
    deleted_at: str | None = None


class ViewStar(SQLModel, table=True):
    """A view that one person keeps at the top of his list."""

    __tablename__ = "view_stars"

    user_id: int = Column(primary_key=True, foreign_key="users.id")
    view_id: int = Column(primary_key=True, foreign_key="fundraising_views.id")


class RecordLink(SQLModel, table=True):
    """One link from a record to another, for link fields that hold many; a link to one is a column of its table."""

    __tablename__ = "record_links"
    __table_args__ = (Index("ix_record_links_to", "field_id", "to_id", "from_id"),)

    field_id: int = Column(primary_key=True)
    from_id: int = Column(primary_key=True)
    to_id: int = Column(primary_key=True)
    position: int = 0


class GridIndex(SQLModel, table=True):
    """A database index made because a view filtered or sorted on these columns of a large table."""

    __tablename__ = "grid_indexes"

    name: str = Column(primary_key=True)
    table_id: int = Column(foreign_key="grid_tables.id")
    columns: str
    created_at: str
    used_at: str
