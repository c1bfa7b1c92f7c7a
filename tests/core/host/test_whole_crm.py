"""The host under the whole CRM: any bundled plugin may be broken, any may go off and on, and the rest works."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from crm_core import hookimpl, hookspecs
from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import ChangeSet, Create, CreateRecord
from crm_core.contracts.query import Query
from crm_core.crm import Crm, open_crm
from crm_core.host import Host

BUNDLED = sorted(name for name, plugin in Host.discover().plugins.items() if plugin.bundled)
OPTIONAL = [name for name in BUNDLED if name != "sqlite"]


@contextmanager
def opened(folder: Path) -> Iterator[Crm]:
    with closing(open_crm(from_env({}, data_dir=folder), Host.discover())) as crm:
        yield crm


def works(crm: Crm) -> bool:
    """Whether a record can be written and read."""
    row = CreateRecord({"name": "Ada Ventures"})
    crm.records.apply(ChangeSet([Create("investors", [row])]), SYSTEM)
    return crm.windows.query("investors", Query(), SYSTEM).total > 0


def raising(hook: str) -> Callable[..., Any]:
    """A hook implementation with the right arguments that fails."""
    parameters = "ctx" if "ctx" in hookspecs.__dict__[hook].__annotations__ else ""
    space: dict[str, Any] = {}
    exec(f"def {hook}({parameters}): raise RuntimeError('broken on purpose')", space)
    return hookimpl(space[hook])


@pytest.mark.parametrize("name", OPTIONAL)
def test_the_start_with_each_plugin_not_importable(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, f"plugins.{name}.plugin", None)
    with opened(tmp_path) as crm:
        assert crm.plugins.show(name, SYSTEM).state == "broken"
        assert works(crm)


@pytest.mark.parametrize("name", BUNDLED)
def test_the_start_with_each_hook_of_each_plugin_raising(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module(f"plugins.{name}.plugin")
    hooks = [hook for hook in Host.discover().hooks(name) if hook != "crm_storage"]
    assert hooks
    for hook in hooks:
        with monkeypatch.context() as patch:
            patch.setattr(module, hook, raising(hook))
            with opened(tmp_path / hook) as crm:
                expected = "on" if hook in ("crm_stopping", "crm_commands", "crm_routes") else "failed"
                assert crm.plugins.show(name, SYSTEM).state == expected, hook
                assert works(crm)


@pytest.mark.parametrize("name", OPTIONAL)
def test_off_after_on_leaves_registry_and_threads_as_before(name: str, tmp_path: Path) -> None:
    def world(crm: Crm) -> tuple[Any, ...]:
        items = sorted((item.owner, item.hook, item.name) for item in crm.plugins.registry.items)
        return items, sorted(thread.name for thread in threading.enumerate())

    with opened(tmp_path) as crm:
        on = world(crm)
        assert crm.plugins.disable(name, SYSTEM).state == "off"
        off = world(crm)
        assert not [item for item in crm.plugins.registry.items if item.owner == name]
        assert works(crm)
        assert crm.plugins.enable(name, SYSTEM).state == "on"
        assert world(crm) == on
        crm.plugins.disable(name, SYSTEM)
        assert world(crm) == off
    assert not [thread for thread in threading.enumerate() if thread.name == "crm-plugins"]
