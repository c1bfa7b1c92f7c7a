"""The one check of every outgoing call: which addresses a plugin may connect to (against SSRF and DNS rebinding).

A host name is resolved once, here, and only addresses that passed are given out, so the caller connects to what was
checked and not to what the name means a moment later. Addresses of the public internet pass. Addresses of the own
machine and network pass only when an admin has allowed the host (models on the LAN need that). Link-local addresses,
where clouds keep their metadata, never pass.

    for address in ctx.crm.egress.addresses("spark.local", 8080): ...      in a plugin; Refused `egress_refused`

This is the only file of the core that imports `socket`: it resolves names and opens no connection.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum

from crm_core.errors import Refused, Unavailable
from crm_core.services import events
from crm_core.services.access.meter import Meter
from crm_core.services.access.policy import Policies
from crm_core.storage.unit import Units

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NEVER = [ipaddress.ip_network(text) for text in ("fd00:ec2::254/128", "100.100.100.200/32", "192.0.0.192/32")]
"""Metadata services that are not link-local: Amazon by IPv6, Alibaba, Oracle."""


class Reach(StrEnum):
    """Where an address leads."""

    PUBLIC = "the public internet"
    OWN = "this machine or its network"
    NEVER = "a service that no plugin may reach"


class Egress:
    """Says where plugins may connect to, and tells the log what was refused."""

    def __init__(self, units: Units, policies: Policies, resolve: Resolve | None = None) -> None:
        self._units = units
        self._policies = policies
        self._resolve = resolve or resolved
        self._told = Meter(10, 60)

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host that may be connected to, best first.

        Refused (`egress_refused`) when there is none, Unavailable (`unknown_host`) when the name leads nowhere.
        """
        name = host.strip().strip("[]").rstrip(".").lower()
        allowed = self._policies.get().allowed_hosts
        found = list(dict.fromkeys(self._resolve(name, port)))
        passed = [text for text in found if _passes(text, name, allowed)]
        if passed:
            return passed
        if not found:
            raise Unavailable("unknown_host", f"The name {name[:120]} leads nowhere.", "Check the name and the DNS.")
        self._tell(name)
        where = reach(ipaddress.ip_address(found[0]))
        raise Refused(
            "egress_refused",
            f"{name[:120]} leads to {where}, so nothing was sent there.",
            "If it is meant, an admin names it under Settings, Security status, Hosts of the own network."
            if where is Reach.OWN
            else "Use another host.",
        )

    def _tell(self, name: str) -> None:
        if self._told.take(name) == 0:
            with self._units.write() as session:
                data = {"code": "egress_refused"}
                events.record(session.connection(), "access.denied", None, subject=name[:200], data=data)


def reach(address: Address) -> Reach:
    """Where an address leads; one that carries an IPv4 address inside leads where that does."""
    return min((_reach(each) for each in _with_inner(address)), key=list(reversed(Reach)).index)


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system knows them; none when it knows no such name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(each[4][0]).partition("%")[0] for each in found]


def _passes(text: str, name: str, allowed: Sequence[str]) -> bool:
    where = reach(ipaddress.ip_address(text))
    return where is Reach.PUBLIC or (where is Reach.OWN and (name in allowed or text in allowed))


def _reach(address: Address) -> Reach:
    never = address.is_link_local or address.is_multicast or address.is_unspecified
    if never or any(address in network for network in _NEVER if network.version == address.version):
        return Reach.NEVER
    return Reach.PUBLIC if address.is_global else Reach.OWN


def _with_inner(address: Address) -> Iterator[Address]:
    yield address
    if isinstance(address, ipaddress.IPv6Address):
        teredo = address.teredo
        inner = [address.ipv4_mapped, address.sixtofour, *(teredo or ())]
        if address in _NAT64:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        yield from (each for each in inner if each is not None)
