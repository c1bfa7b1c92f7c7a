"""Personal API tokens: how programs come in, with a person's rights or only to read."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import update
from sqlmodel import Session, col, select

from crm_core import clock, ids
from crm_core.contracts.actor import Actor
from crm_core.errors import CrmError, Invalid, NotFound, Refused
from crm_core.models import ApiToken, User
from crm_core.names import tidy_name
from crm_core.services import events
from crm_core.services.access import secrets
from crm_core.services.access.policy import lacks_factor
from crm_core.services.access.remembered import Remembered
from crm_core.services.users import Person, by_email, person
from crm_core.storage.unit import Units

SCOPES = ("read", "write", "metrics")
_MOST = 100
_MAX_NAME = 100
_TOUCH = timedelta(minutes=10)
_log = logging.getLogger("crm.access")


@dataclass(frozen=True, slots=True)
class Token:
    """One token as its owner sees it; the secret is gone."""

    id: int
    name: str
    scope: str
    created_at: str
    expires_at: str | None
    used_at: str | None
    person: Person
    lacks_factor: bool = False

    @property
    def public_id(self) -> str:
        return ids.encode("tok", self.id)


class NewToken(NamedTuple):
    """A token just made; `secret` is shown once."""

    secret: str
    token: Token


class Tokens:
    """Make, find, list and revoke API tokens."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self.remembered: Remembered[Token] = Remembered()

    def create(self, actor: Actor, name: str, scope: str, expires_in_days: int | None = None) -> NewToken:
        """A token for the actor; Invalid for a bad name, scope or time."""
        with self._units.write() as session:
            user = session.get(User, actor.user_id)
            if user is None:
                raise Refused("needs_person", "Only a person can have API tokens.", "Name the account with its e-mail.")
            return self._make(session, user, actor, name, scope, expires_in_days)

    def create_for(
        self, actor: Actor, email: str, name: str, scope: str, expires_in_days: int | None = None
    ) -> NewToken:
        """A token for the account with this address (for the command line); NotFound (`unknown_user`)."""
        with self._units.write() as session:
            user = by_email(session, email)
            if user is None or not user.active:
                raise NotFound("unknown_user", f"There is no active account for {email[:254]!r}.", "Check the address.")
            return self._make(session, user, actor, name, scope, expires_in_days)

    def peek(self, secret: str) -> Token | None:
        """A token if it was asked for moments ago; never waits."""
        return self.remembered.peek(secrets.digest(secret))

    def find(self, secret: str) -> Token | None:
        """The live token with this secret, or None."""
        if not secret.startswith(secrets.TOKEN_PREFIX):
            return None
        key = secrets.digest(secret)
        found = self.remembered.get(key, lambda: self._look_up(key))
        now = clock.now()
        if found is not None and found.expires_at is not None and found.expires_at <= clock.to_text(now):
            return None
        if found is not None and (found.used_at or "") < clock.to_text(now - _TOUCH):
            self._touch(found)
        return found

    def of(self, user_id: int) -> Sequence[Token]:
        """A person's tokens that are not revoked, the newest first; expired ones included."""
        with self._units.read() as session:
            rows = session.exec(
                select(ApiToken, User)
                .join(User, col(User.id) == col(ApiToken.user_id))
                .where(col(ApiToken.user_id) == user_id, col(ApiToken.revoked_at).is_(None))
                .order_by(col(ApiToken.id).desc())
            )
            return [_token(session, row, user) for row, user in rows]

    def revoke(self, actor: Actor, public_id: str) -> None:
        """Take back one of the actor's own tokens; NotFound (`unknown_token`)."""
        key = ids.decode("tok", public_id)
        with self._units.write() as session:
            row = session.get(ApiToken, key)
            if row is None or row.user_id != actor.user_id or row.revoked_at is not None:
                raise NotFound("unknown_token", "There is no such token.", "Read /api/tokens again.")
            row.revoked_at = clock.now_text()
            session.add(row)
            events.record(session.connection(), "token.revoked", actor, subject=public_id)
        self.remembered.forget()

    def _make(self, session: Session, user: User, actor: Actor, name: str, scope: str, days: int | None) -> NewToken:
        name = tidy_name(name, "A token's name", _MAX_NAME, hint="Name its use.", pointer="/name")
        if scope not in SCOPES:
            raise Invalid("bad_scope", f"{scope[:40]!r} is no scope.", f"Scopes are: {', '.join(SCOPES)}.", "/scope")
        if days is not None and not 1 <= days <= 3650:
            raise Invalid("bad_expiry", "A token lives 1 to 3650 days.", "Leave it out for no end.", "/expires_in_days")
        live = session.exec(
            select(ApiToken.id).where(col(ApiToken.user_id) == user.id, col(ApiToken.revoked_at).is_(None))
        )
        if len(live.all()) >= _MOST:
            raise Refused("too_many_tokens", f"A person has at most {_MOST} tokens.", "Revoke one that is not used.")
        now, secret = clock.now(), secrets.make(secrets.TOKEN_PREFIX)
        row = ApiToken(
            secret_hash=secrets.digest(secret),
            user_id=user.id or 0,
            name=name,
            scope=scope,
            created_at=clock.to_text(now),
            expires_at=None if days is None else clock.to_text(now + timedelta(days=days)),
        )
        session.add(row)
        session.flush()
        token = _token(session, row, user)
        events.record(
            session.connection(), "token.created", actor, subject=token.public_id, data={"name": name, "scope": scope}
        )
        return NewToken(secret, token)

    def _look_up(self, key: bytes) -> Token | None:
        with self._units.read() as session:
            found = session.exec(
                select(ApiToken, User)
                .join(User, col(User.id) == col(ApiToken.user_id))
                .where(
                    col(ApiToken.secret_hash) == key,
                    col(ApiToken.revoked_at).is_(None),
                    col(User.active).is_(True),
                    col(User.deleted_at).is_(None),
                )
            ).one_or_none()
            return None if found is None else _token(session, *found)

    def _touch(self, found: Token) -> None:
        try:
            with self._units.write() as session:
                session.connection().execute(
                    update(ApiToken).where(col(ApiToken.id) == found.id).values(used_at=clock.now_text())
                )
        except CrmError as error:
            _log.warning("A token's use could not be noted: %s", error)
        self.remembered.forget()


def revoke_tokens_of(session: Session, user_id: int) -> None:
    """Revoke all of a person's tokens within the caller's unit of work."""
    session.connection().execute(
        update(ApiToken)
        .where(col(ApiToken.user_id) == user_id, col(ApiToken.revoked_at).is_(None))
        .values(revoked_at=clock.now_text())
    )


def _token(session: Session, row: ApiToken, user: User) -> Token:
    return Token(
        row.id or 0,
        row.name,
        row.scope,
        row.created_at,
        row.expires_at,
        row.used_at,
        person(user),
        lacks_factor(session, user),
    )
