"""Passkeys: they open the door at their own address only, each answer once, and copies are noticed."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_core.errors import Conflict, Invalid, NotFound, Refused, Unauthenticated
from crm_core.services.access import Opened, Proof, SecondStep, Site
from crm_core.services.users import Person
from tests.core.access.authenticator import Device
from tests.core.access.conftest import HOME, PASSWORD, SITE, Door


def device(**more: Any) -> Device:
    return Device(SITE.host, SITE.origin, **more)


def register(door: Door, person: Person, used: Device, name: str = "Phone", site: Site = SITE) -> list[str]:
    """Register a passkey; the recovery codes that came with it."""
    asked = door.access.factors.invite_passkey(person, site, "Fund")
    return door.access.factors.add_passkey(person, asked.ticket, used.make(asked.options), name, site)[1]


def alone(door: Door, used: Device, site: Site = SITE) -> Opened:
    """Sign in with nothing but a passkey."""
    asked = door.access.entry.ask_passkey(None, site)
    return door.access.entry.by_passkey(asked.ticket, used.show(asked.options), HOME, site)


def test_a_passkey_signs_in_alone(door: Door) -> None:
    ada, phone = door.person(), device()
    assert len(register(door, ada, phone)) == 10
    opened = alone(door, phone)
    assert (opened.session.person.id, opened.session.factors) == (ada.id, "passkey")
    assert door.access.factors.of(ada.id).passkeys[0].used_at is not None


def test_a_passkey_is_the_second_step_and_one_that_does_not_verify_is_no_more(door: Door) -> None:
    ada, key = door.person(), device(verifies=False)
    register(door, ada, key)
    found = door.access.entry.sign_in(ada.email, PASSWORD, HOME, SITE)
    assert isinstance(found, SecondStep)
    assert found.ways == ("passkey", "recovery")
    asked = door.access.entry.ask_passkey(found.ticket, SITE)
    assert [each["id"] for each in asked.options["allowCredentials"]]
    opened = door.access.entry.finish(found.ticket, Proof(None, asked.ticket, key.show(asked.options)), HOME, SITE)
    assert opened.session.factors == "password+passkey"
    with pytest.raises(Unauthenticated):
        alone(door, key)


def test_an_answer_is_taken_once(door: Door) -> None:
    ada, phone = door.person(), device()
    register(door, ada, phone)
    asked = door.access.entry.ask_passkey(None, SITE)
    answer = phone.show(asked.options)
    assert door.access.entry.by_passkey(asked.ticket, answer, HOME, SITE)
    with pytest.raises(Refused, match="ticket_gone"):
        door.access.entry.by_passkey(asked.ticket, answer, HOME, SITE)
    other = door.access.entry.ask_passkey(None, SITE)
    with pytest.raises(Unauthenticated):
        door.access.entry.by_passkey(other.ticket, answer, HOME, SITE)


@pytest.mark.parametrize("origin", ["https://evil.example", "http://crm.example.org", "https://crm.example.org:8443"])
def test_answers_given_to_other_pages_do_not_hold(door: Door, origin: str) -> None:
    ada, phone = door.person(), device()
    register(door, ada, phone)
    phone.origin = origin
    with pytest.raises(Unauthenticated):
        alone(door, phone)
    other = device()
    other.origin = origin
    with pytest.raises(Invalid, match="bad_passkey"):
        register(door, ada, other)


def test_a_passkey_of_another_address_does_not_hold(door: Door) -> None:
    ada, phone = door.person(), device()
    register(door, ada, phone)
    lan = Site("crm.local", "https://crm.local")
    found = door.access.entry.sign_in(ada.email, PASSWORD, HOME, lan)
    assert isinstance(found, SecondStep)
    assert found.ways == ("recovery",)
    phone.host, phone.origin = lan
    assert alone(door, phone, lan)  # a device that keeps one key for both would be the same person
    phone.host = "evil.example"
    with pytest.raises(Unauthenticated):
        alone(door, phone, lan)


def test_a_copy_of_a_counting_key_is_noticed(door: Door) -> None:
    ada, key = door.person(), device(counts=True)
    register(door, ada, key)
    stolen = copy.copy(key)
    alone(door, key)
    alone(door, key)
    with pytest.raises(Unauthenticated):
        alone(door, stolen)
    assert "access.sign_in_failed" in door.events()


def test_nobody_shows_somebody_elses(door: Door) -> None:
    ada, bob = door.person(), door.person("Bob Member", "member")
    hers, his = device(), device()
    register(door, ada, hers)
    register(door, bob, his)
    with pytest.raises(Conflict, match="passkey_known"):
        register(door, bob, hers)
    found = door.access.entry.sign_in(bob.email, PASSWORD, HOME, SITE)
    assert isinstance(found, SecondStep)
    asked = door.access.entry.ask_passkey(found.ticket, SITE)
    with pytest.raises(Invalid, match="bad_passkey"):
        door.access.entry.finish(found.ticket, Proof(None, asked.ticket, hers.show(asked.options)), HOME, SITE)
    mine = door.access.factors.of(ada.id).passkeys[0].public_id
    for act in (door.access.factors.remove_passkey, lambda who, key: door.access.factors.rename_passkey(who, key, "x")):
        with pytest.raises(NotFound, match="unknown_passkey"):
            act(bob, mine)


def test_passkeys_are_named_renamed_and_removed(door: Door) -> None:
    ada = door.person()
    register(door, ada, device(), " Ada's   phone ")
    assert register(door, ada, device(), "Key") == []
    first, second = door.access.factors.of(ada.id).passkeys
    assert (first.name, second.name) == ("Ada's phone", "Key")
    assert door.access.factors.rename_passkey(ada, second.public_id, "Blue key").name == "Blue key"
    for name in ("", "  ", "x" * 61, "a\0b"):
        with pytest.raises(Invalid, match="bad_name"):
            door.access.factors.rename_passkey(ada, second.public_id, name)
    door.access.factors.remove_passkey(ada, first.public_id)
    assert isinstance(door.access.entry.sign_in(ada.email, PASSWORD, HOME, SITE), SecondStep)
    door.access.factors.remove_passkey(ada, second.public_id)
    assert isinstance(door.access.entry.sign_in(ada.email, PASSWORD, HOME, SITE), Opened)


def test_a_passkey_that_verifies_confirms_alone(door: Door) -> None:
    ada, phone = door.person(), device()
    register(door, ada, phone)
    me = alone(door, phone).session
    asked = door.access.factors.ask_passkey(ada.id, SITE)
    assert door.access.entry.confirm(me, None, Proof(None, asked.ticket, phone.show(asked.options)), HOME, SITE)
    phone.verifies = False
    asked = door.access.factors.ask_passkey(ada.id, SITE)
    with pytest.raises(Invalid):
        door.access.entry.confirm(me, None, Proof(None, asked.ticket, phone.show(asked.options)), HOME, SITE)
    asked = door.access.factors.ask_passkey(ada.id, SITE)
    assert door.access.entry.confirm(me, PASSWORD, Proof(None, asked.ticket, phone.show(asked.options)), HOME, SITE)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_PARTS = st.sampled_from(
    ["id", "rawId", "type", "response", "clientDataJSON", "attestationObject", "authenticatorData", "signature"]
)


@given(part=_PARTS, value=_JSON | st.binary(max_size=60).map(bytes.hex))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_broken_answers_are_refused_and_never_an_error_of_ours(door: Door, part: str, value: Any) -> None:
    found = next(iter(door.users.everyone()), None)
    ada = found or door.person()
    phone = device()
    asked = door.access.factors.invite_passkey(ada, SITE, "Fund")
    answer = phone.make(asked.options)
    (answer if part in answer else answer["response"])[part] = value
    if part not in ("type", "signature", "authenticatorData", "id", "rawId"):
        with pytest.raises(Invalid, match="bad_passkey"):
            door.access.factors.add_passkey(ada, asked.ticket, answer, "Phone", SITE)
    if not door.access.factors.of(ada.id).passkeys:
        register(door, ada, phone)
    asked = door.access.entry.ask_passkey(None, SITE)
    shown = phone.show(asked.options)
    (shown if part in shown else shown["response"])[part] = value
    if part not in ("attestationObject", "type", "id", "rawId"):
        with pytest.raises(Unauthenticated):
            door.access.entry.by_passkey(asked.ticket, shown, HOME, SITE)
