"""Every bundled plugin has the same shape: a short door, a README, an entry point, and no file of another kind."""

from __future__ import annotations

import importlib
import tomllib

import pytest

from crm_core import PLUGIN_API, PluginInfo
from tests.house.source import ROOT, files, modules

PLUGINS = sorted({name.split("/")[1] for name in files() if name.startswith("plugins/") and name.count("/") > 1})
DOOR_LINES = 150


def entry_points() -> dict[str, str]:
    """The plugins that pyproject.toml names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return dict(project["entry-points"]["venture_crm"])


def test_there_are_plugins() -> None:
    assert {"sqlite", "csv_import"} <= set(PLUGINS)


def test_each_plugin_has_its_entry_point_and_each_entry_point_its_plugin() -> None:
    assert entry_points() == {name: f"plugins.{name}.plugin" for name in PLUGINS}


@pytest.mark.parametrize("name", PLUGINS)
def test_the_door_is_short_and_declares_the_plugin(name: str) -> None:
    door = importlib.import_module(f"plugins.{name}.plugin")
    info = door.PLUGIN
    assert isinstance(info, PluginInfo)
    assert info.name == name
    assert info.api == PLUGIN_API
    assert info.title.strip()
    assert info.summary.strip()
    assert (ROOT / f"plugins/{name}/plugin.py").read_text("utf-8").count("\n") <= DOOR_LINES


@pytest.mark.parametrize("name", PLUGINS)
def test_the_readme_tells_an_admin_what_it_does(name: str) -> None:
    text = (ROOT / f"plugins/{name}/README.md").read_text("utf-8")
    assert text.startswith("# ")
    assert len(text) > 200


@pytest.mark.parametrize("name", PLUGINS)
def test_tables_of_the_plugin_carry_its_name(name: str) -> None:
    path = f"plugins/{name}/models.py"
    if path not in files():
        return
    tables = [
        node.value.value
        for module in modules(path.rpartition("/")[0])
        if module.path == path
        for statement in module.tree.body
        if hasattr(statement, "body")
        for node in statement.body
        if getattr(getattr(node, "targets", [None])[0], "id", "") == "__tablename__"
    ]
    assert all(str(table).startswith(f"{name}_") for table in tables)


@pytest.mark.parametrize("name", PLUGINS)
def test_the_plugin_has_its_own_tests(name: str) -> None:
    assert [path for path in files() if path.startswith(f"tests/plugins/{name}/test_")]
