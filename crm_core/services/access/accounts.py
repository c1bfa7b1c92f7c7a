"""What people do with their own account, and admins with everybody's."""

from collections.abc import Sequence
from typing import Any

from crm_core import clock, ids
from crm_core.contracts.actor import Actor
from crm_core.errors import NotFound
from crm_core.models import User
from crm_core.services import events
from crm_core.services.access.attempts import Attempts
from crm_core.services.access.entry import wrong_password
from crm_core.services.access.invites import revoke_invites_of
from crm_core.services.access.passwords import Passwords
from crm_core.services.access.remembered import Remembered
from crm_core.services.access.sessions import Client, SignedIn, end_sessions_of
from crm_core.services.access.tokens import revoke_tokens_of
from crm_core.services.users import Person, add, by_email, change, checked_email, checked_name, load, person
from crm_core.storage.unit import Units


class Accounts:
    """Make and change accounts; every change is told to the log and takes effect at once."""

    def __init__(
        self, units: Units, passwords: Passwords, attempts: Attempts, remembered: Sequence[Remembered[Any]]
    ) -> None:
        self._units = units
        self._passwords = passwords
        self._attempts = attempts
        self._remembered = remembered

    def create(self, actor: Actor, *, email: str, name: str, password: str, role: str = "member") -> Person:
        """A new account; Conflict (`email_taken`), Invalid for a bad name, address, role or password."""
        email, name = checked_email(email), checked_name(name)
        hashed = self._passwords.hash(password, email=email, name=name)
        with self._units.write() as session:
            made = add(session, email=email, name=name, role=role, password_hash=hashed)
            events.record(session.connection(), "user.created", actor, subject=made.public_id, data={"role": role})
        return made

    def change(
        self,
        actor: Actor,
        public_id: str,
        *,
        name: str | None = None,
        role: str | None = None,
        active: bool | None = None,
    ) -> Person:
        """Change an account as an admin. Deactivating signs out everywhere and revokes API tokens; who is no
        active admin any more loses the open invitations too.

        Conflict (`last_admin`) when no active admin would be left.
        """
        key = ids.decode("usr", public_id)
        with self._units.write() as session:
            row = load(session, key)
            changed = change(session, row, name=name, role=role, active=active)
            if changed.get("active") is False:
                end_sessions_of(session, key)
                revoke_tokens_of(session, key)
            if changed.get("active") is False or changed.get("role") == "member":
                revoke_invites_of(session, actor, key)
            if changed:
                events.record(session.connection(), "user.changed", actor, subject=public_id, data=changed)
            result = person(row)
        self._forget()
        return result

    def change_own(
        self,
        signed_in: SignedIn,
        client: Client,
        *,
        name: str | None = None,
        password: str | None = None,
        current_password: str | None = None,
    ) -> Person:
        """Change one's own name or password; a new password needs the old one and ends the other sessions.

        Invalid (`wrong_password`), TooMany (`too_many_attempts`).
        """
        me = signed_in.person
        name = None if name is None else checked_name(name)
        hashed = None
        if password is not None:
            self._check_current(me, current_password, client)
            hashed = self._passwords.hash(password, email=me.email, name=name or me.name)
        with self._units.write() as session:
            row = load(session, me.id)
            changed = change(session, row, name=name, role=None, active=None)
            if changed:
                events.record(session.connection(), "user.changed", me.acting(), subject=me.public_id, data=changed)
            if hashed is not None:
                _set_password(row, hashed)
                end_sessions_of(session, me.id, but=signed_in.id)
                events.record(session.connection(), "access.password_changed", me.acting(), subject=me.public_id)
            session.add(row)
            result = person(row)
        self._forget()
        return result

    def set_password(self, actor: Actor, email: str, password: str) -> Person:
        """A new password for somebody who forgot the old one (for the command line); ends all sessions of the account.

        NotFound (`unknown_user`), Invalid for a weak password.
        """
        with self._units.write() as session:
            row = by_email(session, checked_email(email))
            if row is None or row.id is None:
                raise NotFound("unknown_user", f"There is no account for {email[:254]!r}.", "Check the address.")
            _set_password(row, self._passwords.hash(password, email=row.email, name=row.name))
            session.add(row)
            end_sessions_of(session, row.id)
            result = person(row)
            events.record(session.connection(), "access.password_changed", actor, subject=result.public_id)
        self._forget()
        return result

    def _check_current(self, me: Person, given: str | None, client: Client) -> None:
        with self._units.read() as session:
            stored = load(session, me.id).password_hash
        self._attempts.take(me.email, client.address, known=True)
        if not self._passwords.matches(stored, given or ""):
            raise wrong_password("/current_password")
        self._attempts.succeeded(me.email, client.address, known=True)

    def _forget(self) -> None:
        for remembered in self._remembered:
            remembered.forget()


def _set_password(row: User, hashed: str) -> None:
    row.password_hash, row.password_weak, row.password_set_at = hashed, False, clock.now_text()
