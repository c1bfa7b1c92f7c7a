"""What a plugin is handed while it is on."""

from dataclasses import dataclass
from logging import Logger
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:  # the services stand above the contracts; a plugin sees them only through this context
    from crm_core.crm import Crm


@dataclass(frozen=True, slots=True)
class PluginContext:
    """The plugin's name, its valid settings, the CRM's services, a folder of its own and a logger."""

    name: str
    settings: BaseModel
    crm: "Crm"
    folder: Path
    log: Logger
