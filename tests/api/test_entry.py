"""Coming in through HTTP: cookies, setup, invitation, sessions, tokens, accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from api.app import create_app
from crm_core.config import from_env
from tests.api.conftest import PASSWORD, Site, code_of


def test_session_tells_nobody_and_somebody(site: Site) -> None:
    nobody = site.call("nobody", "GET", "/api/session").json()
    assert nobody == {
        "user": None,
        "csrf": None,
        "setup_needed": False,
        "settings": {"time_zone": "UTC", "currency": "EUR", "name": "Venture CRM"},
        "second_step": None,
        "lacks_factor": False,
    }
    somebody = site.call("member", "GET", "/api/session").json()
    assert somebody["user"]["email"] == "bob@example.org"
    assert len(somebody["csrf"]) > 30


@pytest.mark.parametrize("cookie", ["crm_session=wrong", "crm_session=", "crm_session=\x7f\xff", "crm_session"])
def test_a_wrong_cookie_is_nobody(site: Site, cookie: str) -> None:
    answer = site.call("nobody", "GET", "/api/session", headers={"Cookie": cookie.encode("latin-1")})
    assert (answer.status_code, answer.json()["user"]) == (200, None)


def test_signing_in_sets_a_cookie_that_scripts_cannot_read(site: Site) -> None:
    answer = site.call("nobody", "POST", "/api/session", json={"email": "ada@example.org", "password": PASSWORD})
    assert answer.status_code == 200
    assert answer.json()["user"]["role"] == "admin"
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("crm_session=")
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "secure" not in cookie
    assert "domain" not in cookie


def test_over_tls_the_cookie_is_secure_and_bound_to_this_host(site: Site) -> None:
    body = {"email": "ada@example.org", "password": PASSWORD}
    answer = site.call("nobody", "POST", "https://testserver.local/api/session", json=body)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-crm_session=")
    assert "Secure" in cookie
    secret = cookie.split(";")[0].split("=")[1]
    plain = {"Cookie": f"crm_session={secret}"}
    bound = {"Cookie": f"__Host-crm_session={secret}"}
    assert site.call("nobody", "GET", "https://testserver.local/api/users", headers=plain).status_code == 401
    assert site.call("nobody", "GET", "https://testserver.local/api/users", headers=bound).status_code == 200


def test_a_wrong_password_is_401_and_many_are_429(site: Site) -> None:
    body = {"email": "carol@example.org", "password": "not it, not at all"}
    answers = [site.call("nobody", "POST", "/api/session", json=body) for _ in range(11)]
    assert {(answer.status_code, code_of(answer)) for answer in answers[:10]} == {(401, "bad_credentials")}
    assert (answers[10].status_code, code_of(answers[10])) == (429, "too_many_attempts")
    assert int(answers[10].headers["retry-after"]) == answers[10].json()["retry_after"] <= 60


def test_signing_out_here_ends_the_session_and_takes_the_cookie(site: Site) -> None:
    headers = site.credentials("member")
    assert site.call("nobody", "GET", "/api/users", headers=headers).status_code == 200
    answer = site.call("nobody", "DELETE", "/api/session", headers=headers)
    assert answer.status_code == 204
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert site.call("nobody", "GET", "/api/users", headers=headers).status_code == 401
    assert site.call("nobody", "DELETE", "/api/session").status_code == 204


def test_own_sessions_are_listed_and_ended(site: Site) -> None:
    here, there = site.credentials("member"), site.credentials("member")
    listed = site.call("nobody", "GET", "/api/sessions", headers=here).json()["sessions"]
    assert [session["current"] for session in listed].count(True) == 1
    assert all(session["address"] for session in listed)
    newest = max(listed, key=lambda session: (session["created_at"], not session["current"]))
    assert not newest["current"]
    assert site.call("nobody", "DELETE", f"/api/sessions/{newest['id']}", headers=here).status_code == 204
    assert site.call("nobody", "GET", "/api/users", headers=there).status_code == 401
    assert site.call("nobody", "DELETE", "/api/sessions", headers=here).status_code == 204
    assert site.call("nobody", "GET", "/api/users", headers=here).status_code == 401


def test_a_token_is_shown_once_and_revoked(site: Site) -> None:
    made = site.call("member", "POST", "/api/tokens", json={"name": "Once", "scope": "write", "expires_in_days": 3})
    assert made.status_code == 201
    secret, token = made.json()["secret"], made.json()["token"]
    listed = site.call("member", "GET", "/api/tokens")
    assert secret not in listed.text
    assert token["id"] in {entry["id"] for entry in listed.json()["tokens"]}
    bearer = {"Authorization": f"Bearer {secret}"}
    assert site.call("nobody", "GET", "/api/users", headers=bearer).status_code == 200
    assert site.call("member", "DELETE", f"/api/tokens/{token['id']}").status_code == 204
    assert site.call("nobody", "GET", "/api/users", headers=bearer).status_code == 401


def test_inviting_somebody_who_accepts(site: Site) -> None:
    made = site.call("admin", "POST", "/api/admin/invites", json={"email": "new@example.org", "role": "member"})
    assert made.status_code == 201
    link = made.json()["link"]
    assert link.startswith("http://testserver.local/invite#token=")
    token = link.partition("token=")[2]
    assert token not in site.call("admin", "GET", "/api/admin/invites").text
    looked = site.call("nobody", "POST", "/api/invites/look", json={"token": token})
    assert looked.json() == {"email": "new@example.org", "role": "member"}
    body = {"token": token, "name": "New Person", "password": PASSWORD}
    accepted = site.call("nobody", "POST", "/api/invites/accept", json=body)
    assert accepted.status_code == 200
    assert accepted.json()["user"]["name"] == "New Person"
    again = site.call("nobody", "POST", "/api/invites/accept", json=body)
    assert (again.status_code, code_of(again)) == (404, "invite_gone")


def test_admins_make_and_change_accounts(site: Site) -> None:
    body = {"email": "dora@example.org", "name": "Dora", "password": PASSWORD, "role": "admin"}
    made = site.call("admin", "POST", "/api/admin/users", json=body)
    assert made.status_code == 201
    user = made.json()["user"]
    changed = site.call("admin", "PATCH", f"/api/admin/users/{user['id']}", json={"role": "member", "active": False})
    assert changed.json()["user"] | {"role": "member", "active": False} == changed.json()["user"]
    twice = site.call("admin", "POST", "/api/admin/users", json=body)
    assert (twice.status_code, code_of(twice)) == (409, "email_taken")
    last = site.call("admin", "PATCH", f"/api/admin/users/{site.admin.public_id}", json={"role": "member"})
    assert (last.status_code, code_of(last)) == (409, "last_admin")


def test_own_profile(site: Site) -> None:
    changed = site.call("member", "PATCH", "/api/me", json={"name": "Bob Renamed"})
    assert changed.json()["user"]["name"] == "Bob Renamed"
    wrong = site.call("member", "PATCH", "/api/me", json={"password": "seven lamps above the harbour"})
    assert (wrong.status_code, code_of(wrong), wrong.json()["pointer"]) == (400, "wrong_password", "/current_password")


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[TestClient]:
    """An application without any account."""
    with TestClient(create_app(from_env({}, data_dir=tmp_path))) as client:
        yield client


def test_the_first_account_by_the_setup_link(empty: TestClient) -> None:
    assert empty.get("/api/session").json()["setup_needed"] is True
    secret = empty.app.state.crm.access.setup.fresh_secret()
    body = {"token": "guess", "email": "ada@example.org", "name": "Ada", "password": PASSWORD}
    wrong = empty.post("/api/setup", json=body)
    assert (wrong.status_code, code_of(wrong)) == (403, "bad_setup_link")
    answer = empty.post("/api/setup", json=body | {"token": secret})
    assert answer.status_code == 200
    assert (answer.json()["user"]["role"], answer.json()["setup_needed"]) == ("admin", False)
    assert empty.get("/api/users").status_code == 200  # the cookie is set
    again = empty.post("/api/setup", json=body | {"token": secret, "email": "eve@example.org"})
    assert (again.status_code, code_of(again)) == (409, "setup_done")
