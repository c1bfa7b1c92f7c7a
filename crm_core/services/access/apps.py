"""Codes of an authenticator app (TOTP, RFC 6238: SHA-1, six digits, 30 seconds), each taken once."""

from typing import NamedTuple

from sqlalchemy import delete
from sqlmodel import Session, col

from crm_core import clock, ids
from crm_core.errors import Invalid, Unavailable
from crm_core.models import AuthenticatorApp
from crm_core.services.access import secrets
from crm_core.services.access.tickets import Tickets
from crm_core.services.secrets import Sealed, Vault
from crm_core.services.users import Person

_PURPOSE = "second factor"
_TICKET = "app"
_STEP = 30
_ALLOWED = (0, -1, 1)
"""Steps before and after the current one that are taken too, because clocks differ."""


class NewApp(NamedTuple):
    """What an app needs: the secret in base32, the same as an `otpauth://` address, and the ticket to confirm with."""

    ticket: str
    secret: str
    address: str


class Apps:
    """Connect an authenticator app to an account, and check its codes."""

    def __init__(self, secret_key: str, tickets: Tickets) -> None:
        self._vault = Vault(secret_key, _PURPOSE)
        self._tickets = tickets

    def begin(self, person: Person, issuer: str) -> NewApp:
        """A new secret for the person's app; nothing is stored before the app has shown a right code."""
        import pyotp  # most starts have no use for it

        secret = pyotp.random_base32()
        address = pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=issuer.replace(":", " "))
        return NewApp(self._tickets.issue(_TICKET, {"user": person.id, "secret": secret}), secret, address)

    def confirm(self, session: Session, person: Person, ticket: str, code: str) -> None:
        """Connect the app, in place of one before; Refused (`ticket_gone`), Invalid (`wrong_code`)."""
        held = self._tickets.read(_TICKET, ticket)
        step = _step_of(held["secret"], code, after=0)
        if held["user"] != person.id or step is None:
            raise wrong_code()
        self._tickets.take(_TICKET, ticket)
        self.remove(session, person.id)
        sealed = self._vault.seal(held["secret"], _place(person.id))
        session.add(AuthenticatorApp(user_id=person.id, sealed=sealed, last_step=step, created_at=clock.now_text()))

    def check(self, session: Session, user_id: int, code: str) -> bool:
        """Whether it is a code of now that was not used yet, which uses it; within the caller's unit of work.

        Unavailable (`factor_unreadable`) when CRM_SECRET_KEY is not the one that the secret was sealed with.
        """
        row = session.get(AuthenticatorApp, user_id)
        if row is None:
            return False
        try:
            secret = self._vault.open(row.sealed, _place(user_id))
        except Sealed as error:
            raise Unavailable(
                "factor_unreadable",
                "The secret of the authenticator app cannot be read with this CRM_SECRET_KEY.",
                "Use a recovery code or a passkey, or run: crm admin reset-two-factor",
            ) from error
        step = _step_of(secret, code, after=row.last_step)
        if step is None:
            return False
        row.last_step = step
        session.add(row)
        return True

    def remove(self, session: Session, user_id: int) -> bool:
        """Disconnect the app; False when there was none."""
        found = session.connection().execute(delete(AuthenticatorApp).where(col(AuthenticatorApp.user_id) == user_id))
        return bool(found.rowcount)


def wrong_code() -> Invalid:
    """The refusal of a code."""
    return Invalid(
        "wrong_code",
        "The code is wrong, or was used already.",
        "Type the code that the app shows now. If it never fits, check the time of your phone.",
        pointer="/code",
    )


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    """The step that a code belongs to, if it is near now and later than the last one used."""
    import pyotp

    digits = "".join(code.split())
    now, app = int(clock.now().timestamp()) // _STEP, pyotp.TOTP(secret)
    right = [now + near for near in _ALLOWED if secrets.same(app.at((now + near) * _STEP), digits)]
    return next((step for step in right if step > after), None)


def _place(user_id: int) -> str:
    return f"{ids.encode('usr', user_id)}/app"
