"""The one row that numbers every change of the team's data."""

from sqlmodel import Field, SQLModel


class FundraisingState(SQLModel, table=True):
    """`version` grows by one with each change set; `schema_version` with each change of tables, fields or views."""

    __tablename__ = "fundraising_state"

    id: int = Field(primary_key=True)
    version: int
    schema_version: int
    updated_at: str
    updated_by: int | None = None
    extra: str = "{}"
