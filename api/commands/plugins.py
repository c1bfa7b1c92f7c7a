"""`crm plugins`: see and switch plugins. A server that runs on the same data folder follows within seconds."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from api.commands.new_plugin import KINDS, write_plugin
from api.commands.opening import config_of, data_dir_option, opened
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.commands import Command
from crm_core.errors import Invalid

if TYPE_CHECKING:
    from crm_core.services.plugins import Plugins, PluginView

_EXAMPLE = "crm plugins enable csv_import"


def _arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(title="commands", metavar="COMMAND", dest="action", required=True)
    listing = actions.add_parser("list", help="every plugin and its state", epilog="example: crm plugins list --json")
    listing.add_argument("--json", action="store_true", help="one JSON object, as GET /api/plugins answers it")
    data_dir_option(listing)
    for action, summary in (("enable", "switch a plugin on"), ("disable", "switch a plugin off; its data stays")):
        switch = actions.add_parser(action, help=summary, epilog=f"example: crm plugins {action} csv_import")
        switch.add_argument("name", help="the plugin's name, as `crm plugins list` shows it")
        data_dir_option(switch)
    remove = actions.add_parser(
        "remove-data",
        help="remove all that a plugin has stored, after a snapshot; it must be off or gone",
        epilog="example: crm plugins remove-data csv_import --yes",
    )
    remove.add_argument("name", help="the plugin's name, as `crm plugins list` shows it")
    remove.add_argument("--yes", action="store_true", help="yes, remove it: this cannot be taken back")
    data_dir_option(remove)
    new = actions.add_parser("new", help="write a plugin to start from", epilog="example: crm plugins new margin")
    new.add_argument("name", help="its name: lower-case letters, digits and underscores")
    new.add_argument("--kind", choices=KINDS, default=KINDS[0], help="what it adds (default: %(default)s)")
    new.add_argument("--into", type=Path, default=Path(), help="where its folder is made (default: here)")


def _run(options: Namespace) -> int:
    if options.action == "new":
        home = write_plugin(options.name, options.kind, options.into)
        print(f"{home} is written. Next: pip install {home}; crm plugins enable {options.name}")
        return 0
    if options.action == "list":
        with _looked_at(options) as plugins:
            return _list(plugins.list(SYSTEM), as_json=options.json)
    if options.action == "remove-data":
        with _looked_at(options) as plugins:
            return _remove(plugins, options)
    if options.action == "disable":  # without starting anything: the plugin may be what stops a start
        with _looked_at(options) as plugins:
            view = plugins.disable(options.name, SYSTEM)
    else:
        with opened(options) as crm:
            view = crm.plugins.enable(options.name, SYSTEM)
    print(f"{view.name} is {view.state}.{' ' + view.reason if view.reason else ''}")
    if view.state == ("off" if options.action == "disable" else "on"):
        return 0
    print(view.next_step, file=sys.stderr)
    return 1


@contextmanager
def _looked_at(options: Namespace) -> Iterator["Plugins"]:
    """The plugins service over the data folder, with no plugin started: states are those of the last start."""
    from crm_core.host import Host
    from crm_core.services.plugins import Plugins
    from crm_core.services.settings import Settings
    from crm_core.storage.unit import Units
    from crm_core.storage.upgrade import prepare

    config = config_of(options)
    host = Host.discover(safe_mode=config.safe_mode)
    storage = host.storage(config.database_url)
    try:
        prepare(storage, config.data_dir, host.copy)
        units = Units(storage)
        yield Plugins(units, Settings(units, config), host, config)
    finally:
        storage.close()


def _remove(plugins: "Plugins", options: Namespace) -> int:
    plugins.show(options.name, SYSTEM)
    if not options.yes:
        what = f"This removes all that the plugin {options.name} has stored and cannot be taken back."
        raise Invalid("not_confirmed", what, "Nothing was removed. Say --yes if that is what you want.")
    removed = plugins.remove_data(options.name, options.name, SYSTEM)
    tables = f"{len(removed.tables)} tables" if len(removed.tables) != 1 else "1 table"
    print(f"The data of {removed.name} is removed: {tables}, {'its' if removed.settings else 'no'} settings.")
    for what, where in (("The database as it was", removed.snapshot), ("Its files", removed.files)):
        if where:
            print(f"{what}: {config_of(options).data_dir / where}")
    return 0


def _list(views: "list[PluginView]", *, as_json: bool) -> int:
    if as_json:
        import msgspec

        print(msgspec.json.encode({"plugins": views}).decode())
        return 0
    widths = [max(len(str(getattr(view, part))) for view in views) for part in ("name", "state", "version")]
    for view in views:
        columns = [view.name.ljust(widths[0]), view.state.ljust(widths[1]), view.version.ljust(widths[2])]
        print("  ".join([*columns, view.reason or view.summary]).rstrip())
    return 0


COMMANDS = [Command("plugins", "see plugins, switch them on and off, remove their data", _EXAMPLE, _arguments, _run)]
