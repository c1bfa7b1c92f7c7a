"""Attached files, kept beside the backups once each, by the hash of what is in them."""

import os
import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from crm_core.contracts.snapshot import FileContent, Manifest
from crm_core.errors import Invalid
from crm_core.services.snapshots.contents import hash_file

_PLACE = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}[\w.]{0,20}")
_HASH = re.compile(r"[0-9a-f]{64}")


class Attachments:
    """The data folder's `attachments`, whose files are named by their SHA-256 (with or without an ending)."""

    def __init__(self, data_dir: Path) -> None:
        self._home = data_dir / "attachments"

    def list(self) -> list[FileContent]:
        """Every file by its path below the folder; a file's name says its hash."""
        if not self._home.is_dir():
            return []
        found = [path for path in self._home.rglob("*") if path.is_file() and _HASH.match(path.name)]
        return sorted(
            (FileContent(str(path.relative_to(self._home)), path.stat().st_size, path.name[:64]) for path in found),
            key=lambda file: file.name,
        )

    def keep(self, manifest: Manifest, folder: Path) -> None:
        """Have each file beside the backups: the same file by another name where the disk allows, else a copy."""
        for file in manifest.files:
            _put(self._home / file.name, folder / "files" / file.name)

    def bring_in(self, manifest: Manifest, source: Path, folder: Path) -> None:
        """Have the files of a backup from elsewhere beside the backups; `source` is where its own lie."""
        for file in manifest.files:
            if _PLACE.fullmatch(file.name) and (source / file.name).is_file():
                _put(source / file.name, folder / "files" / file.name)

    def bring_back(self, manifest: Manifest, folder: Path) -> None:
        """Bring back what is missing from the data folder; Invalid (`backup_damaged`) when it is not what it was."""
        for file in manifest.files:
            if _PLACE.fullmatch(file.name) and not (self._home / file.name).exists():
                _check(folder / "files" / file.name, file)
                _put(folder / "files" / file.name, self._home / file.name)

    def check(self, manifest: Manifest, folder: Path) -> str:
        """Read every file again; Invalid (`backup_damaged`) for one that is missing or changed."""
        for file in manifest.files:
            _check(folder / "files" / file.name, file)
        return f"{len(manifest.files):,} attached files, each with its hash"

    def tidy(self, manifests: Iterable[Manifest], folder: Path) -> None:
        """Take away what no backup names any more."""
        wanted = {file.name for manifest in manifests for file in manifest.files}
        home = folder / "files"
        for path in home.rglob("*") if home.is_dir() else ():
            if path.is_file() and str(path.relative_to(home)) not in wanted:
                path.unlink()


def _check(path: Path, file: FileContent) -> None:
    if not path.is_file() or hash_file(path, file.name) != file:
        raise Invalid("backup_damaged", f"The attached file {file.name} is missing or changed.", "Use another backup.")


def _put(source: Path, target: Path) -> None:
    if target.exists():
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with suppress(FileNotFoundError):
        part.unlink()
    try:
        os.link(source, part)
    except OSError:  # another disk
        shutil.copyfile(source, part)
    part.replace(target)
