"""`crm verify`: whether the database file is sound and the history is as it was written."""

import json
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from api.commands.opening import config_of, data_dir_option
from crm_core.contracts.commands import Command
from crm_core.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from crm_core.services.verification import Found

_EXAMPLE = "crm verify --data-dir ./data"


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--noted",
        default="",
        metavar="HASH",
        help="a last hash noted earlier: is the history still the same up to there?",
    )
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")
    data_dir_option(parser)


def _run(options: Namespace) -> int:
    from sqlalchemy import make_url

    from crm_core.host import Host
    from crm_core.services.verification import Found, verify

    config = config_of(options)
    path = Path(make_url(config.database_url).database or "")
    if not path.is_file():
        raise NotFound("no_database", f"There is no database at {path}.", "Name its folder with --data-dir.")
    try:
        storage = Host.discover(safe_mode=True).storage(config.database_url)
    except Unavailable as error:
        if error.code != "storage_damaged":
            raise
        found = Found((error.message,))
    else:
        try:
            found = verify(storage, path, options.noted)
        finally:
            storage.close()
    if options.json:
        print(json.dumps({"sound": not found.problems, "database": str(path), **asdict(found)}))
    else:
        _print(found, path)
    return 1 if found.problems else 0


def _print(found: "Found", path: Path) -> None:
    for problem in found.problems:
        print(f"FAIL {problem}")
    if found.problems:
        print("crm: keep this folder as it is, and compare it with a backup.", file=sys.stderr)
    else:
        print(f"ok   {path} is sound.")
        print(f"ok   The history's {found.entries} entries follow from each other, up to version {found.version}.")
    if found.last_hash:
        print(f"last hash: {found.last_hash}")
        print(
            "Note it outside of this machine; crm verify --noted HASH then shows whether the history was cut or redone."
        )


COMMANDS = [Command("verify", "check the database file and the history's chain of hashes", _EXAMPLE, _arguments, _run)]
