"""What people of the team wish the CRM could do, and who wishes it too."""

from sqlmodel import Field as Column
from sqlmodel import SQLModel


class FeatureRequest(SQLModel, table=True):
    """One wish; admins move its `status` (crm_core.services.requests.STATUSES)."""

    __tablename__ = "feature_requests"

    id: int | None = Column(default=None, primary_key=True)
    title: str
    description: str = ""
    status: str = "open"
    created_at: str
    created_by: int | None = Column(default=None, foreign_key="users.id")
    updated_at: str
    updated_by: int | None = None
    deleted_at: str | None = None


class FeatureVote(SQLModel, table=True):
    """One person's vote for a wish."""

    __tablename__ = "feature_votes"

    request_id: int = Column(primary_key=True, foreign_key="feature_requests.id")
    user_id: int = Column(primary_key=True, foreign_key="users.id")
    at: str
