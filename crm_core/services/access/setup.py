"""The first account: a one-time link that the server prints while there is nobody yet. There is no default password."""

import json

from crm_core import clock
from crm_core.contracts.actor import SYSTEM
from crm_core.errors import Conflict, Refused
from crm_core.models import AppSetting, User
from crm_core.services import events
from crm_core.services.access import secrets
from crm_core.services.access.passwords import Passwords
from crm_core.services.access.sessions import Client, Opened, Sessions
from crm_core.services.users import Users, add, checked_email, checked_name, count
from crm_core.storage.unit import Units

_KEY = "access.setup"


class Setup:
    """Make the link's secret, and the first admin from it."""

    def __init__(self, units: Units, users: Users, passwords: Passwords, sessions: Sessions) -> None:
        self._units = units
        self._users = users
        self._passwords = passwords
        self._sessions = sessions

    def needed(self) -> bool:
        """Whether nobody has an account yet."""
        return not self._users.exist()

    def fresh_secret(self) -> str:
        """A new secret for the link; the one before stops working. Conflict (`setup_done`) once there is an account."""
        secret = secrets.make()
        with self._units.write() as session:
            if count(session):
                raise _done()
            row = session.get(AppSetting, _KEY) or AppSetting(key=_KEY, value="", version=0, updated_at="")
            row.value = json.dumps({"sha256": secrets.digest(secret).hex()})
            row.version, row.updated_at = row.version + 1, clock.now_text()
            session.add(row)
        return secret

    def use(self, secret: str, *, email: str, name: str, password: str, client: Client) -> Opened:
        """Make the first admin and sign in; Refused (`bad_setup_link`), Conflict (`setup_done`)."""
        with self._units.read() as session:
            self._check(session.get(AppSetting, _KEY), bool(count(session)), secret)
        email, name = checked_email(email), checked_name(name)
        hashed = self._passwords.hash(password, email=email, name=name)
        with self._units.write() as session:
            row = session.get(AppSetting, _KEY)
            self._check(row, bool(count(session)), secret)
            made = add(session, email=email, name=name, role="admin", password_hash=hashed)
            session.delete(row)
            events.record(
                session.connection(),
                "user.created",
                SYSTEM,
                subject=made.public_id,
                data={"role": "admin", "setup": True},
            )
            user = session.get(User, made.id)
            assert user is not None
            return self._sessions.open(session, user, client)

    def _check(self, row: AppSetting | None, anybody: bool, secret: str) -> None:
        if anybody:
            raise _done()
        stored = json.loads(row.value).get("sha256", "") if row is not None else ""
        if not stored or not secrets.same(stored, secrets.digest(secret).hex()):
            raise Refused(
                "bad_setup_link",
                "This setup link is not the current one.",
                "Use the link that the server printed at its last start.",
                pointer="/token",
            )


def _done() -> Conflict:
    return Conflict("setup_done", "The first account exists already.", "Sign in, or ask an admin to invite you.")
