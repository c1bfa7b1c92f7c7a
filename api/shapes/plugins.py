"""Answers about plugins."""

from typing import Annotated

from msgspec import Meta, Struct

from crm_core.services.plugins import PluginView


class Plugins(Struct):
    """Every plugin that is installed or has left data."""

    plugins: list[PluginView]


class PluginName(Struct, forbid_unknown_fields=True):
    """The plugin's name once more, as confirmation of what cannot be taken back."""

    name: Annotated[str, Meta(max_length=100, examples=["csv_import"])]


class PluginCheck(Struct):
    """One thing a plugin watches; `critical` ones make `/readyz` answer 503 when they fail."""

    name: str
    ok: bool
    detail: str
    critical: bool


class PluginChecks(Struct):
    """What the health checks of one plugin found just now."""

    checks: list[PluginCheck]
