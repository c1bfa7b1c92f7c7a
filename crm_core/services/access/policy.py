"""What admins demand of the team, and which hosts of the own network plugins may reach."""

import ipaddress
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session

from crm_core.contracts.actor import Actor
from crm_core.errors import Conflict, Invalid
from crm_core.models import AppSetting, User
from crm_core.services import events
from crm_core.services.access.remembered import Remembered
from crm_core.services.settings import Settings
from crm_core.storage.unit import Units

KEY = "security"
_MOST_HOSTS = 50
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")


@dataclass(frozen=True, slots=True)
class Policy:
    """`admins_need_second_factor` and `members_need_second_factor`: who has that role and none may only set one up.
    `allowed_hosts`: names and addresses of the own network that plugins may reach (see crm_core.services.egress)."""

    admins_need_second_factor: bool = False
    members_need_second_factor: bool = False
    allowed_hosts: tuple[str, ...] = ()


class Policies:
    """Read and change the policy."""

    def __init__(self, units: Units, settings: Settings, remembered: Sequence[Remembered[Any]]) -> None:
        self._units = units
        self._settings = settings
        self._remembered = remembered

    def get(self) -> Policy:
        """The policy as it is now."""
        with self._units.read() as session:
            return policy(session)

    def change(
        self,
        actor: Actor,
        *,
        admins_need_second_factor: bool | None = None,
        members_need_second_factor: bool | None = None,
        allowed_hosts: list[str] | None = None,
    ) -> Policy:
        """Change what is given; Conflict (`second_factor_first`) when the admin has none, Invalid (`bad_host`)."""
        demands = {
            "admins_need_second_factor": admins_need_second_factor,
            "members_need_second_factor": members_need_second_factor,
        }
        given: dict[str, Any] = {name: wanted for name, wanted in demands.items() if wanted is not None}
        if allowed_hosts is not None:
            given["allowed_hosts"] = _checked_hosts(allowed_hosts)
        with self._units.write() as session:
            before = policy(session)
            after = Policy(**(asdict(before) | given))
            changed = {name: value for name, value in asdict(after).items() if value != asdict(before)[name]}
            if any(changed.get(name) for name in demands):
                _check_own(session, actor)
            if changed:
                self._settings.put(session, KEY, asdict(after), actor)
                events.record(session.connection(), "access.policy_changed", actor, data=changed)
        for remembered in self._remembered:
            remembered.forget()
        return after


def policy(session: Session) -> Policy:
    """The policy within a unit of work."""
    row = session.get(AppSetting, KEY)
    stored: Mapping[str, Any] = {} if row is None else json.loads(row.value)
    return Policy(
        bool(stored.get("admins_need_second_factor")),
        bool(stored.get("members_need_second_factor")),
        tuple(stored.get("allowed_hosts", ())),
    )


def lacks_factor(session: Session, user: User) -> bool:
    """Whether the policy lets this person do nothing but set up a second factor."""
    return not user.second_factor and demands_factor(policy(session), user.role)


def demands_factor(policy: Policy, role: str) -> bool:
    """Whether who has this role needs a second factor."""
    return policy.admins_need_second_factor if role == "admin" else policy.members_need_second_factor


def _check_own(session: Session, actor: Actor) -> None:
    me = session.get(User, actor.user_id) if actor.user_id else None
    if me is not None and not me.second_factor:
        raise Conflict(
            "second_factor_first",
            "You demand a second factor of others and have none yourself.",
            "Set up yours under Settings, Security, then switch this on.",
        )


def _checked_hosts(given: list[str]) -> tuple[str, ...]:
    hosts = tuple(dict.fromkeys(host.strip().lower().rstrip(".") for host in given if host.strip()))
    if len(hosts) > _MOST_HOSTS:
        raise Invalid("bad_host", f"There are more than {_MOST_HOSTS} hosts.", "Name fewer.", "/allowed_hosts")
    for number, host in enumerate(hosts):
        if len(host) > 253 or not (_is_address(host) or _HOST.fullmatch(host)):
            raise Invalid(
                "bad_host",
                f"{host[:80]!r} is not a host name or an address.",
                "Write it without a scheme and port, for example: spark.local or 192.168.1.20",
                pointer=f"/allowed_hosts/{number}",
            )
    return hosts


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
