"""`crm clean-attachments`: remove uploaded files that nothing ever held."""

from argparse import ArgumentParser, Namespace

from api.commands.opening import data_dir_option, opened
from crm_core.contracts.commands import Command

_EXAMPLE = "crm clean-attachments --data-dir ./data"


def _run(options: Namespace) -> int:
    with opened(options) as crm:
        count, size = crm.files.clean_up()
    print(f"Removed {count:,} files ({size / 2**20:,.1f} MiB). What any record holds or ever held stays.")
    return 0


def _arguments(parser: ArgumentParser) -> None:
    data_dir_option(parser)


COMMANDS = [Command("clean-attachments", "remove uploaded files that no record ever held", _EXAMPLE, _arguments, _run)]
