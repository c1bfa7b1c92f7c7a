"""The manifest beside a backup: written once, and refused when a single bit of it has changed."""

import hashlib
import os
from pathlib import Path
from typing import Any

import msgspec

from crm_core.contracts.snapshot import FORMAT, Manifest
from crm_core.errors import Invalid

SUFFIX = ".json"


def path_of(database: Path) -> Path:
    """Where the manifest of a backup's database file lies."""
    return database.with_suffix(SUFFIX)


def sealed(manifest: Manifest) -> Manifest:
    """The manifest with the SHA-256 of everything else in it."""
    return msgspec.structs.replace(manifest, seal=hashlib.sha256(_written(manifest, seal="")).hexdigest())


def write(manifest: Manifest, path: Path) -> None:
    """Write it whole or not at all: beside its place first, on disk before it has its name."""
    write_whole(path, _written(manifest))


def write_whole(path: Path, content: bytes) -> None:
    """Put a small file in its place in one step."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(path: Path) -> Manifest:
    """A manifest that is as it was written; Invalid (`manifest_damaged`, `newer_backup`) otherwise."""
    content = path.read_bytes()
    try:
        found = msgspec.json.decode(content, type=dict[str, Any])
        if found.get("format") != FORMAT and str(found.get("format")).startswith(FORMAT.rpartition("/")[0] + "/"):
            raise Invalid(
                "newer_backup",
                f"{path.name} is of the format {found['format']}, this program reads {FORMAT}.",
                "Use the version of the CRM that made it, or a newer one.",
            )
        manifest = msgspec.convert(found, Manifest, strict=True)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _damaged(path, str(error)) from error
    if content != _written(manifest) or sealed(manifest).seal != manifest.seal:
        raise _damaged(path, "it does not say what it said when it was written")
    return manifest


def _damaged(path: Path, why: str) -> Invalid:
    return Invalid(
        "manifest_damaged",
        f"The manifest {path.name} is damaged: {why}.",
        "Use another backup; this one cannot be trusted any more.",
    )


def _written(manifest: Manifest, **changed: Any) -> bytes:
    """The one form in which a manifest is written, so that any other is a changed one."""
    plain = msgspec.to_builtins(msgspec.structs.replace(manifest, **changed))
    return msgspec.json.format(msgspec.json.encode(plain, order="sorted"), indent=1) + b"\n"
