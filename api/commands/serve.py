"""`crm serve`: the server."""

import gc
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import replace

from api.commands.opening import config_of, data_dir_option
from crm_core.contracts.commands import Command


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--host", help="the address to serve on (default: CRM_HOST, else 127.0.0.1)")
    parser.add_argument(
        "--port", type=_port, help="the port to serve on (default: CRM_PORT, else 8000; 0: any free one)"
    )
    parser.add_argument("--demo", action="store_true", help="fill an empty data folder with a made-up fund")
    data_dir_option(parser)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise ArgumentTypeError(f"{text!r} is not a whole number from 0 to 65535")
    return int(text)


def _serve(options: Namespace) -> int:
    gc.disable()  # while modules load there is nothing to collect, but looking for it takes a fifth of the start
    from api.server import serve

    config = config_of(options)
    config = replace(
        config,
        host=config.host if options.host is None else options.host,
        port=config.port if options.port is None else options.port,
    )
    return serve(config, demo=options.demo)


COMMANDS = [Command("serve", "run the server", "crm serve --port 8000 --data-dir ./data", _arguments, _serve)]
