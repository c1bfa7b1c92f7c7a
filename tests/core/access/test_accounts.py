"""Accounts: names, roles, the last admin, switching off, changing the own password."""

import pytest

from crm_core.contracts.actor import SYSTEM
from crm_core.errors import Conflict, Invalid, NotFound, Unauthenticated
from tests.core.access.conftest import ELSEWHERE, HOME, PASSWORD, Door

BETTER = "seven lamps above the harbour"


def test_an_address_has_one_account_however_it_is_written(door: Door) -> None:
    door.person()
    with pytest.raises(Conflict) as caught:
        door.access.accounts.create(SYSTEM, email="ADA@Example.org", name="Other", password=PASSWORD)
    assert caught.value.code == "email_taken"


@pytest.mark.parametrize(
    ("email", "name", "role", "code"),
    [
        ("no address", "Bob", "member", "bad_email"),
        ("bob@", "Bob", "member", "bad_email"),
        ("bob@exa mple.org", "Bob", "member", "bad_email"),
        ("b" * 300 + "@example.org", "Bob", "member", "bad_email"),
        ("bob@example.org", "  ", "member", "bad_name"),
        ("bob@example.org", "B\0b", "member", "bad_name"),
        ("bob@example.org", "\ud800", "member", "bad_name"),
        ("bob\ud800@example.org", "Bob", "member", "bad_email"),
        ("bob@example.org", "Bob", "owner", "bad_role"),
    ],
)
def test_what_is_no_account_is_refused(door: Door, email: str, name: str, role: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        door.access.accounts.create(SYSTEM, email=email, name=name, password=PASSWORD, role=role)
    assert caught.value.code == code
    assert not door.users.exist()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_too_short"),
        ("x" * 2000, "password_too_long"),
        ("password1234", "password_guessable"),
        ("qwertyuiop", "password_guessable"),
        ("aaaaaaaaaaaaaa", "password_guessable"),
        ("greta greenfield rocks", "password_has_name"),
        ("my greta.g@example.org", "password_has_name"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(door: Door, password: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        door.access.accounts.create(SYSTEM, email="greta.g@example.org", name="Greta Greenfield", password=password)
    assert caught.value.code == code
    assert caught.value.pointer == "/password"
    assert caught.value.hint


@pytest.mark.parametrize(
    "password", ["correct horse battery staple", "zwölf Boxkämpfer jagen", "xK9#mQ2$vL7!", "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵"]
)
def test_good_passwords_need_no_special_characters(door: Door, password: str) -> None:
    door.access.accounts.create(SYSTEM, email="greta.g@example.org", name="Greta Greenfield", password=password)
    assert door.sign_in("greta.g@example.org", password, HOME)


@pytest.mark.parametrize("change", [{"role": "member"}, {"active": False}])
def test_the_last_active_admin_stays(door: Door, change: dict) -> None:
    ada = door.person()
    eve = door.person("Eve Second")
    door.access.accounts.change(ada.acting(), eve.public_id, **change)
    with pytest.raises(Conflict) as caught:
        door.access.accounts.change(ada.acting(), ada.public_id, **change)
    assert caught.value.code == "last_admin"
    assert door.users.get(ada.public_id).active
    assert door.users.get(ada.public_id).role == "admin"


def test_switching_off_signs_out_everywhere_and_revokes_tokens(door: Door) -> None:
    ada, bob = door.person(), door.person("Bob Builder", "member")
    opened = door.enter(bob)
    token = door.access.tokens.create(bob.acting(), "Report", "read").secret
    assert door.access.tokens.find(token) is not None
    assert door.access.sessions.find(opened.secret) is not None
    door.access.accounts.change(ada.acting(), bob.public_id, active=False)
    assert door.access.sessions.find(opened.secret) is None
    assert door.access.tokens.find(token) is None
    door.access.accounts.change(ada.acting(), bob.public_id, active=True)
    assert door.access.sessions.find(opened.secret) is None
    assert door.access.tokens.find(token) is None
    assert door.enter(bob)


def test_a_new_role_holds_at_once(door: Door) -> None:
    ada, bob = door.person(), door.person("Bob Builder", "member")
    secret = door.enter(bob).secret
    door.access.accounts.change(ada.acting(), bob.public_id, role="admin")
    found = door.access.sessions.find(secret)
    assert found is not None
    assert found.person.acting().is_admin


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(door: Door) -> None:
    ada = door.person()
    here, there = door.enter(ada), door.enter(ada, ELSEWHERE)
    for wrong in (None, "not it, not at all"):
        with pytest.raises(Invalid) as caught:
            door.access.accounts.change_own(here.session, HOME, password=BETTER, current_password=wrong)
        assert caught.value.code == "wrong_password"
    door.access.accounts.change_own(here.session, HOME, password=BETTER, current_password=PASSWORD)
    assert door.access.sessions.find(here.secret) is not None
    assert door.access.sessions.find(there.secret) is None
    with pytest.raises(Unauthenticated):
        door.enter(ada)
    assert door.sign_in(ada.email, BETTER, HOME)
    assert "access.password_changed" in door.events()


def test_an_unknown_account_is_not_found(door: Door) -> None:
    ada = door.person()
    for public_id in ("usr00000000000000", "rec00000000000000", "", "usr\0"):
        with pytest.raises(NotFound):
            door.access.accounts.change(ada.acting(), public_id, name="X")


def test_everybody_is_listed_by_name_without_secrets(door: Door) -> None:
    door.person("Zoe Zed")
    door.person("adam early", "member")
    listed = door.users.everyone()
    assert [person.name for person in listed] == ["adam early", "Zoe Zed"]
    assert not any("argon2" in repr(person) for person in listed)


def test_a_forgotten_password_is_replaced_from_the_command_line(door: Door) -> None:
    person = door.person()
    opened = door.enter(person)
    door.access.accounts.set_password(SYSTEM, person.email.upper(), "seven geese over the lake")
    assert door.access.sessions.find(opened.secret) is None
    with pytest.raises(Unauthenticated, match="bad_credentials"):
        door.enter(person)
    assert door.sign_in(person.email, "seven geese over the lake", HOME)
    assert door.events().count("access.password_changed") == 1
    with pytest.raises(NotFound, match="unknown_user"):
        door.access.accounts.set_password(SYSTEM, "nobody@example.org", "seven geese over the lake")
