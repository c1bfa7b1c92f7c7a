"""The accounts of the team: who there is, and the rules for their names, addresses and roles."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from crm_core import clock, ids
from crm_core.contracts.actor import Actor
from crm_core.errors import Conflict, Invalid, NotFound
from crm_core.models import User
from crm_core.names import tidy_name
from crm_core.storage.unit import Units

ROLES = ("admin", "member")
_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\]\\]{1,64}@[^\s@\"(),:;<>\[\]\\.]+(\.[^\s@\"(),:;<>\[\]\\.]+)*")
_MAX_EMAIL = 254
_MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class Person:
    """One account as others may see it; it never holds the password's hash."""

    id: int
    email: str
    name: str
    role: str
    active: bool
    created_at: str
    last_seen_at: str | None
    second_factor: bool = False

    @property
    def public_id(self) -> str:
        return ids.encode("usr", self.id)

    def acting(self, scope: str = "write") -> Actor:
        """This person as the one who acts, with a token's scope if it is a program that comes in."""
        return Actor(self.id, self.name, self.role, scope)


class Users:
    """Read accounts, add and change them. Passwords and who is signed in are the business of Access."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._exist = False

    def forget(self) -> None:
        """Ask the database again (after a restore)."""
        self._exist = False

    def exist(self) -> bool:
        """Whether there is any account yet; accounts are never removed, so a yes holds for good."""
        if not self._exist:
            with self._units.read() as session:
                self._exist = bool(count(session))
        return self._exist

    def everyone(self) -> Sequence[Person]:
        """Every account, inactive ones included (old records name them), by name."""
        with self._units.read() as session:
            rows = session.exec(select(User).where(_present()).order_by(func.lower(User.name), col(User.id)))
            return [person(row) for row in rows]

    def get(self, public_id: str) -> Person:
        """One account; NotFound (`unknown_user`)."""
        with self._units.read() as session:
            return person(load(session, ids.decode("usr", public_id)))


def person(row: User) -> Person:
    """A stored account as a Person."""
    assert row.id is not None
    return Person(
        row.id,
        row.email,
        row.name,
        row.role,
        bool(row.active),
        row.created_at,
        row.last_seen_at,
        bool(row.second_factor),
    )


def count(session: Session, *conditions: ColumnElement[bool]) -> int:
    """How many accounts there are that meet the conditions."""
    return session.exec(select(func.count(col(User.id))).where(_present(), *conditions)).one()


def load(session: Session, key: int) -> User:
    """The stored account with this key; NotFound (`unknown_user`)."""
    row = session.get(User, key)
    if row is None or row.deleted_at is not None:
        raise NotFound("unknown_user", "There is no such account.", "Read /api/users again.")
    return row


def by_email(session: Session, email: str) -> User | None:
    """The stored account with this address, however it is capitalised."""
    return session.exec(select(User).where(_present(), col(User.email) == email.strip().lower())).one_or_none()


def add(session: Session, *, email: str, name: str, role: str, password_hash: str) -> Person:
    """A new account within the caller's unit of work; Conflict (`email_taken`), Invalid for a bad name or address."""
    now = clock.now_text()
    row = User(
        email=checked_email(email),
        name=checked_name(name),
        role=checked_role(role),
        password_hash=password_hash,
        created_at=now,
        password_set_at=now,
    )
    if by_email(session, row.email) is not None:
        raise Conflict(
            "email_taken",
            f"There is already an account for {row.email}.",
            "Use another address, or let an admin activate that account again.",
            pointer="/email",
        )
    session.add(row)
    session.flush()
    return person(row)


def change(session: Session, row: User, *, name: str | None, role: str | None, active: bool | None) -> dict[str, Any]:
    """Set what is given and answer what changed; Conflict (`last_admin`) when no active admin would be left."""
    wanted = {
        "name": row.name if name is None else checked_name(name),
        "role": row.role if role is None else checked_role(role),
        "active": bool(row.active) if active is None else active,
    }
    stays_admin = wanted["active"] and wanted["role"] == "admin"
    if row.role == "admin" and row.active and not stays_admin and count(session, *ACTIVE_ADMIN) == 1:
        raise Conflict(
            "last_admin",
            f"{row.name} is the only active admin.",
            "Make somebody else an admin first.",
        )
    changed = {key: value for key, value in wanted.items() if getattr(row, key) != value}
    for key, value in changed.items():
        setattr(row, key, value)
    session.add(row)
    session.flush()
    return changed


def checked_name(name: str) -> str:
    """A person's name without outer spaces; Invalid (`bad_name`)."""
    return tidy_name(name, "A name", _MAX_NAME, hint="Write the person's name.", pointer="/name")


def checked_email(email: str) -> str:
    """An e-mail address in lower case; Invalid (`bad_email`)."""
    email = email.strip().lower()
    if len(email) > _MAX_EMAIL or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise Invalid(
            "bad_email",
            f"{email[:60]!r} is not an e-mail address.",
            "Write it as name@example.org.",
            pointer="/email",
        )
    return email


def checked_role(role: str) -> str:
    """A role that exists; Invalid (`bad_role`)."""
    if role not in ROLES:
        raise Invalid("bad_role", f"{role[:40]!r} is not a role.", f"Roles are: {', '.join(ROLES)}.", pointer="/role")
    return role


def _present() -> ColumnElement[bool]:
    return col(User.deleted_at).is_(None)


ACTIVE_ADMIN = (col(User.role) == "admin", col(User.active).is_(True))
