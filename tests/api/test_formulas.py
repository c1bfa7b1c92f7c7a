"""The calls of the formula editor: the functions there are."""

from __future__ import annotations

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
