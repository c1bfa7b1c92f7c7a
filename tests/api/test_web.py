"""The pages: files of the build, addresses inside them, caching, compression, nothing from outside the folder."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from api import web
from tests.api.conftest import Site, code_of

SCRIPT = b"console.log('a page of some length');\n" * 100


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small build in place of api/static, and a secret beside it."""
    static = tmp_path / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<!doctype html><title>Pages</title>")
    (static / "assets" / "index-a1b2c3.js").write_bytes(SCRIPT)
    (static / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (static / ".stamp").write_text("hash")
    (tmp_path / "secret.key").write_text("secret")
    (static / "link.txt").symlink_to(tmp_path / "secret.key")
    monkeypatch.setattr(web, "STATIC", static)
    return static


@pytest.mark.parametrize("path", ["/", "/t/investors", "/t/investors/rec123", "/setup?token=x", "/invite", "/assets"])
def test_addresses_inside_the_pages_get_the_front_page(site: Site, path: str) -> None:
    answer = site.call("nobody", "GET", path)
    assert (answer.status_code, answer.text) == (200, "<!doctype html><title>Pages</title>")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


def test_hashed_files_are_kept_for_ever_and_come_compressed(site: Site) -> None:
    plain = site.call("nobody", "GET", "/assets/index-a1b2c3.js", headers={"Accept-Encoding": "identity"})
    assert plain.content == SCRIPT
    assert plain.headers["content-type"].startswith("text/javascript")
    assert "immutable" in plain.headers["cache-control"]
    with site.client.stream("GET", "/assets/index-a1b2c3.js", headers={"Accept-Encoding": "gzip"}) as squeezed:
        raw = b"".join(squeezed.iter_raw())
    assert squeezed.headers["content-encoding"] == "gzip"
    assert squeezed.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(raw) == SCRIPT
    assert len(raw) < len(SCRIPT) / 5


def test_unchanged_files_are_not_sent_again(site: Site, built: Path) -> None:
    tag = site.call("nobody", "GET", "/").headers["etag"]
    again = site.call("nobody", "GET", "/", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    (built / "index.html").write_text("<!doctype html><title>New pages</title>")
    assert site.call("nobody", "GET", "/", headers={"If-None-Match": tag}).status_code == 200


def test_head_is_get_without_the_body(site: Site) -> None:
    answer = site.call("nobody", "HEAD", "/favicon.svg")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("image/svg+xml")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.key", "/..%2fsecret.key", "/%2e%2e/secret.key", "/assets/..%2f..%2fsecret.key", "/link.txt",
        "/.stamp", "/assets/gone.js", "/%00.js", "/" + "a" * 3000 + ".js", "//etc/passwd.txt", "/assets/nothing",
    ],
)  # fmt: skip
def test_nothing_else_is_served(site: Site, path: str) -> None:
    answer = site.call("nobody", "GET", path)
    assert (answer.status_code, code_of(answer)) == (404, "unknown_route")


def test_without_a_build_the_page_says_what_to_do(site: Site, built: Path) -> None:
    (built / "index.html").unlink()
    answer = site.call("nobody", "GET", "/")
    assert answer.status_code == 200
    assert "make web" in answer.text
