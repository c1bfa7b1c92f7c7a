"""Files of the data folder that cells may hold."""

from sqlmodel import Field as Column
from sqlmodel import SQLModel


class AttachedFile(SQLModel, table=True):
    """A file that was uploaded, once however often it is attached; `size` in bytes, `type` as found in its content."""

    __tablename__ = "attached_files"

    hash: str = Column(primary_key=True)
    size: int
    type: str
    created_at: str
    created_by: int | None = Column(default=None, foreign_key="users.id")
