"""Running the web application: one server a data folder, a greeting with the setup link, an orderly end."""

import fcntl
import gc
import ipaddress
import logging
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn

from api import logs
from api.app import create_app
from crm_core.config import Config
from crm_core.crm import Crm
from crm_core.errors import Conflict, Unavailable

GRACE = 8
_log = logging.getLogger("crm.server")


def serve(config: Config, *, demo: bool = False) -> int:
    """Serve until SIGTERM or SIGINT; answers the exit code."""
    logs.to_stderr(config.log_format, config.log_level)
    with only_server(config), listening(config) as listener:
        app = create_app(config)
        crm: Crm = app.state.crm
        try:
            if demo:
                from api.demo import fill

                fill(crm)
        except BaseException:
            crm.close()
            raise
        server = _Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=bool(config.trusted_proxies),
                forwarded_allow_ips=list(config.trusted_proxies),
                timeout_graceful_shutdown=GRACE,
                timeout_keep_alive=75,
                ws_max_size=64 * 1024,
                ws_per_message_deflate=False,
                lifespan="on",
            ),
            crm,
        )
        server.run(sockets=[listener])
    return 0 if server.started else 1


class _Server(uvicorn.Server):
    """Says where it answers as soon as it does."""

    def __init__(self, config: uvicorn.Config, crm: Crm) -> None:
        super().__init__(config)
        self._crm = crm

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop in order; not dying of the signal once more at the end tells a supervisor that all went well."""
        super().handle_exit(sig, frame)
        self._captured_signals.clear()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self.servers:
            port = self.servers[0].sockets[0].getsockname()[1]
            gc.freeze()
            gc.enable()
            for line in greeting(self._crm, port):
                print(line, flush=True)


def greeting(crm: Crm, port: int) -> Iterator[str]:
    """What the server prints once it is ready."""
    config = crm.config
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.host, config.host)
    url = config.public_url or f"http://{f'[{host}]' if ':' in host else host}:{port}"
    yield f"Venture CRM is ready: {url}"
    open_to_others = not is_loopback(config.host)
    if open_to_others and not config.trusted_proxies:
        yield (
            f"Warning: it answers on {config.host} without TLS. Put a proxy with TLS in front of it and name that in"
            " CRM_TRUSTED_PROXIES, or serve on 127.0.0.1."
        )
    mode = stat.S_IMODE(config.data_dir.stat().st_mode)
    if mode & 0o077:
        yield (
            f"Warning: other users of this machine can look into the data folder {config.data_dir} (mode {mode:03o})."
            f" Close it with: chmod 700 {config.data_dir}"
        )
    if crm.access.setup.needed():
        if config.production and open_to_others and not url.startswith("https://"):
            yield (
                "There is no account yet. In production the setup link is not given out for an address without TLS:"
                " set CRM_PUBLIC_URL to the https address, or use: crm admin create"
            )
            return
        yield f"There is no account yet. Make the first one here: {url}/setup#token={crm.access.setup.fresh_secret()}"


def is_loopback(host: str) -> bool:
    """Whether only programs of this machine reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def listening(config: Config) -> Iterator[socket.socket]:
    """The socket to serve on, opened before anything else starts; Unavailable (`bad_address`) when it cannot be."""
    try:
        family, _, _, _, address = socket.getaddrinfo(config.host, config.port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as error:
        raise Unavailable(
            "bad_address",
            f"Cannot serve on {config.host}, port {config.port}: {error.strerror}.",
            "Stop what uses it, or choose another one with --host and --port.",
        ) from error
    with listener:
        yield listener


@contextmanager
def only_server(config: Config) -> Iterator[None]:
    """Hold the data folder's lock; Conflict (`already_running`) when another server does."""
    path = config.data_dir / "server.lock"
    try:
        config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Unavailable(
            "read_only",
            f"The data folder {config.data_dir} cannot be written ({error.strerror}).",
            "Give the CRM write access to it, or choose another folder with --data-dir.",
        ) from error
    with os.fdopen(descriptor, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(
                "already_running",
                f"A server already runs on the data folder {config.data_dir} (process {file.read(20).strip() or '?'}).",
                "Stop that one first, or choose another folder with --data-dir.",
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
