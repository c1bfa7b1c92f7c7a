"""The command `crm`: finds the subcommand, runs it, and turns errors into a sentence on standard error."""

import argparse
import os
import sys
from collections.abc import Sequence

from api import commands, logs
from crm_core.contracts.commands import Command
from crm_core.errors import CrmError

FAILED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; answers the exit code. Errors that a person can act on exit with 2 and no trace."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    os.umask(0o077)  # what a command makes (database, snapshots, exports) is for the service's user alone
    logs.to_stderr()
    try:
        options = _parser(given).parse_args(given)
        if "run" not in options:
            _parser(given).print_help()
            return FAILED
        code: int = options.run(options)
    except CrmError as error:
        print(f"crm: {error.message}" + (f"\n     {error.hint}" if error.hint else ""), file=sys.stderr)
        for fault in error.faults[:20]:
            print(f"     {fault.pointer}: {fault.detail}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `crm export … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return code


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """All commands as a parser; plugins are asked only when the first word is no command of ours."""
    from api.version import VERSION

    parser = argparse.ArgumentParser(
        prog="crm",
        description="Venture CRM: a self-hosted replacement for Airtable for a venture fund's team.",
        epilog="example: crm serve --port 8000\nHelp on one command: crm serve --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Venture CRM {VERSION}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    own = commands.own()
    for command in own:
        add_command(subparsers, command)
    words = [word for word in given if not word.startswith("-")]
    if not words or words[0] not in {command.name for command in own}:
        for command in _of_plugins({command.name for command in own}):
            add_command(subparsers, command)
    return parser


def add_command(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", command: Command) -> None:
    """Add one command with its help and example; the data folder can be named with every one."""
    parser = subparsers.add_parser(
        command.name,
        help=command.summary,
        description=command.summary[:1].upper() + command.summary[1:] + ".",
        epilog=f"example: {command.example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=command.run)
    command.arguments(parser)


def _of_plugins(taken: set[str]) -> Sequence[Command]:
    """What plugins offer; a broken plugin is named and stops nothing."""
    from crm_core.host import Host

    safe_mode = os.environ.get("CRM_SAFE_MODE", "") in ("1", "true", "yes")
    return Host.discover(safe_mode=safe_mode).commands(taken, lambda text: print(f"crm: {text}", file=sys.stderr))


if __name__ == "__main__":
    sys.exit(main())
