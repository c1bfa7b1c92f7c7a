"""Bad input: each kind is a clear problem with a code; nothing of ours shows."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.api.conftest import Site, code_of

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "invalid_request"),
        (b"{", "bad_json"),
        (b'{"name": "x",}', "bad_json"),
        (b"name=x", "bad_json"),
        (b'{"name": "\xff\xfe"}', "bad_json"),
        (b'{"name": "\xed\xa0\x80", "scope": "read"}', "bad_json"),
        (b'{"name": "\\ud800", "scope": "read"}', "bad_json"),
        (b'{"name": "a\\u0000b", "scope": "read"}', "bad_name"),
        (b"[" * 100_000 + b"]" * 100_000, "bad_json"),
        (b'{"name":' * 50_000 + b"1" + b"}" * 50_000, "bad_json"),
        (b"null", "invalid_request"),
        (b"[]", "invalid_request"),
        (b'"text"', "invalid_request"),
        (b'{"name": 5, "scope": "read"}', "invalid_request"),
        (b'{"name": "x", "scope": "all"}', "invalid_request"),
        (b'{"name": "x"}', "invalid_request"),
        (b'{"name": "x", "scope": "read", "expires_in_days": 1e400}', "bad_json"),
        (b'{"name": "x", "scope": "read", "expires_in_days": 99999999999999999999999}', "invalid_request"),
        (b'{"name": "x", "scope": "read", "surprise": 1}', "invalid_request"),
        (b'{"name": "' + b"x" * 500 + b'", "scope": "read"}', "invalid_request"),
    ],
)
def test_bodies_that_cannot_be_taken(site: Site, body: bytes, code: str) -> None:
    answer = site.call("member", "POST", "/api/tokens", content=body, headers=JSON)
    assert (answer.status_code, code_of(answer)) == (400, code), answer.text
    assert answer.json()["hint"]


def test_the_pointer_says_where(site: Site) -> None:
    answer = site.call("member", "POST", "/api/tokens", json={"name": "x", "scope": "read", "expires_in_days": "soon"})
    assert answer.json()["pointer"] == "/expires_in_days"
    assert answer.json()["errors"][0]["pointer"] == "/expires_in_days"


def test_the_pointer_of_a_parameter_is_its_place_and_name(site: Site) -> None:
    answer = site.call("admin", "GET", "/api/changes?since=-1")
    assert (answer.status_code, code_of(answer)) == (400, "invalid_request")
    assert answer.json()["pointer"] == answer.json()["errors"][0]["pointer"] == "query:since"


@pytest.mark.parametrize("reason", ["a\0b", "\x1b[31mred", "\x7f", "\x85"])
def test_a_reason_has_no_control_characters(site: Site, reason: str) -> None:
    change = {"ops": [{"op": "create", "table": "investors", "records": [{"cells": {"name": "North Pole Capital"}}]}]}
    answer = site.call("member", "POST", "/api/changes", json={**change, "reason": reason})
    assert (answer.status_code, code_of(answer), answer.json()["pointer"]) == (400, "invalid_request", "/reason")
    assert answer.json()["detail"].startswith("Control characters")
    answer = site.call("member", "POST", "/api/changes", json={**change, "reason": "Two lines:\n\tasked by Zoë 🦊"})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_is_taken(site: Site, kind: str) -> None:
    body = json.dumps({"email": "ada@example.org", "password": "x"}).encode()
    answer = site.call("nobody", "POST", "/api/session", content=body, headers={"Content-Type": kind})
    assert (answer.status_code, code_of(answer)) == (415, "wrong_content_type")


def test_a_body_over_the_limit_is_refused_by_its_length(site: Site) -> None:
    body = b'{"name": "' + b"x" * (site.crm.config.max_body_mb * 2**20) + b'"}'
    answer = site.call("member", "POST", "/api/tokens", content=body, headers=JSON)
    assert (answer.status_code, code_of(answer)) == (413, "body_too_large")


def test_a_body_over_the_limit_is_refused_while_it_comes(site: Site) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(site.crm.config.max_body_mb + 1):
            yield b" " * 2**20

    answer = site.call("member", "POST", "/api/tokens", content=endless(), headers=JSON)
    assert (answer.status_code, code_of(answer)) == (413, "body_too_large")


@pytest.mark.parametrize("path", ["/api/nothing", "/api/tables/investors/nothing", "/api/users/x/y", "/api"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_what_is_not_there_is_404(site: Site, method: str, path: str) -> None:
    answer = site.call("admin", method, path)
    assert (answer.status_code, code_of(answer)) == (404, "unknown_route")


def test_a_wrong_method_is_405_and_says_which_are_possible(site: Site) -> None:
    answer = site.call("admin", "PUT", "/api/session")
    assert (answer.status_code, code_of(answer)) == (405, "wrong_method")
    assert {"GET", "POST", "DELETE"} <= {name.strip() for name in answer.headers["allow"].split(",")}


@pytest.mark.parametrize("id_", ["x", "%00", "usr%00000000000000", "..%2f..%2fetc", "%F0%9F%A6%8A", "a" * 5000])
def test_ids_that_are_none(site: Site, id_: str) -> None:
    answer = site.call("admin", "PATCH", f"/api/admin/users/{id_}", json={"name": "X"})
    assert answer.status_code == 404, answer.text
    assert code_of(answer) in ("unknown_user", "unknown_route")


def test_a_defect_of_ours_shows_a_number_and_nothing_else(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret inside")

    monkeypatch.setattr(type(site.crm.users), "everyone", broken)
    answer = site.call("member", "GET", "/api/users")
    assert (answer.status_code, code_of(answer)) == (500, "internal_error")
    assert "secret inside" not in answer.text
    assert answer.json()["request"] in answer.json()["hint"]


def test_every_answer_carries_the_security_headers(site: Site) -> None:
    for path in ("/", "/api/session", "/api/nothing", "/api/users", "/no/such.file", "/healthz"):
        headers = site.call("nobody", "GET", path).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in policy
    assert site.call("member", "GET", "/api/users").headers["cache-control"] == "no-store"


def test_a_flood_of_writes_is_slowed_down_by_address(site: Site) -> None:
    meter = site.app.state.writes
    assert meter.take("testclient") == 0
    for _ in range(meter.most):
        meter.take("testclient")
    answer = site.call("member", "POST", "/api/tokens", json={})
    meter._windows.clear()
    assert (answer.status_code, code_of(answer)) == (429, "too_many_requests")
    assert int(answer.headers["retry-after"]) > 0
    assert site.call("member", "POST", "/api/tokens", json={}).status_code == 400
