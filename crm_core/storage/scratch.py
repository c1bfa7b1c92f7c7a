"""Folders for work that leaves nothing behind, also when the process is killed in the middle of it."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crm_core.errors import Unavailable


@contextmanager
def scratch(data_dir: Path, *, room: int = 0) -> Iterator[Path]:
    """A folder of its own on the data folder's disk, gone when the block ends.

    What killed processes left is swept out first: a folder in use is locked by who uses it. Unavailable (`disk_full`)
    when the disk has less than `room` bytes left.
    """
    home = data_dir / "scratch"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    gate = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        _sweep(home)
        folder = Path(tempfile.mkdtemp(dir=home))
        held = os.open(folder, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_EX)
    finally:
        os.close(gate)
    try:
        check_room(home, room)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def check_room(folder: Path, room: int) -> None:
    """Unavailable (`disk_full`) unless the folder's disk has `room` bytes left."""
    free = shutil.disk_usage(folder).free
    if free < room:
        raise Unavailable(
            "disk_full",
            f"This needs {room / 2**20:,.0f} MiB on the disk of {folder}, which has {free / 2**20:,.0f} MiB left.",
            "Free some space and try again; nothing was changed.",
        )


def _sweep(home: Path) -> None:
    for folder in home.iterdir():
        try:
            held = os.open(folder, os.O_RDONLY)
        except OSError:
            continue
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            pass  # somebody works in it
        finally:
            os.close(held)
