"""The own second factors: an authenticator app, passkeys, recovery codes; and confirming that it is still oneself."""

import io
from typing import Any

from litestar import Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from api.auth import session_cookie
from api.guards import OWN, PROOF, WITHOUT_FACTOR
from api.shapes import second_factor as shapes
from crm_core.crm import Crm
from crm_core.services.access import Challenge, Client, OwnPasskey, Proof, SignedIn, Site
from crm_core.services.access.policy import demands_factor

TAGS = ["Second factor"]
SEE = OWN | WITHOUT_FACTOR
CHANGE = OWN | WITHOUT_FACTOR | PROOF
AnyRequest = Request[Any, Any, Any]


@get("/api/me/second-factor", opt=SEE, tags=TAGS, sync_to_thread=True)
def show_second_factor(crm: NamedDependency[Crm], signed_in: NamedDependency[SignedIn]) -> shapes.SecondFactor:
    """What is set up for the own account."""
    found = crm.access.factors.of(signed_in.person.id)
    required = demands_factor(crm.access.policies.get(), signed_in.person.role)
    keys = [passkey_shape(key) for key in found.passkeys]
    return shapes.SecondFactor(found.app_since, keys, found.recovery_codes_left, required)


@post("/api/me/app", opt=CHANGE, tags=TAGS, status_code=200, sync_to_thread=True)
def begin_app(crm: NamedDependency[Crm], signed_in: NamedDependency[SignedIn]) -> shapes.NewApp:
    """A secret for an authenticator app. Nothing changes before a code of the app confirms it."""
    made = crm.access.factors.begin_app(signed_in.person, crm.settings.team().name)
    return shapes.NewApp(made.ticket, made.secret, made.address, _picture(made.address))


@post("/api/me/app/confirm", opt=CHANGE, tags=TAGS, status_code=200, sync_to_thread=True)
def confirm_app(
    data: JSONBody[shapes.ConfirmApp], crm: NamedDependency[Crm], signed_in: NamedDependency[SignedIn]
) -> shapes.RecoveryCodes:
    """Connect the app with a code it shows; with the first factor come the recovery codes."""
    return shapes.RecoveryCodes(crm.access.factors.confirm_app(signed_in.person, data.ticket, data.code))


@delete("/api/me/app", opt=CHANGE, tags=TAGS, sync_to_thread=True)
def remove_app(crm: NamedDependency[Crm], signed_in: NamedDependency[SignedIn]) -> None:
    """Disconnect the authenticator app."""
    crm.access.factors.remove_app(signed_in.person)


@post("/api/me/recovery-codes", opt=CHANGE, tags=TAGS, status_code=200, sync_to_thread=True)
def renew_recovery_codes(crm: NamedDependency[Crm], signed_in: NamedDependency[SignedIn]) -> shapes.RecoveryCodes:
    """Ten new recovery codes; those before stop working."""
    return shapes.RecoveryCodes(crm.access.factors.new_recovery_codes(signed_in.person))


@post("/api/me/passkeys/question", opt=CHANGE, tags=TAGS, status_code=200, sync_to_thread=True)
def begin_passkey(
    crm: NamedDependency[Crm], signed_in: NamedDependency[SignedIn], site: NamedDependency[Site]
) -> shapes.PasskeyQuestion:
    """What the browser needs to make a passkey for this address."""
    return question_shape(crm.access.factors.invite_passkey(signed_in.person, site, crm.settings.team().name))


@post("/api/me/passkeys", opt=CHANGE, tags=TAGS, sync_to_thread=True)
def add_passkey(
    data: JSONBody[shapes.AddPasskey],
    crm: NamedDependency[Crm],
    signed_in: NamedDependency[SignedIn],
    site: NamedDependency[Site],
) -> shapes.MadePasskey:
    """Keep the passkey that the browser made; with the first factor come the recovery codes."""
    made, codes = crm.access.factors.add_passkey(signed_in.person, data.ticket, data.credential, data.name, site)
    return shapes.MadePasskey(passkey_shape(made), codes)


@patch("/api/me/passkeys/{passkey_id:str}", opt=SEE, tags=TAGS, sync_to_thread=True)
def rename_passkey(
    passkey_id: FromPath[str],
    data: JSONBody[shapes.RenamePasskey],
    crm: NamedDependency[Crm],
    signed_in: NamedDependency[SignedIn],
) -> shapes.Passkey:
    """Give one of the own passkeys another name."""
    return passkey_shape(crm.access.factors.rename_passkey(signed_in.person, passkey_id, data.name))


@delete("/api/me/passkeys/{passkey_id:str}", opt=CHANGE, tags=TAGS, sync_to_thread=True)
def remove_passkey(passkey_id: FromPath[str], crm: NamedDependency[Crm], signed_in: NamedDependency[SignedIn]) -> None:
    """Forget one of the own passkeys."""
    crm.access.factors.remove_passkey(signed_in.person, passkey_id)


@get("/api/me/proof", opt=SEE, tags=TAGS, sync_to_thread=True)
def show_proof_ways(
    crm: NamedDependency[Crm], signed_in: NamedDependency[SignedIn], site: NamedDependency[Site]
) -> shapes.ProofWays:
    """What besides the password confirms that it is still oneself."""
    return shapes.ProofWays(crm.access.entry.ways_to_confirm(signed_in, site))


@post("/api/me/proof/question", opt=SEE, tags=TAGS, status_code=200, sync_to_thread=True)
def ask_own_passkey(
    crm: NamedDependency[Crm], signed_in: NamedDependency[SignedIn], site: NamedDependency[Site]
) -> shapes.PasskeyQuestion:
    """What the browser needs to show one of the own passkeys."""
    return question_shape(crm.access.factors.ask_passkey(signed_in.person.id, site))


@post("/api/me/proof", opt=SEE, tags=TAGS, status_code=204, sync_to_thread=True)
def confirm_myself(
    request: AnyRequest,
    data: JSONBody[shapes.Confirm],
    crm: NamedDependency[Crm],
    signed_in: NamedDependency[SignedIn],
    client: NamedDependency[Client],
    site: NamedDependency[Site],
) -> Response[None]:
    """Confirm that it is still oneself: grave acts are open for 10 minutes. The session's cookie changes."""
    proof = Proof(data.code, data.ticket, data.credential)
    opened = crm.access.entry.confirm(signed_in, data.password, proof, client, site)
    return Response(None, status_code=204, cookies=[session_cookie(request, opened)])


def question_shape(asked: Challenge) -> shapes.PasskeyQuestion:
    """A question for a passkey as it is sent."""
    return shapes.PasskeyQuestion(asked.ticket, asked.options)


def passkey_shape(key: OwnPasskey) -> shapes.Passkey:
    """A passkey as its owner sees it."""
    return shapes.Passkey(key.public_id, key.name, key.host, key.created_at, key.used_at)


def _picture(address: str) -> str:
    """The QR code as one SVG element, drawn here: no other service learns the secret."""
    import segno  # four megabytes that a start need not load

    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", xmldecl=False, svgns=True, border=2, scale=4)
    return drawn.getvalue().decode().strip()


ROUTES: list[ControllerRouterHandler] = [
    show_second_factor,
    begin_app,
    confirm_app,
    remove_app,
    renew_recovery_codes,
    begin_passkey,
    add_passkey,
    rename_passkey,
    remove_passkey,
    show_proof_ways,
    ask_own_passkey,
    confirm_myself,
]
