"""Make backups, prove them, and put them back."""

from collections.abc import Sequence
from pathlib import Path

from crm_core import clock
from crm_core.contracts import PluginContext
from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.contracts.change import Applied
from crm_core.contracts.snapshot import Backup, Proof, Restored, RestorePreview
from crm_core.errors import CrmError, Invalid
from plugins.backups.adopting import adopt
from plugins.backups.outcome import Outcome, note, noted
from plugins.backups.settings import KEY, read_policy
from plugins.backups.shelf import MANUAL, NIGHTLY, SAFETY, Entry, Shelf
from plugins.backups.turn import Turn, Work


class Backups:
    """What the routes, the commands and the nightly job do; one backup, proof or restore at a time."""

    def __init__(self, ctx: PluginContext) -> None:
        self._ctx, self._crm = ctx, ctx.crm
        self.folder = ctx.folder
        self.shelf = Shelf(ctx.crm)
        self.turn = Turn(ctx.folder)

    @property
    def outcome(self) -> Outcome | None:
        """What became of the last backup that was made by itself."""
        return noted(self._ctx.folder)

    def create(self, actor: Actor, reason: str = MANUAL) -> Entry:
        """Make a backup and prove it; the proof's verdict stands in the answer. Raises when none could be made."""
        with self.turn.taken("backup", "", actor.name) as work:
            self.shelf.tidy()
            backup = self._make(actor, reason, work)
            self._prove(backup, actor, work)
            return self.shelf.entry(backup.name)

    def nightly(self) -> str:
        """What the job does: make one, prove it, take away what is kept no longer. A failure is told to the admins."""
        try:
            entry = self.create(SYSTEM, NIGHTLY)
        except CrmError as error:
            note(self._ctx.folder, Outcome(clock.now_text(), False, error.message))
            self._crm.snapshots.log("backup.failed", SYSTEM, "", {"reason": NIGHTLY, "problem": error.message})
            raise
        ok = entry.state == "verified"
        note(self._ctx.folder, Outcome(clock.now_text(), ok, entry.problem))
        if not ok:  # nothing older is taken away for one that does not hold
            raise Invalid("backup_failed", f"The backup {entry.id} did not pass its proof: {entry.problem}")
        self.reread()
        gone = self.shelf.prune(read_policy(self._crm))
        for name in gone:
            self._crm.snapshots.log("backup.deleted", SYSTEM, name, {"reason": "policy"})
        return f"{entry.id}: {entry.size:,} bytes, verified; {len(gone)} older ones taken away"

    def reread(self) -> list[str]:
        """Read every verified backup's file again: disks forget. Answers the names of those that no longer hold."""
        lost = []
        with self.turn.taken("verify", "", SYSTEM.name) as work:
            for entry in [entry for entry in self.shelf.entries() if entry.state == "verified"]:
                work.about(entry.id)
                work.tell("file", 0.0)
                proof = self._crm.snapshots.reread(self.shelf.backup(entry.id))
                if proof is not None:
                    lost.append(entry.id)
                    self.shelf.put_proof(entry.id, proof)
                    self._tell_failed(entry.id, proof, SYSTEM)
        return lost

    def verify(self, name: str, actor: Actor) -> Entry:
        """Prove a backup again."""
        with self.turn.taken("verify", name, actor.name) as work:
            self._prove(self.shelf.backup(name), actor, work)
        return self.shelf.entry(name)

    def remove(self, name: str, actor: Actor) -> None:
        """Take a backup away for good."""
        with self.turn.taken("delete", name, actor.name):
            self.shelf.remove(name)
        self._crm.snapshots.log("backup.deleted", actor, name, {"reason": MANUAL})

    def preview(self, name: str) -> RestorePreview:
        """What restoring would change."""
        return self._crm.snapshots.compare(self.shelf.backup(name))

    def restore(self, name: str, actor: Actor) -> Restored:
        """Put a backup in the place of the data, after a backup of what is there now."""
        with self.turn.taken("restore", name, actor.name) as work:
            backup = self.shelf.backup(name)
            made: list[Backup] = []

            def safety() -> Backup:
                made.append(self._make(actor, SAFETY, work))
                return made[0]

            restored = self._crm.snapshots.restore(backup, actor, safety, settings=(KEY,), tell=work.tell)
            work.about(made[0].name)
            try:
                self._prove(made[0], actor, work)
            except CrmError as error:  # the restore stands; only the proof of the backup before it could not be made
                self._ctx.log.warning("The backup %s is not verified: %s", made[0].name, error)
            return restored

    def restore_records(
        self, name: str, table: str, records: Sequence[str], fields: Sequence[str] | None, actor: Actor
    ) -> Applied:
        """Give single records, or some of their fields, the values of a backup."""
        return self._crm.snapshots.restore_records(self.shelf.backup(name), table, records, fields, actor)

    def adopt(self, file: Path, actor: Actor, given: Path | None) -> Entry:
        """Put a database file from outside on the shelf (it is moved), with its manifest if that came along.

        Invalid when it is no backup or does not pass its proof; nothing of it stays then.
        """
        with self.turn.taken("upload", "", actor.name) as work:
            backup = adopt(self._crm, self.shelf, file, given, actor, work.tell)
            work.about(backup.name)
            proof = self._prove(backup, actor, work)
            if not proof.ok:
                problem = self.shelf.entry(backup.name).problem
                self.shelf.remove(backup.name)
                raise Invalid("backup_damaged", f"The file did not pass its proof: {problem}", "Bring another one.")
            return self.shelf.entry(backup.name)

    def _make(self, actor: Actor, reason: str, work: Work) -> Backup:
        name, file = self.shelf.new()
        work.about(name)
        manifest = self._crm.snapshots.take(file, actor, reason, work.tell)
        if reason != SAFETY:  # nobody but the restore may write now
            data = {"reason": reason, "size": manifest.database.size, "version": manifest.version}
            self._crm.snapshots.log("backup.created", actor, name, data)
        return Backup(name, file, manifest)

    def _prove(self, backup: Backup, actor: Actor, work: Work) -> Proof:
        proof = self._crm.snapshots.prove(backup, work.tell)
        self.shelf.put_proof(backup.name, proof)
        if proof.ok:
            self._crm.snapshots.log("backup.verified", actor, backup.name, {"seconds": proof.seconds})
        else:
            self._tell_failed(backup.name, proof, actor)
        return proof

    def _tell_failed(self, name: str, proof: Proof, actor: Actor) -> None:
        problem = "; ".join(step.detail for step in proof.steps if not step.ok)
        self._crm.snapshots.log("backup.failed", actor, name, {"problem": problem})
        self._ctx.log.error("The backup %s did not pass its proof: %s", name, problem)
