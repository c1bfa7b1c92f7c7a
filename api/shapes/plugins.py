"""Answers about plugins."""

from msgspec import Struct

from crm_core.services.plugins import PluginView


class Plugins(Struct):
    """Every plugin that is installed or has left data."""

    plugins: list[PluginView]
