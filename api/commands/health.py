"""`crm migrate`, `crm openapi`, `crm healthcheck`: for whoever runs or builds the CRM."""

import sys
from argparse import ArgumentParser, Namespace

from api.commands.opening import config_of, data_dir_option
from crm_core.contracts.commands import Command


def _migrate(options: Namespace) -> int:
    from crm_core.host import Host
    from crm_core.storage.migrate import CORE, CORE_MIGRATIONS, pending
    from crm_core.storage.upgrade import prepare

    config = config_of(options)
    host = Host.discover(safe_mode=True)
    storage = host.storage(config.database_url)
    try:
        with storage.reader() as connection:
            todo = pending(connection, CORE, CORE_MIGRATIONS)
        prepare(storage, config.data_dir, host.copy)
    finally:
        storage.close()
    print(f"Migrated the core's tables: {', '.join(todo)}" if todo else "The database is up to date.")
    return 0


def _openapi(_: Namespace) -> int:
    import tempfile
    from pathlib import Path

    from api.app import create_app
    from api.openapi import as_json
    from crm_core.config import from_env

    with tempfile.TemporaryDirectory() as folder:
        app = create_app(from_env({}, data_dir=Path(folder)))
        try:
            sys.stdout.write(as_json(app).decode())
        finally:
            app.state.crm.close()
    return 0


def _healthcheck_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--url", help="the server's address (default: CRM_HOST and CRM_PORT of this machine)")


def _healthcheck(options: Namespace) -> int:
    import json
    import urllib.error
    import urllib.request

    from crm_core.config import from_env

    url = options.url
    if not url:
        config = from_env()
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(config.host, config.host)
        url = f"http://{host}:{config.port}"
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/readyz", timeout=5) as answer:
            found = json.load(answer)
    except urllib.error.HTTPError as error:
        found = json.load(error)
    except (OSError, ValueError) as error:
        print(f"crm: {url} does not answer: {error}", file=sys.stderr)
        return 1
    for check in found.get("checks", []):
        print(f"{'ok  ' if check['ok'] else 'FAIL'} {check['name']}: {check['detail']}")
    print(found.get("status", "unready"))
    return 0 if found.get("status") == "ready" else 1


COMMANDS = [
    Command("migrate", "bring the database to this program's version", "crm migrate", data_dir_option, _migrate),
    Command("openapi", "print the API's description", "crm openapi > openapi.json", lambda _: None, _openapi),
    Command(
        "healthcheck",
        "ask a running server whether it can work",
        "crm healthcheck --url http://127.0.0.1:8000",
        _healthcheck_arguments,
        _healthcheck,
    ),
]
