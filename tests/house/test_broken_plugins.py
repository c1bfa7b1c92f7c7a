"""The command line with each bundled plugin broken in turn, as by a damaged installation.

A `sitecustomize` on the path of a real `crm` process makes one plugin's import end the process. What a broken plugin
does to a running CRM is tested in tests/core/host.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.test_plugins import PLUGINS

CRM = Path(sys.executable).with_name("crm")
BREAK = """
import sys

class Broken:
    def find_spec(self, name, path=None, target=None):
        if name == "plugins.{name}.plugin":
            raise SystemExit(3)

sys.meta_path.insert(0, Broken())
"""
STORAGE = "sqlite"
SWITCHABLE = [name for name in PLUGINS if name != STORAGE]


def run_broken(name: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one `crm` command with a plugin that cannot be imported."""
    site = folder / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(BREAK.format(name=name))
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
def test_the_start_survives_a_broken_plugin_and_says_what_is_wrong(name: str, tmp_path: Path) -> None:
    run = run_broken(name, tmp_path, "plugins", "list")
    assert run.returncode == 0, run.stderr
    line = next(line for line in run.stdout.splitlines() if line.startswith(name))
    assert "broken" in line
    assert "on" in next(line for line in run.stdout.splitlines() if line.startswith(STORAGE)).split()


def test_without_its_storage_the_crm_does_not_start_and_says_why(tmp_path: Path) -> None:
    run = run_broken(STORAGE, tmp_path, "plugins", "list")
    assert run.returncode not in (0, 3)
    assert "No plugin can open the database" in run.stderr
    assert "Traceback" not in run.stderr
