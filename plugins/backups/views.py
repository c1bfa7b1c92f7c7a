"""The backups as admins see them, and what they should know about them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from crm_core import clock
from crm_core.contracts import PluginContext
from crm_core.errors import CrmError
from plugins.backups.service import Backups
from plugins.backups.settings import BackupPolicy, folder_of, read_policy
from plugins.backups.shapes import BackupAlert, BackupList, BackupView
from plugins.backups.shelf import Entry

_OLD_HOURS = 50
_TEAMS = ("fundraising_", "tasks")


def listing(ctx: PluginContext, offset: int, limit: int) -> BackupList:
    """A page of the list, with all that the page around it shows."""
    backups, policy = Backups(ctx), read_policy(ctx.crm)
    troubles = []
    try:
        folder_of(ctx.crm, policy)
    except CrmError as error:
        troubles.append(BackupAlert(error.code, error.message))
    entries = backups.shelf.entries()
    return BackupList(
        backups=[view(entry) for entry in entries[offset : offset + limit]],
        total=len(entries),
        running=backups.turn.now(),
        alerts=[*troubles, *alerts(backups, policy, entries)],
        next_at=next_at(policy),
        folder=policy.folder or str(ctx.crm.config.data_dir / "backups"),
    )


def view(entry: Entry) -> BackupView:
    """One backup; of one whose manifest is damaged only what can be known without it."""
    manifest = entry.manifest
    if manifest is None:
        return BackupView(
            id=entry.id, state=entry.state, problem=entry.problem, size=entry.size, created_at=entry.made,
            created_by="", reason="", app="", version=0, sha256="", revisions={}, records={}, tables=0, rows=0,
            history_entries=0, files=0, proof=None,
        )  # fmt: skip
    rows = {name: content.rows for name, content in manifest.tables.items()}
    return BackupView(
        id=entry.id,
        state=entry.state,
        problem=entry.problem,
        size=entry.size,
        created_at=manifest.created_at,
        created_by=manifest.created_by,
        reason=manifest.reason,
        app=manifest.app,
        version=manifest.version,
        sha256=manifest.database.sha256,
        revisions=manifest.revisions,
        records={name: count for name, count in rows.items() if name.startswith(_TEAMS)},
        tables=len(rows),
        rows=sum(rows.values()),
        history_entries=manifest.history.entries,
        files=len(manifest.files),
        proof=entry.proof,
    )


def alerts(backups: Backups, policy: BackupPolicy, entries: list[Entry]) -> list[BackupAlert]:
    """What is wrong, the worst first."""
    found = []
    outcome = backups.outcome
    if outcome is not None and not outcome.ok and policy.enabled:
        found.append(BackupAlert("backup_failed", f"The last nightly backup failed: {outcome.problem}"))
    for entry in entries:
        if entry.state in ("failed", "damaged"):
            found.append(BackupAlert("backup_damaged", f"The backup {entry.id} cannot be trusted: {entry.problem}"))
    verified = next((e.manifest for e in entries if e.state == "verified" and e.manifest is not None), None)
    if verified is None:
        found.append(BackupAlert("no_backup", "There is no verified backup yet."))
    elif verified.created_at < clock.to_text(clock.now() - timedelta(hours=_OLD_HOURS)):
        found.append(BackupAlert("backup_old", f"The newest verified backup is of {verified.created_at[:10]}."))
    return found


def next_at(policy: BackupPolicy) -> str | None:
    """When the next backup is made by itself."""
    if not policy.enabled:
        return None
    now = clock.now().astimezone(ZoneInfo(policy.zone))
    due = now.replace(hour=policy.hour, minute=0, second=0, microsecond=0)
    return clock.to_text(due if due > now else due + timedelta(days=1))
