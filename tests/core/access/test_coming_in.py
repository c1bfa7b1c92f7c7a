"""Setup link, invitations, API tokens: each secret works for what it is for, and only as long as it should."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from crm_core import clock
from crm_core.errors import Conflict, CrmError, Invalid, NotFound, Refused
from crm_core.services.access.invites import LASTS
from tests.core.access.conftest import HOME, PASSWORD, Door


def set_up(door: Door, secret: str, email: str = "ada@example.org") -> None:
    door.access.setup.use(secret, email=email, name="Ada Lovelace", password=PASSWORD, client=HOME)


def test_the_setup_link_makes_one_admin_and_then_nothing_more(door: Door) -> None:
    assert door.access.setup.needed()
    secret = door.access.setup.fresh_secret()
    set_up(door, secret)
    assert not door.access.setup.needed()
    assert [person.role for person in door.users.everyone()] == ["admin"]
    for attempt in (lambda: set_up(door, secret, "eve@example.org"), door.access.setup.fresh_secret):
        with pytest.raises(Conflict) as caught:
            attempt()
        assert caught.value.code == "setup_done"
    assert secret.encode() not in door.everything_stored()


def test_a_new_setup_link_replaces_the_one_before(door: Door) -> None:
    old, new = door.access.setup.fresh_secret(), door.access.setup.fresh_secret()
    for wrong in (old, "", "x"):
        with pytest.raises(Refused) as caught:
            set_up(door, wrong)
        assert caught.value.code == "bad_setup_link"
    set_up(door, new)


def test_a_setup_that_fails_uses_nothing_up(door: Door) -> None:
    secret = door.access.setup.fresh_secret()
    with pytest.raises(Invalid):
        door.access.setup.use(secret, email="ada@example.org", name="Ada", password="short", client=HOME)
    set_up(door, secret)


def test_two_people_with_the_setup_link_at_once_make_one_account(door: Door) -> None:
    secret = door.access.setup.fresh_secret()
    refused: list[str] = []

    def try_it(number: int) -> None:
        try:
            set_up(door, secret, f"person{number}@example.org")
        except CrmError as error:
            refused.append(error.code)

    threads = [threading.Thread(target=try_it, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(door.users.everyone()) == 1
    assert refused == ["setup_done"] * 3


def test_an_invitation_makes_the_account_it_names_once(door: Door) -> None:
    ada = door.person()
    made = door.access.invites.create(ada.acting(), "Bob@Example.org", "member")
    assert door.access.invites.look(made.secret).email == "bob@example.org"
    assert [invite.id for invite in door.access.invites.all()] == [made.invite.id]
    opened = door.access.invites.accept(made.secret, name="Bob Builder", password=PASSWORD, client=HOME)
    assert (opened.session.person.email, opened.session.person.role) == ("bob@example.org", "member")
    assert door.access.invites.all() == []
    with pytest.raises(NotFound) as caught:
        door.access.invites.accept(made.secret, name="Bob Builder", password=PASSWORD, client=HOME)
    assert caught.value.code == "invite_gone"


def test_an_invitation_ends_by_time_by_revoking_and_by_a_newer_one(door: Door) -> None:
    ada = door.person()
    first = door.access.invites.create(ada.acting(), "bob@example.org", "member")
    second = door.access.invites.create(ada.acting(), "bob@example.org", "admin")
    third = door.access.invites.create(ada.acting(), "cleo@example.org", "member")
    door.access.invites.revoke(ada.acting(), third.invite.public_id)
    for gone in (first, third):
        with pytest.raises(NotFound):
            door.access.invites.look(gone.secret)
    assert door.access.invites.look(second.secret).role == "admin"
    with clock.frozen(clock.now() + LASTS + timedelta(seconds=1)), pytest.raises(NotFound):
        door.access.invites.accept(second.secret, name="Bob", password=PASSWORD, client=HOME)
    with pytest.raises(NotFound):
        door.access.invites.revoke(ada.acting(), third.invite.public_id)


@pytest.mark.parametrize("change", [{"active": False}, {"role": "member"}])
def test_invitations_end_with_the_rights_of_who_made_them(door: Door, change: dict[str, Any]) -> None:
    ada, mallory = door.person(), door.person("Mallory Gone")
    kept = door.access.invites.create(ada.acting(), "bob@example.org", "member")
    gone = door.access.invites.create(mallory.acting(), "friend@example.org", "admin")
    door.access.accounts.change(ada.acting(), mallory.public_id, **change)
    late = door.access.invites.create(mallory.acting(), "late@example.org", "admin")  # was under way at that moment
    assert [invite.id for invite in door.access.invites.all()] == [kept.invite.id]
    assert door.events().count("invite.revoked") == 1
    for made in (gone, late):
        with pytest.raises(NotFound) as caught:
            door.access.invites.accept(made.secret, name="Friend", password=PASSWORD, client=HOME)
        assert caught.value.code == "invite_gone"
    door.access.accounts.change(ada.acting(), mallory.public_id, active=True, role="admin")
    with pytest.raises(NotFound):
        door.access.invites.look(gone.secret)


def test_a_new_name_takes_no_invitation_back(door: Door) -> None:
    ada = door.person()
    made = door.access.invites.create(ada.acting(), "bob@example.org", "member")
    door.access.accounts.change(ada.acting(), ada.public_id, name="Ada Lovelace")
    assert door.access.invites.look(made.secret).email == "bob@example.org"


def test_who_has_an_account_cannot_be_invited(door: Door) -> None:
    ada = door.person()
    with pytest.raises(Conflict) as caught:
        door.access.invites.create(ada.acting(), "ADA@example.org", "member")
    assert caught.value.code == "email_taken"


def test_a_token_acts_for_its_person_with_its_scope(door: Door) -> None:
    bob = door.person("Bob Builder", "member")
    made = door.access.tokens.create(bob.acting(), "Report", "read", expires_in_days=7)
    assert made.secret.startswith("crm_")
    found = door.access.tokens.find(made.secret)
    assert found is not None
    assert (found.person.id, found.scope) == (bob.id, "read")
    assert door.access.tokens.of(bob.id)[0].used_at is not None
    assert door.access.tokens.find("crm_" + "x" * 43) is None
    assert door.access.tokens.find(made.secret.removeprefix("crm_")) is None


def test_a_token_ends_by_time_and_by_revoking(door: Door) -> None:
    bob, eve = door.person("Bob Builder", "member"), door.person("Eve Other", "member")
    short = door.access.tokens.create(bob.acting(), "Short", "read", expires_in_days=1)
    long = door.access.tokens.create(bob.acting(), "Long", "write")
    with clock.frozen(clock.now() + timedelta(days=1, seconds=1)):
        assert door.access.tokens.find(short.secret) is None
        assert door.access.tokens.find(long.secret) is not None
    with pytest.raises(NotFound):
        door.access.tokens.revoke(eve.acting(), long.token.public_id)
    door.access.tokens.revoke(bob.acting(), long.token.public_id)
    assert door.access.tokens.find(long.secret) is None
    assert [token.name for token in door.access.tokens.of(bob.id)] == ["Short"]


@pytest.mark.parametrize(
    ("name", "scope", "days", "code"),
    [("", "read", None, "bad_name"), ("x", "all", None, "bad_scope"), ("x", "read", 0, "bad_expiry")],
)
def test_a_token_that_makes_no_sense_is_refused(door: Door, name: str, scope: str, days: int | None, code: str) -> None:
    bob = door.person("Bob Builder", "member")
    with pytest.raises(Invalid) as caught:
        door.access.tokens.create(bob.acting(), name, scope, days)
    assert caught.value.code == code


def test_denials_are_told_and_a_flood_is_cut(door: Door) -> None:
    bob = door.person("Bob Builder", "member")
    for _ in range(70):
        door.access.denied(bob.acting(), "/api/plugins", {"code": "admins_only"})
    assert door.events().count("access.denied") == 60
