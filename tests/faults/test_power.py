"""The power fails: the files are copied in the middle of writing, and what was not synced by then is lost or garbled.

The server is stopped for the moment of the copy, because a power cut has no duration. Everything acknowledged before
lies in the part of the write-ahead log that was synced; whatever comes after it may be cut off or overwritten with
noise, and the file that processes share may be anything.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from crm_core.services.records import journal
from plugins.sqlite.database import SqliteDatabase
from tests.faults.test_kill import Crashing, send, write

CUTS = int(os.environ.get("CRM_TEST_KILLS", "20"))
WRITERS = 8
WAL_HEADER = 32


def stop(pid: int) -> None:
    """Halt a process with all its threads, at whatever they are doing."""
    os.kill(pid, signal.SIGSTOP)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        states = {
            path.joinpath("stat").read_text().rpartition(")")[2].split()[0]
            for path in Path(f"/proc/{pid}/task").iterdir()
        }
        if states == {"T"}:
            return
    raise AssertionError("The server did not halt.")


def spoil(copy: Path, synced: int, same_log: bool, chance: random.Random) -> str:
    """Do to the copy what a power cut may do to what was not synced; answers what was done."""
    shared, log = copy.with_name(copy.name + "-shm"), copy.with_name(copy.name + "-wal")
    if chance.random() < 0.5:
        shared.unlink(missing_ok=True)
    elif shared.exists():
        shared.write_bytes(chance.randbytes(shared.stat().st_size))
        shared.unlink() if chance.random() < 0.5 else None
    if not same_log or not log.exists() or log.stat().st_size <= synced:
        return "nothing unsynced"
    data = bytearray(log.read_bytes())
    if chance.random() < 0.5:
        del data[chance.randint(synced, len(data)) :]
        how = "cut off"
    else:
        start = chance.randint(synced, len(data) - 1)
        data[start:] = chance.randbytes(len(data) - start)
        how = "garbled"
    log.write_bytes(data)
    return how


def check(copy: Path, records: list[str], acknowledged: list[int], note: str) -> None:
    """The copy opens, is sound, its history is whole, and everything acknowledged is in it."""
    assert SqliteDatabase.check_file(copy) == [], note
    storage = SqliteDatabase(copy)
    try:
        with storage.reader() as connection:
            assert journal.verify_chain(connection) is None, note
            rows = connection.exec_driver_sql("SELECT score FROM fundraising_investors ORDER BY id").fetchall()
            version = connection.exec_driver_sql("SELECT version FROM fundraising_state").scalar()
            newest = connection.exec_driver_sql("SELECT max(version) FROM changes").scalar()
    finally:
        storage.close()
    assert version == newest, note
    found = [int(row[0] or 0) for row in rows]
    assert len(found) == len(records)
    for value, least in zip(found, acknowledged, strict=True):
        assert value >= least, f"{note}: acknowledged {acknowledged}, found {found}"


@pytest.mark.timeout(1800)
def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    server = Crashing(data)
    server.start()
    chance = random.Random()
    op = {"op": "create", "table": "investors", "records": [{"cells": {"name": str(n)}} for n in range(WRITERS)]}
    with httpx.Client(base_url=server.url, headers=server.headers) as client:
        created = send(client, op, "create")
    assert created is not None
    records = created["created"][0]
    acknowledged = [[0] for _ in records]
    threads = [
        threading.Thread(target=write, args=(server.url, server.headers, record, 1, last))
        for record, last in zip(records, acknowledged, strict=True)
    ]
    for thread in threads:
        thread.start()
    outcomes: dict[str, int] = {}
    log = data / "crm.sqlite3-wal"
    try:
        for number in range(CUTS):
            time.sleep(chance.uniform(0.02, 0.3))
            least = [last[0] for last in acknowledged]
            with log.open("rb") as file:
                header, synced = file.read(WAL_HEADER), log.stat().st_size
            time.sleep(chance.uniform(0, 0.06))
            folder = tmp_path / f"cut-{number}"
            folder.mkdir()
            stop(server.process.pid)
            try:
                for name in ("crm.sqlite3", "crm.sqlite3-wal", "crm.sqlite3-shm"):
                    shutil.copyfile(data / name, folder / name)
            finally:
                os.kill(server.process.pid, signal.SIGCONT)
            with (folder / "crm.sqlite3-wal").open("rb") as file:
                same_log = file.read(WAL_HEADER) == header
            how = spoil(folder / "crm.sqlite3", synced, same_log, chance)
            outcomes[how] = outcomes.get(how, 0) + 1
            check(folder / "crm.sqlite3", records, least, f"cut {number}, {how}")
            shutil.rmtree(folder)
    finally:
        server.kill()
        for thread in threads:
            thread.join(20)
    assert sum(last[0] for last in acknowledged) > CUTS
    with closing(sqlite3.connect(data / "crm.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert outcomes, "no copy was taken"
