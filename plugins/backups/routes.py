"""The routes of backups, for admins."""

import secrets
from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, delete, get, patch, post
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter, SkipValidation
from litestar.response import File, Stream

from crm_core.contracts import PluginContext
from crm_core.contracts.actor import Actor
from crm_core.contracts.change import Applied
from crm_core.contracts.snapshot import Restored, RestorePreview
from crm_core.crm import Crm
from crm_core.errors import Invalid
from plugins.backups import views
from plugins.backups.adopting import arriving, zipped
from plugins.backups.service import Backups
from plugins.backups.settings import BackupPolicy, BackupPolicyChange, change_policy, read_policy
from plugins.backups.shapes import BackupList, BackupView, PreviewRequest, RecordsRequest, RestoreRequest

ADMIN = {"access": "admin"}
GRAVE = ADMIN | {"proof": True}
"""Takes a fresh proof of who does it."""
TAGS = ["Backups (admin)"]
_BYTES = {
    200: ResponseSpec(bytes, generate_examples=False, media_type="application/octet-stream", description="The file.")
}


@dataclass
class _Upload(Operation):
    """Says in the description that the body is the file."""

    def __post_init__(self) -> None:
        file = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
        self.request_body = RequestBody(content={"application/octet-stream": file}, required=True)


@get("/api/fundraising/backup-policy", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def read_backup_policy(crm: NamedDependency[Crm]) -> BackupPolicy:
    """Whether, when and where backups are made by themselves, and how long they are kept."""
    return read_policy(crm)


@patch("/api/fundraising/backup-policy", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def change_backup_policy(
    data: JSONBody[BackupPolicyChange], crm: NamedDependency[Crm], actor: NamedDependency[Actor]
) -> BackupPolicy:
    """Replace what is given. A folder is tried at once."""
    return change_policy(crm, data, actor)


@get("/api/fundraising/backups", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def list_backups(
    ctx: NamedDependency[SkipValidation[PluginContext]],
    offset: Annotated[int, QueryParameter(ge=0, le=2**31)] = 0,
    limit: Annotated[int, QueryParameter(ge=0, le=1_000)] = 100,
) -> BackupList:
    """The backups, the newest first, what is under way, and what an admin should know."""
    return views.listing(ctx, offset, limit)


@post("/api/fundraising/backup", opt=ADMIN, tags=TAGS, status_code=201, sync_to_thread=True)
def create_backup(ctx: NamedDependency[SkipValidation[PluginContext]], actor: NamedDependency[Actor]) -> BackupView:
    """Make a backup now and prove it; the answer comes when both are done. The list shows how far it is."""
    return views.view(Backups(ctx).create(actor))


@get("/api/fundraising/backups/{backup_id:str}", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def read_backup(backup_id: FromPath[str], ctx: NamedDependency[SkipValidation[PluginContext]]) -> BackupView:
    """One backup with its certificate."""
    return views.view(Backups(ctx).shelf.entry(backup_id))


@delete("/api/fundraising/backups/{backup_id:str}", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def delete_backup(
    backup_id: FromPath[str], ctx: NamedDependency[SkipValidation[PluginContext]], actor: NamedDependency[Actor]
) -> None:
    """Take a backup away for good."""
    Backups(ctx).remove(backup_id, actor)


@post("/api/fundraising/backups/{backup_id:str}/verify", opt=ADMIN, tags=TAGS, status_code=200, sync_to_thread=True)
def verify_backup(
    backup_id: FromPath[str], ctx: NamedDependency[SkipValidation[PluginContext]], actor: NamedDependency[Actor]
) -> BackupView:
    """Restore it into a scratch folder and look at it from all sides; the certificate stands in the answer."""
    return views.view(Backups(ctx).verify(backup_id, actor))


@get("/api/fundraising/backups/{backup_id:str}/download", opt=ADMIN, tags=TAGS, responses=_BYTES, sync_to_thread=True)
def download_backup(
    backup_id: FromPath[str],
    ctx: NamedDependency[SkipValidation[PluginContext]],
    actor: NamedDependency[Actor],
    form: FromQuery[str] = "sqlite",
) -> File | Stream:
    """The database file (`form=sqlite`), or it and its manifest as one archive (`form=zip`)."""
    backup = Backups(ctx).shelf.backup(backup_id)
    ctx.crm.snapshots.log("backup.downloaded", actor, backup_id, {"form": form})
    if form == "sqlite":
        return File(path=backup.file, filename=backup.file.name, media_type="application/vnd.sqlite3")
    if form != "zip":
        raise Invalid("bad_form", "A backup is downloaded as sqlite or zip.", "Use form=sqlite or form=zip.")
    manifest = backup.file.with_suffix(".json").read_bytes()
    disposition = {"Content-Disposition": f'attachment; filename="{backup.file.stem}.zip"'}
    return Stream(zipped(backup, manifest), media_type="application/zip", headers=disposition)


@get("/api/fundraising/backups/{backup_id:str}/manifest", opt=ADMIN, tags=TAGS, responses=_BYTES, sync_to_thread=True)
def download_manifest(backup_id: FromPath[str], ctx: NamedDependency[SkipValidation[PluginContext]]) -> File:
    """The manifest as it lies beside the backup."""
    path = Backups(ctx).shelf.backup(backup_id).file.with_suffix(".json")
    return File(path=path, filename=path.name, media_type="application/json")


@post(
    "/api/fundraising/backups/upload", opt=ADMIN | {"upload": True, "proof": True}, tags=TAGS, status_code=201,
    request_max_body_size=None, operation_class=_Upload,
)  # fmt: skip
async def upload_backup(
    request: Request[Any, Any, Any], ctx: NamedDependency[SkipValidation[PluginContext]], actor: NamedDependency[Actor]
) -> BackupView:
    """Bring a backup from outside (the body is the SQLite file, or the archive of a download) and prove it."""
    with arriving(ctx.folder, f"upload-{secrets.token_hex(8)}") as arrival:
        async for block in request.stream():
            await sync_to_thread(arrival.write, block)
        arrival.close()
        return views.view(await sync_to_thread(Backups(ctx).adopt, arrival.path, actor, None))


@post("/api/fundraising/restore-preview", opt=ADMIN, tags=TAGS, status_code=200, sync_to_thread=True)
def preview_restore(
    data: JSONBody[PreviewRequest], ctx: NamedDependency[SkipValidation[PluginContext]]
) -> RestorePreview:
    """What restoring would change: rows by table with samples, versions, accounts."""
    return Backups(ctx).preview(data.backup)


@post("/api/fundraising/restore", opt=GRAVE, tags=TAGS, status_code=200, sync_to_thread=True)
def restore_backup(
    data: JSONBody[RestoreRequest], ctx: NamedDependency[SkipValidation[PluginContext]], actor: NamedDependency[Actor]
) -> Restored:
    """Put a backup in the place of the data. For some moments everything else answers 503 (`maintenance`)."""
    if data.confirm != data.backup:
        raise Invalid(
            "not_confirmed",
            "Restoring replaces all data, and the confirmation is not the backup's id.",
            "Send the id once more as confirm.",
            "/confirm",
        )
    return Backups(ctx).restore(data.backup, actor)


@post(
    "/api/fundraising/backups/{backup_id:str}/restore-records",
    opt=ADMIN,
    tags=TAGS,
    status_code=200,
    sync_to_thread=True,
)
def restore_records(
    backup_id: FromPath[str],
    data: JSONBody[RecordsRequest],
    ctx: NamedDependency[SkipValidation[PluginContext]],
    actor: NamedDependency[Actor],
) -> Applied:
    """Give single records, or some of their fields, the values of the backup: one change set that can be undone."""
    return Backups(ctx).restore_records(backup_id, data.table, data.records, data.fields, actor)


ROUTES = [
    read_backup_policy, change_backup_policy, list_backups, create_backup, upload_backup, read_backup, delete_backup,
    verify_backup, download_backup, download_manifest, preview_restore, restore_backup, restore_records,
]  # fmt: skip
