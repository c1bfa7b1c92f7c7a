"""`/api/plugins`: admins see, switch, configure, check and remove data; switching works while requests run."""

from __future__ import annotations

import pytest

from tests.api.conftest import Site, Who, code_of

CSV = "/api/plugins/csv_import"
IMPORT = "/api/imports?table=investors&filename=x.csv"


def test_the_list_says_what_an_admin_asks(site: Site) -> None:
    answer = site.call("admin", "GET", "/api/plugins")
    assert answer.status_code == 200
    plugins = {plugin["name"]: plugin for plugin in answer.json()["plugins"]}
    assert plugins["sqlite"]["pinned"]
    assert {"hook": "crm_storage", "name": "sqlite"} in plugins["sqlite"]["provides"]
    assert {"hook": "crm_exporters", "name": "json"} in plugins["csv_import"]["provides"]
    assert plugins["csv_import"]["settings_schema"]["properties"].keys() == plugins["csv_import"]["settings"].keys()
    assert plugins["csv_import"]["readme"].startswith("# ")


@pytest.mark.parametrize("who", ["member", "reader", "writer", "nobody"])
def test_only_admins(site: Site, who: Who) -> None:
    for method, path in (
        ("GET", "/api/plugins"),
        ("POST", f"{CSV}/enable"),
        ("POST", f"{CSV}/disable"),
        ("PATCH", f"{CSV}/settings"),
        ("POST", f"{CSV}/check"),
        ("POST", f"{CSV}/remove-data"),
    ):
        body: object = {} if method == "PATCH" else {"name": "csv_import"} if path.endswith("data") else None
        assert site.call(who, method, path, json=body).status_code in (401, 403)
    assert "csv_import" in site.crm.plugins.registry.importers["csv"].owner


def test_off_and_on_without_a_restart(site: Site) -> None:
    table = b"Name\nAda Ventures\n"
    export = "/api/tables/investors/export?format=csv"
    body = {"content": table, "headers": {"content-type": "text/csv"}}
    assert site.call("member", "POST", IMPORT, **body).status_code == 201
    off = site.call("admin", "POST", f"{CSV}/disable")
    assert (off.status_code, off.json()["state"], off.json()["provides"]) == (200, "off", [])
    assert code_of(site.call("member", "POST", IMPORT, **body)) == "no_importer"
    assert site.call("member", "GET", export).status_code in (400, 404, 409)
    on = site.call("admin", "POST", f"{CSV}/enable")
    assert (on.status_code, on.json()["state"]) == (200, "on")
    assert site.call("member", "POST", IMPORT, **body).status_code == 201
    assert site.call("member", "GET", export).status_code == 200


def test_settings_are_checked_one_by_one(site: Site) -> None:
    changed = site.call("admin", "PATCH", f"{CSV}/settings", json={"max_columns": 55})
    assert changed.json()["settings"]["max_columns"] == 55
    answer = site.call("admin", "PATCH", f"{CSV}/settings", json={"max_columns": "many", "nope": 1})
    assert code_of(answer) == "bad_settings"
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/max_columns", "/nope"}
    wrong: tuple[object, ...] = ([], 5, None, "x")
    for body in wrong:
        assert site.call("admin", "PATCH", f"{CSV}/settings", json=body).status_code == 400
    wide = ",".join(f"c{number}" for number in range(56)).encode()
    answer = site.call("member", "POST", IMPORT, content=wide + b"\n", headers={"content-type": "text/csv"})
    assert answer.status_code == 400
    site.call("admin", "PATCH", f"{CSV}/settings", json={"max_columns": 1000})


def test_what_cannot_be_done_is_a_problem_with_a_code(site: Site) -> None:
    assert code_of(site.call("admin", "POST", "/api/plugins/sqlite/disable")) == "plugin_pinned"
    for action in ("enable", "disable"):
        answer = site.call("admin", "POST", f"/api/plugins/no%20such/{action}")
        assert (answer.status_code, code_of(answer)) == (404, "unknown_plugin")
    assert code_of(site.call("admin", "PATCH", "/api/plugins/nope/settings", json={})) == "unknown_plugin"


def test_a_check_runs_now(site: Site) -> None:
    [check] = site.call("admin", "POST", "/api/plugins/sqlite/check").json()["checks"]
    assert (check["name"], check["ok"], check["critical"]) == ("disk space", True, False)
    assert "free" in check["detail"]
    assert site.call("admin", "POST", f"{CSV}/check").json() == {"checks": []}
    assert code_of(site.call("admin", "POST", "/api/plugins/nope/check")) == "unknown_plugin"


def test_data_is_removed_when_it_is_off_and_the_name_is_repeated(site: Site) -> None:
    remove = f"{CSV}/remove-data"
    site.call("admin", "PATCH", f"{CSV}/settings", json={"max_columns": 55})
    assert code_of(site.call("admin", "POST", remove, json={"name": "csv_import"})) == "plugin_not_off"
    assert site.call("admin", "POST", f"{CSV}/disable").json()["removable"]
    assert code_of(site.call("admin", "POST", f"{CSV}/check")) == "plugin_off"
    bodies: tuple[object, ...] = ({"name": "csv"}, {"name": ""}, {}, {"name": None}, {"name": "csv_import", "x": 1}, [])
    for body in bodies:
        assert site.call("admin", "POST", remove, json=body).status_code == 400
    answer = site.call("admin", "POST", remove, json={"name": "csv_import"})
    assert answer.status_code == 200
    removed = answer.json()
    assert (removed["name"], removed["settings"], removed["files"]) == ("csv_import", True, None)
    assert (site.crm.config.data_dir / removed["snapshot"]).is_file()
    view = site.call("admin", "POST", f"{CSV}/enable").json()
    assert (view["state"], view["settings"]["max_columns"], view["removable"]) == ("on", 1000, False)
    for name, code in (("nope", "unknown_plugin"), ("sqlite", "plugin_pinned")):
        body = {"name": name}
        assert code_of(site.call("admin", "POST", f"/api/plugins/{name}/remove-data", json=body)) == code


def test_the_switch_is_in_the_log_with_who_did_it(site: Site) -> None:
    site.call("admin", "POST", f"{CSV}/disable")
    site.call("admin", "POST", f"{CSV}/enable")
    with site.crm.units.read() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT actor_id, subject FROM events WHERE kind = 'plugin.switched' ORDER BY id DESC LIMIT 2"
        )
        assert [tuple(row) for row in rows] == [(site.admin.id, "csv_import")] * 2
