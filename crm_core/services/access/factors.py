"""A person's second factors as a whole: what there is, setting up, taking away, and checking one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from sqlmodel import Session

from crm_core import ids
from crm_core.contracts.actor import Actor
from crm_core.errors import Conflict, NotFound, TooMany
from crm_core.models import AuthenticatorApp, User
from crm_core.services import events
from crm_core.services.access import recovery
from crm_core.services.access.apps import Apps, NewApp
from crm_core.services.access.meter import Meter
from crm_core.services.access.passkeys import Challenge, OwnPasskey, Passkeys, Site
from crm_core.services.access.remembered import Remembered
from crm_core.services.access.sessions import end_sessions_of
from crm_core.services.users import Person, by_email, checked_email, load, person
from crm_core.storage.unit import Units

Way = Literal["app", "passkey", "recovery"]


@dataclass(frozen=True, slots=True)
class OwnFactors:
    """What a person has set up; `app_since` is None without an app."""

    app_since: str | None
    passkeys: Sequence[OwnPasskey]
    recovery_codes_left: int


class Proof(NamedTuple):
    """What somebody shows as a second factor: a code (of the app or from paper), or a passkey with its ticket."""

    code: str | None = None
    ticket: str = ""
    credential: dict[str, Any] | None = None


class Factors:
    """Set up, show, check and take away second factors. What changes takes effect with the next request."""

    def __init__(self, units: Units, apps: Apps, passkeys: Passkeys, remembered: Sequence[Remembered[Any]]) -> None:
        self._units = units
        self._remembered = remembered
        self._apps = apps
        self._guesses = Meter(10, 900)
        self.passkeys = passkeys

    def of(self, user_id: int) -> OwnFactors:
        """What a person has set up."""
        with self._units.read() as session:
            app = session.get(AuthenticatorApp, user_id)
            return OwnFactors(
                app.created_at if app else None,
                self.passkeys.of(session, user_id),
                recovery.left(session, user_id),
            )

    def ways(self, session: Session, user_id: int, site: Site) -> list[Way]:
        """How a person can show a second factor at this address; empty when none is set up."""
        ways: list[Way] = ["app"] if session.get(AuthenticatorApp, user_id) else []
        if self.passkeys.usable(session, user_id, site):
            ways.append("passkey")
        if recovery.left(session, user_id):
            ways.append("recovery")
        return ways

    def guess(self, user_id: int) -> None:
        """Count a try before it is made; TooMany (`too_many_attempts`) after ten wrong ones in a quarter of an hour."""
        wait = self._guesses.take(user_id)
        if wait:
            raise TooMany(
                "too_many_attempts",
                "There were too many wrong codes.",
                f"Wait {wait} seconds, then try again, or use a passkey.",
                extra={"retry_after": wait},
            )

    def show(self, session: Session, user_id: int, proof: Proof, site: Site) -> Way | None:
        """Which factor was shown, None when it does not hold; uses it up, within the caller's unit of work."""
        if proof.credential is not None:
            shown = self.passkeys.check(session, proof.ticket, proof.credential, site)
            return "passkey" if shown is not None and shown.user_id == user_id else None
        if proof.code is None:
            return None
        self.guess(user_id)
        way: Way | None = None
        if self._is_recovery(proof.code):
            way = "recovery" if recovery.use(session, user_id, proof.code) else None
        elif self._apps.check(session, user_id, proof.code):
            way = "app"
        if way is not None:
            self._guesses.give_back(user_id)
        return way

    def begin_app(self, me: Person, issuer: str) -> NewApp:
        """A secret for an authenticator app, which `confirm_app` connects."""
        return self._apps.begin(me, issuer)

    def confirm_app(self, me: Person, ticket: str, code: str) -> list[str]:
        """Connect the app; the recovery codes when these are the person's first, else none. Invalid (`wrong_code`)."""
        with self._changing() as session:
            self._apps.confirm(session, me, ticket, code)
            return self._added(session, me, "app")

    def remove_app(self, me: Person) -> None:
        """Disconnect the app; NotFound (`no_app`)."""
        with self._changing() as session:
            if not self._apps.remove(session, me.id):
                raise NotFound("no_app", "No authenticator app is connected.", "Read /api/me/second-factor again.")
            self._removed(session, me, "app")

    def new_recovery_codes(self, me: Person) -> list[str]:
        """Ten new codes in place of the old ones; Conflict (`no_second_factor`) when there is nothing to recover."""
        with self._units.write() as session:
            if not load(session, me.id).second_factor:
                raise Conflict(
                    "no_second_factor",
                    "Recovery codes stand in for an authenticator app or a passkey, and there is none.",
                    "Set one up first.",
                )
            codes = recovery.renew(session, me.id)
            _tell(session, me.acting(), me, "recovery_codes", "renewed")
        return codes

    def invite_passkey(self, me: Person, site: Site, issuer: str) -> Challenge:
        """Begin a registration."""
        with self._units.read() as session:
            return self.passkeys.invite(session, me, site, issuer)

    def add_passkey(
        self, me: Person, ticket: str, credential: dict[str, Any], name: str, site: Site
    ) -> tuple[OwnPasskey, list[str]]:
        """Keep a new passkey; the recovery codes with it when these are the person's first."""
        with self._changing() as session:
            made = self.passkeys.add(session, me, ticket, credential, name, site)
            return made, self._added(session, me, "passkey", made.name)

    def rename_passkey(self, me: Person, public_id: str, name: str) -> OwnPasskey:
        """Give a passkey another name; NotFound (`unknown_passkey`)."""
        with self._units.write() as session:
            renamed = self.passkeys.rename(session, me.id, public_id, name)
            _tell(session, me.acting(), me, "passkey", "renamed", renamed.name)
        return renamed

    def remove_passkey(self, me: Person, public_id: str) -> None:
        """Forget a passkey; NotFound (`unknown_passkey`)."""
        with self._changing() as session:
            gone = self.passkeys.remove(session, me.id, public_id)
            self._removed(session, me, "passkey", gone.name)

    def ask_passkey(self, user_id: int | None, site: Site) -> Challenge:
        """Ask for a passkey of this person, or of anybody."""
        with self._units.read() as session:
            return self.passkeys.ask(session, user_id, site)

    def reset(self, actor: Actor, public_id: str) -> bool:
        """Take away all second factors of somebody who lost them, as an admin; False when there were none.

        Signs the person out everywhere: whoever took the phone may be signed in. NotFound (`unknown_user`).
        """
        key = ids.decode("usr", public_id)
        with self._changing() as session:
            return self._reset(session, actor, load(session, key))

    def reset_for(self, actor: Actor, email: str) -> tuple[Person, bool]:
        """As `reset`, by address (for the command line); NotFound (`unknown_user`)."""
        with self._changing() as session:
            user = by_email(session, checked_email(email))
            if user is None:
                raise NotFound("unknown_user", f"There is no account for {email[:254]!r}.", "Check the address.")
            had = self._reset(session, actor, user)
            return person(user), had

    def failed(self, user_id: int, address: str) -> None:
        """Tell the log of a wrong second factor, in a unit of work of its own."""
        with self._units.write() as session:
            who = person(load(session, user_id))
            events.record(
                session.connection(),
                "access.second_factor_failed",
                None,
                subject=who.public_id,
                data={"address": address},
            )

    @contextmanager
    def _changing(self) -> Iterator[Session]:
        """A unit of work after which every request asks anew who acts."""
        with self._units.write() as session:
            yield session
        for remembered in self._remembered:
            remembered.forget()

    def _reset(self, session: Session, actor: Actor, user: User) -> bool:
        key, had = user.id or 0, bool(user.second_factor)
        self._apps.remove(session, key)
        self.passkeys.remove_all(session, key)
        recovery.forget(session, key)
        end_sessions_of(session, key)
        user.second_factor = False
        session.add(user)
        _tell(session, actor, person(user), "all", "reset")
        return had

    def _is_recovery(self, code: str) -> bool:
        return not "".join(code.split()).isdigit()

    def _added(self, session: Session, me: Person, factor: str, name: str = "") -> list[str]:
        user = load(session, me.id)
        user.second_factor = True
        session.add(user)
        _tell(session, me.acting(), me, factor, "added", name)
        session.flush()
        return recovery.renew(session, me.id) if not recovery.left(session, me.id) else []

    def _removed(self, session: Session, me: Person, factor: str, name: str = "") -> None:
        """With the last factor the recovery codes go too: they would stand in for nothing."""
        session.flush()
        _tell(session, me.acting(), me, factor, "removed", name)
        if session.get(AuthenticatorApp, me.id) is None and not self.passkeys.of(session, me.id):
            recovery.forget(session, me.id)
            user = load(session, me.id)
            user.second_factor = False
            session.add(user)


def _tell(session: Session, actor: Actor, who: Person, factor: str, what: str, name: str = "") -> None:
    data = {"factor": factor, "what": what} | ({"name": name} if name else {})
    events.record(session.connection(), "access.second_factor_changed", actor, subject=who.public_id, data=data)
