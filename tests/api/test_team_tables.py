"""Tables of the team's own over HTTP: everything that serves the built-in ones serves them too."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Site
from tests.api.test_activity import change, sentences
from tests.api.test_backups import made
from tests.api.test_imports import step, upload


def tables(site: Site, **query: str) -> dict[str, Any]:
    found = site.call("reader", "GET", "/api/tables", params=query).json()
    return {table["name"]: table for table in found["tables"]}


def new_table(site: Site, name: str) -> str:
    return str(change(site, {"op": "create_table", "table": {"name": name}})["created"][0][0])


def ask(site: Site, table: str, **query: Any) -> dict[str, Any]:
    answer = site.call("reader", "POST", f"/api/tables/{table}/query", json=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def add(site: Site, table: str, *names: str, **cells: Any) -> list[str]:
    records = [{"cells": {"Name": name, **cells}} for name in names]
    return list(change(site, {"op": "create", "table": table, "records": records})["created"][0])


def test_the_catalogue_lists_them_and_what_was_deleted(site: Site) -> None:
    public = new_table(site, "Lenders")
    found = tables(site)["Lenders"]
    assert (found["id"], found["builtin"], found["name_one"]) == (public, False, "Lender")
    assert [view["name"] for view in found["views"]] == ["All"]
    assert tables(site)["Investors"]["builtin"] is True
    change(site, {"op": "archive_table", "table": public})
    whole = site.call("reader", "GET", "/api/tables").json()
    assert "Lenders" not in [table["name"] for table in whole["tables"]]
    assert (public, "Lenders") in [(one["id"], one["name"]) for one in whole["deleted"]]
    change(site, {"op": "restore_table", "table": public})
    assert public not in [one["id"] for one in site.call("reader", "GET", "/api/tables").json()["deleted"]]


def test_sorted_filtered_grouped_searched_and_computed(site: Site) -> None:
    public = new_table(site, "Pipelines")
    fields = [
        {"name": "Size", "kind": "currency"},
        {"name": "Stage", "kind": "single_select", "options": {"choices": [{"name": "Open"}, {"name": "Won"}]}},
        {"name": "Fund", "kind": "link", "options": {"table": "funds", "many": True}},
        {"name": "Double", "kind": "formula", "options": {"formula": "{Size} * 2"}},
    ]
    change(site, *({"op": "create_field", "table": public, "field": field} for field in fields))
    fund = change(site, {"op": "create", "table": "funds", "records": [{"cells": {"name": "Fund I"}}]})["created"][0][0]
    add(site, public, "A", Size=3, Stage="Won", Fund=[fund])
    add(site, public, "B", Size=1, Stage="Open")
    page = ask(site, public, sorts=[{"field": "Size"}], fields=["Name", "Double", "Fund"])
    assert page["columns"][:2] == [["B", "A"], [2, 6]]
    assert page["names"][fund] == "Fund I"
    won = {"field": "Stage", "op": "is", "value": "Won"}
    assert ask(site, public, filter={"and": [won]})["total"] == 1
    assert ask(site, public, search="fund i")["total"] == 1
    asked = {"groups": [{"field": "Stage"}], "aggregates": {"Size": "sum"}}
    answer = site.call("reader", "POST", f"/api/tables/{public}/aggregate", json=asked)
    assert [group["count"] for group in answer.json()["groups"]] == [1, 1]
    other = ask(site, "funds", fields=["Pipelines"], filter={"and": [{"field": "Name", "op": "is", "value": "Fund I"}]})
    assert other["columns"] == [[[ask(site, public, search="fund i")["ids"][0]]]]


def test_earlier_states_know_which_tables_there_were(site: Site) -> None:
    before = site.call("reader", "GET", "/api/tables").json()["version"]
    public = new_table(site, "Past deals")
    change(site, {"op": "create_field", "table": public, "field": {"name": "LP", "kind": "link",
                                                                     "options": {"table": "investors"}}})  # fmt: skip
    add(site, public, "One")
    full = site.call("reader", "GET", "/api/tables").json()["version"]
    change(site, {"op": "update_table", "table": public, "set": {"name": "Bygone deals"}})
    change(site, {"op": "archive_table", "table": public})
    assert ask(site, public, as_of={"version": full}, fields=["Name"])["columns"] == [["One"]]
    gone = site.call("reader", "POST", f"/api/tables/{public}/query", json={"as_of": {"version": before}})
    assert gone.json()["code"] == "unknown_table"
    with site.crm.past.reading(None) as now:
        assert now.is_now
    assert ask(site, "investors", as_of={"version": before})["version"] == before


def test_a_file_goes_in_and_comes_out(site: Site) -> None:
    public = new_table(site, "Suppliers")
    view = upload(site, "Name,Notes,City\nAcme,Good,Berlin\nBolt,,Rome\n", table=public).json()
    assert [target["to"] for target in view["mapping"]] == ["field", "field", "new"]
    view = step(site, view, "preview", {"mapping": view["mapping"], "key": view["key"]})
    view = step(site, view, "apply")
    assert view["status"] == "applied", view
    assert ask(site, public, fields=["Name", "City"])["columns"] == [["Acme", "Bolt"], ["Berlin", "Rome"]]
    out = site.call("reader", "GET", f"/api/tables/{public}/export?format=json").json()
    assert [record["Name"] for record in out["records"]] == ["Acme", "Bolt"]
    state = site.call("admin", "GET", "/api/fundraising/state").json()
    key = tables(site)["Suppliers"]["key"]
    assert len(state["state"]["tables"][key]["records"]) == 2


def test_a_backup_holds_them_and_brings_them_back(site: Site) -> None:
    public = new_table(site, "Vaults")
    add(site, public, "Kept")
    backup = made(site)
    assert backup["state"] == "verified", backup
    change(site, {"op": "archive_table", "table": public})
    late = new_table(site, "Late")
    add(site, late, "Lost")
    csrf = {"backup": backup["id"]}
    preview = site.call("admin", "POST", "/api/fundraising/restore-preview", json=csrf).json()
    by_name = {table["name"]: table for table in preview["tables"]}
    assert (by_name["Late"]["now"], by_name["Late"]["then"]) == (1, 0)
    assert (by_name["Vaults"]["now"], by_name["Vaults"]["then"]) == (0, 1)
    body = {"backup": backup["id"], "confirm": backup["id"]}
    answer = site.call("admin", "POST", "/api/fundraising/restore", json=body)
    assert answer.status_code == 200, answer.text
    assert "Late" not in tables(site)
    assert ask(site, public, fields=["Name"])["columns"] == [["Kept"]]
    assert new_table(site, "After") != public


def test_the_feed_says_what_became_of_a_table(site: Site) -> None:
    public = new_table(site, "Feeds")
    change(site, {"op": "update_table", "table": public, "set": {"name": "Fodder"}})
    change(site, {"op": "archive_table", "table": public})
    told = sentences(site)[:3]
    assert told[0].endswith("deleted the table Fodder")
    assert told[1].endswith("renamed the table Feeds to Fodder")
    assert told[2].endswith("made the table Feeds")


@pytest.mark.parametrize("who", ["reader", "nobody"])
def test_who_may_not_write_makes_no_table(site: Site, who: Any) -> None:
    body = {"ops": [{"op": "create_table", "table": {"name": "No"}}]}
    assert site.call(who, "POST", "/api/changes", json=body).status_code in (401, 403)
