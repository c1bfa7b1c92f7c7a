"""Any sequence of what admins, other processes and crashes do: states and registry equal a plain model."""

import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from crm_core.contracts.actor import SYSTEM
from crm_core.errors import Conflict, PluginProblem
from crm_core.host import Patience
from tests.core.host.desk import Desk
from tests.core.host.parcels import Parcels

SOURCE = """
from pydantic import BaseModel
from crm_core import PluginInfo, hookimpl
from crm_core.contracts import Exporter

class Settings(BaseModel):
    good: bool = True

PLUGIN = PluginInfo(name="{name}", title="x", summary="x", requires={requires!r}, settings=Settings)
alive = 0

def write(table, options):
    yield 1 / 0

@hookimpl
def crm_exporters(ctx):
    return [Exporter("{format}", "x", "text/plain", ".x", write)]

@hookimpl
def crm_started(ctx):
    global alive
    alive += 1
    if not ctx.settings.good:
        raise ValueError("bad")

@hookimpl
def crm_stopping(ctx):
    global alive
    alive -= 1
"""

PLUGINS = {"base": ("base", ()), "left": ("shared", ()), "right": ("shared", ()), "roof": ("roof", ("base",))}
"""Name → the format it offers and what it requires: left and right clash, roof needs base."""

NAMES = st.sampled_from([*sorted(PLUGINS), "base", "roof"])


class PluginMachine(RuleBasedStateMachine):
    """The model: what is wanted, which settings are good, what is on, what is marked as deadly, what rests."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.parcels = Parcels(self.folder / "site")
        sys.path.insert(0, str(self.parcels.folder))
        self.modules = {
            name: self.parcels.add(name, SOURCE.format(name=name, format=format, requires=requires))
            for name, (format, requires) in PLUGINS.items()
        }
        self.wanted = dict.fromkeys(PLUGINS, False)
        self.good = dict.fromkeys(PLUGINS, True)
        self.marked: set[str] = set()
        self.failed: set[str] = set()
        self.resting: set[str] = set()
        self.on: list[str] = []
        self.desk = self.open()

    def open(self) -> Desk:
        return Desk(self.folder / "data", patience=Patience(errors=2, rest=10_000))

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.close()
            sys.path.remove(str(self.parcels.folder))
            self.parcels.forget()
            shutil.rmtree(self.folder)

    # --- the model -------------------------------------------------------------------------------------------------

    def model_on(self, name: str) -> None:
        """What one try to switch on does."""
        self.failed.discard(name)
        format, requires = PLUGINS[name]
        if any(needed not in self.on for needed in requires):
            return
        if not self.good[name] or format in [PLUGINS[other][0] for other in self.on]:
            self.failed.add(name)
        else:
            self.on.append(name)

    def model_off(self, name: str) -> None:
        """Off, and with it what the gate knew of failures."""
        self.resting.discard(name)
        if name in self.on:
            self.on.remove(name)

    def model_settle(self) -> None:
        if "base" not in self.on:
            self.model_off("roof")
        if self.wanted["roof"] and "base" in self.on and not {"roof"} & {*self.on, *self.failed, *self.marked}:
            self.model_on("roof")

    # --- what happens ----------------------------------------------------------------------------------------------

    @rule(name=NAMES, elsewhere=st.booleans())
    def enable(self, name: str, elsewhere: bool) -> None:
        self.marked.discard(name)
        self.wanted[name] = True
        if elsewhere:  # by a command line that starts nothing; this process follows
            other = Desk(self.folder / "data", start=False)
            other.plugins.enable(name, SYSTEM)
            other.units.storage.close()
            self.desk.plugins.follow()
        else:
            self.desk.plugins.enable(name, SYSTEM)
            if name in self.resting:
                self.model_off(name)
        if name not in self.on:
            self.model_on(name)
        self.model_settle()

    @rule(name=NAMES, elsewhere=st.booleans())
    def disable(self, name: str, elsewhere: bool) -> None:
        if elsewhere:
            other = Desk(self.folder / "data", start=False)
            other.plugins.disable(name, SYSTEM)
            other.units.storage.close()
            self.desk.plugins.follow()
        elif name == "base" and "roof" in self.on:
            with pytest.raises(Conflict, match="roof needs"):
                self.desk.plugins.disable(name, SYSTEM)
            return
        else:
            self.desk.plugins.disable(name, SYSTEM)
        self.wanted[name] = False
        self.marked.discard(name)
        self.failed.discard(name)
        self.model_off(name)
        self.model_settle()

    @rule(name=NAMES, good=st.booleans())
    def configure(self, name: str, good: bool) -> None:
        if name in self.on and not good:
            with pytest.raises(PluginProblem, match="does not start with these settings"):
                self.desk.plugins.configure(name, {"good": good}, SYSTEM)
        else:
            self.desk.plugins.configure(name, {"good": good}, SYSTEM)
            self.good[name] = good
        if name in self.on:  # off and on again: a fresh beginning
            self.model_off(name)
            self.on.append(name)

    @rule(name=NAMES)
    def fail_until_it_rests(self, name: str) -> None:
        item = self.desk.plugins.registry.exporters.get(PLUGINS[name][0])
        if item is None or item.owner != name or name in self.resting:
            return
        for _ in range(2):
            with pytest.raises(PluginProblem, match="failed in"):
                list(item.stream(item.offer.write, None, {}))  # type: ignore[arg-type]
        self.resting.add(name)

    @rule(crash=st.one_of(st.none(), NAMES))
    def restart(self, crash: str | None) -> None:
        """The process ends, in order or in the middle of switching a plugin on, and starts again."""
        self.desk.close()
        if crash is not None:
            other = Desk(self.folder / "data", start=False)
            with other.units.write() as session:
                session.connection().exec_driver_sql("UPDATE plugin_states SET starting = 1 WHERE name = ?", (crash,))
            other.units.storage.close()
            self.marked.add(crash)
        self.on, self.failed, self.resting = [], set(), set()
        self.desk = self.open()
        for name in ("base", "left", "right", "roof"):
            if self.wanted[name] and name not in self.marked:
                self.model_on(name)

    # --- what must hold --------------------------------------------------------------------------------------------

    @invariant()
    def states_are_the_models(self) -> None:
        if not hasattr(self, "desk"):
            return
        states = {view.name: view.state for view in self.desk.plugins.list(SYSTEM) if view.name in PLUGINS}
        assert states == {name: self.model_state(name) for name in PLUGINS}

    def model_state(self, name: str) -> str:
        if name in self.on:
            return "resting" if name in self.resting else "on"
        if name in self.failed or name in self.marked:
            return "failed"
        return "blocked" if self.wanted[name] else "off"

    @invariant()
    def the_registry_holds_what_is_on(self) -> None:
        if not hasattr(self, "desk"):
            return
        owned = {item.owner: item.name for item in self.desk.plugins.registry.items if item.owner in PLUGINS}
        assert owned == {name: PLUGINS[name][0] for name in self.on}
        alive = {name: sys.modules[f"{module}.plugin"].alive for name, module in self.modules.items()}
        assert alive == {name: int(name in self.on) for name in PLUGINS}


PluginMachine.TestCase.settings = settings(
    max_examples=20, stateful_step_count=20, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)
TestPluginMachine = PluginMachine.TestCase
