"""Each hook by name: when it is called, with what, and what becomes of its answer; and the examples of the docs."""

import re
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.files import ExportTable
from crm_core.errors import Invalid
from crm_core.host import Host
from crm_core.testing import check_exporter, check_importer, export_table
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
