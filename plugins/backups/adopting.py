"""A backup from outside: a database file alone, with its manifest, or both in one archive as they were downloaded."""

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path
from typing import IO, Any, cast

from crm_core.contracts.actor import Actor
from crm_core.contracts.snapshot import Backup, Manifest
from crm_core.crm import Crm
from crm_core.errors import Invalid, TooLarge
from plugins.backups.shelf import UPLOADED, Shelf

MOST_BYTES = 8 * 2**30
"""The largest file that is taken from outside."""

_BLOCK = 1 << 20
_SQLITE = b"SQLite format 3\x00"
_MOST_MANIFEST = 64 * 2**20


def adopt(
    crm: Crm, shelf: Shelf, file: Path, given: Path | None, actor: Actor, tell: Callable[[str, float], None]
) -> Backup:
    """Put it on the shelf under a new name. With a manifest it must be the file described; without, one is made."""
    with file.open("rb") as source:
        start = source.read(len(_SQLITE))
    name, place = shelf.new()
    try:
        if start[:2] == b"PK":
            found = _unpack(crm, file, place)
        elif start == _SQLITE:
            shutil.move(file, place)
            found = crm.snapshots.read_manifest(given) if given else None
            if found is not None and given is not None:
                crm.snapshots.attachments.bring_in(found, given.parent / "files", place.parent)
        else:
            what = f"{file.name} is neither a SQLite file nor an archive with one."
            raise Invalid("not_a_backup", what, "Choose a backup that was downloaded here.")
        manifest = crm.snapshots.adopt(place, found, actor, UPLOADED, tell)
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    crm.snapshots.log("backup.created", actor, name, {"reason": UPLOADED, "size": manifest.database.size})
    return Backup(name, place, manifest)


def _unpack(crm: Crm, archive: Path, place: Path) -> Manifest | None:
    """The one database in an archive goes to `place`; the manifest is read if there is one."""
    try:
        with zipfile.ZipFile(archive) as zipped:
            top = [item for item in zipped.infolist() if "/" not in item.filename]
            databases = [item for item in top if item.filename.endswith(".sqlite3")]
            manifests = [item for item in top if item.filename.endswith(".json")]
            if len(databases) != 1 or len(manifests) > 1:
                what = "The archive does not hold one database and its manifest."
                raise Invalid("not_a_backup", what, "Choose an archive that was downloaded here.")
            with zipped.open(databases[0]) as source, place.open("wb") as target:
                _copy(source, target, MOST_BYTES)
            if not manifests:
                return None
            beside = place.with_suffix(".json.part")
            try:
                with zipped.open(manifests[0]) as source, beside.open("wb") as target:
                    _copy(source, target, _MOST_MANIFEST)
                manifest = crm.snapshots.read_manifest(beside)
                _unpack_files(crm, zipped, manifest, place)
                return manifest
            finally:
                beside.unlink(missing_ok=True)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise Invalid("not_a_backup", f"The archive cannot be read: {error}.", "Upload it again.") from error


def _unpack_files(crm: Crm, zipped: zipfile.ZipFile, manifest: Manifest, place: Path) -> None:
    """The attached files that the manifest names; nothing else of the archive, and nowhere else."""
    with tempfile.TemporaryDirectory(dir=place.parent) as folder:
        there = set(zipped.namelist())
        for number, file in enumerate(manifest.files):
            if f"files/{file.name}" not in there:
                continue
            taken = Path(folder) / str(number) / file.name
            if not taken.resolve().is_relative_to(Path(folder).resolve()):
                raise Invalid("not_a_backup", "The archive names a file outside of itself.", "Use another one.")
            taken.parent.mkdir(parents=True)
            with zipped.open(f"files/{file.name}") as source, taken.open("wb") as target:
                _copy(source, target, file.size)
            crm.snapshots.attachments.bring_in(manifest, Path(folder) / str(number), place.parent)


def _copy(source: IO[bytes], target: IO[bytes], most: int) -> None:
    done = 0
    while block := source.read(_BLOCK):
        done += len(block)
        if done > most:
            raise TooLarge("upload_too_large", f"A file in the archive is larger than {most:,} bytes.")
        target.write(block)


def zipped(backup: Backup, manifest: bytes) -> Iterator[bytes]:
    """The database file and its manifest as one archive, in pieces, without writing it anywhere."""
    pipe = _Pipe()
    with zipfile.ZipFile(cast(IO[bytes], pipe), "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(f"{backup.file.stem}.json", manifest)
        with backup.file.open("rb") as source, archive.open(backup.file.name, "w", force_zip64=True) as target:
            while block := source.read(_BLOCK):
                target.write(block)
                yield from pipe.taken()
        for file in backup.manifest.files:
            attached = backup.file.parent / "files" / file.name
            with attached.open("rb") as source, archive.open(f"files/{file.name}", "w", force_zip64=True) as target:
                while block := source.read(_BLOCK):
                    target.write(block)
                    yield from pipe.taken()
    yield from pipe.taken()


class _Pipe(RawIOBase):
    """What an archive is written to when it is sent as it grows."""

    def __init__(self) -> None:
        super().__init__()
        self._blocks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, block: Any) -> int:
        self._blocks.append(bytes(block))
        return len(block)

    def flush(self) -> None:
        """Nothing waits here."""

    def taken(self) -> Iterator[bytes]:
        blocks, self._blocks = self._blocks, []
        yield from blocks


@contextmanager
def arriving(folder: Path, name: str) -> Iterator["Arrival"]:
    """A file under way to us, gone at the end of the block unless it was moved."""
    arrival = Arrival(folder / f"{name}.part")
    try:
        yield arrival
    finally:
        arrival.close()
        arrival.path.unlink(missing_ok=True)


class Arrival:
    """A file that is written block by block; TooLarge (`upload_too_large`) beyond the limit."""

    def __init__(self, path: Path) -> None:
        self.path, self._size = path, 0
        self._file = path.open("wb")

    def write(self, block: bytes) -> None:
        self._size += len(block)
        if self._size > MOST_BYTES:
            raise TooLarge("upload_too_large", f"The file is larger than {MOST_BYTES / 2**30:.0f} GiB.")
        self._file.write(block)

    def close(self) -> None:
        self._file.close()
