"""Settings that people change while the CRM runs, and what each plugin's state is."""

from sqlmodel import Field as Column
from sqlmodel import SQLModel


class AppSetting(SQLModel, table=True):
    """One JSON value by key; `version` grows so that other processes notice a change."""

    __tablename__ = "app_settings"

    key: str = Column(primary_key=True)
    value: str
    version: int = 1
    updated_at: str
    updated_by: int | None = None


class PluginState(SQLModel, table=True):
    """Whether an admin wants a plugin on, and what its last switch said."""

    __tablename__ = "plugin_states"

    name: str = Column(primary_key=True)
    wanted: bool
    state: str
    reason: str = ""
    starting: bool = False
    version: int = 1
    updated_at: str
    updated_by: int | None = None
