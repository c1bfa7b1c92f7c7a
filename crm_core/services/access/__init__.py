"""Who may come in: setup, sign-in, sessions, invitations, API tokens, accounts; each subject in a file of its own."""

from collections.abc import Mapping
from typing import Any

from crm_core.config import Config
from crm_core.contracts.actor import Actor
from crm_core.services import events
from crm_core.services.access.accounts import Accounts
from crm_core.services.access.apps import Apps
from crm_core.services.access.attempts import Attempts
from crm_core.services.access.entry import Entry, SecondStep
from crm_core.services.access.factors import Factors, Proof
from crm_core.services.access.invites import Invites, NewInvite, OpenInvite
from crm_core.services.access.meter import Meter
from crm_core.services.access.passkeys import Challenge, OwnPasskey, Passkeys, Site
from crm_core.services.access.passwords import Passwords
from crm_core.services.access.policy import Policies, Policy
from crm_core.services.access.sessions import Client, Opened, Sessions, SignedIn
from crm_core.services.access.setup import Setup
from crm_core.services.access.tickets import Tickets
from crm_core.services.access.tokens import NewToken, Token, Tokens
from crm_core.services.settings import Settings
from crm_core.services.users import Users
from crm_core.storage.unit import Units

__all__ = [
    "Access",
    "Challenge",
    "Client",
    "Meter",
    "NewInvite",
    "NewToken",
    "OpenInvite",
    "Opened",
    "OwnPasskey",
    "Policy",
    "Proof",
    "SecondStep",
    "SignedIn",
    "Site",
    "Token",
]


class Access:
    """The bundle of everything about coming in.

    `setup` the first account · `entry` signing in · `factors` second factors · `sessions` who is signed in ·
    `accounts` making and changing people · `invites` · `tokens` · `policies` what admins demand.
    """

    def __init__(self, units: Units, users: Users, settings: Settings, config: Config) -> None:
        passwords, attempts, tickets = Passwords(), Attempts(), Tickets(config.secret_key)
        self._units = units
        self._denials = Meter(60, 60)
        self.config = config
        self.sessions = Sessions(units)
        self.tokens = Tokens(units)
        remembered = (self.sessions.remembered, self.tokens.remembered)
        self.factors = Factors(units, Apps(config.secret_key, tickets), Passkeys(tickets), remembered)
        self.entry = Entry(units, passwords, attempts, self.sessions, self.factors, tickets)
        self.setup = Setup(units, users, passwords, self.sessions)
        self.invites = Invites(units, passwords, self.sessions)
        self.accounts = Accounts(units, passwords, attempts, remembered)
        self.policies = Policies(units, settings, remembered)

    def forget(self) -> None:
        """Ask the database again who has which rights (after a restore)."""
        self.sessions.remembered.forget()
        self.tokens.remembered.forget()

    @property
    def generation(self) -> int:
        """Grows whenever somebody may have lost a right; whoever keeps a connection open then asks again."""
        return self.sessions.remembered.generation + self.tokens.remembered.generation

    def denied(self, actor: Actor | None, subject: str, data: Mapping[str, Any]) -> None:
        """Tell the log that somebody was refused something; a flood of one person or address is cut at 60 a minute."""
        if self._denials.take(actor.user_id if actor else data.get("address", "")) == 0:
            with self._units.write() as session:
                events.record(session.connection(), "access.denied", actor, subject=subject, data=data)
