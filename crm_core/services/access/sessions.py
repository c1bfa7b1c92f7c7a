"""Signing in and out: one row a browser, found by the digest of its cookie's secret."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from crm_core import clock, ids
from crm_core.contracts.actor import Actor
from crm_core.errors import CrmError, NotFound, Unauthenticated
from crm_core.models import SignIn, User
from crm_core.services import events
from crm_core.services.access import secrets
from crm_core.services.access.attempts import Attempts
from crm_core.services.access.passwords import Passwords
from crm_core.services.access.remembered import Remembered
from crm_core.services.users import Person, by_email, person
from crm_core.storage.unit import Units

IDLE = timedelta(days=30)
LONGEST = timedelta(days=180)
_TOUCH = timedelta(minutes=10)
_KEEP_ENDED = timedelta(days=90)
_log = logging.getLogger("crm.access")


class Client(NamedTuple):
    """Where a request comes from: the network address, and what the browser calls itself."""

    address: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session. `csrf` must come with every write that the cookie vouches for."""

    id: int
    person: Person
    csrf: str
    created_at: str
    seen_at: str
    expires_at: str
    address: str
    agent: str

    @property
    def public_id(self) -> str:
        return ids.encode("ses", self.id)


class Opened(NamedTuple):
    """A session just opened; `secret` is for the cookie and is not kept."""

    secret: str
    session: SignedIn


