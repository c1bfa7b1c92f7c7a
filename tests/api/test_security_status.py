"""The go-live checklist: each point says what is so, and what to do; it never quotes a secret."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from api.app import create_app
from crm_core import clock
from crm_core.config import Config, from_env
from crm_core.contracts.actor import SYSTEM
from crm_core.models import User
from crm_core.services import events
from crm_core.services.security import Seen
from crm_core.services.security.process import findings
from tests.api.conftest import Site
from tests.api.test_second_factor import connect

GOOD = "p9Zk2mQ7vT1xL4cB8nR3wY6sD0fG5hJ_"
HERE = Seen(tls=True, forwarded=False, address="127.0.0.1")


def config(folder: Path, **more: Any) -> Config:
    folder.chmod(0o700)
    made = from_env({"CRM_ENV": "production", "CRM_SECRET_KEY": GOOD}, data_dir=folder)
    return replace(made, **more)


@pytest.mark.parametrize(
    ("key", "more", "seen", "state"),
    [
        ("secret_key", {}, HERE, "ok"),
        ("secret_key", {"secret_key": "short"}, HERE, "problem"),
        ("secret_key", {"secret_key": "ab" * 40}, HERE, "problem"),
        ("production", {}, HERE, "ok"),
        ("production", {"env": "development"}, HERE, "attention"),
        ("production", {"safe_mode": True}, HERE, "attention"),
        ("production", {}, replace(HERE, debug=True), "problem"),
        ("tls", {}, HERE, "ok"),
        ("tls", {}, replace(HERE, tls=False), "attention"),
        ("tls", {}, replace(HERE, tls=False, address="192.168.1.7"), "problem"),
        ("tls", {"host": "0.0.0.0"}, replace(HERE, tls=False), "problem"),
        ("bind_address", {}, HERE, "ok"),
        ("bind_address", {"host": "localhost"}, HERE, "ok"),
        ("bind_address", {"host": "0.0.0.0"}, HERE, "problem"),
        ("bind_address", {"host": "::", "trusted_proxies": ("10.0.0.2",)}, HERE, "attention"),
        ("proxies", {}, HERE, "ok"),
        ("proxies", {}, replace(HERE, forwarded=True), "attention"),
        ("proxies", {"trusted_proxies": ("10.0.0.2",)}, replace(HERE, forwarded=True), "ok"),
        ("proxies", {"trusted_proxies": ("0.0.0.0/0",)}, HERE, "problem"),
        ("cors", {}, HERE, "ok"),
        ("cors", {"cors_origins": ("https://tools.example.org",)}, HERE, "attention"),
        ("cors", {"cors_origins": ("http://tools.example.org",)}, HERE, "problem"),
        ("files", {}, HERE, "ok"),
    ],
)
def test_points_about_the_process(tmp_path: Path, key: str, more: dict[str, Any], seen: Seen, state: str) -> None:
    point = next(each for each in findings(config(tmp_path, **more), seen) if each.key == key)
    assert point.state == state
    assert bool(point.advice) == (state != "ok")
    assert GOOD not in point.detail + point.advice


def test_a_key_beside_the_data_deserves_a_look(tmp_path: Path) -> None:
    made = from_env({}, data_dir=tmp_path)
    point = next(findings(made, HERE))
    assert (point.key, point.state) == ("secret_key", "attention")
    assert made.secret_key not in point.detail


def test_an_open_folder_is_a_problem_and_names_what_can_be_read(tmp_path: Path) -> None:
    made = config(tmp_path)
    (tmp_path / "crm.sqlite3").touch()
    (tmp_path / "crm.sqlite3").chmod(0o644)  # whatever the umask of the process is
    tmp_path.chmod(0o755)
    point = next(each for each in findings(made, HERE) if each.key == "files")
    assert point.state == "problem"
    assert "crm.sqlite3 (644)" in point.detail


def status(site: Site) -> dict[str, dict[str, str]]:
    answer = site.call("admin", "GET", "/api/admin/security-status")
    assert answer.status_code == 200, answer.text
    assert answer.json()["ready"] == all(each["state"] != "problem" for each in answer.json()["findings"])
    return {each["key"]: each for each in answer.json()["findings"]}


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Site]:
    """An application for one test alone."""
    tmp_path.chmod(0o700)
    with TestClient(create_app(from_env({}, data_dir=tmp_path)), raise_server_exceptions=False) as client:
        yield Site(client.app, client)


def test_points_about_people_change_with_them(own: Site) -> None:
    found = status(own)
    assert (found["second_factor"]["state"], found["admins"]["state"]) == ("problem", "attention")
    assert "Ada Admin" in found["second_factor"]["detail"]
    connect(own, "admin")
    assert status(own)["second_factor"]["state"] == "attention"
    own.crm.access.policies.change(SYSTEM, admins_need_second_factor=True)
    assert status(own)["second_factor"]["state"] == "ok"

    assert found["passwords"]["state"] == "ok"
    long_ago = clock.to_text(clock.now() - timedelta(days=900))
    for change, state in (({"password_set_at": long_ago}, "attention"), ({"password_weak": True}, "problem")):
        with own.crm.units.write() as session:
            bob = session.get(User, own.member.id)
            assert bob is not None
            bob.sqlmodel_update(change)
            session.add(bob)
        point = status(own)["passwords"]
        assert point["state"] == state
        assert "Bob Member" in point["detail"]

    assert found["tokens"]["state"] == "ok"
    own.crm.access.tokens.create(own.member.acting(), "Sync", "write", 90)
    assert status(own)["tokens"]["state"] == "ok"
    own.crm.access.tokens.create(own.member.acting(), "Sync", "write")
    assert "1 of 2" in status(own)["tokens"]["detail"]

    assert found["invites"]["state"] == "ok"
    own.crm.access.invites.create(SYSTEM, "new@example.org", "admin")
    assert status(own)["invites"]["state"] == "attention"


def test_points_about_backups_and_outgoing_calls(own: Site) -> None:
    found = status(own)
    assert (found["backups"]["state"], found["egress"]["state"]) == ("attention", "ok")
    for days, state in ((3, "problem"), (0, "ok")):
        with own.crm.units.write() as session:
            at = clock.to_text(clock.now() - timedelta(days=days))
            events.record(session.connection(), "backup.verified", None, subject="x", at=at)
        assert status(own)["backups"]["state"] == state
    own.crm.plugins.disable("backups", SYSTEM)
    assert "is off" in status(own)["backups"]["detail"]
    own.crm.access.policies.change(SYSTEM, allowed_hosts=["spark.local"])
    assert "spark.local" in status(own)["egress"]["detail"]


def test_forwarded_headers_without_a_trusted_proxy_are_noticed(own: Site) -> None:
    answer = own.call("admin", "GET", "/api/admin/security-status", headers={"X-Forwarded-For": "203.0.113.9"})
    assert {each["key"]: each["state"] for each in answer.json()["findings"]}["proxies"] == "attention"
