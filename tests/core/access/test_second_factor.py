"""Second factors: codes are taken once, recovery codes once each, and nothing of them can be read from the database."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from crm_core import clock
from crm_core.contracts.actor import SYSTEM
from crm_core.errors import Conflict, Invalid, NotFound, Refused, TooMany, Unavailable
from crm_core.services.access import Opened, Proof, SecondStep, SignedIn
from crm_core.services.access.apps import Apps
from crm_core.services.access.tickets import LASTS, Tickets
from crm_core.services.users import Person
from tests.core.access.conftest import ELSEWHERE, HOME, PASSWORD, SITE, Door


def code(secret: str, steps: int = 0) -> str:
    """What an app shows now, or `steps` times 30 seconds later."""
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * steps))


def connect(door: Door, person: Person) -> tuple[str, list[str]]:
    """Connect an app; its secret and the recovery codes."""
    new = door.access.factors.begin_app(person, "Our: Fund")
    return new.secret, door.access.factors.confirm_app(person, new.ticket, code(new.secret, -1))


def step(door: Door, person: Person) -> SecondStep:
    """The right password of somebody with a second factor."""
    found = door.access.entry.sign_in(person.email, PASSWORD, HOME, SITE)
    assert isinstance(found, SecondStep)
    return found


def finish(door: Door, ticket: str, given: str) -> Opened:
    return door.access.entry.finish(ticket, Proof(given), ELSEWHERE, SITE)


def test_the_password_alone_opens_nothing_any_more(door: Door) -> None:
    ada = door.person()
    secret, codes = connect(door, ada)
    found = step(door, ada)
    assert found.ways == ("app", "recovery")
    opened = finish(door, found.ticket, f" {code(secret)[:3]} {code(secret)[3:]} ")
    assert (opened.session.person.id, opened.session.factors) == (ada.id, "password+app")
    assert opened.session.person.second_factor
    assert len(set(codes)) == 10
    assert "access.second_factor_changed" in door.events()


def test_a_code_is_taken_once_and_none_before_it(door: Door) -> None:
    ada = door.person()
    secret, _ = connect(door, ada)
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        now, late = code(secret), code(secret, -1)
        assert finish(door, step(door, ada).ticket, now)
        for used in (now, late):
            with pytest.raises(Invalid) as caught:
                finish(door, step(door, ada).ticket, used)
            assert caught.value.code == "wrong_code"
        assert finish(door, step(door, ada).ticket, code(secret, 1))
    assert door.events().count("access.second_factor_failed") == 2


def test_the_code_that_connected_the_app_signs_nobody_in(door: Door) -> None:
    ada = door.person()
    with clock.frozen(clock.now()):
        new = door.access.factors.begin_app(ada, "Fund")
        door.access.factors.confirm_app(ada, new.ticket, code(new.secret))
        with pytest.raises(Invalid):
            finish(door, step(door, ada).ticket, code(new.secret))


@pytest.mark.parametrize("far", [-3, -2, 2, 3, 100])
def test_codes_of_other_times_are_wrong(door: Door, far: int) -> None:
    ada = door.person()
    secret, _ = connect(door, ada)
    with clock.frozen(clock.now() + timedelta(minutes=5)), pytest.raises(Invalid):
        finish(door, step(door, ada).ticket, code(secret, far))


def test_guessing_codes_is_slowed_down_and_the_right_one_costs_nothing(door: Door) -> None:
    ada = door.person()
    secret, _ = connect(door, ada)
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        ticket = step(door, ada).ticket
        for _ in range(10):
            with pytest.raises(Invalid):
                finish(door, ticket, "000000" if code(secret) != "000000" else "000001")
        with pytest.raises(TooMany) as caught:
            finish(door, ticket, code(secret))
        assert 0 < caught.value.extra["retry_after"] <= 900


def test_a_ticket_is_taken_once_ends_soon_and_with_the_password(door: Door) -> None:
    ada = door.person()
    secret, codes = connect(door, ada)
    start = clock.now() + timedelta(minutes=1)
    with clock.frozen(start):
        used, late, changed = (step(door, ada).ticket for _ in range(3))
        finish(door, used, code(secret))
        with pytest.raises(Refused, match="ticket_gone"):
            finish(door, used, codes[0])
    with clock.frozen(start + LASTS), pytest.raises(Refused, match="ticket_gone"):
        finish(door, late, codes[0])
    door.access.accounts.set_password(SYSTEM, ada.email, "seven geese over the lake")
    with clock.frozen(start + timedelta(minutes=2)), pytest.raises(Refused, match="ticket_gone"):
        finish(door, changed, codes[0])
    for text in ("", "x", "ü" * 10, "AAAA" * 20, door.access.factors.begin_app(ada, "Fund").ticket):
        with pytest.raises(Refused, match="ticket_gone"):
            finish(door, text, codes[1])


def test_recovery_codes_work_once_each_however_they_are_written(door: Door) -> None:
    ada = door.person()
    _, codes = connect(door, ada)
    opened = finish(door, step(door, ada).ticket, codes[0].lower().replace("-", " "))
    assert opened.session.factors == "password+recovery"
    with pytest.raises(Invalid):
        finish(door, step(door, ada).ticket, codes[0])
    assert door.access.factors.of(ada.id).recovery_codes_left == 9
    renewed = door.access.factors.new_recovery_codes(ada)
    assert not set(renewed) & set(codes)
    with pytest.raises(Invalid):
        finish(door, step(door, ada).ticket, codes[1])
    assert finish(door, step(door, ada).ticket, renewed[1])


def test_somebody_elses_codes_are_wrong(door: Door) -> None:
    ada, bob = door.person(), door.person("Bob Member", "member")
    _, codes = connect(door, ada)
    connect(door, bob)
    with pytest.raises(Invalid):
        finish(door, step(door, bob).ticket, codes[0])
    stolen = door.access.factors.begin_app(ada, "Fund")
    with pytest.raises(Invalid):
        door.access.factors.confirm_app(bob, stolen.ticket, code(stolen.secret))


def test_nothing_secret_is_stored_in_clear(door: Door) -> None:
    ada = door.person()
    secret, codes = connect(door, ada)
    stored = door.everything_stored()
    for text in (secret, *codes, *(each.replace("-", "") for each in codes)):
        assert text.encode() not in stored


def test_without_the_key_only_recovery_codes_work(door: Door) -> None:
    ada = door.person()
    secret, codes = connect(door, ada)
    key = "another key " * 4
    with door.units.read() as session, pytest.raises(Unavailable) as caught:
        Apps(key, Tickets(key)).check(session, ada.id, code(secret))
    assert caught.value.code == "factor_unreadable"
    assert finish(door, step(door, ada).ticket, codes[0])


def test_with_the_last_factor_the_codes_go_too(door: Door) -> None:
    ada = door.person()
    with pytest.raises(Conflict, match="no_second_factor"):
        door.access.factors.new_recovery_codes(ada)
    connect(door, ada)
    door.access.factors.remove_app(ada)
    assert door.access.factors.of(ada.id).recovery_codes_left == 0
    assert isinstance(door.access.entry.sign_in(ada.email, PASSWORD, HOME, SITE), Opened)
    with pytest.raises(NotFound, match="no_app"):
        door.access.factors.remove_app(ada)


def test_a_reset_ends_the_sessions_too(door: Door) -> None:
    ada = door.person()
    secret = door.enter(ada).secret
    connect(door, ada)
    assert door.access.sessions.find(secret)
    person, had = door.access.factors.reset_for(SYSTEM, " ADA@example.org ")
    assert (person.id, had) == (ada.id, True)
    assert door.access.sessions.find(secret) is None
    assert door.enter(ada)
    assert door.access.factors.reset_for(SYSTEM, ada.email)[1] is False
    with pytest.raises(NotFound):
        door.access.factors.reset_for(SYSTEM, "nobody@example.org")


def confirm(door: Door, me: SignedIn, password: str | None = None, given: str | None = None) -> Opened:
    return door.access.entry.confirm(me, password, Proof(given), HOME, SITE)


def test_confirming_takes_what_signing_in_took_and_renews_the_secret(door: Door) -> None:
    ada = door.person()
    old = door.enter(ada)
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        me = door.access.sessions.find(old.secret)
        assert me is not None
        assert not me.proved
        for password in (None, "not it, not at all"):
            with pytest.raises(Invalid):
                confirm(door, me, password)
        renewed = confirm(door, me, PASSWORD)
        assert door.access.sessions.find(old.secret) is None
        found = door.access.sessions.find(renewed.secret)
        assert found is not None
        assert found.proved
        assert (found.id, found.csrf) == (me.id, me.csrf)
        secret, _ = connect(door, ada)
        me = door.access.sessions.find(renewed.secret)
        assert me is not None
        with pytest.raises(Invalid, match="second_factor_needed"):
            confirm(door, me, PASSWORD)
        with pytest.raises(Invalid):
            confirm(door, me, None, code(secret))
        assert confirm(door, me, PASSWORD, code(secret))


def test_the_policy_needs_an_admin_who_has_one(door: Door) -> None:
    ada, bob = door.person(), door.person("Bob Member", "member")
    policies = door.access.policies
    with pytest.raises(Conflict, match="second_factor_first"):
        policies.change(ada.acting(), admins_need_second_factor=True)
    connect(door, ada)
    other = door.person("Cleo Admin")
    cleos, bobs = door.enter(other).secret, door.enter(bob).secret
    assert door.access.sessions.find(cleos) is not None
    policies.change(ada.acting(), admins_need_second_factor=True, allowed_hosts=["Spark.local.", "192.168.1.20"])
    assert policies.get().allowed_hosts == ("spark.local", "192.168.1.20")
    lacking = [found and found.lacks_factor for found in map(door.access.sessions.find, (cleos, bobs))]
    assert lacking == [True, False]
    policies.change(ada.acting(), members_need_second_factor=True)
    lacking = [found and found.lacks_factor for found in map(door.access.sessions.find, (cleos, bobs))]
    assert lacking == [True, True]
    connect(door, other)
    found = door.access.sessions.find(cleos)
    assert found is not None
    assert not found.lacks_factor


@pytest.mark.parametrize("host", ["http://spark", "a b", "spark:8080", "-x", "x" * 300, "a..b", "10.0.0.0/8"])
def test_only_hosts_can_be_allowed(door: Door, host: str) -> None:
    with pytest.raises(Invalid) as caught:
        door.access.policies.change(SYSTEM, allowed_hosts=["ok.example", host])
    assert (caught.value.code, caught.value.pointer) == ("bad_host", "/allowed_hosts/1")


def test_an_easy_password_of_old_is_noticed_at_the_next_sign_in(door: Door) -> None:
    from argon2 import PasswordHasher
    from sqlmodel import select

    from crm_core.models import User

    ada = door.person()
    with door.units.write() as session:
        user = session.exec(select(User)).one()
        user.password_hash = PasswordHasher().hash("password123")
        session.add(user)
    door.sign_in(ada.email, "password123", HOME)
    with door.units.read() as session:
        assert session.exec(select(User)).one().password_weak
    door.access.accounts.set_password(SYSTEM, ada.email, PASSWORD)
    door.enter(ada)
    with door.units.read() as session:
        assert not session.exec(select(User)).one().password_weak
