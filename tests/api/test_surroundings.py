"""What depends on where the CRM runs: proxies, TLS, other origins, production."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.server import greeting, is_loopback
from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM
from tests.api.conftest import PASSWORD, code_of
from tests.browser.server import ADMIN, serving

SIGN_IN = {"email": ADMIN.email, "password": ADMIN.password}
FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


@contextmanager
def application(folder: Path, account: bool = True, **settings: Any) -> Iterator[TestClient]:
    app = create_app(replace(from_env({}, data_dir=folder), **settings))
    with TestClient(app, raise_server_exceptions=False) as client:
        if account:
            app.state.crm.access.accounts.create(
                SYSTEM, email=ADMIN.email, name=ADMIN.name, password=ADMIN.password, role="admin"
            )
        yield client


@pytest.mark.parametrize("trusted", [True, False])
def test_forwarded_headers_are_believed_only_from_trusted_proxies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    monkeypatch.setattr("tests.browser.server.environment", proxied if trusted else direct)
    with serving(tmp_path / "data") as server:
        answer = httpx.post(f"{server.url}/api/session", json=SIGN_IN, headers=FORWARDED)
        cookie = answer.headers["set-cookie"]
        name, _, value = cookie.partition(";")[0].partition("=")
        sessions = httpx.get(f"{server.url}/api/sessions", headers={"Cookie": f"{name}={value}", **FORWARDED}).json()
    assert sessions["sessions"][0]["address"] == ("203.0.113.9" if trusted else "127.0.0.1")
    assert ("Secure" in cookie) is trusted
    assert name == ("__Host-crm_session" if trusted else "crm_session")


def direct(data_dir: Path) -> dict[str, str]:
    import os

    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CRM_", "FORWARDED"))}
    return {**kept, "CRM_DATA_DIR": str(data_dir)}


def proxied(data_dir: Path) -> dict[str, str]:
    return {**direct(data_dir), "CRM_TRUSTED_PROXIES": "127.0.0.0/8"}


def test_a_public_https_address_makes_cookies_secure_and_links_right(tmp_path: Path) -> None:
    with application(tmp_path, public_url="https://crm.example.org") as client:
        answer = client.post("/api/session", json=SIGN_IN)
        assert answer.headers["set-cookie"].startswith("__Host-crm_session=")
        headers = {
            "Cookie": answer.headers["set-cookie"].partition(";")[0],
            "X-CSRF-Token": answer.json()["csrf"],
            "Origin": "https://crm.example.org",
        }
        made = client.post("/api/admin/invites", json={"email": "x@example.org", "role": "member"}, headers=headers)
        assert made.json()["link"].startswith("https://crm.example.org/invite#token=")


def test_only_named_origins_may_call_from_elsewhere(tmp_path: Path) -> None:
    with application(tmp_path, cors_origins=("https://tools.example.org",)) as client:
        asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
        named = client.options("/api/session", headers={"Origin": "https://tools.example.org", **asking})
        assert named.headers["access-control-allow-origin"] == "https://tools.example.org"
        assert named.headers["access-control-allow-credentials"] == "true"
        other = client.options("/api/session", headers={"Origin": "https://evil.example", **asking})
        assert "access-control-allow-origin" not in other.headers
        assert (
            client.post("/api/session", json=SIGN_IN, headers={"Origin": "https://tools.example.org"}).status_code
            == 200
        )
        refused = client.post("/api/session", json=SIGN_IN, headers={"Origin": "https://evil.example"})
        assert (refused.status_code, code_of(refused)) == (403, "foreign_origin")


def test_without_cors_no_origin_is_allowed(tmp_path: Path) -> None:
    with application(tmp_path) as client:
        answer = client.get("/api/session", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("settings", "said", "not_said"),
    [
        ({}, ["http://127.0.0.1:8000", "/setup#token="], ["Warning"]),
        ({"host": "0.0.0.0"}, ["Warning", "without TLS", "/setup#token="], []),
        ({"host": "0.0.0.0", "trusted_proxies": ("10.0.0.1",)}, ["/setup#token="], ["Warning"]),
        ({"env": "production", "host": "0.0.0.0"}, ["Warning", "crm admin create"], ["/setup#token="]),
        ({"env": "production"}, ["/setup#token="], []),
        (
            {"env": "production", "host": "0.0.0.0", "public_url": "https://crm.example.org"},
            ["https://crm.example.org/setup#token="],
            [],
        ),
    ],
)
def test_the_greeting(tmp_path: Path, settings: dict[str, Any], said: list[str], not_said: list[str]) -> None:
    with application(tmp_path, account=False, **settings) as client:
        text = "\n".join(greeting(client.app.state.crm, 8000))
    assert [part for part in said if part not in text] == []
    assert [part for part in not_said if part in text] == []


def test_there_is_no_default_password(tmp_path: Path) -> None:
    with application(tmp_path, account=False) as client:
        for email in ("admin@example.org", "admin", "root", ""):
            for password in ("", "admin", "password", PASSWORD):
                answer = client.post("/api/session", json={"email": email, "password": password})
                assert answer.status_code in (401, 429)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
     ("192.168.1.5", False), ("crm.example.org", False)],
)  # fmt: skip
def test_what_counts_as_this_machine(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
