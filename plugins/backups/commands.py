"""`crm backup`: make, list, verify and restore backups without a browser."""

import fcntl
import json
import os
import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crm_core import clock
from crm_core.config import Config, from_env
from crm_core.contracts import Command
from crm_core.contracts.actor import SYSTEM
from crm_core.errors import Conflict, CrmError, Invalid, NotFound

if TYPE_CHECKING:
    from plugins.backups.service import Backups
    from plugins.backups.shelf import Entry

_NAME = "backups"
_ACTIONS = {
    "create": ("make a backup now and prove it by a restore into a scratch folder", "crm backup create"),
    "list": ("every backup, the newest first", "crm backup list --json"),
    "verify": ("prove a backup again; without a name, every backup", "crm backup verify 20261123-020000-3fa9c2"),
    "restore": (
        "put a backup in the place of the data, after a backup of what is there",
        "crm backup restore venture-crm-20261123-020000-3fa9c2.sqlite3 --yes",
    ),
}


def command() -> Command:
    """The subcommand of `crm`."""
    return Command("backup", "make, prove and restore backups", "crm backup create", _arguments, _run)


def _arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(title="commands", metavar="COMMAND", dest="action", required=True)
    for name, (summary, example) in _ACTIONS.items():
        action = actions.add_parser(name, help=summary, description=summary, epilog=f"example: {example}")
        action.add_argument(
            "--data-dir", type=Path, metavar="FOLDER", help="the data folder (default: CRM_DATA_DIR, else ./data)"
        )
        if name != "restore":
            action.add_argument("--json", action="store_true", help="print JSON instead of sentences")
        if name == "verify":
            action.add_argument("backup", nargs="?", help="a backup's name, as `crm backup list` shows it")
        if name == "restore":
            action.add_argument("backup", help="a backup's name, or a file: the database, or a downloaded archive")
            action.add_argument("--yes", action="store_true", help="do it; without this it only says what would change")


def _run(options: Namespace) -> int:
    acts = {"create": _create, "list": _list, "verify": _verify, "restore": _restore}
    return acts[options.action](options)


@contextmanager
def _opened(config: Config) -> Iterator["Backups"]:
    from crm_core.crm import opened
    from plugins.backups.service import Backups

    with opened(config) as crm:
        yield Backups(crm.plugins.context(_NAME))


def _create(options: Namespace) -> int:
    with _opened(from_env(data_dir=options.data_dir)) as backups:
        entry = backups.create(SYSTEM)
        _print([entry], options.json)
        if not options.json:
            print(f"It lies at {backups.shelf.file(entry.id)}")
    return 0 if entry.state == "verified" else 1


def _list(options: Namespace) -> int:
    with _opened(from_env(data_dir=options.data_dir)) as backups:
        _print(backups.shelf.entries(), options.json)
    return 0


def _verify(options: Namespace) -> int:
    with _opened(from_env(data_dir=options.data_dir)) as backups:
        names = [options.backup] if options.backup else [entry.id for entry in backups.shelf.entries()]
        entries = [_verified(backups, name) for name in names]
    _print(entries, options.json)
    return 0 if all(entry.state == "verified" for entry in entries) else 1


def _verified(backups: "Backups", name: str) -> "Entry":
    try:
        return backups.verify(name, SYSTEM)
    except Invalid:  # its manifest is damaged, which the entry says
        return backups.shelf.entry(name)


def _restore(options: Namespace) -> int:
    config = from_env(data_dir=options.data_dir)
    with _no_server(config):
        put_aside = _put_aside_what_is_damaged(config) if options.yes else None
        with _opened(config) as backups:
            name = _name(backups, Path(options.backup), options.backup)
            if not options.yes:
                _print_preview(backups, name)
                print("Nothing was changed. Restore it with --yes.", file=sys.stderr)
                return 1
            restored = backups.restore(name, SYSTEM)
    print(f"The backup {restored.backup} is restored; the data is at version {restored.version}.")
    print(f"What was there before is in the backup {restored.safety}.")
    if put_aside is not None:
        print(f"The damaged database lies at {put_aside}.")
    if restored.accounts == "replaced":
        print("It came from another CRM: people sign in as they did there. A forgotten password: crm admin password")
    return 0


def _name(backups: "Backups", path: Path, given: str) -> str:
    """The name of a backup on the shelf; a file from elsewhere is copied there first, and proven."""
    if not path.is_file():
        return backups.shelf.entry(given).id
    for entry in backups.shelf.entries():
        if backups.shelf.file(entry.id).resolve() == path.resolve():
            return entry.id
    from plugins.backups.adopting import arriving

    beside = path.with_suffix(".json")
    with arriving(backups.folder, f"adopting-{path.name}") as arrival:
        arrival.close()
        try:
            shutil.copyfile(path, arrival.path)
        except OSError as error:
            raise NotFound("unreadable_file", f"{path} cannot be read: {error.strerror}.") from error
        return backups.adopt(arrival.path, SYSTEM, beside if beside.is_file() else None).id


@contextmanager
def _no_server(config: Config) -> Iterator[None]:
    """Keep servers off the data folder meanwhile; Conflict (`already_running`) when one serves it."""
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = os.open(config.data_dir / "server.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(
                "already_running",
                f"A server runs on the data folder {config.data_dir}.",
                "Stop it first, or restore on its page Settings, Backups.",
            ) from None
        os.ftruncate(held, 0)
        os.write(held, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(held)


def _put_aside_what_is_damaged(config: Config) -> Path | None:
    """Move a database that cannot be opened any more out of the way, whole; answers where it lies now."""
    from crm_core.crm import opened

    path = Path(config.database_url.removeprefix("sqlite:///"))
    try:
        with opened(config):
            return None
    except CrmError as error:
        if error.code not in ("storage_damaged", "newer_database") or not path.is_file():
            raise
    stamp = clock.now_text()[:19].replace(":", "")
    kept = path.with_name(f"{path.name}.before-restore-{stamp}")
    for ending in ("", "-wal", "-shm"):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(kept.with_name(kept.name + ending))
    return kept


def _print(entries: "list[Entry]", as_json: bool) -> None:
    if as_json:
        import msgspec

        from plugins.backups.views import view

        print(msgspec.json.encode({"backups": [view(entry) for entry in entries]}).decode())
        return
    if not entries:
        print("There is no backup.")
    for entry in entries:
        manifest = entry.manifest
        about = f"version {manifest.version}, {manifest.reason}" if manifest else ""
        print("  ".join(part for part in (entry.id, entry.state.ljust(10), f"{entry.size:>14,} bytes", about) if part))
        if entry.problem:
            print(f"  {entry.problem}")


def _print_preview(backups: "Backups", name: str) -> None:
    preview = backups.preview(name)
    print(
        f"The backup {name} is of {preview.created_at}, version {preview.version_then}; now is {preview.version_now}."
    )
    for table in preview.tables:
        parts = {"come back": table.added, "change": table.changed, "go": table.removed}
        said = ", ".join(f"{count:,} {what}" for what, count in parts.items() if count) or "nothing changes"
        print(f"  {table.name}: {said}")
        for sort, samples in (("+", table.samples_added), ("~", table.samples_changed), ("-", table.samples_removed)):
            for sample in samples:
                cells = "; ".join(
                    f"{cell.name}: {json.dumps(cell.now, ensure_ascii=False)} → "
                    f"{json.dumps(cell.then, ensure_ascii=False)}"
                    for cell in sample.fields
                )
                print(f"    {sort} {sample.name or sample.id}" + (f" ({cells})" if cells else ""))
