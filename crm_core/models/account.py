"""Who may come in: people, their sign-ins, invitations and API tokens. Secrets are stored only as hashes."""

from sqlmodel import Field as Column
from sqlmodel import SQLModel


class User(SQLModel, table=True):
    """A person of the team; `email` is kept lower-case."""

    __tablename__ = "users"

    id: int | None = Column(default=None, primary_key=True)
    email: str = Column(unique=True)
    name: str
    role: str = "member"
    password_hash: str = ""
    active: bool = True
    created_at: str
    last_seen_at: str | None = None
    deleted_at: str | None = None


class SignIn(SQLModel, table=True):
    """One browser session; the cookie's secret is stored as its SHA-256."""

    __tablename__ = "sessions"

    id: int | None = Column(default=None, primary_key=True)
    secret_hash: bytes = Column(unique=True)
    csrf: str
    user_id: int = Column(foreign_key="users.id", index=True)
    created_at: str
    expires_at: str
    seen_at: str
    address: str = ""
    agent: str = ""


class Invite(SQLModel, table=True):
    """An invitation an admin made; usable once, until it expires."""

    __tablename__ = "invites"

    id: int | None = Column(default=None, primary_key=True)
    secret_hash: bytes = Column(unique=True)
    email: str
    role: str
    created_at: str
    created_by: int | None = None
    expires_at: str
    used_at: str | None = None
    revoked_at: str | None = None


class ApiToken(SQLModel, table=True):
    """A personal token for programs; `scope` is read or write."""

    __tablename__ = "api_tokens"

    id: int | None = Column(default=None, primary_key=True)
    secret_hash: bytes = Column(unique=True)
    user_id: int = Column(foreign_key="users.id", index=True)
    name: str
    scope: str
    created_at: str
    expires_at: str | None = None
    used_at: str | None = None
    revoked_at: str | None = None
