"""What plugins give and receive: frozen types and Protocols, no behaviour."""

from crm_core.contracts.commands import Command
from crm_core.contracts.context import PluginContext
from crm_core.contracts.files import Exporter, ExportTable, Importer, Sheet, SheetRow
from crm_core.contracts.formula import (
    FormulaContext,
    FormulaEngine,
    FormulaError,
    FormulaExample,
    FormulaField,
    FormulaFunction,
    FormulaPart,
    FormulaPlan,
    FormulaType,
    FormulaValue,
    Kind,
    Parameter,
)
from crm_core.contracts.health import HealthCheck, Verdict
from crm_core.contracts.jobs import Cron, Every, Job
from crm_core.contracts.plugin import PLUGIN_API, NoSettings, PluginInfo
from crm_core.contracts.routes import RouteLike
from crm_core.contracts.storage import Storage

__all__ = [
    "PLUGIN_API",
    "Command",
    "Cron",
    "Every",
    "ExportTable",
    "Exporter",
    "FormulaContext",
    "FormulaEngine",
    "FormulaError",
    "FormulaExample",
    "FormulaField",
    "FormulaFunction",
    "FormulaPart",
    "FormulaPlan",
    "FormulaType",
    "FormulaValue",
    "HealthCheck",
    "Importer",
    "Job",
    "Kind",
    "NoSettings",
    "Parameter",
    "PluginContext",
    "PluginInfo",
    "RouteLike",
    "Sheet",
    "SheetRow",
    "Storage",
    "Verdict",
]
