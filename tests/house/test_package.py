"""The package carries the built pages: a wheel made from the sdist needs no Node, and nothing else is in it."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.house.source import ROOT, files


def build(source: Path, kind: str, out: Path) -> Path:
    """Build one distribution with the build tools already installed, and give its file."""
    run = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", f"--{kind}", "--outdir", out, source],
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert run.returncode == 0, (run.stdout + run.stderr)[-3000:]
    return next(out.glob("*.whl" if kind == "wheel" else "*.tar.gz"))


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as its sdist carries it."""
    folder = tmp_path_factory.mktemp("package")
    archive = build(ROOT, "sdist", folder)
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def wheel(unpacked: Path) -> set[str]:
    """The names in the wheel made from the sdist."""
    with zipfile.ZipFile(build(unpacked, "wheel", unpacked.parent / "wheel")) as archive:
        return set(archive.namelist())


def test_the_sdist_carries_the_built_pages(unpacked: Path) -> None:
    assert (unpacked / "api/static/index.html").is_file()
    assert (unpacked / "api/static/.stamp").is_file()


def test_the_wheel_from_the_sdist_needs_no_node(unpacked: Path, wheel: set[str]) -> None:
    assert "api/static/index.html" in wheel
    assert not (unpacked / "web/node_modules").exists(), "npm ran: the sdist's pages did not count as up to date"


def test_the_wheel_carries_every_shipped_file(wheel: set[str]) -> None:
    shipped = {name for name in files() if name.startswith(("crm_core/", "plugins/", "api/"))}
    assert len(shipped) > 50
    assert not shipped - wheel


def test_the_wheel_carries_nothing_else(wheel: set[str]) -> None:
    assert {name.split("/")[0] for name in wheel if ".dist-info/" not in name} == {"crm_core", "plugins", "api"}
