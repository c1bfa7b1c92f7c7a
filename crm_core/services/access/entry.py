"""Coming in: a password, then a second factor where one is set up; or a passkey alone. And showing it once more."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from crm_core import clock, ids
from crm_core.errors import CrmError, Invalid, Refused, Unauthenticated
from crm_core.models import SignIn, User
from crm_core.services import events
from crm_core.services.access.apps import wrong_code
from crm_core.services.access.attempts import Attempts
from crm_core.services.access.factors import Factors, Proof, Way
from crm_core.services.access.passkeys import Challenge, Site
from crm_core.services.access.passwords import Passwords, too_easy
from crm_core.services.access.sessions import Client, Opened, Sessions, SignedIn
from crm_core.services.access.tickets import Tickets
from crm_core.services.users import by_email
from crm_core.storage.unit import Units

_TICKET = "second step"


@dataclass(frozen=True, slots=True)
class SecondStep:
    """The password was right, and something more is needed: one of `ways`, together with the ticket."""

    ticket: str
    ways: tuple[Way, ...]


class Entry:
    """Sign in, and prove again in a session that it is still the same person."""

    def __init__(
        self,
        units: Units,
        passwords: Passwords,
        attempts: Attempts,
        sessions: Sessions,
        factors: Factors,
        tickets: Tickets,
    ) -> None:
        self._units = units
        self._passwords = passwords
        self._attempts = attempts
        self._sessions = sessions
        self._factors = factors
        self._tickets = tickets

    def sign_in(self, email: str, password: str, client: Client, site: Site) -> Opened | SecondStep:
        """Open a session for the right password, or say what more is needed.

        Unauthenticated (`bad_credentials`), TooMany (`too_many_attempts`). An unknown or inactive account takes as long
        and gets the same answer as a wrong password.
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
            user.password_hash = rehashed or user.password_hash
            user.password_weak = too_easy(password, email=user.email, name=user.name)
            session.add(user)
            if user.second_factor:
                data = {"user": user_id, "since": user.password_set_at}
                ways = self._factors.ways(session, user_id, site)
                return SecondStep(self._tickets.issue(_TICKET, data), tuple(ways))
            return self._sessions.open(session, user, client)

    def finish(self, ticket: str, proof: Proof, client: Client, site: Site) -> Opened:
        """The second step. Refused (`ticket_gone`), Invalid (`wrong_code`, `bad_passkey`), TooMany."""
        held = self._tickets.read(_TICKET, ticket)
        with self._units.write() as session:
            way = self._factors.show(session, held["user"], proof, site)
            if way is not None:
                user = session.get(User, held["user"])
                if user is None or not user.active or user.password_set_at != held["since"]:
                    raise Refused("ticket_gone", "The account was changed just now.", "Begin again.")
                self._tickets.take(_TICKET, ticket)
                return self._sessions.open(session, user, client, f"password+{way}")
        self._factors.failed(held["user"], client.address)
        raise _not_shown(proof)

    def ask_passkey(self, ticket: str | None, site: Site) -> Challenge:
        """Ask for a passkey: for the second step of a ticket, or of anybody. Refused (`ticket_gone`)."""
        user_id = None if ticket is None else self._tickets.read(_TICKET, ticket)["user"]
        return self._factors.ask_passkey(user_id, site)

    def by_passkey(self, ticket: str, credential: dict[str, Any], client: Client, site: Site) -> Opened:
        """Sign in with a passkey alone, whose device verified the person. Refused (`ticket_gone`), Unauthenticated."""
        with self._units.write() as session:
            shown = self._factors.passkeys.check(session, ticket, credential, site)
            user = session.get(User, shown.user_id) if shown is not None and shown.verified else None
            if user is not None and user.active and user.deleted_at is None:
                return self._sessions.open(session, user, client, "passkey")
        self._failed(None, client)
        raise Unauthenticated(
            "bad_credentials",
            "This passkey opens no account here.",
            "Sign in with your password, then register it under Settings, Security.",
        )

    def ways_to_confirm(self, me: SignedIn, site: Site) -> list[Way]:
        """What besides the password somebody signed in can confirm with."""
        with self._units.read() as session:
            return self._factors.ways(session, me.person.id, site)

    def confirm(self, me: SignedIn, password: str | None, proof: Proof, client: Client, site: Site) -> Opened:
        """Prove once more that it is the same person; the session gets a new secret, the old one ends.

        A passkey that verified the person is enough; else the password, and a second factor where one is set up.
        Invalid (`wrong_password`, `wrong_code`, `bad_passkey`), TooMany.
        """
        if password is not None:
            self._check_password(me, password, client)
        renewed = None
        with self._units.write() as session:
            how = self._shown(session, me, password is not None, proof, site)
            row = session.get(SignIn, me.id)
            if how is not None and row is not None and row.expires_at > clock.now_text():
                data = {"address": client.address, "factors": how}
                events.record(session.connection(), "access.confirmed", me.person.acting(), data=data)
                renewed = self._sessions.renew(session, row, me)
        if renewed is not None:
            self._sessions.remembered.forget()
            return renewed
        if proof.code is not None or proof.credential is not None:
            self._factors.failed(me.person.id, client.address)
        raise _not_shown(proof)

    def _shown(self, session: Session, me: SignedIn, password: bool, proof: Proof, site: Site) -> str | None:
        """The factors shown, None when they are not enough."""
        if proof.credential is not None:
            shown = self._factors.passkeys.check(session, proof.ticket, proof.credential, site)
            enough = shown is not None and shown.user_id == me.person.id and (shown.verified or password)
            return "passkey" if enough else None
        if not password:
            return None
        if not me.person.second_factor:
            return "password"
        way = self._factors.show(session, me.person.id, proof, site)
        return f"password+{way}" if way is not None else None

    def _check_password(self, me: SignedIn, password: str, client: Client) -> None:
        with self._units.read() as session:
            user = session.get(User, me.person.id)
            stored = user.password_hash if user is not None else None
        self._attempts.take(me.person.email, client.address, known=True)
        if not self._passwords.matches(stored, password):
            self._failed(me.person.id, client)
            raise wrong_password("/password")
        self._attempts.succeeded(me.person.email, client.address, known=True)

    def _failed(self, user_id: int | None, client: Client) -> None:
        with self._units.write() as session:
            events.record(
                session.connection(),
                "access.sign_in_failed",
                None,
                subject=ids.encode("usr", user_id) if user_id else "",
                data={"address": client.address},
            )


def wrong_password(pointer: str) -> Invalid:
    """The refusal of a password that somebody signed in has typed once more."""
    return Invalid(
        "wrong_password", "The current password is wrong.", "Type the password you signed in with.", pointer=pointer
    )


def _not_shown(proof: Proof) -> CrmError:
    if proof.credential is not None:
        return Invalid(
            "bad_passkey",
            "This passkey does not belong to the account, or did not answer as it should.",
            "Try again, or choose another way.",
            pointer="/credential",
        )
    if proof.code is None:
        return Invalid(
            "second_factor_needed",
            "The password alone is not enough for this account.",
            "Add a code of the authenticator app, or use a passkey.",
            pointer="/code",
        )
    return wrong_code()


def _signed_in_before(session: Session, user_id: int, address: str) -> bool:
    where = (col(SignIn.user_id) == user_id, col(SignIn.address) == address[:64])
    return session.exec(select(SignIn.id).where(*where).limit(1)).first() is not None
