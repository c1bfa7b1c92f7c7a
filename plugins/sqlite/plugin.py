"""SQLite storage: the default database, one file in the data folder."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path

from crm_core import PluginInfo, hookimpl
from crm_core.contracts import Command, HealthCheck, PluginContext, Verdict
from plugins.sqlite.database import SqliteDatabase

PLUGIN = PluginInfo(
    name="sqlite",
    title="SQLite storage",
    summary="Keeps everything in one file in the data folder.",
    version="1",
    on_by_default=True,
    pinned=True,
)

_SCHEME = "sqlite:///"
_LOW = 200 * 2**20


@hookimpl
def crm_storage(url: str) -> SqliteDatabase | None:
    return SqliteDatabase(Path(url.removeprefix(_SCHEME))) if url.startswith(_SCHEME) else None


@hookimpl
def crm_health_checks(ctx: PluginContext) -> Iterable[HealthCheck]:
    storage = ctx.crm.units.storage

    def room() -> Verdict:
        free = storage.free_bytes() if isinstance(storage, SqliteDatabase) else _LOW
        return Verdict(free >= _LOW, f"{free / 2**30:.1f} GiB free where the database lies")

    return [HealthCheck("disk space", room)]


@hookimpl
def crm_commands() -> Iterable[Command]:
    def arguments(parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a SQLite file, for example data/crm.sqlite3 or a backup")

    def run(options: Namespace) -> int:
        problems = SqliteDatabase.check_file(options.file)
        print("\n".join(problems) or f"{options.file} is sound.")
        return 1 if problems else 0

    return [
        Command("check-file", "check that a database file is sound", "crm check-file data/crm.sqlite3", arguments, run)
    ]


@hookimpl
def crm_stopping(ctx: PluginContext) -> None:
    storage = ctx.crm.units.storage
    if isinstance(storage, SqliteDatabase):
        storage.optimize()
