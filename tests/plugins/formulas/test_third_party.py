"""A formula plugin from outside: written by `crm plugins new`, built as a wheel, installed, switched on and off."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.commands.new_plugin import write_plugin
from crm_core.config import from_env
from crm_core.contracts import FormulaContext, FormulaError, FormulaExample, FormulaField, FormulaFunction
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.formula import Date, List, Number, Text
from crm_core.crm import Crm, open_crm
from crm_core.errors import Invalid, Refused
from crm_core.host import Host
from crm_core.testing import check_formula_function, formula_engine
from plugins.formulas.types import NUMBER

ROOT = Path(__file__).parents[3]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that packages can be installed into; what it brought is forgotten afterwards."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    yield site
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", "") or "").startswith(str(site)):
            del sys.modules[name]


def install(package: Path, site: Path) -> None:
    """Build a package as a wheel, without any network, and unpack it as an installer does."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(package / "dist")]
    run = subprocess.run(command, cwd=package, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    (wheel,) = (package / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    importlib.invalidate_caches()


def of_the_docs(folder: Path) -> Path:
    """The package that docs/extend/formula-plugin.md describes, made of its own blocks."""
    page = (ROOT / "docs/extend/formula-plugin.md").read_text("utf-8")
    code = re.findall(r"(?ms)^```python\n(.*?)^```", page)[0]
    project = "\n".join(line[4:] for line in re.search(r"(?ms)^    \[build-system\].*?(?=^\S)", page)[0].splitlines())  # type: ignore[index]
    assert len([line for line in code.splitlines() if line.strip()]) <= 20
    home = folder / "crm-weekend"
    (home / "crm_weekend").mkdir(parents=True)
    (home / "crm_weekend/__init__.py").write_text("")
    (home / "crm_weekend/plugin.py").write_text(code)
    assert tomllib.loads(project)["project"]["name"] == "crm-weekend"
    (home / "pyproject.toml").write_text(project)
    return home


def opened(tmp_path: Path) -> Crm:
    """A whole CRM with what is installed."""
    return open_crm(from_env({}, data_dir=tmp_path / "data"), Host.discover())


def test_the_plugin_of_the_docs_from_its_wheel_to_the_cell(tmp_path: Path, site: Path) -> None:
    install(of_the_docs(tmp_path), site)
    crm = opened(tmp_path)
    try:
        item = crm.plugins.registry.formula_engine
        assert item is not None
        engine = item.offer
        assert [error.kind for error in engine.compile('WEEKEND("2024-06-01")', ()).errors] == ["unknown_function"]
        assert crm.plugins.enable("weekend", SYSTEM).state == "on"
        plan = engine.compile('IF(WEEKEND("2024-06-01"), "rest", "work")', ())
        assert plan.row(()) == "rest"
        assert [error.kind for error in engine.compile("WEEKEND(1)", ()).errors] == ["type"]
        assert crm.plugins.disable("weekend", SYSTEM).state == "off"
        error = plan.row(())
        assert isinstance(error, FormulaError)
        assert error.kind == "plugin_off"
        assert "weekend" in engine.compile('WEEKEND("2024-06-01")', ()).errors[0].message
        crm.plugins.enable("weekend", SYSTEM)
        assert engine.compile('WEEKEND("2024-06-03")', ()).row(()) is False
    finally:
        crm.close()


def test_what_plugins_new_writes_works_and_passes_its_own_tests(tmp_path: Path, site: Path) -> None:
    home = write_plugin("my_margin", "formula", tmp_path)
    install(home, site)
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(home / "tests")]
    run = subprocess.run(
        tests, cwd=home, env={"PYTHONPATH": f"{site}:{ROOT}", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    crm = opened(tmp_path)
    try:
        assert crm.plugins.enable("my_margin", SYSTEM).state == "on"
        item = crm.plugins.registry.formula_engine
        assert item is not None
        assert item.offer.compile("my_margin(10, 8)", ()).row(()) == pytest.approx(0.2)
    finally:
        crm.close()


@pytest.mark.parametrize("name", ["", "A", "9x", "a-b", "../x", "class", "x" * 60])
def test_a_name_that_cannot_be_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be called"):
        write_plugin(name, "formula", tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_not_overwritten(tmp_path: Path) -> None:
    home = write_plugin("twice", "formula", tmp_path)
    (home / "README.md").write_text("mine")
    with pytest.raises(Refused, match="exists already"):
        write_plugin("twice", "formula", tmp_path)
    assert (home / "README.md").read_text() == "mine"


def share(part: Number, whole: Number | None, *more: Number) -> Number | None:
    """Takes a blank as it is, and any number of others."""
    return None if whole is None else (part + sum(more)) / whole


def described(day: Date, words: List, note: Text = "-") -> Text:
    """Gets plain Python values."""
    assert type(day) is Date
    assert type(words) is tuple
    return f"{day.isoformat()}:{','.join(words)}:{note}"


def test_annotations_say_what_a_function_takes() -> None:
    shares = (FormulaExample("SHARE(1, 4)", 0.25), FormulaExample("SHARE(1, BLANK())"))
    words = (FormulaExample('DESCRIBED("2024-01-31", SPLIT("a,b"))', "2024-01-31:a,b:-"),)
    functions = [
        FormulaFunction("SHARE", share, "A share.", shares),
        FormulaFunction("DESCRIBED", described, "Words.", words),
    ]
    engine = formula_engine(*functions)
    for function in functions:
        check_formula_function(function, engine)
    assert engine.compile("SHARE(1, 4, 2, 1)", ()).row(()) == 1.0
    assert [error.kind for error in engine.compile("SHARE(1)", ()).errors] == ["arity"]
    assert [error.kind for error in engine.compile('SHARE("a", 1)', ()).errors] == ["type"]
    failed = engine.compile("IFERROR(SHARE(1, 0), SHARE(1, {N}))", (FormulaField("N", "N", NUMBER),))
    assert failed.row([2.0]) == 0.5
    assert list(failed.column([[1.0, None, 4.0]], 3, FormulaContext())) == [1.0, None, 0.25]


def test_what_is_no_value_of_formulas_is_an_error_of_the_cell() -> None:
    wrong = FormulaFunction("WRONG", lambda: {1, 2}, "Gives a set.", (FormulaExample("WRONG()", error="plugin_error"),))
    leaves = FormulaFunction(
        "LEAVES", lambda: sys.exit(3), "Leaves.", (FormulaExample("LEAVES()", error="plugin_error"),)
    )
    for function in (wrong, leaves):
        check_formula_function(function)


def test_a_vectorised_function_gives_what_the_plain_one_gives() -> None:
    def double(value: Number) -> Number:
        return value * 2.0

    calls: list[int] = []

    def doubled(values: object) -> object:
        calls.append(len(values))  # type: ignore[arg-type]
        return values * 2.0  # type: ignore[operator]

    function = FormulaFunction("DOUBLE", double, "Twice.", (FormulaExample("DOUBLE(2)", 4),), vectorised=doubled)
    engine = formula_engine(function)
    check_formula_function(function, engine)
    found = engine.compile("DOUBLE({N})", (FormulaField("N", "N", NUMBER),)).column([[1.0, None, 2.5]], 3)
    assert list(found) == [2.0, 0.0, 5.0]
    assert calls[-1] == 3
