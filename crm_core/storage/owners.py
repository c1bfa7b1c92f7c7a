"""Whose tables are whose: the core's are its models, a plugin's begin with its name; dropping those of one plugin."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, inspect
from sqlmodel import SQLModel

import crm_core.models as models
from crm_core.storage.migrate import version_table
from crm_core.storage.statements import run

_VERSIONS = version_table("")
_CORE = frozenset(
    str(model.__tablename__)
    for model in (getattr(models, name) for name in models.__all__)
    if isinstance(model, type) and issubclass(model, SQLModel)
)


def tables_by_owner(connection: Connection, plugins: Collection[str]) -> Mapping[str, list[str]]:
    """The tables of each of these plugins, its version table among them.

    The longest fitting name owns a table, so `gmail_dwd_mails` is none of the plugin gmail's; the core's never count.
    """
    found = inspect(connection).get_table_names()
    versions = {name.removeprefix(_VERSIONS) for name in found if name.startswith(_VERSIONS)}
    owners = sorted({*plugins, *versions}, key=len, reverse=True)
    tables: dict[str, list[str]] = {name: [] for name in plugins}
    for table in found:
        if table in _CORE:
            continue
        owner = next((name for name in owners if table == version_table(name) or table.startswith(f"{name}_")), "")
        if owner in tables:
            tables[owner].append(table)
    return tables


def drop_tables(connection: Connection, tables: Collection[str]) -> None:
    """Drop these tables within the caller's unit of work, whatever they refer to among each other."""
    inspector = inspect(connection)
    left = {table: {str(key["referred_table"]) for key in inspector.get_foreign_keys(table)} for table in tables}
    if connection.dialect.name == "sqlite":
        run(connection, "PRAGMA defer_foreign_keys = ON")  # for circles; SQLite takes it back at the commit
    while left:
        free = [name for name in left if not any(name in refers for other, refers in left.items() if other != name)]
        # a virtual table takes those it is made of along; their names are its own and more
        table = min(free or left, key=lambda name: (len(name), name))
        run(connection, f'DROP TABLE IF EXISTS "{table.replace(chr(34), chr(34) * 2)}"')
        del left[table]
