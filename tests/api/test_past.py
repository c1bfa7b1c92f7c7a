"""Earlier states over HTTP: every read takes `as_of`, and answers as it would have then."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Site, Who, code_of


def ask(site: Site, method: str, path: str, who: Who = "member", **rest: Any) -> Any:
    answer = site.call(who, method, path, **rest)
    assert answer.status_code == 200, answer.text
    return answer.json()


def change(site: Site, *ops: dict[str, Any]) -> dict[str, Any]:
    done: dict[str, Any] = ask(site, "POST", "/api/changes", json={"ops": list(ops)})
    return done


@pytest.fixture(scope="module")
def story(site: Site) -> dict[str, Any]:
    """An investor that is made, changed and deleted, a field that comes and goes; the version of each step."""
    records = [{"cells": {"name": "Then", "check_size": 100}}]
    made = change(site, {"op": "create", "table": "investors", "records": records})
    record = made["created"][0][0]
    field = {"name": "Mood", "kind": "text"}
    grown = change(site, {"op": "create_field", "table": "investors", "field": field})
    fields = ask(site, "GET", "/api/tables/investors/fields")["fields"]
    mood = next(one["id"] for one in fields if one["name"] == "Mood")
    cells = {"name": "Later", "check_size": 250, mood: "good"}
    changed = change(site, {"op": "update", "table": "investors", "records": [{"id": record, "cells": cells}]})
    change(site, {"op": "archive_field", "field": mood})
    change(site, {"op": "delete", "table": "investors", "ids": [record]})
    return {
        "record": record,
        "mood": mood,
        "made": made["version"],
        "grown": grown["version"],
        "changed": changed["version"],
    }


def test_a_query_answers_rows_fields_and_totals_of_then(site: Site, story: dict[str, Any]) -> None:
    def query(version: int | None) -> dict[str, Any]:
        then = {} if version is None else {"as_of": {"version": version}}
        found: dict[str, Any] = ask(site, "POST", "/api/tables/investors/query", json={"search": "", **then})
        return found

    assert query(None)["total"] == 0
    now, first, last = query(story["made"] - 1), query(story["made"]), query(story["changed"])
    assert now["total"] == 0
    assert (first["total"], first["ids"], first["version"]) == (1, [story["record"]], story["made"])
    assert story["mood"] not in first["fields"]
    assert last["columns"][last["fields"].index(story["mood"])] == ["good"]
    asked = {"aggregates": {"check_size": "sum"}, "as_of": {"version": story["made"]}}
    assert list(ask(site, "POST", "/api/tables/investors/aggregate", json=asked)["totals"].values()) == [100]
    found = {"search": "Later", "as_of": {"version": story["changed"]}}
    assert ask(site, "POST", "/api/tables/investors/find", json=found)["rows"] == [0]


def test_records_fields_views_and_the_catalogue_are_those_of_then(site: Site, story: dict[str, Any]) -> None:
    path, then = f"/api/tables/investors/records/{story['record']}", {"as_of": story["made"]}
    assert ask(site, "GET", path)["deleted_at"] is not None
    record = ask(site, "GET", path, params=then)
    assert (record["deleted_at"], "Then" in record["cells"].values()) == (None, True)
    for version, there in ((story["made"], False), (story["grown"], True)):
        then = {"as_of": version}
        fields = [one["id"] for one in ask(site, "GET", "/api/tables/investors/fields", params=then)["fields"]]
        tables = ask(site, "GET", "/api/tables", params=then)
        assert (story["mood"] in fields) is there
        assert any(one["id"] == story["mood"] for table in tables["tables"] for one in table["fields"]) is there
        assert tables["version"] == version
    assert ask(site, "GET", "/api/tables/investors/views", params={"as_of": story["made"]})["views"]


def test_a_moment_stands_for_the_newest_version_of_then(site: Site, story: dict[str, Any]) -> None:
    history = ask(site, "GET", f"/api/tables/investors/records/{story['record']}/history")["items"]
    at = next(item["at"] for item in history if item["version"] == story["changed"])
    assert ask(site, "GET", "/api/tables", params={"as_of": at})["version"] >= story["changed"]
    assert ask(site, "GET", "/api/tables", params={"as_of": "2001-01-01"})["version"] == 0
    assert ask(site, "GET", "/api/tables", params={"as_of": "2999-01-01"})["version"] > story["changed"]


def test_others_personal_views_of_then_stay_theirs(site: Site) -> None:
    view = {"name": "Mine alone", "personal": True, "config": {}}
    made = change(site, {"op": "create_view", "table": "funds", "view": view})
    change(site, {"op": "create", "table": "funds", "records": [{"cells": {"name": "x"}}]})
    then = {"as_of": made["version"]}
    assert "Mine alone" in str(ask(site, "GET", "/api/tables/funds/views", params=then))
    assert "Mine alone" not in str(ask(site, "GET", "/api/tables/funds/views", "admin", params=then))
    asked = {"view": made["created"][0][0], "as_of": {"version": made["version"]}}
    answer = site.call("admin", "POST", "/api/tables/funds/query", json=asked)
    assert (answer.status_code, code_of(answer)) == (404, "unknown_view")


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"version": 10**9}, 404, "unknown_version"),
        ({"version": -1}, 400, "invalid_request"),
        ({"moment": "soon"}, 400, "bad_as_of"),
        ({}, 400, "bad_as_of"),
        ({"version": 1, "moment": "2026-01-01"}, 400, "bad_as_of"),
        ({"when": 1}, 400, "invalid_request"),
    ],
)
def test_what_is_no_state_is_refused(site: Site, asked: dict[str, Any], status: int, code: str) -> None:
    answer = site.call("member", "POST", "/api/tables/investors/query", json={"as_of": asked})
    assert (answer.status_code, code_of(answer)) == (status, code)