class Sessions:
    """Open, find, list and end sessions."""

    def __init__(self, units: Units, passwords: Passwords, attempts: Attempts) -> None:
        self._units = units
        self._passwords = passwords
        self._attempts = attempts
        self.remembered: Remembered[SignedIn] = Remembered()

    def sign_in(self, email: str, password: str, client: Client) -> Opened:
        """Open a session for the right password; Unauthenticated (`bad_credentials`), TooMany (`too_many_attempts`).

        An unknown or inactive account takes as long and gets the same answer as a wrong password.
        """
        account = email.strip().lower()[:254]
        with self._units.read() as session:
            row = by_email(session, account)
            stored = row.password_hash if row is not None and row.active else None
            user_id = row.id if row is not None else None
            known = user_id is not None and _signed_in_before(session, user_id, client.address)
        self._attempts.take(account, client.address, known=known)
        if not self._passwords.matches(stored, password) or user_id is None:
            self._failed(user_id, client)
            raise Unauthenticated(
                "bad_credentials",
                "The e-mail address or the password is wrong.",
                "Try again, or ask an admin to invite you anew.",
            )
        self._attempts.succeeded(account, client.address, known=known)
        rehashed = self._passwords.again(password) if stored and self._passwords.outdated(stored) else None
        with self._units.write() as session:
            user = session.get(User, user_id)
            if user is None or not user.active or user.password_hash != stored:
                raise Unauthenticated("bad_credentials", "The account was changed just now.", "Sign in again.")
            if rehashed:
                user.password_hash = rehashed
            return self.open(session, user, client)

    def open(self, session: Session, user: User, client: Client) -> Opened:
        """A new session within the caller's unit of work, told to the log."""
        now = clock.now()
        secret = secrets.make()
        row = SignIn(
            secret_hash=secrets.digest(secret),
            csrf=secrets.make(),
            user_id=_key(user.id),
            created_at=clock.to_text(now),
            seen_at=clock.to_text(now),
            expires_at=clock.to_text(now + IDLE),
            address=client.address[:64],
            agent=_printable(client.agent)[:300],
        )
        user.last_seen_at = clock.to_text(now)
        session.add_all([row, user])
        session.connection().execute(delete(SignIn).where(col(SignIn.expires_at) < clock.to_text(now - _KEEP_ENDED)))
        session.flush()
        events.record(session.connection(), "access.signed_in", person(user).acting(), data={"address": client.address})
        return Opened(secret, _signed_in(row, user))

    def peek(self, secret: str) -> SignedIn | None:
        """The session of a cookie if it was asked for moments ago; never waits."""
        return self.remembered.peek(secrets.digest(secret))

    def find(self, secret: str) -> SignedIn | None:
        """The live session of a cookie's secret, or None; using it puts off its end."""
        key = secrets.digest(secret)
        found = self.remembered.get(key, lambda: self._look_up(key))
        if found is not None and found.seen_at < clock.to_text(clock.now() - _TOUCH):
            self._touch(found)
        return found

    def of(self, user_id: int) -> Sequence[SignedIn]:
        """A person's live sessions, the last used first."""
        with self._units.read() as session:
            rows = session.exec(
                select(SignIn, User)
                .join(User, col(User.id) == col(SignIn.user_id))
                .where(col(SignIn.user_id) == user_id, col(SignIn.expires_at) > clock.now_text())
                .order_by(col(SignIn.seen_at).desc(), col(SignIn.id).desc())
            )
            return [_signed_in(row, user) for row, user in rows]

    def end(self, actor: Actor, public_id: str) -> None:
        """End one of the actor's own sessions; NotFound (`unknown_session`)."""
        key = ids.decode("ses", public_id)
        with self._units.write() as session:
            row = session.get(SignIn, key)
            if row is None or row.user_id != actor.user_id or row.expires_at <= clock.now_text():
                raise NotFound("unknown_session", "There is no such session.", "Read /api/sessions again.")
            row.expires_at = clock.now_text()
            session.add(row)
            events.record(session.connection(), "access.signed_out", actor, subject=public_id)
        self.remembered.forget()

    def end_all(self, actor: Actor) -> None:
        """Sign the actor out everywhere."""
        with self._units.write() as session:
            end_sessions_of(session, _key(actor.user_id))
            events.record(session.connection(), "access.signed_out", actor, subject="everywhere")
        self.remembered.forget()

    def _look_up(self, key: bytes) -> SignedIn | None:
        with self._units.read() as session:
            found = session.exec(
                select(SignIn, User)
                .join(User, col(User.id) == col(SignIn.user_id))
                .where(
                    col(SignIn.secret_hash) == key,
                    col(SignIn.expires_at) > clock.now_text(),
                    col(User.active).is_(True),
                    col(User.deleted_at).is_(None),
                )
            ).one_or_none()
            return None if found is None else _signed_in(*found)

    def _touch(self, found: SignedIn) -> None:
        """Move the session's end; a database that cannot be written does not sign anybody out."""
        now = clock.now()
        latest = datetime.fromisoformat(found.created_at) + LONGEST
        try:
            with self._units.write() as session:
                session.connection().execute(
                    update(SignIn)
                    .where(col(SignIn.id) == found.id, col(SignIn.expires_at) > clock.to_text(now))
                    .values(seen_at=clock.to_text(now), expires_at=clock.to_text(min(now + IDLE, latest)))
                )
                session.connection().execute(
                    update(User).where(col(User.id) == found.person.id).values(last_seen_at=clock.to_text(now))
                )
        except CrmError as error:
            _log.warning("A session could not be prolonged: %s", error)
        self.remembered.forget()

    def _failed(self, user_id: int | None, client: Client) -> None:
        with self._units.write() as session:
            events.record(
                session.connection(),
                "access.sign_in_failed",
                None,
                subject=ids.encode("usr", user_id) if user_id else "",
                data={"address": client.address},
            )


def end_sessions_of(session: Session, user_id: int, *, but: int | None = None) -> None:
    """End a person's sessions (all but one, if named) within the caller's unit of work."""
    now = clock.now_text()
    session.connection().execute(
        update(SignIn)
        .where(col(SignIn.user_id) == user_id, col(SignIn.expires_at) > now, col(SignIn.id) != (but or 0))
        .values(expires_at=now)
    )


def _signed_in_before(session: Session, user_id: int, address: str) -> bool:
    where = (col(SignIn.user_id) == user_id, col(SignIn.address) == address[:64])
    return session.exec(select(SignIn.id).where(*where).limit(1)).first() is not None


def _signed_in(row: SignIn, user: User) -> SignedIn:
    return SignedIn(
        _key(row.id), person(user), row.csrf, row.created_at, row.seen_at, row.expires_at, row.address, row.agent
    )


def _key(key: int | None) -> int:
    assert key is not None
    return key


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())
