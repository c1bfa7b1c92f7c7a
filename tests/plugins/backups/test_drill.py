"""The restore drill of the docs, run as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from tests.browser.server import CRM, environment
from tests.plugins.backups.conftest import World

PAGE = Path(__file__).parents[3] / "docs/run/restore-drill.md"


def test_the_restore_drill_of_the_docs(tmp_path: Path) -> None:
    world = World(tmp_path / "data")
    world.add("Ada", "Grace", "Bärbel; von, „Öst“", notes="line\nline")
    world.close()
    (script,) = re.findall(r"(?ms)^```sh\n(.*?)^```", PAGE.read_text("utf-8"))
    path = f"{CRM.parent}{os.pathsep}{os.environ['PATH']}"
    env = {**environment(tmp_path / "elsewhere"), "DATA": str(tmp_path / "data"), "PATH": path, "TMPDIR": str(tmp_path)}
    run = subprocess.run(["sh", "-c", script], env=env, capture_output=True, text=True, timeout=200, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "The drill is passed." in run.stdout
    assert not (tmp_path / "elsewhere").exists()
