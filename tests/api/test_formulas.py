"""The calls of the formula editor: the functions there are."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Site


def test_the_catalogue_says_how_every_function_is_called_and_whose_it_is(site: Site) -> None:
    answer = site.call("reader", "GET", "/api/formula/functions").json()
    by_name = {one["name"]: one for one in answer["functions"]}
    assert len(by_name) >= 84
    assert "!=" in answer["operators"]
    found = by_name["ROUND"]
    assert found["plugin"] == "formulas"
    assert found["signature"] == f"ROUND({found['takes'][0]['name']}, [{found['takes'][1]['name']}])"
    assert found["takes"][0] == {
        "name": found["takes"][0]["name"],
        "type": "number",
        "optional": False,
        "variadic": False,
    }
    assert found["gives"] == "number"
    assert all({"formula", "result", "fields", "error"} == set(one) for one in found["examples"])
    assert by_name["NOW"]["volatile"] == "minute"
    assert by_name["SUM"]["signature"].endswith(", ...)") or by_name["SUM"]["signature"].endswith(", ...])")


def test_without_a_plugin_that_computes_there_are_no_functions(site: Site) -> None:
    site.crm.plugins.disable("formulas", site.admin.acting())
    try:
        answer = site.call("member", "GET", "/api/formula/functions")
        assert (answer.status_code, answer.json()["functions"]) == (200, [])
    finally:
        site.crm.plugins.enable("formulas", site.admin.acting())


def change(site: Site, *ops: dict[str, Any]) -> dict[str, Any]:
    answer = site.call("member", "POST", "/api/changes", json={"ops": list(ops)})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def field_of(site: Site, table: str, name: str) -> dict[str, Any]:
    fields = site.call("member", "GET", f"/api/tables/{table}/fields").json()["fields"]
    return next(dict(one) for one in fields if one["name"] == name)


@pytest.fixture(scope="module")
def record(site: Site) -> str:
    """An investor with a check size and a probability, and a formula of both."""
    made = change(site, {"op": "create", "table": "investors", "records": [{"cells": {"name": "Orchard"}}]})
    sized = {"name": "Weight", "kind": "formula", "options": {"formula": "ROUND({Size} * 1.5, 0) + 1"}}
    change(
        site, {"op": "create_field", "table": "investors", "field": {"name": "Size", "kind": "number", "options": {}}}
    )
    change(site, {"op": "create_field", "table": "investors", "field": sized})
    size = field_of(site, "investors", "Size")["id"]
    [[key]] = made["created"]
    change(site, {"op": "update", "table": "investors", "records": [{"id": key, "cells": {size: 12_000}}]})
    return str(key)


def test_a_formula_is_checked_and_tried_on_a_record(site: Site, record: str) -> None:
    body = {"formula": '{Size} & "!"', "record": record}
    answer = site.call("reader", "POST", "/api/tables/investors/formula", json=body).json()
    assert (answer["ok"], answer["type"], answer["result"]) == (True, "text", "text")
    assert answer["preview"] == {"value": "12000!", "text": "12000!"}
    assert answer["reads"] == [field_of(site, "investors", "Size")["id"]]


def test_a_wrong_formula_says_where_and_what_would_be_right(site: Site, record: str) -> None:
    answer = site.call("member", "POST", "/api/tables/investors/formula", json={"formula": "ROUDN({Sise})"}).json()
    assert not answer["ok"]
    assert [(one["kind"], one["span"], one["suggestions"][0]) for one in answer["errors"]] == [
        ("unknown_function", [0, 5], "ROUND"),
        ("unknown_field", [6, 12], "Size"),
    ]


def test_a_format_that_no_longer_fits_gives_way(site: Site, record: str) -> None:
    body = {"formula": "{Size} & ''", "format": {"kind": "currency", "code": "EUR"}}
    answer = site.call("member", "POST", "/api/tables/investors/formula", json=body).json()
    assert (answer["ok"], answer["result"]) == (True, "text")


def test_a_value_is_explained_part_by_part(site: Site, record: str) -> None:
    field = field_of(site, "investors", "Weight")["id"]
    answer = site.call("reader", "GET", f"/api/tables/investors/fields/{field}/explain?record={record}").json()
    assert answer["formula"] == "ROUND({Size} * 1.5, 0) + 1"
    assert (answer["value"], answer["values"]) == (18_001, None)
    assert [(part["text"], part["value"], part["depth"]) for part in answer["parts"]] == [
        ("{Size}", 12_000, 3),
        ("{Size} * 1.5", 18_000, 2),
        ("ROUND({Size} * 1.5, 0)", 18_000, 1),
        ("ROUND({Size} * 1.5, 0) + 1", 18_001, 0),
    ]
    assert answer["parts"][1]["shown"] == "18,000"


def test_an_error_is_explained_where_it_arises(site: Site, record: str) -> None:
    broken = {"name": "Share", "kind": "formula", "options": {"formula": "1 + {Size} / ({Size} - 12000)"}}
    change(site, {"op": "create_field", "table": "investors", "field": broken})
    field = field_of(site, "investors", "Share")["id"]
    answer = site.call("member", "GET", f"/api/tables/investors/fields/{field}/explain?record={record}").json()
    assert answer["value"]["error"]["kind"] == "divide_by_zero"
    assert answer["text"] == "Infinity"
    first = next(part for part in answer["parts"] if part["error"])
    assert (first["text"], first["shown"]) == ("{Size} / ({Size} - 12000)", "Infinity")


def test_linked_records_behind_a_value_are_named(site: Site, record: str) -> None:
    link = next(
        one["name"]
        for one in site.call("member", "GET", "/api/tables/investors/fields").json()["fields"]
        if one["kind"] == "link"
    )
    contacts = [{"cells": {"name": name, "investor": [record]}} for name in ("Ada", "Bo")]
    change(site, {"op": "create", "table": "contacts", "records": contacts})
    assert link == "Contacts"
    people = {"name": "People", "kind": "rollup"}
    options = {"link": "Contacts", "field": "Name", "formula": 'ARRAYJOIN(values, " + ")'}
    change(site, {"op": "create_field", "table": "investors", "field": {**people, "options": options}})
    field = field_of(site, "investors", "People")["id"]
    answer = site.call("member", "GET", f"/api/tables/investors/fields/{field}/explain?record={record}").json()
    assert answer["text"] == "Ada + Bo"
    assert [(one["name"], one["shown"]) for one in answer["values"]] == [("Ada", "Ada"), ("Bo", "Bo")]
    assert answer["parts"][-1]["value"] == "Ada + Bo"


def test_only_computed_cells_are_explained(site: Site, record: str) -> None:
    plain = field_of(site, "investors", "Size")["id"]
    answer = site.call("member", "GET", f"/api/tables/investors/fields/{plain}/explain?record={record}")
    assert (answer.status_code, answer.json()["code"]) == (400, "not_computed")
    answer = site.call("member", "GET", f"/api/tables/investors/fields/{plain}/explain?record=rec00000000000000")
    assert answer.status_code in (400, 404)


def test_what_hangs_on_a_field_and_on_what_it_hangs(site: Site, record: str) -> None:
    size = field_of(site, "investors", "Size")
    weight = field_of(site, "investors", "Weight")
    answer = site.call("reader", "GET", f"/api/tables/investors/fields/{size['id']}/dependencies").json()
    assert answer["reads"] == []
    assert ("Weight", 1, size["id"]) in [(one["name"], one["distance"], one["of"]) for one in answer["read_by"]]
    answer = site.call("reader", "GET", f"/api/tables/investors/fields/{weight['id']}/dependencies").json()
    assert [one["name"] for one in answer["reads"]] == ["Size"]
