"""Outgoing calls: the own network only where an admin allows it, metadata never, and no second look at the DNS."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.contracts.actor import SYSTEM
from crm_core.errors import Refused, Unavailable
from crm_core.services.egress import Egress, Reach, reach, resolved
from tests.core.access.conftest import Door

OWN = ["127.0.0.1", "10.1.2.3", "192.168.1.20", "172.16.0.1", "100.64.0.1", "::1", "fd12::1", "::ffff:10.0.0.1"]
NEVER = [
    "169.254.169.254",
    "fe80::1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "fd00:ec2::254",
    "100.100.100.200",
    "0.0.0.0",
    "::",
    "224.0.0.1",
    "ff02::1",
]
PUBLIC = ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111"]


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    made = Door(tmp_path)
    yield made
    made.storage.close()


def egress(door: Door, *answers: Sequence[str]) -> Egress:
    """One whose DNS gives these answers, one after the other, and the last for ever."""
    waiting = list(answers)
    return Egress(door.units, door.access.policies, lambda _, __: waiting.pop(0) if len(waiting) > 1 else waiting[0])


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (text, where)
        for where, texts in ((Reach.OWN, OWN), (Reach.NEVER, NEVER), (Reach.PUBLIC, PUBLIC))
        for text in texts
    ],
)
def test_where_an_address_leads(text: str, where: Reach) -> None:
    assert reach(ipaddress.ip_address(text)) is where


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_leads_where_it_does(inner: ipaddress.IPv4Address) -> None:
    for outer in (f"::ffff:{inner}", f"64:ff9b::{inner}"):
        assert reach(ipaddress.ip_address(outer)) is not Reach.PUBLIC or reach(inner) is Reach.PUBLIC


def test_the_public_internet_passes_and_the_own_network_when_allowed(door: Door) -> None:
    assert egress(door, PUBLIC).addresses("example.org", 443) == PUBLIC
    out = egress(door, ["192.168.1.20"])
    with pytest.raises(Refused) as caught:
        out.addresses("spark.local", 8080)
    assert caught.value.code == "egress_refused"
    assert "access.denied" in door.events()
    door.access.policies.change(SYSTEM, allowed_hosts=["spark.local"])
    assert out.addresses("SPARK.local.", 8080) == ["192.168.1.20"]
    with pytest.raises(Refused):
        out.addresses("other.local", 8080)
    door.access.policies.change(SYSTEM, allowed_hosts=["192.168.1.20"])
    assert out.addresses("other.local", 8080) == ["192.168.1.20"]


def test_metadata_never_passes_and_a_mixed_answer_loses_it(door: Door) -> None:
    names = ["meta.example", "169.254.169.254"]
    door.access.policies.change(SYSTEM, allowed_hosts=names)
    for name in names:
        with pytest.raises(Refused):
            egress(door, ["169.254.169.254"]).addresses(name, 80)
    assert egress(door, ["169.254.169.254", "1.1.1.1", "10.0.0.1"]).addresses("mixed.example", 80) == ["1.1.1.1"]


def test_a_name_that_leads_nowhere(door: Door) -> None:
    with pytest.raises(Unavailable, match="unknown_host"):
        egress(door, []).addresses("nowhere.example", 80)


@pytest.mark.parametrize("text", ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]", "localhost"])
def test_every_way_to_write_this_machine_is_seen_through(door: Door, text: str) -> None:
    """By the system's own resolver, which reads the odd forms too."""
    with pytest.raises((Refused, Unavailable)):
        Egress(door.units, door.access.policies).addresses(text, 80)


def test_odd_names_are_no_error_of_ours() -> None:
    for name in ("a" * 300, "ü" * 80, "a..b", "", "%00", "xn--\udcff"):
        assert resolved(name, 80) == [] or name == ""


class Pinned(httpcore.SyncBackend):
    """How a plugin with httpx connects: to an address that passed, whatever the name means by then."""

    def __init__(self, out: Egress) -> None:
        self._out = out

    def connect_tcp(self, host: str, port: int, *args: Any, **more: Any) -> httpcore.NetworkStream:
        return super().connect_tcp(self._out.addresses(host, port)[0], port, *args, **more)


class Told(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write((self.headers["Host"] or "").encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def test_the_connection_goes_where_the_check_looked(door: Door) -> None:
    """The name changes its meaning after the check (rebinding); the request still goes to the first address."""
    server = HTTPServer(("127.0.0.1", 0), Told)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        port = server.server_address[1]
        door.access.policies.change(SYSTEM, allowed_hosts=["spark.local"])
        out = egress(door, ["127.0.0.1"], ["169.254.169.254"])
        with httpcore.ConnectionPool(network_backend=Pinned(out)) as pool:
            answer = pool.request("GET", f"http://spark.local:{port}/")
            assert (answer.status, answer.content) == (200, f"spark.local:{port}".encode())
        with httpcore.ConnectionPool(network_backend=Pinned(out)) as pool, pytest.raises(Refused):
            pool.request("GET", f"http://spark.local:{port}/")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
