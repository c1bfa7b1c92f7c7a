"""Second factors through HTTP: both steps, cookies that change, the policy, and what belongs to others."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pyotp
import pytest

from crm_core import clock
from crm_core.contracts.actor import SYSTEM
from tests.api.conftest import PASSWORD, Site, Who, code_of
from tests.core.access.authenticator import Device

ADA = {"email": "ada@example.org", "password": PASSWORD}
HOST, ORIGIN = "testserver.local", "http://testserver.local"


@pytest.fixture(autouse=True)
def _clean(site: Site):
    """Each test leaves the password alone behind, and no policy."""
    yield
    site.crm.access.policies.change(SYSTEM, admins_need_second_factor=False, allowed_hosts=[])
    for person in (site.admin, site.member):
        site.crm.access.factors.reset_for(SYSTEM, person.email)


def connect(site: Site, who: Who) -> tuple[pyotp.TOTP, list[str]]:
    """Connect an app; it is two minutes ago, so that its codes of now are fresh."""
    with clock.frozen(clock.now() - timedelta(minutes=2)):
        new = site.call(who, "POST", "/api/me/app").json()
        app = pyotp.TOTP(new["secret"])
        body = {"ticket": new["ticket"], "code": app.at(clock.now())}
        answer = site.call(who, "POST", "/api/me/app/confirm", json=body)
    assert answer.status_code == 200, answer.text
    return app, answer.json()["recovery_codes"]


def password_step(site: Site) -> dict[str, object]:
    answer = site.call("nobody", "POST", "/api/session", json=ADA)
    assert (answer.status_code, answer.json()["user"]) == (200, None)
    assert "set-cookie" not in answer.headers
    step: dict[str, object] = answer.json()["second_step"]
    return step


def code_step(site: Site, ticket: object, code: str) -> httpx.Response:
    return site.call("nobody", "POST", "/api/session/code", json={"ticket": ticket, "code": code})


def test_both_steps_open_the_session_and_one_alone_nothing(site: Site) -> None:
    app, codes = connect(site, "admin")
    step = password_step(site)
    assert step["ways"] == ["app", "recovery"]
    refused = code_step(site, step["ticket"], "123")
    assert (refused.status_code, code_of(refused), refused.json()["pointer"]) == (400, "wrong_code", "/code")
    answer = code_step(site, step["ticket"], app.at(clock.now()))
    assert answer.json()["user"]["email"] == "ada@example.org"
    assert "httponly" in answer.headers["set-cookie"].lower()
    again = code_step(site, password_step(site)["ticket"], app.at(clock.now()))
    assert code_of(again) == "wrong_code"
    assert code_step(site, password_step(site)["ticket"], codes[0]).status_code == 200


def test_the_picture_is_an_svg_without_anything_active(site: Site) -> None:
    new = site.call("member", "POST", "/api/me/app").json()
    assert new["qr"].startswith("<svg")
    assert not any(word in new["qr"] for word in ("script", "href", "style=", "onload"))
    assert new["address"].startswith("otpauth://totp/Venture%20CRM:bob%40example.org?secret=")


def test_a_passkey_signs_in_over_http(site: Site) -> None:
    phone = Device(HOST, ORIGIN)
    asked = site.call("member", "POST", "/api/me/passkeys/question").json()
    assert asked["options"]["rp"]["id"] == HOST
    body = {"ticket": asked["ticket"], "credential": phone.make(asked["options"]), "name": "Phone"}
    made = site.call("member", "POST", "/api/me/passkeys", json=body)
    assert (made.status_code, len(made.json()["recovery_codes"])) == (201, 10)
    asked = site.call("nobody", "POST", "/api/session/passkey/question", json={}).json()
    body = {"ticket": asked["ticket"], "credential": phone.show(asked["options"])}
    answer = site.call("nobody", "POST", "/api/session/passkey", json=body)
    assert answer.json()["user"]["email"] == "bob@example.org"
    assert code_of(site.call("nobody", "POST", "/api/session/passkey", json=body)) == "ticket_gone"

    mine = made.json()["passkey"]["id"]
    for method, more in (("DELETE", {}), ("PATCH", {"json": {"name": "Stolen"}})):
        answer = site.call("admin", method, f"/api/me/passkeys/{mine}", **more)
        assert (answer.status_code, code_of(answer)) == (404, "unknown_passkey")


def test_confirming_gives_a_new_cookie_and_ends_the_old(site: Site) -> None:
    with clock.frozen(clock.now() - timedelta(minutes=11)):
        old = site.credentials("admin")
    refused = site.call("nobody", "POST", "/api/me/app", headers=old)
    assert (refused.status_code, code_of(refused)) == (403, "proof_needed")
    answer = site.call("nobody", "POST", "/api/me/proof", headers=old, json={"password": PASSWORD})
    assert answer.status_code == 204
    fresh = {**old, "Cookie": answer.headers["set-cookie"].partition(";")[0]}
    assert site.call("nobody", "POST", "/api/me/app", headers=fresh).status_code == 200
    assert site.call("nobody", "GET", "/api/session", headers=old).json()["user"] is None
    wrong = site.call("nobody", "POST", "/api/me/proof", headers=fresh, json={"password": "not it, not at all"})
    assert (code_of(wrong), wrong.json()["pointer"]) == ("wrong_password", "/password")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/admin/invites", {"email": "x1@example.org", "role": "admin"}),
        ("POST", "/api/admin/users", {"email": "x2@example.org", "name": "X", "password": PASSWORD, "role": "admin"}),
        ("PATCH", "/api/admin/users/{bob}", {"role": "admin"}),
    ],
)
def test_a_new_admin_takes_a_fresh_proof_and_no_token(site: Site, method: str, path: str, body: object) -> None:
    with clock.frozen(clock.now() - timedelta(minutes=11)):
        stale = site.credentials("admin")
    path = path.replace("{bob}", site.member.public_id)
    assert code_of(site.call("nobody", method, path, headers=stale, json=body)) == "proof_needed"
    assert code_of(site.call("admin_writer", method, path, json=body)) == "needs_session"


def test_a_new_password_or_token_takes_a_fresh_proof(site: Site) -> None:
    with clock.frozen(clock.now() - timedelta(minutes=11)):
        stale = site.credentials("member")
    body = {"password": "seven geese over the lake", "current_password": PASSWORD}
    assert code_of(site.call("nobody", "PATCH", "/api/me", headers=stale, json=body)) == "proof_needed"
    assert site.call("nobody", "PATCH", "/api/me", headers=stale, json={"name": "Bob"}).status_code == 200
    token = {"name": "Sync", "scope": "read"}
    assert code_of(site.call("nobody", "POST", "/api/tokens", headers=stale, json=token)) == "proof_needed"


def test_the_policy_lets_an_admin_without_one_do_nothing_but_set_it_up(site: Site) -> None:
    connect(site, "admin")
    site.crm.access.accounts.create(SYSTEM, email="cleo@example.org", name="Cleo", password=PASSWORD, role="admin")
    secret = site.crm.access.tokens.create_for(SYSTEM, "cleo@example.org", "Script", "write").secret
    cleo = site.call("nobody", "POST", "/api/session", json={"email": "cleo@example.org", "password": PASSWORD})
    headers = {"Cookie": cleo.headers["set-cookie"].partition(";")[0], "X-CSRF-Token": cleo.json()["csrf"]}
    assert site.call("nobody", "GET", "/api/tables", headers=headers).status_code == 200
    demand = {"admins_need_second_factor": True}
    assert site.call("admin", "PATCH", "/api/admin/security-policy", json=demand).status_code == 200

    for carried in (headers, {"Authorization": f"Bearer {secret}"}):
        for method, path in (("GET", "/api/tables"), ("GET", "/api/users"), ("POST", "/api/changes")):
            answer = site.call("nobody", method, path, headers=carried, json={} if method == "POST" else None)
            assert (answer.status_code, code_of(answer)) == (403, "second_factor_required"), path
    assert site.call("nobody", "GET", "/api/session", headers=headers).json()["lacks_factor"] is True
    assert site.call("nobody", "GET", "/api/me/second-factor", headers=headers).json()["required"] is True
    new = site.call("nobody", "POST", "/api/me/app", headers=headers).json()
    body = {"ticket": new["ticket"], "code": pyotp.TOTP(new["secret"]).at(clock.now())}
    assert site.call("nobody", "POST", "/api/me/app/confirm", headers=headers, json=body).status_code == 200
    assert site.call("nobody", "GET", "/api/tables", headers=headers).status_code == 200
    assert site.call("member", "GET", "/api/tables").status_code == 200


def test_who_has_none_cannot_demand_one(site: Site) -> None:
    answer = site.call("admin", "PATCH", "/api/admin/security-policy", json={"admins_need_second_factor": True})
    assert (answer.status_code, code_of(answer)) == (409, "second_factor_first")


def test_an_admin_resets_the_factors_of_somebody_and_sees_only_counts(site: Site) -> None:
    connect(site, "member")
    theirs = site.credentials("member")
    shown = {user["email"]: user for user in site.call("admin", "GET", "/api/admin/users").json()["users"]}
    bob = shown["bob@example.org"]
    assert (bob["second_factor"], bob["sessions"] >= 1) == (True, True)
    assert not {"secret", "csrf", "address", "agent", "passkeys"} & bob.keys()
    assert site.call("admin", "DELETE", f"/api/admin/users/{bob['id']}/second-factor").status_code == 204
    assert site.call("nobody", "GET", "/api/session", headers=theirs).json()["user"] is None
    assert site.call("member", "GET", "/api/me/second-factor").json()["app_since"] is None


def test_signing_out_everywhere_else_keeps_this_browser(site: Site) -> None:
    here, there = site.credentials("member"), site.credentials("member")
    assert site.call("nobody", "DELETE", "/api/sessions?keep_this=true", headers=here).status_code == 204
    assert site.call("nobody", "GET", "/api/session", headers=here).json()["user"] is not None
    assert site.call("nobody", "GET", "/api/session", headers=there).json()["user"] is None


def test_what_belongs_to_others_is_not_found(site: Site) -> None:
    """Not even for admins, and the same answer as for ids that name nothing."""
    session = site.enter("member").session.public_id
    token = site.crm.access.tokens.create(site.member.acting(), "Mine", "read").token.public_id
    made = site.call(
        "member",
        "POST",
        "/api/changes",
        json={"ops": [{"op": "create_view", "table": "investors", "view": {"name": "Mine alone", "personal": True}}]},
    )
    assert made.status_code == 200, made.text
    views = site.call("member", "GET", "/api/tables/investors/views").json()["views"]
    view = next(each["id"] for each in views if each["name"] == "Mine alone")
    assert "Mine alone" not in site.call("admin", "GET", "/api/tables/investors/views").text
    assert "Mine alone" not in site.call("admin", "GET", "/api/tables").text
    others = [
        ("DELETE", f"/api/sessions/{session}", None),
        ("DELETE", f"/api/tokens/{token}", None),
        ("POST", "/api/tables/investors/query", {"view": view}),
        ("PUT", f"/api/views/{view}/star", {"starred": True}),
        ("POST", "/api/changes", {"ops": [{"op": "update_view", "view": view, "set": {"name": "Taken"}}]}),
        ("POST", "/api/changes", {"ops": [{"op": "delete_view", "view": view}]}),
        ("POST", "/api/changes", {"ops": [{"op": "restore_view", "view": view}]}),
        ("POST", "/api/tables/investors/aggregate", {"view": view, "aggregates": {}}),
        ("GET", f"/api/tables/investors/export?format=csv&view={view}", None),
    ]
    for method, path, body in others:
        answer = site.call("admin", method, path, **({} if body is None else {"json": body}))
        assert (answer.status_code, code_of(answer)[:8]) == (404, "unknown_"), (path, answer.text)


def test_signing_in_again_ends_the_session_that_this_browser_had(site: Site) -> None:
    before = site.credentials("admin")
    answer = site.call("nobody", "POST", "/api/session", json=ADA, headers={"Cookie": before["Cookie"]})
    assert answer.json()["user"]["email"] == "ada@example.org"
    assert site.call("nobody", "GET", "/api/session", headers=before).json()["user"] is None
