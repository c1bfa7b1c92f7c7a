"""Imports: what was read from which file, how it was mapped and what became of it."""

from sqlmodel import Field as Column
from sqlmodel import SQLModel


class ImportRun(SQLModel, table=True):
    """One import; `header_hash` finds the mapping saved by the last applied import of the same shape."""

    __tablename__ = "import_runs"

    id: int | None = Column(default=None, primary_key=True)
    importer: str
    table_id: int = Column(foreign_key="grid_tables.id")
    filename: str
    file_hash: str
    header_hash: str = Column(index=True)
    status: str
    dialect: str = "{}"
    mapping: str = "[]"
    key_field: int | None = None
    counts: str = "{}"
    version: int | None = None
    problem: str | None = None
    created_at: str
    created_by: int | None = None
    updated_at: str
