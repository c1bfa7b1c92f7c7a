"""Metrics: what they count, by route template and without private text, and who may read them."""

from __future__ import annotations

import re

from prometheus_client.parser import text_string_to_metric_families

from tests.api.conftest import Site, code_of


def read(site: Site) -> dict[str, float]:
    """Every sample by its name and labels, as the machine itself gets them."""
    text = site.app.metrics.text().decode()  # type: ignore[attr-defined]
    return {
        sample.name + str(sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_are_counted_by_route_and_status(site: Site) -> None:
    site.call("admin", "GET", "/api/tables/investors/records/recsecretsecrets1")
    site.call("admin", "GET", "/api/tables/investors/records/recsecretsecrets2")
    site.call("nobody", "GET", "/api/no/such/secret/place")
    found = read(site)
    route = "[('method', 'GET'), ('route', '/api/tables/{table}/records/{record}'), ('status', '404')]"
    assert found[f"crm_http_requests_total{route}"] == 2
    assert any("('status', '404')" in name and "records" not in name for name in found)
    assert "secret" not in str(found)
    timed = "[('method', 'GET'), ('route', '/api/tables/{table}/records/{record}')]"
    assert found[f"crm_http_request_seconds_count{timed}"] == 2


def test_edits_commits_jobs_database_and_plugins_have_numbers(site: Site) -> None:
    before = read(site)
    for number in range(3):
        records = [{"cells": {"name": f"Private name {number}"}}]
        op = {"op": "create", "table": "investors", "records": records}
        assert site.call("admin", "POST", "/api/changes", json={"ops": [op]}).status_code == 200
    after = read(site)
    assert after["crm_change_sets_total[]"] - before["crm_change_sets_total[]"] == 3
    assert after["crm_commit_members_count[]"] - before["crm_commit_members_count[]"] >= 3
    assert after["crm_commit_members_sum[]"] >= after["crm_commit_members_count[]"]
    assert after["crm_database_bytes[]"] > 100_000
    assert after["crm_live_clients[]"] == 0
    assert after["crm_plugin_state[('plugin', 'csv_import'), ('state', 'on')]"] == 1
    assert any(name.startswith("process_resident_memory_bytes") for name in after)
    assert "Private" not in str(after)
    assert "ada@example.org" not in str(after)


def test_they_are_for_the_machine_itself_and_for_their_own_tokens(site: Site) -> None:
    token = site.crm.access.tokens.create(site.admin.acting(), "prometheus", "metrics").secret
    bearer = {"Authorization": f"Bearer {token}"}
    answer = site.client.get("/metrics", headers=bearer)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert re.search(r"(?m)^crm_info\{version=", answer.text)
    for path in ("/api/tables", "/api/activity", "/api/plugins"):
        refused = site.client.get(path, headers=bearer)
        assert (refused.status_code, code_of(refused)) == (403, "metrics_only")
    site.client.cookies.clear()
    assert site.client.get("/metrics").status_code == 401
    member = site.crm.access.tokens.create(site.member.acting(), "mine", "metrics").secret
    assert site.client.get("/metrics", headers={"Authorization": f"Bearer {member}"}).status_code == 403
    assert site.call("reader", "GET", "/metrics").status_code == 403


def test_a_request_id_is_taken_over_answered_and_named_in_problems(site: Site) -> None:
    given = {"X-Request-ID": "trace-0123.abc_DEF"}
    answer = site.call("nobody", "GET", "/api/tables", headers=given)
    assert answer.headers["x-request-id"] == "trace-0123.abc_DEF"
    assert answer.json()["request"] == "trace-0123.abc_DEF"
    for bad in ("short", "x" * 65, "has space in it", 'quote"quote', "-leading-dash"):
        answer = site.call("nobody", "GET", "/healthz", headers={"X-Request-ID": bad})
        made = answer.headers["x-request-id"]
        assert re.fullmatch(r"[0-9a-f]{16}", made), bad
    assert site.call("nobody", "GET", "/api/nowhere").json()["request"]
