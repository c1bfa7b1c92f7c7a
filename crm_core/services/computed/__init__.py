"""Computed fields: what they depend on, what they are worth, and whether a formula is right."""

import threading
from collections.abc import Callable, Iterable

from crm_core.contracts.formula import FormulaEngine
from crm_core.host.registry import Registry
from crm_core.services.computed.graph import Graph, build
from crm_core.storage.schema import Schema

_NOTHING = Registry()


class Graphs:
    """The graph of the computed fields, kept for the last schemas and the functions there are."""

    def __init__(self, registry: Callable[[], Registry] = lambda: _NOTHING) -> None:
        self._registry = registry
        self._lock = threading.Lock()
        self._kept: list[tuple[Schema, Registry, Graph]] = []

    @property
    def engine(self) -> FormulaEngine | None:
        """The formula engine, if its plugin is on."""
        item = self._registry().formula_engine
        return None if item is None else item.offer

    def of(self, schema: Schema) -> Graph:
        """The graph of a schema."""
        registry = self._registry()
        for known, used, graph in self._kept:
            if known is schema and used is registry:
                return graph
        made = build(schema, self.engine)
        with self._lock:
            self._kept = [(schema, registry, made), *self._kept[:2]]
        return made

    def owners(self, functions: Iterable[str]) -> dict[str, str]:
        """Which plugins some functions come from, those of the engine's own plugin left out."""
        registry = self._registry()
        engine = registry.formula_engine
        found = {name: registry.formula_functions.get(name) for name in sorted(functions)}
        return {name: item.owner for name, item in found.items() if item and engine and item.owner != engine.owner}
