"""What is loaded: the one place that holds pluggy's manager."""

from contextlib import suppress
from types import ModuleType
from typing import Any

import pluggy

from crm_core import hookspecs


class Manager:
    """Loaded plugin modules by name, and calls of one hook of one plugin."""

    def __init__(self) -> None:
        self._pluggy = pluggy.PluginManager(hookspecs.PROJECT)
        self._pluggy.add_hookspecs(hookspecs)

    def load(self, name: str, module: ModuleType) -> str:
        """Take a module's hooks; answers what is wrong with them, or an empty text."""
        try:
            self._pluggy.register(module, name)
            unknown = [
                caller.name
                for caller in self._pluggy.get_hookcallers(module) or ()
                if not caller.has_spec() and not all(hook.optionalhook for hook in caller.get_hookimpls())
            ]
        except Exception as error:
            self._forget(name)
            return " ".join(str(error).split())[:300]
        if unknown:
            self._forget(name)
            return f"there is no hook called {', '.join(sorted(unknown))}"
        return ""

    def _forget(self, name: str) -> None:
        with suppress(Exception):  # a module that was taken in half may be unknown to some of its hooks
            self._pluggy.unregister(name=name)

    def hooks(self, name: str) -> set[str]:
        """The names of the hooks a loaded plugin implements."""
        plugin = self._pluggy.get_plugin(name)
        return {caller.name for caller in self._pluggy.get_hookcallers(plugin) or ()} if plugin is not None else set()

    def call(self, name: str, hook: str, **arguments: Any) -> Any:
        """Call one hook of one plugin alone and give what pluggy gives: a list, or the value of a pick."""
        plugin = self._pluggy.get_plugin(name)
        others = [other for other in self._pluggy.get_plugins() if other is not plugin]
        return self._pluggy.subset_hook_caller(hook, others)(**arguments)
