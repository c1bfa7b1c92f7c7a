"""What scheduled work did: one row a run."""

from sqlalchemy import Index
from sqlmodel import Field as Column
from sqlmodel import SQLModel


class JobRun(SQLModel, table=True):
    """One run of a plugin's job; `state` is running, done or failed. A run that a crash ended stays `running`."""

    __tablename__ = "job_runs"
    __table_args__ = (Index("ix_job_runs_job", "owner", "name", "id"),)

    id: int | None = Column(default=None, primary_key=True)
    owner: str
    name: str
    started_at: str
    ended_at: str | None = None
    state: str = "running"
    detail: str = ""
