"""Bring a database to the schema this program knows, one Alembic version table per owner.

Owners are the core and each plugin with tables; a plugin that is gone therefore never stops the others. Alembic is
imported only when there is something to do, because a start is far more often than an upgrade.
"""

import logging
from collections.abc import Callable
from importlib.resources import files

from sqlalchemy import Connection, inspect

from crm_core.errors import Unavailable
from crm_core.storage.schema import TEAM_PREFIX

CORE = "core"
CORE_MIGRATIONS = "crm_core.storage.migrations"
_log = logging.getLogger("crm.storage")


def version_table(owner: str) -> str:
    """The table that says which revision an owner's tables are at."""
    return f"alembic_version_{owner}"


def known_versions(package: str) -> list[str]:
    """The revisions a migrations package holds, oldest first: the names of its files (`0001_first.py` → `0001`)."""
    folder = files(package).joinpath("versions")
    return sorted(
        item.name.split("_")[0] for item in folder.iterdir() if item.name[:4].isdigit() and item.name.endswith(".py")
    )


def current_version(connection: Connection, owner: str) -> str | None:
    """The revision an owner's tables are at; None before the first migration."""
    table = version_table(owner)
    if not inspect(connection).has_table(table):
        return None
    return connection.exec_driver_sql(f"SELECT version_num FROM {table}").scalar()


def pending(connection: Connection, owner: str, package: str) -> list[str]:
    """Revisions still to run; Unavailable (`newer_database`) when the database is ahead of this program."""
    known = known_versions(package)
    current = current_version(connection, owner)
    if current is None:
        return known
    if current not in known:
        raise Unavailable(
            "newer_database",
            f"A newer version wrote this database: {owner} tables are at {current}, this program knows {known[-1]}.",
            "Start the newer version of the CRM again; nothing was changed.",
        )
    return known[known.index(current) + 1 :]


def migrate(connection: Connection, owner: str, package: str) -> list[str]:
    """Run an owner's pending migrations inside the caller's transaction; answers what was run."""
    todo = pending(connection, owner, package)
    if not todo:
        return []
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files(CORE_MIGRATIONS)))  # its env.py serves every owner
    config.set_main_option("version_locations", str(files(package).joinpath("versions")))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(connection=connection, version_table=version_table(owner))
    command.upgrade(config, "head")
    _log.info("Migrated %s tables to %s.", owner, todo[-1])
    return todo


def run_env(include: Callable[[str], bool]) -> None:
    """What every `migrations/env.py` does: run on the connection given, with the owner's version table."""
    from alembic import context
    from sqlmodel import SQLModel

    def own(_: object, name: str | None, type_: str, __: bool, ___: object) -> bool:
        if type_ == "column":
            return not (name or "").startswith(TEAM_PREFIX)
        return type_ != "table" or include(name or "")

    context.configure(
        connection=context.config.attributes["connection"],
        version_table=context.config.attributes["version_table"],
        target_metadata=SQLModel.metadata,
        include_object=own,
        transactional_ddl=False,
    )
    context.run_migrations()
