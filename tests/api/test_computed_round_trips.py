"""Computed fields through the doors of whole tables: the state document, exports, imports."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.api.conftest import Site


def change(site: Site, *ops: dict[str, Any]) -> dict[str, Any]:
    answer = site.call("writer", "POST", "/api/changes", json={"ops": list(ops)})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def field(table: str, name: str, kind: str, **options: Any) -> dict[str, Any]:
    return {"op": "create_field", "table": table, "field": {"name": name, "kind": kind, "options": options}}


@pytest.fixture(scope="module", autouse=True)
def fields(site: Site) -> None:
    acme = change(site, {"op": "create", "table": "investors", "records": [{"cells": {"Name": "Acme", "Score": 0}}]})
    link = {"Investor": acme["created"][0]}
    records = [{"cells": {"Name": name, "Amount": amount, **link}} for name, amount in (("C1", 10), ("C2", 20.5))]
    change(site, {"op": "create", "table": "commitments", "records": records})
    change(
        site,
        field("investors", "Share", "formula", formula="1 / {Score}"),
        field("investors", "Amounts", "lookup", link="Commitments", field="Amount"),
        field("investors", "Total", "rollup", link="Commitments", field="Amount", formula="SUM(values)"),
    )


def test_the_state_written_back_as_it_was_read_changes_nothing(site: Site) -> None:
    state = site.call("writer", "GET", "/api/fundraising/state").json()
    cells = state["state"]["tables"]["investors"]["records"][0]["cells"]
    assert [10.0, 20.5] in cells.values()
    body = {"expected_version": state["version"], "state": state["state"]}
    answer = site.call("writer", "PUT", "/api/fundraising/state", json=body)
    assert (answer.status_code, answer.json()["version"]) == (200, state["version"]), answer.text


def test_exports_show_results_lists_and_errors_as_people_read_them(site: Site) -> None:
    answer = site.call("reader", "GET", "/api/tables/investors/export?format=csv")
    assert answer.status_code == 200, answer.text
    head, row = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[:2]
    cells = dict(zip(head, row, strict=True))
    assert (cells["Share"], cells["Amounts"]) == ("Infinity", "10.00, 20.50")


def test_a_file_that_was_exported_comes_back_without_touching_computed_fields(site: Site) -> None:
    content = site.call("reader", "GET", "/api/tables/investors/export?format=csv").content
    answer = site.call(
        "writer",
        "POST",
        "/api/imports?table=investors&filename=x.csv",
        content=content,
        headers={"Content-Type": "text/csv"},
    )
    assert answer.status_code == 201, answer.text
    by_name = {one["name"]: one["suggestion"] for one in answer.json()["columns"]}
    read_only = {
        one["id"]
        for one in site.call("reader", "GET", "/api/tables/investors/fields").json()["fields"]
        if one["read_only"]
    }
    assert by_name["Name"]["to"] == "field"
    assert all(by_name[name].get("field") not in read_only for name in ("Share", "Total", "Amounts"))


def test_a_view_sorts_filters_and_totals_by_computed_fields(site: Site) -> None:
    query = {"fields": ["Name", "Total", "Share"], "filter": {"field": "Total", "op": ">", "value": 30}}
    window = site.call("reader", "POST", "/api/tables/investors/query", json=query).json()
    assert window["columns"][:2] == [["Acme"], [30.5]]
    assert window["columns"][2][0]["error"]["shown"] == "Infinity"
    totals = site.call(
        "reader", "POST", "/api/tables/investors/aggregate", json={"aggregates": {"Total": "sum"}}
    ).json()
    assert list(totals["totals"].values()) == [30.5]
