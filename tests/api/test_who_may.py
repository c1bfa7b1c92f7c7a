"""The access matrix: every route as every caller, against docs/reference/permissions.md; one without a row fails."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import get_args

import pytest

from api.permissions import MAY, render, routes
from crm_core import clock
from tests.api.conftest import Site, Who, code_of
from tests.house.source import ROOT

CALLERS: tuple[Who, ...] = get_args(Who)
REFUSALS = {"not_signed_in", "needs_session", "admins_only", "read_only_token", "metrics_only"}

PAGE = ROOT / "docs/reference/permissions.md"
GONE = {"{table}": "investors", "{version}": "999999"}


def rows() -> dict[str, dict[str, str]]:
    """The committed page: for each route what each caller gets."""
    found: dict[str, dict[str, str]] = {}
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("| `"):
            route, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            found[route.strip("` ")] = {str(who): cell for who, cell in zip(CALLERS, cells, strict=False)}
    return found


MATRIX = rows()


def address(line: str) -> tuple[str, str]:
    """Method and path of a route, with ids that name nothing."""
    method, path = line.split(" ")
    for part in [piece for piece in path.split("/") if piece.startswith("{")]:
        path = path.replace(part, GONE.get(part, "nothing"))
    return method, path


def test_the_page_is_made_from_the_routes(site: Site) -> None:
    """A new route needs a row: make openapi, and look at what the row says."""
    assert render(site.app) == PAGE.read_text("utf-8"), "docs/reference/permissions.md is old: make openapi"
    assert set(MATRIX) == {line for line, _, _ in routes(site.app)}
    assert len(MATRIX) > 60


@pytest.mark.parametrize("who", CALLERS)
@pytest.mark.parametrize("line", sorted(MATRIX))
def test_the_door(site: Site, line: str, who: Who) -> None:
    """Called without a body and with ids that name nothing: behind an open door never one of the refusals."""
    method, path = address(line)
    expected = MATRIX[line][who]
    answer = site.call(who, method, path)
    assert answer.status_code < 500, answer.text
    if expected == MAY:
        assert answer.status_code not in (401, 403) or code_of(answer) not in REFUSALS, answer.text
    else:
        assert (answer.status_code, code_of(answer)) == (401 if who == "nobody" else 403, expected)


def test_members_reach_nothing_that_is_for_admins(site: Site) -> None:
    """Whatever is under these paths is closed to members, whatever its row says."""
    lines = [line for line in MATRIX if "/api/admin/" in line or "/api/plugins" in line or "backup" in line]
    assert len(lines) > 15
    for line in lines:
        assert {MATRIX[line][who] for who in ("member", "writer")} == {"admins_only"}, line
        assert MATRIX[line]["nobody"] == "not_signed_in", line


def test_grave_acts_ask_for_a_fresh_proof(site: Site) -> None:
    """Exactly those that the page notes, in a session that proved itself eleven minutes ago."""
    with clock.frozen(clock.now() - timedelta(minutes=11)):
        stale = site.credentials("admin")
    asked = set()
    for line in MATRIX:
        method, path = address(line)
        answer = site.call("nobody", method, path, headers=stale)
        if answer.status_code == 403 and code_of(answer) == "proof_needed":
            asked.add(line)
        if line == "DELETE /api/session" or line == "DELETE /api/sessions":
            with clock.frozen(clock.now() - timedelta(minutes=11)):
                stale = site.credentials("admin")
    page = PAGE.read_text("utf-8")
    noted = {line for line in MATRIX if re.search(rf"^\| `{re.escape(line)}`.*fresh proof", page, re.M)}
    assert asked == noted
    assert len(noted) > 5


def test_writes_by_cookie_need_the_csrf_token(site: Site) -> None:
    writes = [line for line in MATRIX if not line.startswith("GET") and MATRIX[line]["nobody"] != MAY]
    assert len(writes) > 30
    for line in writes:
        method, path = address(line)
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
