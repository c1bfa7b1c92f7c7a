"""Each hook by name: when it is called, with what, and what becomes of its answer; and the examples of the docs."""

import re
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from api.app import create_app
from crm_core.config import from_env
from crm_core.contracts import Every, FormulaError, FormulaFunction
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.files import ExportTable
from crm_core.errors import Invalid
from crm_core.host import Host
from crm_core.services.jobs import Jobs
from crm_core.testing import check_exporter, check_formula_function, check_importer, export_table
from tests.core.host.desk import Desk
from tests.core.host.parcels import Parcels

DOCS = Path(__file__).parents[3] / "docs" / "extend"
Desks = Callable[..., Desk]


def code_of(page: str) -> str:
    """The Python of a page, its blocks one after the other."""
    return "\n".join(re.findall(r"(?ms)^```python\n(.*?)^```", (DOCS / page).read_text("utf-8")))


@pytest.fixture
def notes(parcels: Parcels, desk: Desks) -> Desk:
    """A desk with the plugin of docs/extend/hooks.md installed and on."""
    parcels.add("notes", code_of("hooks.md"))
    here = desk()
    assert here.plugins.enable("notes", SYSTEM).state == "on"
    return here


def test_crm_storage(notes: Desk) -> None:
    """The example passes, so the database is the bundled plugin's."""
    assert "crm_storage" in notes.host.hooks("notes")
    assert notes.host.storage_owner == "sqlite"


def test_crm_formula_engine(notes: Desk) -> None:
    """The example passes, so the engine is the bundled plugin's; it has the functions of every plugin that is on."""
    item = notes.plugins.registry.formula_engine
    assert item is not None
    assert item.owner == "formulas"
    assert item.call(item.offer.compile, "1 + 1", ()).row(()) == 2
    notes.plugins.disable("formulas", SYSTEM)
    assert notes.plugins.registry.formula_engine is None


def test_crm_formula_functions(notes: Desk) -> None:
    """The function works in a formula as long as its plugin is on; what it raises is an error of its cell."""
    registry = notes.plugins.registry
    assert registry.formula_functions["MARGIN"].owner == "notes"
    assert registry.formula_engine is not None
    engine = registry.formula_engine.offer
    plan = engine.compile("margin(10, 8)", ())
    assert plan.row(()) == pytest.approx(0.2)
    error = engine.compile("MARGIN(0, 8)", ()).row(())
    assert isinstance(error, FormulaError)
    assert (error.kind, error.function) == ("plugin_error", "MARGIN")
    assert "notes" in error.message
    for function in crm_formula_functions_of(notes):
        check_formula_function(function, engine)
    notes.plugins.disable("notes", SYSTEM)
    assert "MARGIN" not in notes.plugins.registry.formula_functions
    off = engine.compile("MARGIN(10, 8)", ())
    assert [(one.kind, one.function) for one in off.errors] == [("plugin_off", "MARGIN")]
    assert "notes" in off.errors[0].message
    late = plan.row(())
    assert isinstance(late, FormulaError)
    assert late.kind == "plugin_off"
    notes.plugins.enable("notes", SYSTEM)
    assert engine.compile("MARGIN(10, 8)", ()).row(()) == pytest.approx(0.2)


def crm_formula_functions_of(desk: Desk) -> list[FormulaFunction]:
    """What the plugin of the docs offers."""
    return [item.offer for item in desk.plugins.registry.formula_functions.values() if item.owner == "notes"]


def test_crm_formula_functions_clash(parcels: Parcels, desk: Desks) -> None:
    """A name that is taken, in whatever case, refuses the newcomer and names both owners."""
    source = """
        from crm_core import PluginInfo, hookimpl
        from crm_core.contracts import FormulaExample, FormulaFunction

        PLUGIN = PluginInfo(name="rounder", title="Rounder", summary="Rounds too.")

        @hookimpl
        def crm_formula_functions():
            return [FormulaFunction("Round", round, "Rounds.", (FormulaExample("ROUND(1)", 1),))]
    """
    parcels.add("rounder", source)
    status = desk().plugins.enable("rounder", SYSTEM)
    assert status.state == "failed"
    assert "formulas and rounder both offer the formula function round" in status.reason


def test_crm_importers(notes: Desk, tmp_path: Path) -> None:
    item = notes.plugins.registry.importer_for("lps.NAMES")
    assert item is not None
    file = tmp_path / "lps.names"
    file.write_text("Ada\n\nGrace\n")
    rows = check_importer(item.offer, file)
    assert [(row.line, row.cells[0], row.problem) for row in rows] == [
        (1, "Ada", None),
        (2, "", "The line is empty."),
        (3, "Grace", None),
    ]
    file.write_text("")
    with pytest.raises(Invalid, match="empty"):
        item.call(item.offer.open, file, item.offer.settings)


def test_crm_exporters(notes: Desk) -> None:
    item = notes.plugins.registry.exporters["names"]
    assert check_exporter(item.offer, export_table([["Ada"], ["Grace"]], ["Name"])) == b"Ada\nGrace\n"


def test_crm_health_checks(notes: Desk) -> None:
    found = {check.name: (check.ok, check.detail) for check in notes.plugins.health()}
    assert found["notes: folder"] == (True, "lists are kept in notes")


