"""What plugins give and receive: frozen types and Protocols, no behaviour."""

from crm_core.contracts.commands import Command
from crm_core.contracts.context import PluginContext
from crm_core.contracts.files import Exporter, ExportTable, Importer, Sheet, SheetRow
from crm_core.contracts.health import HealthCheck, Verdict
from crm_core.contracts.plugin import PLUGIN_API, NoSettings, PluginInfo
from crm_core.contracts.storage import Storage

__all__ = [
    "PLUGIN_API",
    "Command",
    "ExportTable",
    "Exporter",
    "HealthCheck",
    "Importer",
    "NoSettings",
    "PluginContext",
    "PluginInfo",
    "Sheet",
    "SheetRow",
    "Storage",
    "Verdict",
]
