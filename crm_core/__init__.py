"""Venture CRM's minimal core, and the public door for plugin authors.

from crm_core import PluginInfo, hookimpl
"""

from crm_core.contracts import PLUGIN_API, PluginInfo
from crm_core.hookspecs import hookimpl

__all__ = ["PLUGIN_API", "PluginInfo", "hookimpl"]
