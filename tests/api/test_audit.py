"""The audit log: every refusal and every act of an admin is in it, with who and from where, and no secret."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlmodel import col, select

from crm_core.models import Event
from tests.api.conftest import PASSWORD, Site, Who


def last(site: Site) -> tuple[str, int | None, str, dict[str, Any]]:
    """The newest event: kind, actor, subject, data."""
    with site.crm.units.read() as session:
        event = session.exec(select(Event).order_by(col(Event.id).desc()).limit(1)).one()
        return event.kind, event.actor_id, event.subject, json.loads(event.data)


def count(site: Site) -> int:
    with site.crm.units.read() as session:
        return len(session.exec(select(Event.id)).all())


@pytest.mark.parametrize(
    ("who", "method", "path", "code"),
    [
        ("member", "GET", "/api/admin/users", "admins_only"),
        ("reader", "POST", "/api/changes", "read_only_token"),
        ("writer", "POST", "/api/tokens", "needs_session"),
        ("admin_writer", "PATCH", "/api/admin/security-policy", "needs_session"),
    ],
)
def test_refusals_are_written_down(site: Site, who: Who, method: str, path: str, code: str) -> None:
    site.call(who, method, path, json={} if method != "GET" else None)
    kind, actor, subject, data = last(site)
    assert (kind, actor, subject) == ("access.denied", site.person(who).id, path)
    assert data == {"code": code, "address": "testclient", "method": method}


def test_wrong_tokens_and_foreign_pages_are_written_down_without_a_name(site: Site) -> None:
    site.call("nobody", "GET", "/api/users", headers={"Authorization": "Bearer crm_wrong"})
    kind, actor, subject, data = last(site)
    assert (kind, actor, subject, data["code"]) == ("access.denied", None, "/api/users", "bad_token")
    site.call("nobody", "POST", "/api/session", json={}, headers={"Origin": "https://evil.example"})
    assert last(site)[3]["code"] == "foreign_origin"


def test_a_visitor_and_a_wrong_password_are_no_refusals_of_this_kind(site: Site) -> None:
    before = count(site)
    site.call("nobody", "GET", "/api/users")
    assert count(site) == before
    site.call("nobody", "POST", "/api/session", json={"email": "ada@example.org", "password": "not it at all"})
    assert last(site)[0] == "access.sign_in_failed"


def test_a_flood_of_refusals_does_not_fill_the_log(site: Site) -> None:
    before = count(site)
    for _ in range(80):
        site.call("nobody", "GET", "/api/users", headers={"Authorization": "Bearer crm_wrong"})
    assert count(site) - before <= 60


def test_every_act_of_an_admin_is_written_down(site: Site) -> None:
    """Each kind of write that only admins may do, with the event it leaves and who did it."""
    made = site.call("admin", "POST", "/api/admin/invites", json={"email": "new@example.org"}).json()["invite"]["id"]
    bob = site.member.public_id
    acts: list[tuple[str, str, Any, str]] = [
        ("POST", "/api/admin/invites", {"email": "other@example.org", "role": "admin"}, "invite.created"),
        ("DELETE", f"/api/admin/invites/{made}", None, "invite.revoked"),
        (
            "POST",
            "/api/admin/users",
            {"email": "cleo@example.org", "name": "Cleo Dane", "password": PASSWORD},
            "user.created",
        ),
        ("PATCH", f"/api/admin/users/{bob}", {"name": "Bob M. Member"}, "user.changed"),
        ("DELETE", f"/api/admin/users/{bob}/sessions", None, "access.signed_out"),
        ("DELETE", f"/api/admin/users/{bob}/second-factor", None, "access.second_factor_changed"),
        ("PATCH", "/api/admin/security-policy", {"allowed_hosts": ["spark.local"]}, "access.policy_changed"),
        ("PATCH", "/api/plugins/csv_import/settings", {"max_columns": 900}, "plugin.configured"),
        ("POST", "/api/plugins/csv_import/disable", None, "plugin.switched"),
        ("POST", "/api/plugins/csv_import/enable", None, "plugin.switched"),
    ]
    for method, path, body, kind in acts:
        answer = site.call("admin", method, path, **({} if body is None else {"json": body}))
        assert answer.status_code < 300, (path, answer.text)
        found, actor, _, data = last(site)
        assert (found, actor) == (kind, site.admin.id), path
        assert PASSWORD not in json.dumps(data)
