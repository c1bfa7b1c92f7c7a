"""The contract of a formula function."""

import logging
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from crm_core.contracts import (
    FormulaEngine,
    FormulaError,
    FormulaExample,
    FormulaField,
    FormulaFunction,
    FormulaType,
    Kind,
    NoSettings,
    PluginContext,
)
from crm_core.host import Gate, Registry
from crm_core.host.discovery import find, load
from crm_core.host.manager import Manager
from crm_core.testing.contract import must

_TIMES = 3


def check_formula_function(function: FormulaFunction, engine: FormulaEngine | None = None) -> None:
    """It has a summary and examples, and each example gives what it says: for one record, for many, and again.

    Without an engine it is the installed one's, with this function added.
    """
    must(function.name.isidentifier() and function.name.isascii(), f"The name {function.name!r} is no word.")
    must(function.summary.strip(), f"{function.name} has no summary.")
    must(function.examples, f"{function.name} has no examples: people and tests need one.")
    engine = engine or formula_engine(function)
    must(
        function.name.upper() in {known.name for known in engine.catalogue()},
        f"The engine does not know {function.name}: is the name taken?",
    )
    for example in function.examples:
        _check_example(function, example, engine)


def _check_example(function: FormulaFunction, example: FormulaExample, engine: FormulaEngine) -> None:
    plan = engine.compile(example.formula, fields_of(example.fields))
    if plan.errors:
        must(example.error, f"{example.formula} cannot be used: {plan.errors[0].message}")
        must(plan.errors[0].kind == example.error, f"{example.formula} gives the error {plan.errors[0].kind}.")
        return
    must(function.name.upper() in plan.functions, f"{example.formula} does not use {function.name}.")
    values = [example.fields[key] for key in plan.reads]
    results = [plan.row(values) for _ in range(2)] + list(plan.column([[value] * _TIMES for value in values], _TIMES))
    for result in results:
        found = result.kind if isinstance(result, FormulaError) else result
        wanted = example.error or example.result
        must(
            found == wanted and isinstance(found, bool) == isinstance(wanted, bool),
            f"{example.formula} gives {found!r}, the example says {wanted!r}.",
        )


def formula_engine(*functions: FormulaFunction) -> FormulaEngine:
    """The installed engine with some functions added, as if another plugin offered them."""
    registry = Registry().adding(Gate("tested"), {"crm_formula_functions": functions})
    crm: Any = SimpleNamespace(plugins=SimpleNamespace(registry=registry))
    manager = Manager()
    for plugin in map(load, find()):
        if plugin.module is None or plugin.info is None or manager.load(plugin.name, plugin.module):
            continue
        if "crm_formula_engine" in manager.hooks(plugin.name):
            ctx = PluginContext(plugin.name, NoSettings(), crm, Path(), logging.getLogger("crm.testing"))
            engine = manager.call(plugin.name, "crm_formula_engine", ctx=ctx)
            if engine is not None:
                return cast(FormulaEngine, engine)
    raise AssertionError("No installed plugin has a formula engine.")


def fields_of(values: Mapping[str, Any]) -> tuple[FormulaField, ...]:
    """Fields of the types that fit some values, each with its name as its id."""
    return tuple(FormulaField(name, name, _type(value)) for name, value in values.items())


def _type(value: Any) -> FormulaType:
    kinds: dict[type, Kind] = {
        bool: Kind.BOOL,
        str: Kind.TEXT,
        datetime: Kind.DATETIME,
        date: Kind.DATE,
        tuple: Kind.LIST,
        list: Kind.LIST,
    }
    return FormulaType(kinds.get(type(value), Kind.NUMBER))
