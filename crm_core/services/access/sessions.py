"""Signing in and out: one row a browser, found by the digest of its cookie's secret."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from crm_core import clock, ids
from crm_core.contracts.actor import Actor
from crm_core.errors import CrmError, NotFound
from crm_core.models import SignIn, User
from crm_core.services import events
from crm_core.services.access import secrets
from crm_core.services.access.policy import lacks_factor
from crm_core.services.access.remembered import Remembered
from crm_core.services.users import Person, load, person
from crm_core.storage.unit import Units

IDLE = timedelta(days=30)
LONGEST = timedelta(days=180)
PROVED_LASTS = timedelta(minutes=10)
_TOUCH = timedelta(minutes=10)
_AHEAD = timedelta(days=2)
"""How far in the future a session may have begun: a clock that is set back a little signs nobody out, but what was
begun under a clock that was years ahead does not last until then."""
_SKEW = timedelta(minutes=1)
_KEEP_ENDED = timedelta(days=90)
_log = logging.getLogger("crm.access")


class Client(NamedTuple):
    """Where a request comes from: the network address, and what the browser calls itself."""

    address: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session. `csrf` must come with every write that the cookie vouches for.

    `proved_at` is when the person last showed that it is them; `lacks_factor` says that the policy lets them do nothing
    but set up a second factor.
    """

    id: int
    person: Person
    csrf: str
    created_at: str
    seen_at: str
    expires_at: str
    address: str
    agent: str
    factors: str = "password"
    proved_at: str = ""
    lacks_factor: bool = False

    @property
    def public_id(self) -> str:
        return ids.encode("ses", self.id)

    @property
    def proved(self) -> bool:
        """Whether the person showed a few minutes ago that it is them."""
        now = clock.now()
        return clock.to_text(now - PROVED_LASTS) < self.proved_at <= clock.to_text(now + _SKEW)


class Opened(NamedTuple):
    """A session just opened; `secret` is for the cookie and is not kept."""

    secret: str
    session: SignedIn


class Sessions:
    """Open, find, list and end sessions."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self.remembered: Remembered[SignedIn] = Remembered()

    def open(self, session: Session, user: User, client: Client, factors: str = "password") -> Opened:
        """A new session within the caller's unit of work, told to the log with the factors that were shown."""
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
            factors=factors,
            proved_at=clock.to_text(now),
        )
        user.last_seen_at = clock.to_text(now)
        session.add_all([row, user])
        session.connection().execute(delete(SignIn).where(col(SignIn.expires_at) < clock.to_text(now - _KEEP_ENDED)))
        session.flush()
        data = {"address": client.address, "factors": factors}
        events.record(session.connection(), "access.signed_in", person(user).acting(), data=data)
        return Opened(secret, _signed_in(session, row, user))

    def renew(self, session: Session, row: SignIn, me: SignedIn) -> Opened:
        """Give a session a new secret in place of the old one, because the person proved again that it is them."""
        secret = secrets.make()
        row.secret_hash, row.proved_at = secrets.digest(secret), clock.now_text()
        session.add(row)
        return Opened(secret, replace(me, proved_at=row.proved_at))

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
            return [_signed_in(session, row, user) for row, user in rows]

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

    def end_all(self, actor: Actor, *, but: SignedIn | None = None) -> None:
        """Sign the actor out everywhere, or everywhere but in one session."""
        with self._units.write() as session:
            end_sessions_of(session, _key(actor.user_id), but=but.id if but else None)
            subject = "everywhere" if but is None else "everywhere else"
            events.record(session.connection(), "access.signed_out", actor, subject=subject)
        self.remembered.forget()

    def end_for(self, actor: Actor, public_id: str) -> None:
        """Sign another person out everywhere, as an admin; NotFound (`unknown_user`)."""
        with self._units.write() as session:
            end_sessions_of(session, _key(load(session, ids.decode("usr", public_id)).id))
            events.record(session.connection(), "access.signed_out", actor, subject=public_id)
        self.remembered.forget()

    def counts(self) -> Mapping[int, int]:
        """How many live sessions each person has, by key of the person; their ids stay theirs."""
        with self._units.read() as session:
            live = select(SignIn.user_id, func.count(col(SignIn.id))).where(col(SignIn.expires_at) > clock.now_text())
            return dict(session.exec(live.group_by(col(SignIn.user_id))).all())

    def _look_up(self, key: bytes) -> SignedIn | None:
        with self._units.read() as session:
            found = session.exec(
                select(SignIn, User)
                .join(User, col(User.id) == col(SignIn.user_id))
                .where(
                    col(SignIn.secret_hash) == key,
                    col(SignIn.expires_at) > clock.now_text(),
                    col(SignIn.created_at) < clock.to_text(clock.now() + _AHEAD),
                    col(User.active).is_(True),
                    col(User.deleted_at).is_(None),
                )
            ).one_or_none()
            return None if found is None else _signed_in(session, *found)

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


def end_sessions_of(session: Session, user_id: int, *, but: int | None = None) -> None:
    """End a person's sessions (all but one, if named) within the caller's unit of work."""
    now = clock.now_text()
    session.connection().execute(
        update(SignIn)
        .where(col(SignIn.user_id) == user_id, col(SignIn.expires_at) > now, col(SignIn.id) != (but or 0))
        .values(expires_at=now)
    )


def _signed_in(session: Session, row: SignIn, user: User) -> SignedIn:
    return SignedIn(
        _key(row.id),
        person(user),
        row.csrf,
        row.created_at,
        row.seen_at,
        row.expires_at,
        row.address,
        row.agent,
        row.factors,
        row.proved_at or row.created_at,
        lacks_factor(session, user),
    )


def _key(key: int | None) -> int:
    assert key is not None
    return key


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())
