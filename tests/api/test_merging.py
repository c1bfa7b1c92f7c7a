"""Duplicates over HTTP: suggestions, preview, merging as a change set, old ids, un-merging, and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Site, code_of

INVESTORS = "/api/tables/investors"


def added(site: Site, table: str, **cells: Any) -> str:
    body = {"ops": [{"op": "create", "table": table, "records": [{"cells": cells}]}]}
    record: str = site.call("member", "POST", "/api/changes", json=body).json()["created"][0][0]
    return record


@pytest.fixture
def pair(site: Site) -> tuple[str, str]:
    """Two investors of one name, the second with a contact."""
    one, two = added(site, "investors", name="Twin Oaks"), added(site, "investors", name="Twin Oaks", city="Bonn")
    added(site, "contacts", name="Eve", investor=[two])
    return one, two


def suggested(site: Site) -> list[set[str]]:
    found = site.call("reader", "GET", f"{INVESTORS}/duplicates?limit=100").json()["suggestions"]
    return [{record["id"] for record in suggestion["records"]} for suggestion in found]


def test_from_the_suggestion_to_the_merge_and_back(site: Site, pair: tuple[str, str]) -> None:
    one, two = pair
    assert any({one, two} <= group for group in suggested(site))
    wanted = {"into": one, "records": [two]}
    preview = site.call("reader", "POST", f"{INVESTORS}/merge-preview", json=wanted).json()
    assert [record["id"] for record in preview["records"]] == [one, two]
    assert [move["count"] for move in preview["links"]] == [1]
    assert "Bonn" in preview["cells"].values()

    op = {"op": "merge", "table": "investors", **wanted}
    body = {"ops": [op], "base_version": preview["version"]}
    merged = site.call("member", "POST", "/api/changes", json=body)
    assert merged.status_code == 200, merged.text
    version = merged.json()["version"]
    assert not any({one, two} <= group for group in suggested(site))
    old = site.call("reader", "GET", f"{INVESTORS}/records/{two}").json()
    assert old["id"] == one
    assert "Bonn" in old["cells"].values()
    history = site.call("reader", "GET", f"{INVESTORS}/records/{one}/history").json()["items"]
    assert "merge" in [item["kind"] for item in history]
    feed = site.call("reader", "GET", "/api/activity?limit=1").json()["items"][0]
    assert "".join(part["text"] for part in feed["parts"]) == "Bob Member merged 1 investor into Twin Oaks"

    update = {"ops": [{"op": "update", "table": "investors", "records": [{"id": one, "cells": {"city": "Rome"}}]}]}
    site.call("member", "POST", "/api/changes", json=update)
    (past,) = site.call("reader", "GET", f"{INVESTORS}/records/{two}/merges").json()["merges"]
    assert (past["version"], past["blocked"], [cell["now"] for cell in past["kept"]]) == (version, None, ["Rome"])
    refused = site.call("member", "POST", f"/api/changes/{version}/undo")
    assert code_of(refused) == "version_conflict"
    undone = site.call("member", "POST", f"/api/merges/{version}/undo")
    assert undone.status_code == 200, undone.text
    assert [cell["now"] for cell in undone.json()["kept"]] == ["Rome"]
    assert two in [record for patch in undone.json()["applied"]["change"]["tables"].values()
                   for record in patch.get("restored", [])]  # fmt: skip
    assert site.call("reader", "GET", f"{INVESTORS}/records/{two}").json()["id"] == two
    assert code_of(site.call("member", "POST", f"/api/merges/{version}/undo")) == "merge_undone"


def test_a_repeated_merge_gets_its_first_answer(site: Site, pair: tuple[str, str]) -> None:
    one, two = pair
    body = {"ops": [{"op": "merge", "table": "investors", "into": one, "records": [two]}]}
    first, again = (
        site.call("member", "POST", "/api/changes", json=body, headers={"Idempotency-Key": f"merge {one}"})
        for _ in range(2)
    )
    assert first.json() == again.json()


def test_what_is_no_duplicate(site: Site, pair: tuple[str, str]) -> None:
    said = f"{INVESTORS}/duplicates/dismissed"
    assert site.call("member", "PUT", said, json={"records": list(pair)}).status_code == 204
    assert not any(set(pair) <= group for group in suggested(site))
    assert site.call("member", "PUT", said, json={"records": list(pair), "dismissed": False}).status_code == 204
    assert any(set(pair) <= group for group in suggested(site))
    assert code_of(site.call("reader", "PUT", said, json={"records": list(pair)})) == "read_only_token"


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("GET", f"{INVESTORS}/duplicates?limit=0", None, "invalid_request"),
        ("GET", "/api/tables/nothing/duplicates", None, "unknown_table"),
        ("PUT", f"{INVESTORS}/duplicates/dismissed", {"records": ["rec1", "rec2"]}, "unknown_record"),
        ("POST", f"{INVESTORS}/merge-preview", {"into": "rec1", "records": ["rec2"]}, "unknown_record"),
        ("POST", f"{INVESTORS}/merge-preview", {"into": "rec1", "records": []}, "invalid_request"),
        ("GET", f"{INVESTORS}/records/rec1/merges", None, "unknown_record"),
        ("POST", "/api/merges/999999/undo", None, "unknown_version"),
    ],
)
def test_what_cannot_be_asked(site: Site, method: str, path: str, body: dict[str, Any] | None, code: str) -> None:
    assert code_of(site.call("member", method, path, json=body)) == code
