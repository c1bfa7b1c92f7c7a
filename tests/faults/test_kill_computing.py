"""kill -9 while computed fields are computed in the background: the next start takes it up, and every cell is right."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.core.computed.conftest import Works

KILLS = int(os.environ.get("CRM_TEST_KILLS", "50")) // 10


def test_the_next_start_finishes_what_a_killed_one_began(tmp_path: Path) -> None:
    for number in range(KILLS):
        folder = tmp_path / str(number)
        folder.mkdir()
        command = [sys.executable, "-m", "tests.faults.computing", str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "computing\n"
            time.sleep(random.uniform(0, 0.6))
            os.kill(process.pid, signal.SIGKILL)
        works = Works(folder)
        try:
            works.recalculation.start()
            works.recalculation.settle()
            assert works.wrong() == {}
            assert not any(field.options.get("calculating") for field in works.tables.fields("investors"))
            assert works.column("investors", "Label")[99] == "Investor 99: 198"
        finally:
            works.close()
