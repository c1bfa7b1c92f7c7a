"""`crm import`: bring a file into a table, also while a server runs on the same data folder."""

import gc
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.commands.opening import data_dir_option, opened
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.commands import Command
from crm_core.errors import Conflict, Invalid

if TYPE_CHECKING:
    from crm_core.contracts.imports import ImportView, Target
    from crm_core.crm import Crm

_EXAMPLE = "crm import investors.csv --table investors --key Name --json"
_DESCRIPTION = """\
Compare a CSV file with a table, then write what differs as one change set (one step of undo). Rows are matched by a
key field, so importing the same file twice changes nothing. Rows that cannot be read are left out whole and listed
with line, column and reason. Columns go where the last import of the same header sent them, else where their names say.

exit codes:
  0  all rows of the file are in the table (or would be, with --dry-run)
  1  done, but some rows were left out: errors, or cells that somebody changed in the CRM since the last import
  2  nothing was imported; the reason is on standard error"""
_BLOCK = 1 << 20
_PAGE = 1_000
_SHOWN = 20


def _arguments(parser: ArgumentParser) -> None:
    parser.description, parser.formatter_class = _DESCRIPTION, RawDescriptionHelpFormatter
    parser.add_argument("file", metavar="FILE", help="the file to import; - reads standard input")
    parser.add_argument("--table", required=True, metavar="T", help="the table: its key, name or id")
    key = parser.add_mutually_exclusive_group()
    key.add_argument("--key", metavar="F", help="the field rows are matched by (default: the table's first field)")
    key.add_argument("--no-key", action="store_true", help="match rows by nothing: every row is a new record")
    parser.add_argument("--mapping", type=Path, metavar="FILE", help="JSON: where columns go, see docs/use/import.md")
    parser.add_argument("--dry-run", action="store_true", help="only compare and say what would be done")
    parser.add_argument("--strict", action="store_true", help="import nothing when any row has an error")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of sentences")
    data_dir_option(parser)


def _run(options: Namespace) -> int:
    with opened(options) as crm:
        gc.freeze()  # what is loaded by now stays to the end: the collector need not look at it again for each batch
        view = _compare(crm, options)
        errors = _reasons(crm, view, "error", view.counts.errors)
        refused = bool(options.strict and errors)
        if not options.dry_run and not refused:
            crm.imports.apply(view.id, SYSTEM)
            view = _ended(crm, view.id, "applied", "Writing")
        elif not refused:
            crm.imports.cancel(view.id, SYSTEM)
        answer = _answer(crm, view, errors)
        disagreeing = _reasons(crm, view, "conflict", view.counts.conflicts)
    if options.json:
        import msgspec

        print(msgspec.json.encode(answer).decode())
    else:
        _tell(answer, view, disagreeing)
    if refused:
        print("crm: nothing was imported: some rows have errors, and --strict was given", file=sys.stderr)
        return 2
    return 1 if errors or answer["conflicts"] else 0


def _compare(crm: "Crm", options: Namespace) -> "ImportView":
    name = "standard-input.csv" if options.file == "-" else options.file
    with crm.imports.upload() as upload:
        try:
            with nullcontext(sys.stdin.buffer) if options.file == "-" else Path(options.file).open("rb") as source:
                while block := source.read(_BLOCK):
                    upload.write(block)
        except OSError as error:
            raise Invalid("unreadable_file", f"{options.file} cannot be read: {error.strerror}.") from error
        view = crm.imports.start(options.table, name, upload, SYSTEM)
    mapping = _mapping(options.mapping, view) if options.mapping else view.mapping
    crm.imports.preview(view.id, mapping, options.key or view.key, SYSTEM, keyless=options.no_key)
    return _ended(crm, view.id, "compared", "Comparing")


def _mapping(path: Path, view: "ImportView") -> "list[Target]":
    """A mapping file: a list with one target per column, or an object of column name → target, field name or null."""
    import msgspec

    from crm_core.contracts.imports import Skip, Target, ToField

    try:
        given = msgspec.json.decode(path.read_bytes(), type=list[Target] | dict[str, Any])
        if isinstance(given, list):
            return given
        mapping = list(view.mapping)
        names = {column.name: column.index for column in view.columns}
        for name, target in given.items():
            if name not in names:
                raise Invalid(
                    "bad_mapping", f"{path}: the file has no column {name!r}.", f"It has: {', '.join(names)}."
                )
            short = Skip() if target is None else ToField(field=target) if isinstance(target, str) else None
            mapping[names[name]] = short or msgspec.convert(target, Target)
        return mapping
    except OSError as error:
        raise Invalid("unreadable_file", f"{path} cannot be read: {error.strerror}.") from error
    except msgspec.DecodeError as error:
        raise Invalid("bad_mapping", f"{path} is no mapping: {error}.", "See docs/use/import.md.") from error


def _ended(crm: "Crm", import_id: str, wanted: str, doing: str) -> "ImportView":
    """Wait for a step, showing how far it is on a terminal."""
    while sys.stderr.isatty() and not crm.imports.settled(import_id, 0.3):
        progress = crm.imports.get(import_id).progress
        print(f"\r{doing} … {progress.done:,} of {progress.total:,} rows ", end="", file=sys.stderr, flush=True)
    view = crm.imports.wait(import_id)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    if view.status != wanted:
        problem = view.problem
        if problem is None:
            raise Conflict("import_state", f"The import was {view.status}.", "Start it again.")
        raise Invalid(problem.code, problem.detail, problem.hint)
    return view


def _reasons(crm: "Crm", view: "ImportView", outcome: str, count: int) -> list[dict[str, Any]]:
    """What is wrong with the rows of an outcome, by line and column."""
    found: list[dict[str, Any]] = []
    offset = 0
    while offset < count:
        page = crm.imports.rows(view.id, outcome, offset, _PAGE)
        for row in page.rows:
            found.extend({"line": e.line, "column": e.column, "reason": e.reason} for e in row.errors)
        offset += _PAGE
    return found


def _answer(crm: "Crm", view: "ImportView", errors: list[dict[str, Any]]) -> dict[str, Any]:
    counts = view.counts
    return {
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "conflicts": counts.conflicts,
        "errors": errors,
        "version": view.version if view.version is not None else crm.imports.version(),
        "rows": view.rows,
        "table": view.table,
        "import": view.id,
        "applied": view.status == "applied",
        "notices": [*view.notices, *(f"{c.name}: {c.notice}" for c in view.columns if c.notice)],
    }


def _tell(answer: dict[str, Any], view: "ImportView", disagreeing: list[dict[str, Any]]) -> None:
    created, updated = ("created", "updated") if answer["applied"] else ("to create", "to update")
    print(
        f"{view.filename}: {answer['rows']:,} rows, {answer['created']:,} {created}, {answer['updated']:,} {updated},"
        f" {answer['unchanged']:,} unchanged, {answer['conflicts']:,} conflicts, {len(answer['errors']):,} errors"
    )
    for notice in answer["notices"]:
        print(f"  note: {notice}")
    for error in [*answer["errors"], *disagreeing][:_SHOWN]:
        where = f", column {error['column']}" if error["column"] else ""
        print(f"  line {error['line']}{where}: {error['reason']}")
    more = len(answer["errors"]) + len(disagreeing) - _SHOWN
    if more > 0:
        print(f"  … and {more:,} more; --json lists all errors.")
    if view.version is not None:
        print(f"Version {view.version} holds the import; it can be undone in one step.")


COMMANDS = [Command("import", "bring a CSV file into a table", _EXAMPLE, _arguments, _run)]
