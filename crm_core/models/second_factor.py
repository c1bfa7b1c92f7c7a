"""What a person shows besides the password: a code of an app, a passkey, or a recovery code when both are lost."""

from sqlmodel import Field as Column
from sqlmodel import SQLModel


class AuthenticatorApp(SQLModel, table=True):
    """The secret that a person's app makes codes from, sealed; codes of `last_step` (30 s) and before are used up."""

    __tablename__ = "authenticator_apps"

    user_id: int = Column(primary_key=True, foreign_key="users.id")
    sealed: str
    last_step: int
    created_at: str


class Passkey(SQLModel, table=True):
    """The public half of a passkey; the other half never leaves the person's device. It works at one `host` only."""

    __tablename__ = "passkeys"

    id: int | None = Column(default=None, primary_key=True)
    user_id: int = Column(foreign_key="users.id", index=True)
    credential: bytes = Column(unique=True)
    public_key: bytes
    sign_count: int
    host: str
    name: str
    created_at: str
    used_at: str | None = None


class RecoveryCode(SQLModel, table=True):
    """A code that stands in once for the other factors; stored as its SHA-256, which is enough for 120 random bits."""

    __tablename__ = "recovery_codes"

    id: int | None = Column(default=None, primary_key=True)
    user_id: int = Column(foreign_key="users.id", index=True)
    digest: bytes = Column(unique=True)
    created_at: str
    used_at: str | None = None
