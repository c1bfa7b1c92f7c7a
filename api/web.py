"""The pages: what `make web` built into `api/static`, served without asking the database."""

import gzip
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from litestar import HttpMethod, Request, Response, route
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from api.auth import OPEN
from api.guards import PUBLIC
from crm_core.errors import NotFound

STATIC = Path(__file__).with_name("static")
COMPRESSED = "own_compression"
_OPT = PUBLIC | OPEN | {COMPRESSED: True, "upload": True}
_FOREVER = "public, max-age=31536000, immutable"
_ASK = "no-cache"
_LONGEST = 250
_PLAIN = {".png", ".jpg", ".jpeg", ".webp", ".woff2", ".ico", ".gz", ".br"}
_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Venture CRM</title>
<h1>Venture CRM is running</h1>
<p>The pages are not built here. Run <code>make web</code> and load this page again.</p>
<p>The API works: <a href="/healthz">/healthz</a>, <a href="/api/schema">/api/schema</a>.</p></html>
"""


@dataclass(frozen=True)
class Page:
    """One file, plain and compressed."""

    content: bytes
    compressed: bytes | None
    media_type: str
    etag: str
    caching: str


@route("/", http_method=[HttpMethod.GET, HttpMethod.HEAD], opt=_OPT, include_in_schema=False, sync_to_thread=True)
def show_front(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The page that everything starts from."""
    return _answer(request, "index.html")


@route(
    "/{path:path}",
    http_method=[HttpMethod.GET, HttpMethod.HEAD],
    opt=_OPT,
    include_in_schema=False,
    sync_to_thread=True,
)
def show_page(request: Request[Any, Any, Any], path: FromPath[str]) -> Response[bytes]:
    """A file of the pages; an address inside the pages (`/t/investors`) gets the front page, which knows it."""
    name = path.strip("/")
    is_address = "." not in name.rpartition("/")[2] and not name.startswith(("assets/", "api/"))
    return _answer(request, "index.html" if is_address else name)


@route("/api/{path:path}", http_method=list(HttpMethod), opt=_OPT, include_in_schema=False, sync_to_thread=False)
def refuse_unknown(request: Request[Any, Any, Any]) -> None:
    """Whatever no other route of the API takes."""
    raise NotFound("unknown_route", f"There is nothing at {request.url.path[:200]}.", "See docs/reference/http.md.")


def _answer(request: Request[Any, Any, Any], name: str) -> Response[bytes]:
    page = _find(name)
    if page is None and name == "index.html":
        return Response(_NOT_BUILT.encode(), media_type="text/html", headers={"Cache-Control": _ASK})
    if page is None:
        raise NotFound("unknown_route", f"There is no file {name[:200]}.", "Load the page again.")
    headers = {"Cache-Control": page.caching, "ETag": page.etag, "Vary": "Accept-Encoding"}
    if page.etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    content = page.content
    if page.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = page.compressed, "gzip"
    return Response(content, media_type=page.media_type, headers=headers)


def _find(name: str) -> Page | None:
    """A file below `static`, read once; a name that leads elsewhere or that no file can have finds nothing."""
    if "\0" in name or len(name) > _LONGEST:
        return None
    path = (STATIC / name).resolve()
    if not path.is_relative_to(STATIC.resolve()) or not path.is_file() or path.name.startswith("."):
        return None
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(256)
def _read(path: Path, changed: int) -> Page:
    content = path.read_bytes()
    return Page(
        content,
        None if path.suffix in _PLAIN or len(content) < 1_000 else gzip.compress(content, 9, mtime=0),
        mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        f'"{changed:x}-{len(content):x}"',
        _FOREVER if path.parent.name == "assets" else _ASK,
    )


ROUTES: list[ControllerRouterHandler] = [show_front, show_page, refuse_unknown]
