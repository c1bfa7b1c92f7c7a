"""The OpenAPI description: what the handlers say, joined with what holds for all of them (who may, which errors)."""

import json
from collections.abc import Iterator
from typing import Any

from litestar import Litestar, MediaType, Request, Router
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.routes import HTTPRoute
from litestar.types import Method
from msgspec import Struct

from api.auth import OPEN
from api.examples import ANSWERS, PROBLEMS, REQUESTS
from api.guards import PUBLIC, SAFE_METHODS, level_of
from api.problems import PROBLEM_JSON, TITLES
from api.version import VERSION

PROBLEM = {
    "description": "Every error (RFC 9457). `code` is stable, see docs/reference/errors.md; `hint` says what to do.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "hint"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:venture-crm:not_signed_in"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "examples": ["not_signed_in"]},
        "detail": {"type": "string"},
        "hint": {"type": "string"},
        "pointer": {"type": "string", "description": "Where in the request, as a JSON pointer."},
        "request": {"type": "string", "description": "The request's id, as in X-Request-ID and the server's log."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail", "pointer"],
                "properties": {
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                    "pointer": {"type": "string"},
                },
            },
        },
        "version": {"type": "integer", "description": "With `version_conflict`: the version there is now."},
        "updated_at": {"type": ["string", "null"]},
        "updated_by": {
            "type": ["object", "null"],
            "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
        },
        "conflicts": {"type": "array", "items": {"type": "object"}},
        "more_conflicts": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        "retry_after": {"type": "integer", "description": "Seconds until the next try."},
    },
}
_TAGS = {
    "Signing in": "Session, setup and invitation.",
    "Own account": "Profile, sessions and API tokens.",
    "Second factor": "Authenticator app, passkeys, recovery codes, and confirming once more.",
    "Accounts (admin)": "Invite, make and change accounts.",
    "Security (admin)": "The go-live checklist, and what the team demands.",
    "Plugins (admin)": "See, switch and configure plugins.",
    "Reading": "Tables, windows of records, aggregates, single records, exports.",
    "Formulas": "Functions, checking, why a cell has its value, what hangs on what.",
    "Writing": "One door: change sets, undo, history.",
    "Around a record": "Comments, calls, meetings and notes, the timeline, and notifications.",
    "Duplicates": "Records that may be the same, merging them, and un-merging.",
    "Dashboards": "Where the raise stands: the pipeline, commitments by fund and over time.",
    "Fundraising state": "The whole state as one document.",
    "Activity": "What happened, newest first.",
    "Feature requests": "What the team wishes for.",
    "Backups (admin)": "Make, prove, download and restore copies of everything.",
    "Attachments": "Files that cells hold, in and out.",
    "Imports": "Files in: upload, preview, apply, undo.",
    "Health": "For supervisors.",
}
_BEARER: dict[str, list[str]] = {"token": []}
_COOKIE: dict[str, list[str]] = {"session": []}
_COOKIE_AND_CSRF: dict[str, list[str]] = {"session": [], "csrf": []}


class _Served(OpenAPIRenderPlugin):
    """Serves our description in place of Litestar's plainer one, and none of its pages, which load foreign scripts."""

    def render(self, request: Request[Any, Any, Any], _: dict[str, Any]) -> bytes:
        return as_json(request.app)


def config() -> OpenAPIConfig:
    """What Litestar needs to describe the handlers; operations are called as their functions."""
    return OpenAPIConfig(
        title="Venture CRM",
        version=VERSION,
        description="The meaning of every call is in docs/reference/http.md.",
        use_handler_docstrings=True,
        operation_id_creator=_operation_id,
        openapi_router=Router("/api/schema", route_handlers=[], include_in_schema=False, opt=PUBLIC | OPEN),
        render_plugins=[_Served(path="/openapi.json", media_type=MediaType.JSON)],
        components=Components(
            security_schemes={
                "token": SecurityScheme(type="http", scheme="bearer", description="An API token, `crm_…`."),
                "session": SecurityScheme(type="apiKey", name="crm_session", security_scheme_in="cookie"),
                "csrf": SecurityScheme(type="apiKey", name="X-CSRF-Token", security_scheme_in="header"),
            }
        ),
    )


