"""Who may come in: people, their sign-ins, invitations and API tokens. Secrets are stored only as hashes."""

from sqlmodel import Field as Column
from sqlmodel import SQLModel


class User(SQLModel, table=True):
    """A person of the team; `email` is kept lower-case.

    `second_factor` says whether signing in takes more than the password; `password_weak` what the last sign-in found.
    """

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
    second_factor: bool = False
    password_weak: bool = False
    password_set_at: str | None = None


class SignIn(SQLModel, table=True):
    """One browser session; the cookie's secret is stored as its SHA-256.

    `factors` says how the person came in, `proved_at` when they last showed that it is them.
    """

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
    factors: str = "password"
    proved_at: str | None = None


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
