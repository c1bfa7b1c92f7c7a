"""The checklist's points about this process: key, mode, network, files."""

import ipaddress
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from crm_core.config import MIN_SECRET, Config
from crm_core.services.security.finding import Finding, Seen

_OPENSSL = "Make one with: openssl rand -base64 48"


def findings(config: Config, seen: Seen) -> Iterator[Finding]:
    """Every point about the process."""
    yield _key(config)
    yield _mode(config, seen)
    yield _tls(config, seen)
    yield _address(config)
    yield _proxies(config, seen)
    yield _origins(config)
    yield _files(config)
    yield _user()


def _key(config: Config) -> Finding:
    key, title = "secret_key", "Secret key"
    kept = config.data_dir / "secret.key"
    if len(config.secret_key) < MIN_SECRET or len(set(config.secret_key)) < 10:
        text = f"It has only {len(config.secret_key)} characters, or few different ones."
        return Finding(key, title, "problem", text, f"Set CRM_SECRET_KEY to a long random text. {_OPENSSL}")
    if kept.is_file() and kept.read_text().strip() == config.secret_key:
        return Finding(
            key,
            title,
            "attention",
            "It is long and random, but lies beside the data it protects, in secret.key of the data folder.",
            "Move its text into CRM_SECRET_KEY in the environment of the service, and delete the file.",
        )
    return Finding(key, title, "ok", "It is long and comes from the environment.")


def _mode(config: Config, seen: Seen) -> Finding:
    key, title = "production", "Production mode"
    if seen.debug:
        text = "The debug mode is on: errors show the inside of the program."
        return Finding(key, title, "problem", text, "Start it with `crm serve`, which never switches that on.")
    if config.safe_mode:
        text = "The CRM runs in safe mode, with every plugin off but storage."
        return Finding(key, title, "attention", text, "Once the cause is found, start it without CRM_SAFE_MODE.")
    if not config.production:
        text = (
            "CRM_ENV is development: a weak secret key would be accepted, and browsers are not told to insist on TLS."
        )
        return Finding(key, title, "attention", text, "Set CRM_ENV=production.")
    return Finding(key, title, "ok", "CRM_ENV is production, and the debug mode is off.")


def _tls(config: Config, seen: Seen) -> Finding:
    key, title = "tls", "Encrypted connections (TLS)"
    if seen.tls:
        return Finding(key, title, "ok", "This page came over TLS.")
    if _is_local(seen.address) and _is_local(config.host):
        text = "This page came without TLS, from the machine that the CRM runs on."
        advice = "Put a proxy with TLS in front before others use it, or a private network such as Tailscale."
        return Finding(key, title, "attention", text, advice)
    text = f"This page came without TLS from {seen.address or 'another machine'}: passwords can be read on the way."
    advice = "Put a proxy with TLS in front, and name it in CRM_TRUSTED_PROXIES."
    return Finding(key, title, "problem", text, advice)


def _address(config: Config) -> Finding:
    key, title = "bind_address", "Address it serves on"
    if _is_local(config.host):
        return Finding(key, title, "ok", f"{config.host}: only programs of this machine reach it directly.")
    if config.trusted_proxies:
        text = f"{config.host}: other machines reach it without the proxy."
        advice = "If the proxy runs on this machine, serve on 127.0.0.1; else let the firewall admit the proxy alone."
        return Finding(key, title, "attention", text, advice)
    text = f"{config.host}: every machine of the network reaches it, without TLS."
    return Finding(key, title, "problem", text, "Serve on 127.0.0.1 (CRM_HOST) behind a proxy with TLS.")


def _proxies(config: Config, seen: Seen) -> Finding:
    key, title = "proxies", "Forwarded headers"
    wide = [text for text in config.trusted_proxies if ipaddress.ip_network(text, strict=False).prefixlen < 8]
    if wide:
        text = f"{', '.join(wide)} trusts a large part of the internet to say who calls."
        return Finding(key, title, "problem", text, "Name only your proxy's address in CRM_TRUSTED_PROXIES.")
    if seen.forwarded and not config.trusted_proxies:
        text = "A proxy is in front, but is not trusted: every caller seems to come from its address."
        advice = "Name the proxy's address in CRM_TRUSTED_PROXIES; limits by address then count the real callers."
        return Finding(key, title, "attention", text, advice)
    if config.trusted_proxies:
        return Finding(key, title, "ok", f"Believed only from {', '.join(config.trusted_proxies)}.")
    return Finding(key, title, "ok", "Believed from nobody, and none came.")


def _origins(config: Config) -> Finding:
    key, title = "cors", "Foreign pages (CORS)"
    if not config.cors_origins:
        return Finding(key, title, "ok", "Pages of other sites may not use the API.")
    plain = [origin for origin in config.cors_origins if origin.startswith("http://")]
    if plain:
        text = f"Pages of {', '.join(plain)} may act for whoever is signed in, and anybody on the way can change them."
        return Finding(key, title, "problem", text, "Name only https origins in CRM_CORS_ORIGIN.")
    text = f"Pages of {', '.join(config.cors_origins)} may act for whoever is signed in."
    return Finding(key, title, "attention", text, "Keep in CRM_CORS_ORIGIN only sites that you run yourself.")


def _files(config: Config) -> Finding:
    key, title = "files", "Files of the data folder"
    paths = [config.data_dir, *sorted(config.data_dir.glob("*")), *sorted(config.data_dir.glob("*/*"))]
    if not _mode_of(config.data_dir) & 0o077:
        open_files: list[Path] = []  # nobody else comes into the folder, so the files inside do not matter
    else:
        open_files = [path for path in paths if _mode_of(path) & 0o077]
    if open_files:
        modes = ", ".join(f"{path.name} ({_mode_of(path):03o})" for path in open_files[:4])
        text = f"Other users of the machine can look into {len(open_files)} of them: {modes}."
        return Finding(key, title, "problem", text, f"Close it with: chmod -R go= {config.data_dir}")
    return Finding(key, title, "ok", "Only the user that the CRM runs as can read them.")


def _user() -> Finding:
    key, title = "user", "User of the service"
    if os.geteuid() == 0:
        text = "The CRM runs as root, so a flaw in it would give away the whole machine."
        advice = "Run it as a user of its own. (In a container without further rights, root is a user of its own.)"
        return Finding(key, title, "attention", text, advice)
    return Finding(key, title, "ok", "The CRM runs as an ordinary user.")


def _mode_of(path: Path) -> int:
    try:
        return stat.S_IMODE(path.lstat().st_mode) if not path.is_symlink() else 0
    except OSError:  # gone meanwhile, as files beside a database may be
        return 0


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
