"""`crm plugins`: with no server running, and while one runs over the same data folder."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crm_core import clock
from crm_core.contracts.actor import SYSTEM
from tests.core.host.desk import Desk
from tests.core.host.parcels import Parcels

CRM = Path(sys.executable).with_name("crm")


class Terminal:
    """Runs `crm plugins …` over one data folder, with the parcels installed."""

    def __init__(self, data: Path, site: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CRM_")}
        self.environment = kept | {"PYTHONPATH": str(site), "CRM_DATA_DIR": str(data)}

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [str(CRM), "plugins", *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120)

    def states(self) -> dict[str, str]:
        answer = self.run("list", "--json")
        assert answer.returncode == 0, answer.stderr
        return {plugin["name"]: plugin["state"] for plugin in json.loads(answer.stdout)["plugins"]}


@pytest.fixture
def terminal(parcels: Parcels, tmp_path: Path) -> Terminal:
    parcels.exporter("fine")
    parcels.add("bad", "import nothing_like_this")
    return Terminal(tmp_path / "data", parcels.folder)


def test_list_enable_disable_without_a_server(terminal: Terminal) -> None:
    bundled = ("csv_import", "backups", "formulas")
    others = {"sqlite": "on", "bad": "broken"}
    assert terminal.states() == {**dict.fromkeys(bundled, "off"), "fine": "off", **others}
    assert "next start" in terminal.run("list").stdout
    answer = terminal.run("enable", "fine")
    assert (answer.returncode, answer.stdout) == (0, "fine is on.\n")
    assert terminal.states() == {**dict.fromkeys(bundled, "on"), "fine": "on", **others}
    answer = terminal.run("disable", "fine")
    assert (answer.returncode, answer.stdout) == (0, "fine is off.\n")
    assert terminal.states()["fine"] == "off"


def test_what_cannot_be_done_is_said_on_standard_error(terminal: Terminal) -> None:
    for words, text in (
        (("enable", "bad"), "No module named 'nothing_like_this'"),
        (("enable", "nope"), "no plugin called 'nope'"),
        (("disable", "sqlite"), "cannot be switched off"),
    ):
        answer = terminal.run(*words)
        assert answer.returncode == 2
        assert text in answer.stderr
        assert "Traceback" not in answer.stderr


def test_a_plugin_that_does_not_come_on_exits_with_its_reason(terminal: Terminal, parcels: Parcels) -> None:
    parcels.exporter("clashing", "json")
    answer = terminal.run("enable", "clashing")
    assert answer.returncode == 1
    assert "csv_import and clashing both offer the exporter json" in answer.stdout
    assert "switch it on again" in answer.stderr


def test_a_running_server_follows_within_seconds(terminal: Terminal, tmp_path: Path) -> None:
    """The server's own thread notices; nobody calls it."""
    server = Desk(tmp_path / "data")
    try:
        assert terminal.run("enable", "fine").returncode == 0
        wait_for_state(server, "fine", "on")
        assert terminal.run("disable", "fine").returncode == 0
        wait_for_state(server, "fine", "off")
        assert not [item for item in server.plugins.registry.items if item.owner == "fine"]
    finally:
        server.close()


def wait_for_state(server: Desk, name: str, state: str) -> None:
    """Return when the plugin has this state, fail after half a minute."""
    end = clock.monotonic() + 30
    while server.plugins.show(name, SYSTEM).state != state:
        assert clock.monotonic() < end, f"{name} did not become {state}"
        server.plugins._ended.wait(0.05)
