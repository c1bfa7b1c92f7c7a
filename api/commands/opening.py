"""Opening the CRM for a command: configuration from the environment and `--data-dir`, closed at the end."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crm_core.config import Config, from_env

if TYPE_CHECKING:
    from crm_core.crm import Crm


def data_dir_option(parser: ArgumentParser) -> None:
    """`--data-dir`, for commands that open the database."""
    parser.add_argument(
        "--data-dir", type=Path, metavar="FOLDER", help="the data folder (default: CRM_DATA_DIR, else ./data)"
    )


def config_of(options: Namespace) -> Config:
    """The configuration for a command's options."""
    return from_env(data_dir=options.data_dir)


@contextmanager
def opened(options: Namespace) -> Iterator["Crm"]:
    """The CRM over the data folder that the options name."""
    from crm_core.crm import open_crm
    from crm_core.host import Host

    config = config_of(options)
    crm = open_crm(config, Host.discover(safe_mode=config.safe_mode))
    try:
        yield crm
    finally:
        crm.close()