def test_crm_commands(notes: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Offered while the plugin is off too; a name that is taken refuses the newcomer."""
    told: list[str] = []
    (command,) = [one for one in Host.discover().commands() if one.name == "count-names"]
    assert not [one for one in Host.discover().commands({"count-names"}, told.append) if one.name == "count-names"]
    assert told == ["The plugin notes offers the command count-names, but the CRM itself has it."]
    file = tmp_path / "x.names"
    file.write_text("Ada\n\nGrace\n")
    parser = ArgumentParser()
    command.arguments(parser)
    assert command.run(parser.parse_args([str(file)])) == 0
    assert capsys.readouterr().out == "2\n"


def test_crm_jobs(notes: Desk) -> None:
    """A job runs as long as its plugin is on, and what it said, or what went wrong, is kept."""
    jobs = Jobs(notes.units, notes.plugins)
    assert jobs.schedule("notes/count") == Every(3600)
    run = jobs.run("notes/count")
    assert run is not None
    assert (run.plugin, run.name, run.state, run.detail) == ("notes", "count", "done", "0 lists are kept")
    told: list[bool] = []
    take_back = jobs.on_change(lambda: told.append(True))
    notes.plugins.disable("notes", SYSTEM)
    assert told
    assert jobs.schedule("notes/count") is None
    assert jobs.run("notes/count") is None
    take_back()
    notes.plugins.enable("notes", SYSTEM)
    (notes.config.data_dir / "plugins" / "notes").rmdir()
    failed = jobs.run("notes/count")
    assert failed is not None
    assert failed.state == "failed"
    assert "notes" in failed.detail
    assert [one.state for one in jobs.recent()] == ["failed", "done"]


def test_crm_routes(parcels: Parcels, tmp_path: Path) -> None:
    """Mounted while the plugin is off, answering only while it is on; a path that is taken takes nothing with it."""
    parcels.add("notes", code_of("hooks.md"))
    parcels.add("thief", THIEF)
    parcels.add("stray", THIEF.replace("/api/tables", "/elsewhere").replace("thief", "stray"))
    app = create_app(from_env({}, data_dir=tmp_path / "site"))
    crm = app.state.crm
    with TestClient(app, raise_server_exceptions=False) as client:
        told = {"email": "a@b.vc", "name": "Ada", "password": "quiet otters cross", "role": "admin"}
        ada = crm.access.accounts.create(SYSTEM, **told)
        token = crm.access.tokens.create(ada.acting(), "test", "write").secret
        headers = {"Authorization": f"Bearer {token}"}
        off = client.get("/api/notes/lists", headers=headers)
        assert (off.status_code, off.json()["code"]) == (409, "plugin_off")
        for name in ("notes", "thief", "stray"):
            assert crm.plugins.enable(name, SYSTEM).state == "on"
        assert client.get("/api/notes/lists").status_code == 401
        assert client.get("/api/notes/lists", headers=headers).json() == []
        assert "tables" in client.get("/api/tables", headers=headers).json()
        assert client.get("/elsewhere", headers=headers).text != "stolen"
        (tmp_path / "site" / "plugins" / "notes").rmdir()
        failed = client.get("/api/notes/lists", headers=headers)
        assert failed.json()["code"] == "plugin_failed"
        assert "notes" in failed.json()["detail"]
        crm.plugins.disable("notes", SYSTEM)
        assert client.get("/api/notes/lists", headers=headers).json()["code"] == "plugin_off"


THIEF = """
from crm_core import PluginInfo, hookimpl

PLUGIN = PluginInfo(name="thief", title="Thief", summary="Takes what others have.")


@hookimpl
def crm_routes():
    from litestar import get

    @get("/api/tables", sync_to_thread=False)
    def steal() -> str:
        return "stolen"

    return [steal]
"""


def test_crm_started(notes: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "crm.plugins.notes"):
        notes.plugins.disable("notes", SYSTEM)
        notes.plugins.enable("notes", SYSTEM)
    assert caplog.messages == ["notes are off", "notes are on"]


def test_crm_stopping(notes: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """Told at shutdown too, once, when nothing of the plugin is offered any more."""
    with caplog.at_level("INFO", "crm.plugins.notes"):
        notes.plugins.close()
        notes.plugins.close()
    assert caplog.messages == ["notes are off"]
    assert not notes.plugins.registry.items


def test_the_first_plugin_of_the_docs(parcels: Parcels, desk: Desks) -> None:
    """The plugin of docs/extend/first-plugin.md, installed and switched on as the page says."""
    parcels.add("markdown_table", code_of("first-plugin.md"))
    here = desk()
    assert here.plugins.enable("markdown_table", SYSTEM).state == "on"
    item = here.plugins.registry.exporters["markdown"]
    table = ExportTable("Funds", [{"name": "Fund"}, {"name": "Size"}], lambda: [["Alpha|I", "10"]], list)
    written = b"".join(item.stream(item.offer.write, table, dict[str, Any]()))
    assert written.decode() == "| Fund | Size |\n| --- | --- |\n| Alpha\\|I | 10 |\n"
