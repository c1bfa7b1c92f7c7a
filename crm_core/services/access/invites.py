"""Invitations: the only way in after the first account, apart from an admin making one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, select

from crm_core import clock, ids
from crm_core.contracts.actor import Actor
from crm_core.errors import Conflict, NotFound
from crm_core.models import Invite, User
from crm_core.services import events
from crm_core.services.access import secrets
from crm_core.services.access.passwords import Passwords
from crm_core.services.access.sessions import Client, Opened, Sessions
from crm_core.services.users import ACTIVE_ADMIN, add, by_email, checked_email, checked_name, checked_role
from crm_core.storage.unit import Units

LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class OpenInvite:
    """An invitation that can still be accepted; the secret is gone."""

    id: int
    email: str
    role: str
    created_at: str
    created_by: int | None
    expires_at: str

    @property
    def public_id(self) -> str:
        return ids.encode("inv", self.id)


class NewInvite(NamedTuple):
    """An invitation just made; `secret` goes into the link and is shown once."""

    secret: str
    invite: OpenInvite


class Invites:
    """Make, show, accept and revoke invitations."""

    def __init__(self, units: Units, passwords: Passwords, sessions: Sessions) -> None:
        self._units = units
        self._passwords = passwords
        self._sessions = sessions

    def create(self, actor: Actor, email: str, role: str) -> NewInvite:
        """Invite somebody for 7 days; an earlier invitation to the same address ends. Conflict (`email_taken`)."""
        email, role = checked_email(email), checked_role(role)
        secret, now = secrets.make(), clock.now()
        with self._units.write() as session:
            if by_email(session, email) is not None:
                raise Conflict(
                    "email_taken",
                    f"There is already an account for {email}.",
                    "If it is not active, activate it again.",
                    pointer="/email",
                )
            session.connection().execute(
                update(Invite).where(col(Invite.email) == email, *_open()).values(revoked_at=clock.to_text(now))
            )
            row = Invite(
                secret_hash=secrets.digest(secret),
                email=email,
                role=role,
                created_at=clock.to_text(now),
                created_by=actor.user_id,
                expires_at=clock.to_text(now + LASTS),
            )
            session.add(row)
            session.flush()
            made = _invite(row)
            events.record(
                session.connection(),
                "invite.created",
                actor,
                subject=made.public_id,
                data={"email": email, "role": role},
            )
        return NewInvite(secret, made)

    def all(self) -> Sequence[OpenInvite]:
        """Every invitation that can still be accepted, the newest first."""
        with self._units.read() as session:
            return [
                _invite(row) for row in session.exec(select(Invite).where(*_open()).order_by(col(Invite.id).desc()))
            ]

    def look(self, secret: str) -> OpenInvite:
        """The invitation of a link; NotFound (`invite_gone`) once it is used, revoked or expired."""
        with self._units.read() as session:
            return _invite(_find(session, secret))

    def accept(self, secret: str, *, name: str, password: str, client: Client) -> Opened:
        """Make the account and sign it in, all in one step; NotFound (`invite_gone`)."""
        invited = self.look(secret)
        name = checked_name(name)
        hashed = self._passwords.hash(password, email=invited.email, name=name)
        with self._units.write() as session:
            row = _find(session, secret)
            made = add(session, email=row.email, name=name, role=row.role, password_hash=hashed)
            row.used_at = clock.now_text()
            session.add(row)
            events.record(
                session.connection(),
                "user.created",
                made.acting(),
                subject=made.public_id,
                data={"role": row.role, "invite": invited.public_id},
            )
            user = session.get(User, made.id)
            assert user is not None
            return self._sessions.open(session, user, client)

    def revoke(self, actor: Actor, public_id: str) -> None:
        """Take an open invitation back; NotFound (`unknown_invite`)."""
        key = ids.decode("inv", public_id)
        with self._units.write() as session:
            done = session.connection().execute(
                update(Invite).where(col(Invite.id) == key, *_open()).values(revoked_at=clock.now_text())
            )
            if done.rowcount == 0:
                raise NotFound("unknown_invite", "There is no such open invitation.", "Read /api/admin/invites again.")
            events.record(session.connection(), "invite.revoked", actor, subject=public_id)


def revoke_invites_of(session: Session, actor: Actor, user_id: int) -> None:
    """Take back every open invitation that a person made, within the caller's unit of work."""
    for row in session.exec(select(Invite).where(col(Invite.created_by) == user_id, *_usable())).all():
        row.revoked_at = clock.now_text()
        session.add(row)
        events.record(session.connection(), "invite.revoked", actor, subject=_invite(row).public_id)


def _usable() -> tuple[ColumnElement[bool], ...]:
    return (
        col(Invite.used_at).is_(None),
        col(Invite.revoked_at).is_(None),
        col(Invite.expires_at) > clock.now_text(),
    )


def _open() -> tuple[ColumnElement[bool], ...]:
    """What can be accepted: usable, and its maker may still invite (None: made on the command line)."""
    admins = select(User.id).where(*ACTIVE_ADMIN, col(User.deleted_at).is_(None))
    return (*_usable(), or_(col(Invite.created_by).is_(None), col(Invite.created_by).in_(admins)))


def _find(session: Session, secret: str) -> Invite:
    row = session.exec(select(Invite).where(col(Invite.secret_hash) == secrets.digest(secret), *_open())).one_or_none()
    if row is None:
        raise NotFound(
            "invite_gone",
            "This invitation was used, taken back, or has expired.",
            "Ask an admin for a new one.",
            pointer="/token",
        )
    return row


def _invite(row: Invite) -> OpenInvite:
    return OpenInvite(row.id or 0, row.email, row.role, row.created_at, row.created_by, row.expires_at)
