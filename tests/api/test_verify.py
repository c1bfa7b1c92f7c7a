"""`crm verify`: says when all is well, also beside a server; finds damage, tampering, and what was cut off."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import ChangeSet, Create, CreateRecord
from crm_core.crm import Crm, open_crm
from crm_core.host import Host
from tests.browser.server import CRM, environment


def apply(crm: Crm, name: str) -> int:
    return crm.records.apply(ChangeSet([Create("funds", [CreateRecord({"name": name})])]), SYSTEM).version


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Crm]:
    """A CRM that stays open beside the command, with three versions of history."""
    opened = open_crm(from_env({}, data_dir=tmp_path / "data"), Host.discover())
    for name in ("Fund I", "Fund II", "Fund III"):
        apply(opened, name)
    yield opened
    opened.close()


def verify(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    run = subprocess.run(
        [CRM, "verify", "--json", "--data-dir", folder, *arguments],
        env=environment(folder), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "Traceback" not in run.stderr, run.stderr
    return run.returncode, json.loads(run.stdout)


def tamper(crm: Crm, *statements: str) -> None:
    with closing(sqlite3.connect(crm.config.data_dir / "crm.sqlite3", isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_sound_history_and_its_last_hash(crm: Crm) -> None:
    folder = crm.config.data_dir
    code, first = verify(folder)
    assert (code, first["sound"], first["problems"], first["version"], first["entries"]) == (0, True, [], 3, 3)
    apply(crm, "Fund IV")
    code, later = verify(folder, "--noted", first["last_hash"].upper())
    assert (code, later["version"]) == (0, 4)
    assert later["last_hash"] != first["last_hash"]
    run = subprocess.run(
        [CRM, "verify", "--data-dir", folder], env=environment(folder), capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0
    assert "is sound" in run.stdout
    assert f"last hash: {later['last_hash']}" in run.stdout


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE changes SET after = replace(after, 'Fund II', 'Fund XX') WHERE version = 2",
        "UPDATE changes SET at = '2020-01-01T00:00:00.000Z' WHERE version = 2",
        "DELETE FROM changes WHERE version = 1",
    ],
)
def test_a_rewritten_history_is_found(crm: Crm, statement: str) -> None:
    tamper(crm, statement)
    code, found = verify(crm.config.data_dir)
    assert (code, found["sound"]) == (1, False)
    assert "version 2" in found["problems"][0]
    assert "was changed" in found["problems"][0]


def test_a_history_that_was_cut_off_shows_by_the_version_and_by_a_noted_hash(crm: Crm) -> None:
    folder = crm.config.data_dir
    _, before = verify(folder)
    tamper(crm, "DELETE FROM changes WHERE version = 3")
    code, found = verify(folder)
    assert (code, found["problems"]) == (1, ["The data is at version 3, but the history ends at version 2."])
    tamper(crm, "UPDATE fundraising_state SET version = 2")
    assert verify(folder)[0] == 0  # the chain's limit: without a noted hash this is not to be seen
    code, found = verify(folder, "--noted", before["last_hash"])
    assert code == 1
    assert "cut off or rewritten" in found["problems"][0]


def test_a_damaged_file_is_found(crm: Crm) -> None:
    folder = crm.config.data_dir
    copy = folder.parent / "copy" / "crm.sqlite3"
    copy.parent.mkdir()
    crm.units.storage.snapshot(copy)
    sound = copy.read_bytes()
    for broken in (sound[:4096] + bytes(8 * 4096) + sound[9 * 4096 :], b"a letter to a limited partner" * 100, b""):
        copy.write_bytes(broken)
        code, found = verify(copy.parent)
        assert (code, found["sound"]) == (1, False)
        assert found["problems"]


def test_where_there_is_no_database_none_is_made(tmp_path: Path) -> None:
    run = subprocess.run(
        [CRM, "verify", "--data-dir", tmp_path], env=environment(tmp_path), capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 2
    assert "no database" in run.stderr
    assert not (tmp_path / "crm.sqlite3").exists()
