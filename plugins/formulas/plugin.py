"""Formulas: Airtable's language, typed, limited and fast, with the functions of every plugin."""

from collections.abc import Iterable

from crm_core import PluginInfo, hookimpl
from crm_core.contracts import Command, FormulaEngine, FormulaFunction, PluginContext
from plugins.formulas.commands import command
from plugins.formulas.functions.catalogue import bundled

PLUGIN = PluginInfo(
    name="formulas",
    title="Formulas",
    summary="Computes values by formulas as Airtable writes them.",
    version="1",
    on_by_default=True,
)


@hookimpl
def crm_formula_engine(ctx: PluginContext) -> FormulaEngine | None:
    from plugins.formulas.engine import Engine  # NumPy takes a tenth of a second that other commands need not wait

    return Engine(lambda: ctx.crm.plugins.registry.formula_functions)


@hookimpl
def crm_formula_functions() -> Iterable[FormulaFunction]:
    return bundled()


@hookimpl
def crm_commands() -> Iterable[Command]:
    return [command()]
