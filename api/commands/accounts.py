"""`crm admin` and `crm token`: accounts and API tokens without a browser."""

import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction

from api.commands.opening import data_dir_option, opened
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.commands import Command
from crm_core.errors import Invalid

_ADMIN_EXAMPLE = "crm admin create --email ada@example.org --name 'Ada Lovelace' --password-stdin < password.txt"
_PASSWORD_EXAMPLE = "crm admin password --email ada@example.org --password-stdin < password.txt"
_RESET_EXAMPLE = "crm admin reset-two-factor --email ada@example.org"
_TOKEN_EXAMPLE = "crm token create --email ada@example.org --name 'Nightly report' --scope read"


def _admin_arguments(parser: ArgumentParser) -> None:
    commands = _subcommands(parser)
    create = _subcommand(commands, "create", "make an account with the role admin", _ADMIN_EXAMPLE)
    create.add_argument("--name", required=True, help="the person's name")
    create.set_defaults(act=_create_admin)
    password = _subcommand(commands, "password", "give an account a new password", _PASSWORD_EXAMPLE)
    password.set_defaults(act=_set_password)
    for command in (create, password):
        command.add_argument(
            "--password-stdin", action="store_true", required=True, help="read the password from standard input"
        )
    reset = _subcommand(
        commands, "reset-two-factor", "take away the second factors of somebody who lost them", _RESET_EXAMPLE
    )
    reset.set_defaults(act=_reset_two_factor)
    for command in (create, password, reset):
        command.add_argument("--email", required=True, help="the address to sign in with")
        data_dir_option(command)


def _run_admin(options: Namespace) -> int:
    return int(options.act(options))


def _read_password() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise Invalid("no_password", "There is no password on standard input.", f"For example: {_ADMIN_EXAMPLE}")
    return password


def _set_password(options: Namespace) -> int:
    password = _read_password()
    with opened(options) as crm:
        person = crm.access.accounts.set_password(SYSTEM, options.email, password)
    print(f"{person.name} ({person.email}) has a new password and is signed out everywhere.")
    return 0


def _reset_two_factor(options: Namespace) -> int:
    with opened(options) as crm:
        person, had = crm.access.factors.reset_for(SYSTEM, options.email)
    if had:
        print(f"{person.name} ({person.email}) signs in with the password alone now, and is signed out everywhere.")
    else:
        print(f"{person.name} ({person.email}) had no second factor; all sessions ended.")
    return 0


def _create_admin(options: Namespace) -> int:
    password = _read_password()
    with opened(options) as crm:
        made = crm.access.accounts.create(
            SYSTEM, email=options.email, name=options.name, password=password, role="admin"
        )
    print(f"{made.name} ({made.email}) is an admin now: {made.public_id}")
    return 0


def _token_arguments(parser: ArgumentParser) -> None:
    create = _subcommand(_subcommands(parser), "create", "make an API token and print it", _TOKEN_EXAMPLE)
    create.add_argument("--email", required=True, help="the account that the token acts for")
    create.add_argument("--name", required=True, help="what the token is for")
    create.add_argument("--scope", choices=["read", "write", "metrics"], default="read", help="default: read")
    create.add_argument("--expires-in-days", type=int, metavar="DAYS", help="default: never")
    data_dir_option(create)


def _create_token(options: Namespace) -> int:
    with opened(options) as crm:
        made = crm.access.tokens.create_for(SYSTEM, options.email, options.name, options.scope, options.expires_in_days)
    print(made.secret)
    return 0


def _subcommands(parser: ArgumentParser) -> "_SubParsersAction[ArgumentParser]":
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def _subcommand(commands: "_SubParsersAction[ArgumentParser]", name: str, summary: str, example: str) -> ArgumentParser:
    return commands.add_parser(name, help=summary, description=summary, epilog=f"example: {example}")


COMMANDS = [
    Command("admin", "make accounts without a browser", _ADMIN_EXAMPLE, _admin_arguments, _run_admin),
    Command("token", "make API tokens without a browser", _TOKEN_EXAMPLE, _token_arguments, _create_token),
]
