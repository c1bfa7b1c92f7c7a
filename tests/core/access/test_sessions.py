"""Signing in and out: who gets in, for how long, and who is slowed down."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from crm_core import clock
from crm_core.errors import NotFound, TooMany, Unauthenticated
from crm_core.services.access.sessions import IDLE, LONGEST, Client
from tests.core.access.conftest import ELSEWHERE, HOME, PASSWORD, Door


def test_the_right_password_opens_a_session_that_its_secret_finds(door: Door) -> None:
    ada = door.person()
    opened = door.sign_in(" ADA@example.org ", PASSWORD, HOME)
    found = door.access.sessions.find(opened.secret)
    assert found is not None
    assert found.person.id == ada.id
    assert found.csrf == opened.session.csrf != ""
    assert door.access.sessions.find(opened.secret + "x") is None
    assert door.events()[-1] == "access.signed_in"


def test_secrets_are_stored_only_as_hashes(door: Door) -> None:
    ada = door.person()
    opened = door.enter(ada)
    token = door.access.tokens.create(ada.acting(), "Report", "read").secret
    invite = door.access.invites.create(ada.acting(), "bob@example.org", "member").secret
    stored = door.everything_stored()
    assert b"Report" in stored
    for secret in (PASSWORD, opened.secret, token, invite):
        assert secret.encode() not in stored
    assert b"$argon2id$" in stored


@pytest.mark.parametrize("case", ["wrong", "unknown", "inactive"])
def test_every_failure_looks_the_same_and_is_told(door: Door, case: str) -> None:
    ada, bob = door.person(), door.person("Bob Builder", "member")
    if case == "inactive":
        door.access.accounts.change(ada.acting(), bob.public_id, active=False)
    email = {"wrong": ada.email, "unknown": "nobody@example.org", "inactive": bob.email}[case]
    password = "not it, not at all" if case == "wrong" else PASSWORD
    with pytest.raises(Unauthenticated) as caught:
        door.sign_in(email, password, HOME)
    assert caught.value.code == "bad_credentials"
    assert door.events()[-1] == "access.sign_in_failed"


def test_an_unknown_address_costs_a_hash_like_a_known_one(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: each refused sign-in verifies exactly one argon2id hash."""
    ada = door.person()
    hasher = door.access.entry._passwords._hasher
    verified = []
    verify = type(hasher).verify

    def counted(self: PasswordHasher, stored: str, password: bytes) -> bool:
        verified.append(stored)
        return verify(self, stored, password)

    monkeypatch.setattr(type(hasher), "verify", counted)
    for email in (ada.email, "nobody@example.org"):
        with pytest.raises(Unauthenticated):
            door.sign_in(email, "not it, not at all", HOME)
    assert len(verified) == 2


def test_use_puts_off_the_end_but_not_for_ever(door: Door) -> None:
    ada = door.person()
    start = clock.now()
    with clock.frozen(start):
        secret = door.enter(ada).secret
    used = start
    while used + IDLE - timedelta(days=1) < start + LONGEST:
        used += IDLE - timedelta(days=1)
        with clock.frozen(used):
            door.access.sessions.remembered.forget()
            assert door.access.sessions.find(secret) is not None, used - start
    door.access.sessions.remembered.forget()
    with clock.frozen(start + LONGEST + timedelta(seconds=1)):
        assert door.access.sessions.find(secret) is None


def test_an_unused_session_ends(door: Door) -> None:
    ada = door.person()
    start = clock.now()
    with clock.frozen(start):
        secret = door.enter(ada).secret
    with clock.frozen(start + IDLE + timedelta(seconds=1)):
        assert door.access.sessions.find(secret) is None
        assert door.access.sessions.of(ada.id) == []


def test_ending_one_session_leaves_the_other(door: Door) -> None:
    ada = door.person()
    here, there = door.enter(ada), door.enter(ada, ELSEWHERE)
    assert {session.address for session in door.access.sessions.of(ada.id)} == {HOME.address, ELSEWHERE.address}
    assert door.access.sessions.find(there.secret) is not None
    door.access.sessions.end(ada.acting(), there.session.public_id)
    assert door.access.sessions.find(there.secret) is None
    assert door.access.sessions.find(here.secret) is not None
    with pytest.raises(NotFound):
        door.access.sessions.end(ada.acting(), there.session.public_id)


def test_nobody_ends_the_session_of_another(door: Door) -> None:
    ada, bob = door.person(), door.person("Bob Builder", "member")
    opened = door.enter(ada)
    with pytest.raises(NotFound):
        door.access.sessions.end(bob.acting(), opened.session.public_id)
    assert door.access.sessions.find(opened.secret) is not None


def test_signing_out_everywhere_ends_all_at_once(door: Door) -> None:
    ada = door.person()
    secrets = [door.enter(ada).secret for _ in range(3)]
    before = door.access.generation
    door.access.sessions.end_all(ada.acting())
    assert [door.access.sessions.find(secret) for secret in secrets] == [None] * 3
    assert door.access.generation > before


def test_guessing_is_slowed_down_and_the_wait_is_short(door: Door) -> None:
    ada = door.person()
    for _ in range(10):
        with pytest.raises(Unauthenticated):
            door.sign_in(ada.email, "not it, not at all", ELSEWHERE)
    with pytest.raises(TooMany) as caught:
        door.sign_in(ada.email, PASSWORD, ELSEWHERE)
    assert caught.value.code == "too_many_attempts"
    assert 0 < caught.value.extra["retry_after"] <= 60


def test_an_attack_from_elsewhere_does_not_lock_the_owner_out(door: Door) -> None:
    ada = door.person()
    door.enter(ada, HOME)
    for number in range(30):
        with pytest.raises((Unauthenticated, TooMany)):
            door.sign_in(ada.email, "not it, not at all", Client(f"203.0.113.{number}"))
    with pytest.raises(TooMany):  # whoever comes from a new address waits
        door.sign_in(ada.email, PASSWORD, ELSEWHERE)
    assert door.enter(ada, HOME).session.person.id == ada.id


def test_right_passwords_are_never_counted(door: Door) -> None:
    ada = door.person()
    for _ in range(25):
        door.enter(ada)
    with pytest.raises(Unauthenticated):
        door.sign_in(ada.email, "not it, not at all", HOME)
