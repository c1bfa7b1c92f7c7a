"""The backups on disk: find, name, take away. A backup is there when its manifest is, which is written last."""

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import msgspec

from crm_core import clock
from crm_core.contracts.snapshot import Backup, Manifest, Proof
from crm_core.crm import Crm
from crm_core.errors import CrmError, NotFound
from plugins.backups.settings import BackupPolicy, folder_of, read_policy

PREFIX = "venture-crm-"
DATABASE, PROOF = ".sqlite3", ".proof.json"
NIGHTLY, MANUAL, SAFETY, UPLOADED = "nightly", "manual", "before-restore", "uploaded"
_NAME = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
_BY_ITSELF = (NIGHTLY, SAFETY)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One backup: `state` is verified, unverified or failed (its proof did not hold), damaged (its manifest is).

    `proof` is the certificate of the last restore of it into a scratch folder; `problem` says in words what is wrong.
    """

    id: str
    state: str
    size: int
    problem: str = ""
    manifest: Manifest | None = None
    proof: Proof | None = None

    @property
    def made(self) -> str:
        """When it was made, by its manifest; where that is damaged, by its name."""
        if self.manifest is not None:
            return self.manifest.created_at
        day, time = self.id[:8], self.id[9:15]
        return f"{day[:4]}-{day[4:6]}-{day[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}.000Z"


class Shelf:
    """The folder that the policy names, and the data folder's own, where backups may lie from before."""

    def __init__(self, crm: Crm) -> None:
        self._crm = crm

    def new(self) -> tuple[str, Path]:
        """A name for a new backup, and where its database file goes."""
        name = f"{re.sub(r'[-:]', '', clock.now_text())[:15].replace('T', '-')}-{secrets.token_hex(3)}"
        return name, folder_of(self._crm, read_policy(self._crm)) / f"{PREFIX}{name}{DATABASE}"

    def entries(self) -> list[Entry]:
        """Every backup, the newest first."""
        found = {name: path for path in self._manifests() if (name := _name_of(path))}
        entries = [self._entry(name, place) for name, place in found.items()]
        return sorted(entries, key=lambda entry: (entry.made, entry.id), reverse=True)

    def entry(self, name: str) -> Entry:
        """One backup; NotFound (`unknown_backup`)."""
        return self._entry(name, self._place(name))

    def backup(self, name: str) -> Backup:
        """One backup to work with; NotFound (`unknown_backup`), Invalid (`manifest_damaged`)."""
        place = self._place(name)
        return Backup(name, _database(place), self._crm.snapshots.read_manifest(place))

    def file(self, name: str) -> Path:
        """The database file of a backup, which may be damaged."""
        return _database(self._place(name))

    def put_proof(self, name: str, proof: Proof) -> None:
        """Keep the certificate beside the backup."""
        content = msgspec.json.format(msgspec.json.encode(proof), indent=1)
        self._crm.snapshots.write_whole(_proof(self._place(name)), content)

    def remove(self, name: str) -> None:
        """Take a backup away: the manifest first, so that it is not listed while the rest goes."""
        place = self._place(name)
        for path in (place, _proof(place), _database(place)):
            path.unlink(missing_ok=True)
        self.tidy()

    def prune(self, policy: BackupPolicy) -> list[str]:
        """Take away what the policy keeps no longer; answers the names."""
        entries = self.entries()
        gone = outlived(entries, policy, clock.to_text(clock.now() - timedelta(days=policy.keep_days)))
        for name in gone:
            self.remove(name)
        return gone

    def tidy(self) -> None:
        """Take away what a crash left half written, and attached files that no backup names any more."""
        for folder in self._folders():
            for path in folder.glob(f"{PREFIX}*"):
                half = path.name.endswith(DATABASE) and not path.with_suffix(".json").exists()
                if ".part" in path.name or half:
                    path.unlink(missing_ok=True)
            manifests = [entry.manifest for entry in self.entries()]
            if None not in manifests:
                self._crm.snapshots.attachments.tidy([m for m in manifests if m is not None], folder)

    def _folders(self) -> Sequence[Path]:
        own = self._crm.config.data_dir / "backups"
        named = read_policy(self._crm).folder
        return [folder for folder in dict.fromkeys((Path(named) if named else own, own)) if folder.is_dir()]

    def _manifests(self) -> Iterator[Path]:
        for folder in reversed(self._folders()):
            yield from folder.glob(f"{PREFIX}*.json")

    def _place(self, name: str) -> Path:
        """Where a backup's manifest lies; the name comes from outside and is checked before it meets a path."""
        if _NAME.fullmatch(name):
            for folder in self._folders():
                path = folder / f"{PREFIX}{name}.json"
                if path.is_file():
                    return path
        raise NotFound("unknown_backup", f"There is no backup {name[:40]!r}.", "It may have been taken away.")

    def _entry(self, name: str, place: Path) -> Entry:
        database = _database(place)
        size = database.stat().st_size if database.is_file() else 0
        try:
            manifest = self._crm.snapshots.read_manifest(place)
        except (CrmError, OSError) as error:
            problem = error.message if isinstance(error, CrmError) else str(error)
            return Entry(id=name, state="damaged", size=size, problem=problem)
        proof = None
        with suppress(OSError, msgspec.MsgspecError):
            proof = msgspec.json.decode(_proof(place).read_bytes(), type=Proof)
        if size != manifest.database.size:
            problem = f"The file has {size:,} bytes, the manifest says {manifest.database.size:,}."
            return Entry(id=name, state="damaged", size=size, problem=problem, manifest=manifest, proof=proof)
        if proof is None:
            return Entry(id=name, state="unverified", size=size, manifest=manifest)
        problem = "; ".join(step.detail for step in proof.steps if not step.ok)
        state = "verified" if proof.ok else "failed"
        return Entry(id=name, state=state, size=size, problem=problem, manifest=manifest, proof=proof)


def outlived(entries: Sequence[Entry], policy: BackupPolicy, oldest: str) -> list[str]:
    """The names of the backups that a policy keeps no longer, of `entries` with the newest first.

    Only what was made by itself goes; what a person made or brought stays until a person takes it away.
    """
    verified = next((entry.id for entry in entries if entry.state == "verified"), None)
    by_itself = [entry for entry in entries if entry.manifest is not None and entry.manifest.reason in _BY_ITSELF]
    return [
        entry.id
        for number, entry in enumerate(by_itself)
        if entry.id != verified
        and entry.manifest is not None
        and (number >= policy.keep_count or (policy.keep_days and entry.manifest.created_at < oldest))
    ]


def _name_of(path: Path) -> str:
    name = path.name.removeprefix(PREFIX).removesuffix(".json")
    return name if _NAME.fullmatch(name) else ""


def _database(place: Path) -> Path:
    return place.with_suffix(DATABASE)


def _proof(place: Path) -> Path:
    return place.with_suffix(PROOF)
