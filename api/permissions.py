"""Who may call what: a row for each route, made from the routes themselves (docs/reference/permissions.md).

    python -m api.permissions > docs/reference/permissions.md

The tests call every route as every caller and compare with the committed page, so a route without a row fails.
"""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute, WebSocketRoute

from api.guards import SAFE_METHODS, level_of

CALLERS = {
    "nobody": "nobody",
    "reader": "member's token: read",
    "writer": "member's token: write",
    "member": "member",
    "admin_reader": "admin's token: read",
    "admin_writer": "admin's token: write",
    "admin_metrics": "admin's token: metrics",
    "admin": "admin",
}
"""The callers by the names the tests have for them, as the page calls them."""

MAY = "✓"
_TOP = """# Who may call what

Generated from the routes (`make openapi`); the tests call every route as every caller and compare.
✓: the door opens. Else the code of the refusal, 401 for `not_signed_in` and 403 for the others.
*Member* and *admin* are signed in in a browser; tokens act for a person, with one of three scopes.

**Fresh proof**: the session must have shown a password or passkey in the last 10 minutes (`proof_needed` otherwise).
Making or inviting an *admin* takes one too, and so does a new password.
**Setting up**: open also to who lacks the second factor that the team's policy demands of the role; everything else but
signing in and out answers `second_factor_required` then.

What belongs to one person (sessions, tokens, passkeys, personal views) answers 404 to everybody else, admins too.
"""


def render(app: Litestar) -> str:
    """The page."""
    head = ["route", *CALLERS.values(), "notes"]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for line, handler, method in routes(app):
        cells = cells_of(handler, method)
        lines.append(f"| `{line}` | {' | '.join(cells[caller] for caller in CALLERS)} | {_notes(handler)} |")
    sockets = [route.path_format for route in app.routes if isinstance(route, WebSocketRoute)]
    foot = "".join(f"\n`{path}` (WebSocket): as a route that reads.\n" for path in sorted(sockets))
    return f"{_TOP}\n" + "\n".join(lines) + "\n" + foot


def routes(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler, str]]:
    """Every route of the API with its handler and method, in the order of the paths; the pages are left out."""
    found = []
    for route in app.routes:
        if isinstance(route, HTTPRoute) and "{path}" not in route.path_format and route.path != "/":
            for handler in route.route_handlers:
                for method in handler.http_methods - {"OPTIONS"}:
                    found.append((route.path_format, str(method), handler))
    for path, verb, handler in sorted(found, key=lambda each: each[:2]):
        yield f"{verb} {path}", handler, verb


def cells_of(handler: HTTPRouteHandler, method: str) -> Mapping[str, str]:
    """For each caller MAY or the code of the refusal, as `api.guards.admit` decides it."""
    level, writes = level_of(handler, method), method not in SAFE_METHODS
    cells = dict.fromkeys(CALLERS, MAY)
    if level == "public":
        return cells
    cells["nobody"] = "not_signed_in"
    if level == "metrics":
        return dict.fromkeys(CALLERS, "metrics_only") | {"nobody": "not_signed_in", "admin_metrics": MAY}
    cells["admin_metrics"] = "metrics_only"
    tokens = ("reader", "writer", "admin_reader", "admin_writer")
    if level == "own":
        return cells | dict.fromkeys(tokens, "needs_session")
    if level == "admin":
        cells |= dict.fromkeys(("reader", "writer", "member"), "admins_only")
        if handler.opt.get("proof"):
            cells |= dict.fromkeys(("admin_reader", "admin_writer"), "needs_session")
    if level == "write" or (level == "admin" and writes):
        cells |= dict.fromkeys(("reader", "admin_reader"), "read_only_token")
    return cells


def _notes(handler: HTTPRouteHandler) -> str:
    notes = {"proof": "fresh proof", "without_factor": "setting up", "plugin": f"plugin {handler.opt.get('plugin')}"}
    return ", ".join(text for key, text in notes.items() if handler.opt.get(key))


def main() -> None:
    """Print the page."""
    from api.app import create_app
    from crm_core.config import from_env

    with tempfile.TemporaryDirectory() as folder:
        app = create_app(from_env({}, data_dir=Path(folder)))
        try:
            print(render(app), end="")
        finally:
            app.state.crm.close()


if __name__ == "__main__":
    main()
