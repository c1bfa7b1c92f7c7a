"""The manifest of a plugin: data that the host needs even while the plugin is off."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

PLUGIN_API = 1
"""The number of the plugin interface; it rises only when plugins written for the old one would break."""


class NoSettings(BaseModel):
    """Settings of a plugin that has none."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """Who a plugin is and what it needs.

    `name` is the entry point's name, in lower case with underscores. `settings` is a pydantic model with a default for
    every field (a field without one puts the plugin into `needs_setup` until an admin fills it); `SecretStr` fields are
    stored encrypted and never sent. `migrations` names a package with Alembic migrations for tables called `<name>_…`.
    `talks_to` lists the hosts the plugin may reach, shown to the admin. `pinned` plugins cannot be switched off.
    """

    name: str
    title: str
    summary: str
    version: str = "0"
    api: int = PLUGIN_API
    requires: tuple[str, ...] = ()
    settings: type[BaseModel] = NoSettings
    settings_version: int = 1
    upgrade: Callable[[int, Mapping[str, Any]], Mapping[str, Any]] | None = None
    migrations: str | None = None
    on_by_default: bool = False
    pinned: bool = False
    talks_to: tuple[str, ...] = ()
