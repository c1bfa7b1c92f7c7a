"""The formula function SAMPLE."""

from collections.abc import Iterable

from crm_core import PluginInfo, hookimpl
from crm_core.contracts import FormulaExample, FormulaFunction
from crm_core.contracts.formula import Number

PLUGIN = PluginInfo(name="sample", title="Sample", summary="Adds the formula function SAMPLE.", version="1.0")


def sample(price: Number, cost: Number) -> Number:
    return (price - cost) / price


@hookimpl
def crm_formula_functions() -> Iterable[FormulaFunction]:
    examples = (FormulaExample("SAMPLE(10, 8)", 0.2), FormulaExample("SAMPLE(0, 8)", error="plugin_error"))
    return [FormulaFunction("SAMPLE", sample, "The share of the price that is left after the cost.", examples)]
