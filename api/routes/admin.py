"""What admins do with everybody's accounts: invite, make, change."""

from typing import Any

from litestar import Request, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from api.guards import ADMIN
from api.shapes import account as shapes
from crm_core import ids
from crm_core.contracts.actor import Actor
from crm_core.crm import Crm
from crm_core.services.access import OpenInvite
from crm_core.services.users import Person

TAGS = ["Accounts (admin)"]
AnyRequest = Request[Any, Any, Any]


@get("/api/admin/invites", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def list_invites(crm: NamedDependency[Crm]) -> shapes.Invites:
    """The invitations that can still be accepted, the newest first."""
    return shapes.Invites([_invite(invite) for invite in crm.access.invites.all()])


@post("/api/admin/invites", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def create_invite(
    request: AnyRequest, data: JSONBody[shapes.NewInvite], crm: NamedDependency[Crm], actor: NamedDependency[Actor]
) -> shapes.MadeInvite:
    """Invite somebody; the link is shown this once and works once, for 7 days."""
    made = crm.access.invites.create(actor, data.email, data.role)
    base = crm.config.public_url or str(request.base_url).rstrip("/")
    return shapes.MadeInvite(_invite(made.invite), f"{base}/invite?token={made.secret}")


@delete("/api/admin/invites/{invite_id:str}", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def revoke_invite(invite_id: FromPath[str], crm: NamedDependency[Crm], actor: NamedDependency[Actor]) -> None:
    """Take back an invitation that was not accepted yet."""
    crm.access.invites.revoke(actor, invite_id)


@get("/api/admin/users", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def list_accounts(crm: NamedDependency[Crm]) -> shapes.Accounts:
    """Every account, with when it was made and last used."""
    return shapes.Accounts([_account(person) for person in crm.users.everyone()])


@post("/api/admin/users", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def create_account(
    data: JSONBody[shapes.NewUser], crm: NamedDependency[Crm], actor: NamedDependency[Actor]
) -> shapes.OneAccount:
    """Make an account with a first password."""
    made = crm.access.accounts.create(actor, email=data.email, name=data.name, password=data.password, role=data.role)
    return shapes.OneAccount(_account(made))


@patch("/api/admin/users/{user_id:str}", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def change_account(
    user_id: FromPath[str], data: JSONBody[shapes.ChangeUser], crm: NamedDependency[Crm], actor: NamedDependency[Actor]
) -> shapes.OneAccount:
    """Change a name or role, or switch an account off (which signs it out everywhere) and on."""
    changed = crm.access.accounts.change(actor, user_id, name=data.name, role=data.role, active=data.active)
    return shapes.OneAccount(_account(changed))


def _invite(invite: OpenInvite) -> shapes.Invite:
    return shapes.Invite(
        invite.public_id,
        invite.email,
        invite.role,  # type: ignore[arg-type]
        invite.created_at,
        invite.expires_at,
        ids.encode("usr", invite.created_by) if invite.created_by else None,
    )


def _account(person: Person) -> shapes.Account:
    return shapes.Account(
        person.public_id,
        person.name,
        person.email,
        person.role,  # type: ignore[arg-type]
        person.active,
        person.created_at,
        person.last_seen_at,
    )


ROUTES: list[ControllerRouterHandler] = [
    list_invites,
    create_invite,
    revoke_invite,
    list_accounts,
    create_account,
    change_account,
]
