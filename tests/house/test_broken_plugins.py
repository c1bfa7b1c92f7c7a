"""Start with each bundled plugin broken in turn, and switch each off and on: nothing of it may be missed or left.

Real processes: a `sitecustomize` on the path of `crm` makes one plugin's import fail, as a damaged installation would.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM
from crm_core.crm import Crm, open_crm
from crm_core.host import Host
from tests.house.test_plugins import PLUGINS

CRM = Path(sys.executable).with_name("crm")
BREAK = """
import sys

class Broken:
    def find_spec(self, name, path=None, target=None):
        if name == "plugins.{name}.plugin":
            raise {error}

sys.meta_path.insert(0, Broken())
"""
ERRORS = ["ImportError('a library is missing')", "SystemExit(3)", "SyntaxError('half a file')"]
STORAGE = "sqlite"
SWITCHABLE = [name for name in PLUGINS if name != STORAGE]


def run_broken(name: str, error: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one `crm` command with a plugin that cannot be imported."""
    site = folder / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(BREAK.format(name=name, error=error))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CRM_")}
    return subprocess.run(
        [CRM, *arguments],
        env={**kept, "PYTHONPATH": str(site), "CRM_DATA_DIR": str(folder / "data")},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_there_is_something_to_break() -> None:
    assert len(SWITCHABLE) >= 1


@pytest.mark.parametrize("name", SWITCHABLE)
@pytest.mark.parametrize("error", ERRORS)
def test_the_start_survives_a_broken_plugin_and_says_what_is_wrong(name: str, error: str, tmp_path: Path) -> None:
    run = run_broken(name, error, tmp_path, "plugins", "list")
    assert run.returncode == 0, run.stderr
    line = next(line for line in run.stdout.splitlines() if line.startswith(name))
    assert "broken" in line
    assert "on" in next(line for line in run.stdout.splitlines() if line.startswith(STORAGE)).split()


def test_without_its_storage_the_crm_does_not_start_and_says_why(tmp_path: Path) -> None:
    run = run_broken(STORAGE, ERRORS[0], tmp_path, "plugins", "list")
    assert run.returncode not in (0, 3)
    assert "No plugin can open the database" in run.stderr
    assert "Traceback" not in run.stderr


def world(crm: Crm) -> dict[str, Any]:
    """Everything that a plugin could leave behind in this process."""
    return {
        "registry": sorted((item.owner, item.hook, item.name) for item in crm.plugins.registry.items),
        "threads": sorted(thread.name for thread in threading.enumerate()),
        "states": {view.name: view.state for view in crm.plugins.list(SYSTEM)},
    }


@pytest.mark.parametrize("name", SWITCHABLE)
def test_off_after_on_leaves_registry_and_threads_as_before(name: str, tmp_path: Path) -> None:
    crm = open_crm(from_env({}, data_dir=tmp_path), Host.discover())
    try:
        on = world(crm)
        assert on["states"][name] == "on"
        assert any(owner == name for owner, _, _ in on["registry"])
        crm.plugins.disable(name, SYSTEM)
        off = world(crm)
        assert off["states"][name] == "off"
        assert not any(owner == name for owner, _, _ in off["registry"])
        for _ in range(2):
            crm.plugins.enable(name, SYSTEM)
            assert world(crm) == on
            crm.plugins.disable(name, SYSTEM)
            assert world(crm) == off
    finally:
        crm.close()
