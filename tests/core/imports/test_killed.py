"""A program that is killed while it imports: all of the file is there, or nothing, and the run says which."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.query import Query
from tests.core.imports.conftest import Office, opened

ROWS = 20_000
PROGRAM = "import sys; from api.cli import main; sys.exit(main())"


@pytest.mark.parametrize("wanted", ["comparing", "applying", "applied"])
def test_killed_at(template: Path, tmp_path: Path, wanted: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(template, folder)
    file = tmp_path / "many.csv"
    file.write_text("Name,City,Check size\n" + "".join(f"Investor {n},City {n % 50},{n}\n" for n in range(ROWS)))
    words = ["import", str(file), "--table", "investors", "--json", "--data-dir", str(folder)]
    environ = {**os.environ, "CRM_SECRET_KEY": "k" * 40}
    office = Office(opened(folder))
    child = subprocess.Popen([sys.executable, "-c", PROGRAM, *words], env=environ, stdout=subprocess.DEVNULL)
    try:
        while child.poll() is None:
            found = office.imports.list()
            if found and found[0].status == wanted:
                child.send_signal(signal.SIGKILL)
                break
            time.sleep(0.005)
    finally:
        child.kill()
        child.wait()
    count = office.crm.windows.query("investors", Query(limit=1), SYSTEM).total
    run = office.imports.list()[0]
    assert count in (0, ROWS)
    assert run.status == ("applied" if count else "failed")
    assert office.version == (1 if count else 0)
    if count:
        assert office.imports.undo(run.id, SYSTEM).status == "undone"
    else:
        assert run.problem
        assert run.problem.code == "import_interrupted"
        office.imports.preview(run.id, run.mapping, None, SYSTEM)
        assert office.imports.wait(run.id).counts.created == ROWS
        office.imports.apply(run.id, SYSTEM)
        assert office.imports.wait(run.id).status == "applied"
    office.crm.close()
