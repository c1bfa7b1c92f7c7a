"""What is generated and committed equals what the code generates now: OpenAPI, and the TypeScript types of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

OPENAPI = ROOT / "docs/reference/openapi.json"
TYPES = ROOT / "web/src/api/schema.d.ts"
AGAIN = "differs from what the code generates: make openapi, and commit it"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The OpenAPI description that `crm openapi` prints now."""
    folder = tmp_path_factory.mktemp("openapi")
    run = subprocess.run(
        [Path(sys.executable).with_name("crm"), "openapi"], cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
    (folder / "openapi.json").write_text(run.stdout, "utf-8")
    return folder / "openapi.json"


def test_the_openapi_description_is_the_codes(generated: Path) -> None:
    now = json.loads(generated.read_text("utf-8"))
    assert len(now["paths"]) > 20
    assert json.loads(OPENAPI.read_text("utf-8")) == now, f"docs/reference/openapi.json {AGAIN}"


def test_the_typescript_types_are_the_openapi_descriptions(generated: Path, tmp_path: Path) -> None:
    out = tmp_path / "schema.d.ts"
    run = subprocess.run(
        [sys.executable, "hatch_build.py", "types", generated, out],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert out.read_text("utf-8") == TYPES.read_text("utf-8"), f"web/src/api/schema.d.ts {AGAIN}"
