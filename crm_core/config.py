"""Environment variables to one frozen Config, read once at start.

Every variable is documented in `docs/reference/config.md` (a house test compares). Settings that people change while
the CRM runs do not belong here: they live in `app_settings`; variables only seed their first value.
"""

import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crm_core.errors import Invalid

MIN_SECRET = 32


@dataclass(frozen=True, slots=True)
class Config:
    """How this process was started. `secret_key` never appears in logs, exports or answers."""

    data_dir: Path
    database_url: str
    env: str = "development"
    secret_key: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    safe_mode: bool = False
    time_zone: str = "UTC"
    currency: str = "EUR"
    max_body_mb: int = 16
    max_upload_mb: int = 256
    max_attachment_mb: int = 100
    writes_per_minute: int = 120_000
    log_format: str = "text"
    log_level: str = "warning"

    @property
    def production(self) -> bool:
        return self.env == "production"


def from_env(environ: Mapping[str, str] | None = None, *, data_dir: Path | None = None) -> Config:
    """Read the variables; raise Invalid (code `bad_config`) naming the variable and what it should be."""
    env = os.environ if environ is None else environ
    folder = data_dir or Path(env.get("CRM_DATA_DIR", "./data"))
    name = env.get("CRM_ENV", "development")
    if name not in ("development", "production"):
        raise _bad("CRM_ENV", f"is {name!r}", "Use development or production.")
    return Config(
        data_dir=folder,
        database_url=env.get("CRM_DATABASE_URL", "") or f"sqlite:///{(folder / 'crm.sqlite3').resolve()}",
        env=name,
        secret_key=_secret(env, name, folder),
        host=env.get("CRM_HOST", "127.0.0.1"),
        port=_integer(env, "CRM_PORT", 8000, 0, 65535),
        public_url=env.get("CRM_PUBLIC_URL", "").rstrip("/"),
        cors_origins=_origins(env),
        trusted_proxies=_proxies(env),
        safe_mode=env.get("CRM_SAFE_MODE", "") in ("1", "true", "yes"),
        time_zone=_zone(env),
        currency=env.get("CRM_CURRENCY", "EUR").upper(),
        max_body_mb=_integer(env, "CRM_MAX_BODY_MB", 16, 1, 1024),
        max_upload_mb=_integer(env, "CRM_MAX_UPLOAD_MB", 256, 1, 65536),
        max_attachment_mb=_integer(env, "CRM_MAX_ATTACHMENT_MB", 100, 1, 65536),
        writes_per_minute=_integer(env, "CRM_WRITES_PER_MINUTE", 120_000, 1, 10_000_000),
        log_format=_one_of(env, "CRM_LOG_FORMAT", "text", "json"),
        log_level=_one_of(env, "CRM_LOG_LEVEL", "warning", "debug", "info", "error"),
    )


def _secret(env: Mapping[str, str], name: str, folder: Path) -> str:
    """The key from the environment; outside production one is made once and kept in the data folder."""
    given = env.get("CRM_SECRET_KEY", "")
    if name == "production":
        if len(given) < MIN_SECRET or len(set(given)) < 10:
            raise _bad(
                "CRM_SECRET_KEY",
                "is missing or weak, and CRM_ENV is production",
                f"Set at least {MIN_SECRET} random characters, for example from: openssl rand -base64 48",
            )
        return given
    if given:
        return given
    path = folder / "secret.key"
    if path.exists():
        return path.read_text().strip()
    made = secrets.token_urlsafe(48)
    try:
        if folder.exists() and not folder.is_dir():
            raise NotADirectoryError(0, "it is a file")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(made + "\n")
    except FileExistsError:
        return path.read_text().strip()
    except OSError as error:
        raise _bad(
            "CRM_DATA_DIR", f"{folder} cannot be written ({error.strerror})", "Choose a writable folder."
        ) from error
    return made


def _one_of(env: Mapping[str, str], name: str, default: str, *others: str) -> str:
    value = env.get(name, "").lower() or default
    if value not in (default, *others):
        raise _bad(name, f"is {value[:40]!r}", f"Use one of: {', '.join((default, *others))}.")
    return value


def _integer(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise _bad(name, f"is {text!r}", f"Use a whole number from {least} to {most}.")
    return int(text)


def _origins(env: Mapping[str, str]) -> tuple[str, ...]:
    origins = tuple(part.strip().rstrip("/") for part in env.get("CRM_CORS_ORIGIN", "").split(",") if part.strip())
    for origin in origins:
        if origin == "*" or not origin.startswith(("http://", "https://")):
            raise _bad(
                "CRM_CORS_ORIGIN",
                f"has {origin!r}",
                "Name origins such as https://crm.example.org, separated by commas.",
            )
    return origins


def _proxies(env: Mapping[str, str]) -> tuple[str, ...]:
    proxies = tuple(part.strip() for part in env.get("CRM_TRUSTED_PROXIES", "").split(",") if part.strip())
    for proxy in proxies:
        try:
            ipaddress.ip_network(proxy, strict=False)
        except ValueError as error:
            raise _bad(
                "CRM_TRUSTED_PROXIES", f"has {proxy!r}", "Use addresses or networks such as 10.0.0.0/8."
            ) from error
    return proxies


def _zone(env: Mapping[str, str]) -> str:
    name = env.get("CRM_TIME_ZONE", "UTC")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise _bad("CRM_TIME_ZONE", f"is {name!r}", "Use an IANA name such as Europe/Berlin.") from error
    return name


def _bad(variable: str, what: str, hint: str) -> Invalid:
    return Invalid("bad_config", f"The environment variable {variable} {what}.", hint)
