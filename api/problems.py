"""Every error as `application/problem+json`, by one table from kinds of errors to status codes."""

import logging
import re
import secrets
import traceback
from collections.abc import Mapping
from typing import Any

from litestar import Request, Response
from litestar.concurrency import sync_to_thread
from litestar.exceptions import HTTPException, SerializationException, ValidationException
from litestar.types import ExceptionHandlersMap, Scope

from api.logs import REQUEST
from api.shapes.changes import NO_CONTROLS
from crm_core.contracts.actor import Actor
from crm_core.errors import (
    Conflict,
    CrmError,
    Fault,
    Invalid,
    NotFound,
    PluginProblem,
    Refused,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
)

STATUS: Mapping[type[CrmError], int] = {
    NotFound: 404,
    Conflict: 409,
    Unauthenticated: 401,
    TooMany: 429,
    Refused: 403,
    TooLarge: 413,
    Invalid: 400,
    PluginProblem: 409,
    Unavailable: 503,
}
STATUS_OF_CODE: Mapping[str, int] = {"disk_full": 507, "wrong_content_type": 415}
TITLES = {
    400: "The request cannot be taken",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    415: "Wrong type of body",
    429: "Too many requests",
    500: "Internal error",
    503: "Not available now",
    507: "Disk full",
}
_PATH = re.compile(r"\s*-?\s*at `\$?(.*)`$")
_MEANT = {
    f"Expected `str` matching regex {NO_CONTROLS!r}": "Control characters cannot stand here; tabs and new lines can"
}
_log = logging.getLogger("crm.api")
PROBLEM_JSON = "application/problem+json"
_NO_DENIAL = frozenset({"not_signed_in", "bad_credentials", "proof_needed", "ticket_gone"})
AnyRequest = Request[Any, Any, Any]


def status_of(error: CrmError) -> int:
    """The HTTP status for an error: its code's, else its nearest class's."""
    if error.code in STATUS_OF_CODE:
        return STATUS_OF_CODE[error.code]
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def problem(error: CrmError, status: int | None = None, headers: Mapping[str, str] | None = None) -> Response[Any]:
    """An error as an answer."""
    status = status or status_of(error)
    body: dict[str, Any] = {
        "type": f"urn:venture-crm:{error.code}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "code": error.code,
        "detail": error.message,
        "hint": error.hint,
    }
    if REQUEST.get():
        body["request"] = REQUEST.get()
    if error.pointer:
        body["pointer"] = error.pointer
    if error.faults:
        body["errors"] = [{"code": f.code, "detail": f.detail, "pointer": f.pointer} for f in error.faults]
    sent = dict(headers or {})
    if "retry_after" in error.extra:
        sent["Retry-After"] = str(error.extra["retry_after"])
    if status == 401:
        sent["WWW-Authenticate"] = 'Bearer realm="Venture CRM"'
    return Response({**error.extra, **body}, status_code=status, media_type=PROBLEM_JSON, headers=sent)


def from_crm(_: AnyRequest, error: CrmError) -> Response[Any]:
    """A refusal of the core."""
    return problem(error)


def from_litestar(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """A refusal of the web framework, in our words."""
    found: CrmError
    if isinstance(error, ValidationException):
        found = _invalid(error)
    elif error.status_code == 404:
        found = NotFound(
            "unknown_route", f"There is nothing at {request.url.path[:200]}.", "See docs/reference/http.md."
        )
    elif error.status_code == 405:
        found = Invalid(
            "wrong_method", f"{request.method} is not possible here.", "The Allow header names what is.", extra={}
        )
    elif error.status_code == 413:
        found = TooLarge("body_too_large", "The body is larger than this server accepts.", "Send it in parts.")
    elif isinstance(error.__cause__, SerializationException):
        found = Invalid("bad_json", f"The body is not JSON: {error.detail[:200]}.", "Send one JSON document in UTF-8.")
    elif error.status_code < 500:
        found = Invalid("bad_request", str(error.detail)[:300], "Check the request against /api/schema.")
    else:
        return unexpected(request, error)
    return problem(found, error.status_code, error.headers)


def unexpected(request: AnyRequest, error: Exception) -> Response[Any]:
    """A defect of ours: logged with its trace under an id, which is all that the client sees."""
    if _while_decoding(error):
        reason = "nested too deep" if isinstance(error, RecursionError) else "not encoded as UTF-8"
        return problem(Invalid("bad_json", f"The body is {reason}.", "Send one plain JSON document in UTF-8."))
    if not isinstance(error, HTTPException) and (found := _explained(request, error)) is not None:
        return problem(found)
    number = REQUEST.get() or secrets.token_hex(8)
    route = request.scope.get("path_template") or "(no route)"
    _log.error("Request %s failed: %s %s", number, request.method, route, exc_info=error)
    return problem(
        CrmError(
            "internal_error",
            "Something went wrong inside the CRM.",
            f"Try again. If it stays, tell the person who runs this CRM the number {number}.",
            extra={"request": number},
        ),
        500,
    )


def _while_decoding(error: Exception) -> bool:
    """Whether the body's decoder raised an error that Litestar does not know."""
    if not isinstance(error, RecursionError | UnicodeError):
        return False
    return any(frame.f_code.co_name == "decode_json" for frame, _ in traceback.walk_tb(error.__traceback__))


def _explained(request: AnyRequest, error: Exception) -> CrmError | None:
    """A database error that slipped through outside a unit of work."""
    crm = request.app.state.get("crm")
    found: CrmError | None = crm.units.storage.explain(error) if crm else None
    return found


def _invalid(error: ValidationException) -> CrmError:
    """A body or parameter of the wrong shape: one fault for each part."""
    extra: Any = error.extra if isinstance(error.extra, list) else []
    faults = []
    for part in extra:
        source, key = part.get("source", ""), str(part.get("key", ""))
        source = getattr(source, "value", source)  # a member of an enumeration, which would show by its Python name
        text = str(part.get("message", "")).strip() or "cannot be taken"
        path = "" if source != "body" or key == "data" else key
        match = _PATH.search(text)
        if match:
            path, text = match[1], text[: match.start()].strip()
        pointer = _pointer(path) if source == "body" else f"{source}:{key}" if source else key
        faults.append(Fault("invalid_value", _MEANT.get(text, text), pointer))
    first = faults[0] if faults else Fault("invalid_value", str(error.detail), "")
    where = f" ({first.pointer})" if first.pointer else ""
    return Invalid(
        "invalid_request",
        f"{first.detail}{where}",
        "Check the request against /api/schema.",
        pointer=first.pointer,
        faults=faults,
    )


def _pointer(path: str) -> str:
    """`data.ops[0].table` or `.ops[0].table` as the JSON pointer `/ops/0/table`."""
    return "".join(f"/{part}" for part in re.split(r"[.\[\]]+", path) if part)


async def tell_denied(error: Exception, scope: Scope) -> None:
    """Put a refusal into the audit log: who tried what they may not do, or from where when it is nobody we know.

    A wrong password has an event of its own, and a page that asks who is signed in before anybody is, is no event.
    """
    if isinstance(error, Refused) and error.code not in _NO_DENIAL:
        actor = scope.get("user")
        client = scope.get("client")
        address = client[0] if client else ""
        data = {"code": error.code, "address": address, "method": scope.get("method", "")}
        who = actor if isinstance(actor, Actor) else None
        await sync_to_thread(scope["litestar_app"].state.crm.access.denied, who, scope["path"][:200], data)


HANDLERS: ExceptionHandlersMap = {
    CrmError: from_crm,
    HTTPException: from_litestar,
    Exception: unexpected,
}
