"""Alembic's entry for the core's tables."""

from sqlmodel import SQLModel

import crm_core.models
from crm_core.storage.migrate import run_env

CORE_TABLES = frozenset(SQLModel.metadata.tables) if crm_core.models.__all__ else frozenset()

run_env(lambda name: name in CORE_TABLES)
