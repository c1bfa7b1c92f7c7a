"""What is installed is found; what is wrong with a plugin is a reason, never an exception."""

import subprocess
import sys
from pathlib import Path

import pytest

from crm_core.errors import PluginProblem, Unavailable
from crm_core.host import Host
from tests.core.host.parcels import EXPORTER, Parcels

MANIFEST = (
    'from crm_core import PluginInfo, hookimpl\nPLUGIN = PluginInfo(name="odd", title="Odd", summary="Is odd."{})\n'
)

BROKEN = {
    "import fails": (
        "import no_such_module_anywhere",
        "ModuleNotFoundError: No module named 'no_such_module_anywhere'",
    ),
    "syntax error": ("def (", "SyntaxError"),
    "raises at import": ("1 / 0", "ZeroDivisionError: division by zero"),
    "leaves at import": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "raises something odd": ("class Odd(BaseException): ...\nraise Odd('ouch')", "Odd: ouch"),
    "unreadable error": ("class E(Exception):\n  def __str__(self): raise ValueError\nraise E", "cannot be read"),
    "no manifest": ("x = 1", "PLUGIN is missing"),
    "wrong type": ("PLUGIN = {'name': 'odd'}", "PLUGIN is a dict, not a PluginInfo"),
    "other name": (MANIFEST.format("").replace('"odd"', '"even"'), "it calls itself even, but its entry point is odd"),
    "bad name": (MANIFEST.format("").replace('"odd"', '"Odd one"'), "'Odd one' is reserved or not"),
    "no text as name": (MANIFEST.format("").replace('"odd"', "7"), "the name 7 is reserved or not"),
    "other interface": (MANIFEST.format(", api=99"), "it is written for plugin interface 99, this is 1"),
    "settings are no model": (MANIFEST.format(", settings=dict"), "settings is not a pydantic model"),
    "requires a text": (MANIFEST.format(', requires="sqlite"'), "requires is not a tuple of texts"),
    "title is a number": (MANIFEST.format("").replace('"Odd"', "5"), "title is a int"),
    "upgrade is a text": (MANIFEST.format(', upgrade="later"'), "upgrade cannot be called"),
    "unknown hook": (
        MANIFEST.format("") + "@hookimpl\ndef crm_telepathy(): ...",
        "there is no hook called crm_telepathy",
    ),
    "unknown argument": (MANIFEST.format("") + "@hookimpl\ndef crm_started(ctx, moon): ...", "moon"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_plugin_has_a_reason_and_the_others_work(parcels: Parcels, case: str) -> None:
    source, reason = BROKEN[case]
    parcels.add("odd", source)
    parcels.exporter("fine")
    host = Host.discover()
    assert host.plugins["odd"].info is None
    assert reason in host.plugins["odd"].problem
    assert set(host.infos) >= {"sqlite", "csv_import", "fine"}
    assert host.commands()


def test_two_packages_with_one_name(parcels: Parcels) -> None:
    parcels.add("sqlite", EXPORTER.format(name="sqlite", format="x"), package="evil-sqlite")
    host = Host.discover()
    assert host.plugins["sqlite"].bundled
    assert not host.plugins["sqlite"].problem
    assert "venture-crm" in host.plugins["sqlite@evil-sqlite"].problem
    assert "evil-sqlite 1.0" in host.plugins["sqlite@evil-sqlite"].problem


def test_safe_mode_imports_no_third_party_code(parcels: Parcels, tmp_path: Path) -> None:
    mark = tmp_path / "imported"
    parcels.add("nosy", f"import pathlib; pathlib.Path({str(mark)!r}).touch()")
    assert not Host.discover(safe_mode=True).plugins["nosy"].loaded
    assert not mark.exists()
    Host.discover()
    assert mark.exists()


def test_safe_mode_still_asks_others_when_no_bundled_plugin_knows_the_database(parcels: Parcels) -> None:
    parcels.add("other_db", STORAGE.format(name="other_db", scheme="other:"))
    host = Host.discover(safe_mode=True)
    host.storage("other://x").close()
    assert host.storage_owner == "other_db"


STORAGE = """
from pathlib import Path
from crm_core import PluginInfo, hookimpl
from plugins.sqlite.database import SqliteDatabase

PLUGIN = PluginInfo(name="{name}", title="x", summary="x")

@hookimpl
def crm_storage(url):
    import tempfile
    return SqliteDatabase(Path(tempfile.mkdtemp()) / "x.sqlite3") if url.startswith("{scheme}") else None
"""


def test_two_claims_of_one_database_name_both_owners(parcels: Parcels, tmp_path: Path) -> None:
    parcels.add("greedy", STORAGE.format(name="greedy", scheme="sqlite:"))
    with pytest.raises(PluginProblem, match="greedy and sqlite") as caught:
        Host.discover().storage(f"sqlite:///{tmp_path}/x.sqlite3")
    assert caught.value.code == "storage_clash"


def test_nobody_knows_the_database_and_its_password_stays_unsaid() -> None:
    with pytest.raises(Unavailable) as caught:
        Host.discover().storage("oracle://scott:tiger@db/x")
    assert caught.value.code == "no_storage"
    assert "oracle" in str(caught.value)
    assert "tiger" not in str(caught.value)


@pytest.mark.parametrize("body", ["raise ValueError('no')", "return 5", "import sys; sys.exit(1)"])
def test_a_plugin_that_fails_in_its_claim_is_put_aside(parcels: Parcels, tmp_path: Path, body: str) -> None:
    parcels.add("bad_db", STORAGE.format(name="bad_db", scheme="x").replace("import tempfile", body))
    host = Host.discover()
    host.storage(f"sqlite:///{tmp_path}/x.sqlite3").close()
    assert host.storage_owner == "sqlite"


def test_the_refusal_of_the_one_who_claims_is_heard(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable) as caught:
        Host.discover().storage(f"sqlite:///{tmp_path}/file/x.sqlite3")
    assert caught.value.code == "read_only"


def test_a_plugin_installed_by_pip_is_found(tmp_path: Path) -> None:
    """A real project, built and installed into a folder of its own by the package installer, run in a new process."""
    project, target = tmp_path / "project", tmp_path / "target"
    (project / "parcel_pip").mkdir(parents=True)
    (project / "parcel_pip" / "__init__.py").write_text("")
    (project / "parcel_pip" / "plugin.py").write_text(EXPORTER.format(name="by_pip", format="pip"))
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        '[project]\nname = "parcel-pip"\nversion = "2.5"\n'
        '[project.entry-points.venture_crm]\nby_pip = "parcel_pip.plugin"\n'
    )
    install = ["uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--no-build-isolation", "--target"]
    run = [sys.executable, "-m", *install, str(target), "--python", sys.executable, str(project)]
    subprocess.run(run, check=True, timeout=120)
    code = "from crm_core.host import Host; f = Host.discover().plugins['by_pip']; print(f.origin, f.info.title)"
    answer = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": f"{target}:."}, capture_output=True, text=True, timeout=60
    )
    assert answer.stdout == "parcel-pip 2.5 by_pip\n", answer.stderr