def _operation_id(handler: HTTPRouteHandler, method: Method, _: list[Any]) -> str:
    name = handler.handler_name
    return name if len(handler.http_methods) == 1 else f"{name}_{method.lower()}"


def describe(app: Litestar) -> dict[str, Any]:
    """The whole description as JSON values, the same for the same code."""
    document: dict[str, Any] = json.loads(json.dumps(app.openapi_schema.to_schema()))
    components = document.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {f"Problem{status}": _problem(status) for status in TITLES}
    _say_closed(components["schemas"])
    used: set[str] = set()
    for path, method, handler in _operations(app):
        operation = document["paths"][path][method.lower()]
        used.update(operation.get("tags", ()))
        operation["summary"] = operation.get("description", "").partition(".")[0]
        _say_who_may(operation, handler, method)
        _say_errors(operation, handler, method)
        _show_examples(operation)
    document["tags"] = [{"name": name, "description": text} for name, text in _TAGS.items() if name in used]
    return document


def as_json(app: Litestar) -> bytes:
    """The description as one JSON file; made at the first call."""
    made: bytes | None = app.state.get("openapi")
    if made is None:
        made = (json.dumps(describe(app), indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
        app.state.openapi = made
    return made


def _operations(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                for method in sorted(handler.http_methods):
                    if handler.resolve_include_in_schema() and method != "OPTIONS":
                        yield route.path_format, method, handler


def _say_who_may(operation: dict[str, Any], handler: HTTPRouteHandler, method: str) -> None:
    level = level_of(handler, method)
    if level == "public":
        operation["security"] = []
        return
    cookie = _COOKIE if method in SAFE_METHODS else _COOKIE_AND_CSRF
    operation["security"] = [cookie] if level == "own" else [cookie, _BEARER]
    operation["x-access"] = level


def _say_errors(operation: dict[str, Any], handler: HTTPRouteHandler, method: str) -> None:
    level = level_of(handler, method)
    codes = {400, 500, 503}
    if level != "public":
        codes |= {401, 403}
    if method not in SAFE_METHODS:
        codes |= {403, 409, 413, 415, 429, 507}
    if level == "public" and method not in SAFE_METHODS:
        codes |= {401}
    if operation.get("parameters") or operation.get("requestBody") or method == "DELETE":
        codes |= {404}
    answers = operation.setdefault("responses", {})
    for code in sorted(codes):
        found = answers.get(str(code))
        if found is None or found.get("description", "").startswith("Bad request syntax"):
            answers[str(code)] = {"$ref": f"#/components/responses/Problem{code}"}
    answers.get("204", {}).pop("content", None)
    operation["responses"] = dict(sorted(answers.items()))


def _problem(status: int) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": "#/components/schemas/Problem"}}
    if status in PROBLEMS:
        content["example"] = PROBLEMS[status]
    return {"description": TITLES[status], "content": {PROBLEM_JSON: content}}


def _say_closed(schemas: dict[str, Any]) -> None:
    """Say of the structs that refuse unknown members that they do."""
    waiting: list[type[Struct]] = [Struct]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        schema = schemas.get(kind.__name__)
        if schema and kind.__struct_config__.forbid_unknown_fields and schema.get("type") == "object":
            schema["additionalProperties"] = False


def _show_examples(operation: dict[str, Any]) -> None:
    name = operation["operationId"]
    if name in REQUESTS:
        operation["requestBody"]["content"]["application/json"]["example"] = REQUESTS[name]
    if name in ANSWERS:
        operation["responses"]["200"]["content"]["application/json"]["example"] = ANSWERS[name]
