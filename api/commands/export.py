"""`crm export`: write a table as a file, also while a server runs on the same data folder."""

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from api.commands.opening import data_dir_option, opened
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.commands import Command
from crm_core.errors import Unavailable

_EXAMPLE = "crm export --table investors --format csv --out investors.csv"


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--table", required=True, metavar="T", help="the table: its key, name or id")
    parser.add_argument("--format", default="csv", metavar="FORMAT", help="csv (default), json or what plugins add")
    parser.add_argument("--view", metavar="V", help="only what this view shows, in its order: its id")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write here instead of to standard output")
    parser.add_argument(
        "--no-escape",
        action="store_true",
        help="CSV: leave text that begins with = + - @ as it is",
    )
    data_dir_option(parser)


def _run(options: Namespace) -> int:
    choices = {"escape": "false" if options.no_escape else "true"}
    with opened(options) as crm:
        export = crm.imports.export(options.table, options.format, SYSTEM, options.view, choices)
        if options.out is None:
            for block in export.blocks:
                sys.stdout.buffer.write(block)
            sys.stdout.buffer.flush()
            return 0
        part = options.out.with_name(options.out.name + ".part")
        try:
            with part.open("wb") as file:
                for block in export.blocks:
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
            part.replace(options.out)
        except OSError as error:
            raise Unavailable("unwritable_file", f"{options.out} cannot be written: {error.strerror}.") from error
        finally:
            part.unlink(missing_ok=True)
    return 0


COMMANDS = [Command("export", "write a table as CSV or JSON", _EXAMPLE, _arguments, _run)]
