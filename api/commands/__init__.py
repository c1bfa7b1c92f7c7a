"""The subcommands of `crm`, one module a subject. Each has a list `COMMANDS`; heavy imports stand inside the `run`s."""

from collections.abc import Sequence

from api.commands import accounts, attachments, export, health, import_, plugins, serve, verify
from crm_core.contracts.commands import Command


def own() -> Sequence[Command]:
    """Every command that the CRM itself brings, in the order of the help."""
    return [
        *serve.COMMANDS,
        *accounts.COMMANDS,
        *import_.COMMANDS,
        *export.COMMANDS,
        *plugins.COMMANDS,
        *health.COMMANDS,
        *verify.COMMANDS,
        *attachments.COMMANDS,
    ]
