"""The access matrix: every route, and for each caller whether the door opens. A route that is not listed here fails."""

from __future__ import annotations

import pytest
from litestar.routes import HTTPRoute

from tests.api.conftest import Site, Who, code_of

CALLERS: tuple[Who, ...] = ("admin", "member", "reader", "writer", "nobody")

PUBLIC = """
GET /healthz
GET /readyz
GET /api/schema
GET /api/schema/openapi.json
GET /api/session
POST /api/session
POST /api/session/code
POST /api/session/passkey
POST /api/session/passkey/question
DELETE /api/session
POST /api/setup
POST /api/invites/look
POST /api/invites/accept
"""
READ = """
GET /api/users
GET /api/tables
GET /api/tables/{table}/fields
GET /api/tables/{table}/views
POST /api/tables/{table}/query
POST /api/tables/{table}/aggregate
POST /api/tables/{table}/find
GET /api/tables/{table}/records/{record}
GET /api/tables/{table}/records/{record}/history
GET /api/formula/functions
GET /api/changes
GET /api/fundraising/state
GET /api/fundraising/export
GET /api/fundraising/relational-summary
GET /api/tables/{table}/export
GET /api/imports
GET /api/imports/{import_id}
GET /api/imports/{import_id}/rows
"""
WRITE = """
POST /api/changes
POST /api/changes/{version}/undo
PUT /api/views/{view}/star
PUT /api/fundraising/state
POST /api/imports
POST /api/imports/{import_id}/preview
POST /api/imports/{import_id}/apply
POST /api/imports/{import_id}/cancel
POST /api/imports/{import_id}/undo
"""
OWN = """
PATCH /api/me
GET /api/me/second-factor
POST /api/me/app
POST /api/me/app/confirm
DELETE /api/me/app
POST /api/me/recovery-codes
POST /api/me/passkeys
POST /api/me/passkeys/question
PATCH /api/me/passkeys/{passkey_id}
DELETE /api/me/passkeys/{passkey_id}
GET /api/me/proof
POST /api/me/proof
POST /api/me/proof/question
GET /api/sessions
DELETE /api/sessions
DELETE /api/sessions/{session_id}
GET /api/tokens
POST /api/tokens
DELETE /api/tokens/{token_id}
"""
ADMIN = """
GET /api/admin/invites
POST /api/admin/invites
DELETE /api/admin/invites/{invite_id}
GET /api/admin/users
POST /api/admin/users
PATCH /api/admin/users/{user_id}
DELETE /api/admin/users/{user_id}/sessions
DELETE /api/admin/users/{user_id}/second-factor
GET /api/admin/security-status
GET /api/admin/security-policy
PATCH /api/admin/security-policy
GET /api/plugins
POST /api/plugins/{name}/enable
POST /api/plugins/{name}/disable
PATCH /api/plugins/{name}/settings
POST /api/plugins/{name}/check
POST /api/plugins/{name}/remove-data
"""
LEVELS = {"public": PUBLIC, "read": READ, "write": WRITE, "own": OWN, "admin": ADMIN}
MATRIX = {line: level for level, lines in LEVELS.items() for line in lines.split("\n") if line}

OPENS: dict[str, set[Who]] = {
    "public": {"admin", "member", "reader", "writer", "nobody"},
    "read": {"admin", "member", "reader", "writer"},
    "write": {"admin", "member", "writer"},
    "own": {"admin", "member"},
    "admin": {"admin"},
}
REFUSALS = {
    ("read", "nobody"): "not_signed_in",
    ("write", "nobody"): "not_signed_in",
    ("own", "nobody"): "not_signed_in",
    ("admin", "nobody"): "not_signed_in",
    ("write", "reader"): "read_only_token",
    ("own", "reader"): "needs_session",
    ("own", "writer"): "needs_session",
    ("admin", "member"): "admins_only",
    ("admin", "writer"): "admins_only",
}
CREDENTIAL_CODES = {"bad_credentials", "bad_setup_link", *REFUSALS.values()}


def routes(site: Site) -> set[str]:
    """Every route of the application but the pages and what stands for unknown addresses."""
    found = set()
    for route in site.app.routes:
        if isinstance(route, HTTPRoute) and "{path}" not in route.path_format and route.path != "/":
            for method in route.methods - {"OPTIONS"}:
                found.add(f"{method} {route.path_format}")
    return found


def test_every_route_is_in_the_matrix(site: Site) -> None:
    assert routes(site) == set(MATRIX)


@pytest.mark.parametrize("who", CALLERS)
@pytest.mark.parametrize("line", sorted(MATRIX))
def test_the_door(site: Site, line: str, who: Who) -> None:
    """Called without a body and with ids that name nothing: behind an open door never one of the refusals."""
    method, path = line.split(" ")
    level = MATRIX[line]
    path = path.replace("{table}", "investors").replace("{version}", "999999")
    for part in [piece for piece in path.split("/") if piece.startswith("{")]:
        path = path.replace(part, "nothing")
    answer = site.call(who, method, path)
    assert answer.status_code < 500, answer.text
    if who in OPENS[level]:
        assert answer.status_code not in (401, 403) or code_of(answer) not in REFUSALS.values(), answer.text
    else:
        expected = REFUSALS.get((level, who)) or ("admins_only" if method == "GET" else "read_only_token")
        assert (answer.status_code, code_of(answer)) == (401 if who == "nobody" else 403, expected)


def test_writes_by_cookie_need_the_csrf_token(site: Site) -> None:
    writes = [line for line in MATRIX if not line.startswith("GET") and MATRIX[line] != "public"]
    assert len(writes) > 8
    for line in writes:
        method, path = line.replace("{version}", "999999").split(" ")
        for token in ("", "x"):
            answer = site.call("admin", method, path, headers={"X-CSRF-Token": token})
            assert (answer.status_code, code_of(answer)) == (403, "csrf"), line


def test_another_sessions_csrf_token_does_not_do(site: Site) -> None:
    other = site.enter("admin").session.csrf
    answer = site.call("admin", "DELETE", "/api/tokens/nothing", headers={"X-CSRF-Token": other})
    assert code_of(answer) == "csrf"


def test_tokens_need_no_csrf_and_a_wrong_one_is_told(site: Site) -> None:
    assert site.call("reader", "GET", "/api/users").status_code == 200
    answer = site.call("nobody", "GET", "/api/users", headers={"Authorization": "Bearer crm_wrong"})
    assert (answer.status_code, code_of(answer)) == (401, "bad_token")
    assert "Bearer" in answer.headers["www-authenticate"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.local.evil.example", "http://"])
def test_foreign_pages_may_not_write(site: Site, origin: str) -> None:
    for who, path in (("admin", "/api/tokens"), ("nobody", "/api/session")):
        answer = site.call(who, "POST", path, json={}, headers={"Origin": origin})  # type: ignore[arg-type]
        assert (answer.status_code, code_of(answer)) == (403, "foreign_origin")


def test_our_own_pages_may_write(site: Site) -> None:
    body = {"name": "From a page", "scope": "read"}
    answer = site.call("member", "POST", "/api/tokens", json=body, headers={"Origin": "http://testserver.local"})
    assert answer.status_code == 201


def test_denials_are_in_the_audit_log(site: Site) -> None:
    from sqlmodel import col, select

    from crm_core.models import Event

    site.call("member", "GET", "/api/admin/users")
    with site.crm.units.read() as session:
        last = session.exec(select(Event).order_by(col(Event.id).desc()).limit(1)).one()
    assert (last.kind, last.actor_id, last.subject) == ("access.denied", site.member.id, "/api/admin/users")
    assert "admins_only" in last.data
