"""A database with the formula engine, and short ways to make computed fields and read their cells."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.catalogue import FieldView
from crm_core.contracts.change import Applied, CreateField, FieldSet, NewField, UpdateField
from crm_core.contracts.query import Query
from crm_core.host import Gate, Item, Registry
from crm_core.services.computed import Graphs
from crm_core.services.computed.asking import Computed
from crm_core.services.computed.graph import Graph
from crm_core.services.computed.proving import differing
from crm_core.services.recalculation import Recalculation
from crm_core.services.records import Records
from crm_core.services.tables import Tables
from crm_core.services.windows import Windows
from crm_core.storage import state
from plugins.formulas.engine import Engine
from tests.core.records.conftest import House


def engine_on() -> Registry:
    """A registry in which nothing but the formula engine is on."""
    return Registry((Item("crm_formula_engine", "formulas", "formulas", Engine(), Gate("formulas")),))


def registry_with(function: Item[Any], registry: Callable[[], Registry]) -> Registry:
    """The engine, and a function that another plugin offers."""
    engine = Engine(lambda: registry().formula_functions)
    return Registry((Item("crm_formula_engine", "formulas", "formulas", engine, Gate("formulas")), function))


class Works(House):
    """A house with formulas; `registry` can be swapped to switch them off and on."""

    def __init__(self, folder: Path) -> None:
        self.registry = engine_on()
        self.graphs = Graphs(lambda: self.registry)
        super().__init__(folder, self.graphs)
        self.tables = Tables(self.units, self.schemas, self.graphs)
        self.windows = Windows(self.units, self.schemas, self.settings, lambda schema: self.graphs.of(schema).broken)
        self.computed = Computed(self.units, self.schemas, self.settings, self.graphs)
        self.recalculation = Recalculation(self.units, self.schemas, self.settings, self.graphs)
        self.records = Records(self.units, self.schemas, self.settings, self.graphs, self.recalculation.wake)

    def close(self) -> None:
        self.recalculation.close()
        self.windows.close()
        self.storage.close()

    def field(self, table: str, name: str, kind: str, **options: Any) -> FieldView:
        self.go(CreateField(table, NewField(name, kind, options)))
        return self.named(table, name)

    def named(self, table: str, name: str) -> FieldView:
        return next(field for field in self.tables.fields(table) if field.name == name)

    def options(self, field: FieldView, **options: Any) -> Applied:
        return self.go(UpdateField(field.id, FieldSet(options=options)))

    def column(self, table: str, name: str) -> list[Any]:
        """A field's cells in wire form, in manual order."""
        window = self.windows.query(table, Query(fields=[name], limit=1_000), SYSTEM)
        return list(window.columns[0]) if window.ids else []

    @property
    def graph(self) -> Graph:
        return self.graphs.of(self.schema)

    def wrong(self) -> dict[int, int]:
        """Computed cells that are not what they should be: none, after whatever happened."""
        zone = self.settings.team().time_zone
        with self.units.read() as session:
            connection = session.connection()
            graph = self.graphs.of(self.schemas.at(connection, state.current(connection).schema_version))
            return differing(connection, graph, zone)


@pytest.fixture
def works(tmp_path: Path) -> Iterator[Works]:
    built = Works(tmp_path)
    yield built
    built.close()
