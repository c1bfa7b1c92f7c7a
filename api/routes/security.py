"""How safe the running system is, and what the team demands of its admins."""

from typing import Any

from litestar import Request, get, patch
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from api.auth import is_tls
from api.guards import ADMIN, PROOF
from api.shapes import security as shapes
from crm_core.contracts.actor import Actor
from crm_core.crm import Crm
from crm_core.services.access import Client, Policy
from crm_core.services.security import Seen

TAGS = ["Security (admin)"]
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-proto", "x-real-ip")
AnyRequest = Request[Any, Any, Any]


@get("/api/admin/security-status", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def show_security_status(
    request: AnyRequest, crm: NamedDependency[Crm], client: NamedDependency[Client]
) -> shapes.SecurityStatus:
    """The go-live checklist, computed now: is it safe to let others in?"""
    forwarded = any(name in request.headers for name in _FORWARDED)
    found = crm.security.status(Seen(is_tls(request), forwarded, client.address, request.app.debug))
    points = [shapes.SecurityFinding(each.key, each.title, each.state, each.detail, each.advice) for each in found]
    return shapes.SecurityStatus(all(each.state != "problem" for each in found), points)


@get("/api/admin/security-policy", opt=ADMIN, tags=TAGS, sync_to_thread=True)
def show_security_policy(crm: NamedDependency[Crm]) -> shapes.SecurityPolicy:
    """What the team demands of its admins, and which hosts of the own network plugins may reach."""
    return _policy(crm.access.policies.get())


@patch("/api/admin/security-policy", opt=ADMIN | PROOF, tags=TAGS, sync_to_thread=True)
def change_security_policy(
    data: JSONBody[shapes.ChangePolicy], crm: NamedDependency[Crm], actor: NamedDependency[Actor]
) -> shapes.SecurityPolicy:
    """Change the policy; it holds from the next request on."""
    return _policy(
        crm.access.policies.change(
            actor,
            admins_need_second_factor=data.admins_need_second_factor,
            members_need_second_factor=data.members_need_second_factor,
            allowed_hosts=data.allowed_hosts,
        )
    )


def _policy(policy: Policy) -> shapes.SecurityPolicy:
    return shapes.SecurityPolicy(
        policy.admins_need_second_factor, policy.members_need_second_factor, list(policy.allowed_hosts)
    )


ROUTES: list[ControllerRouterHandler] = [show_security_status, show_security_policy, change_security_policy]
