"""Attached files over HTTP: what they are is told by their content, who may have them, and what a browser may do."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from typing import Any
from urllib.parse import quote

import pytest

from tests.api.conftest import Site, Who, code_of
from tests.api.test_activity import change
from tests.api.test_backups import made
from tests.api.test_team_tables import ask

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
PDF = b"%PDF-1.7\n" + b"x" * 5000
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
RAW = {"Content-Type": "application/octet-stream"}


def upload(site: Site, content: bytes, name: str = "a.png", who: Who = "member", **headers: str) -> Any:
    return site.call(
        who, "POST", "/api/attachments", content=content, params={"name": name}, headers={**RAW, **headers}
    )


def kept(site: Site, content: bytes, name: str = "a.png") -> dict[str, Any]:
    answer = upload(site, content, name)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def fetch(site: Site, file: dict[str, Any], who: Who = "reader", **rest: Any) -> Any:
    return site.call(who, "GET", f"/api/attachments/{file['hash']}/{file['name']}", **rest)


@pytest.fixture(scope="module")
def field(site: Site) -> str:
    made = change(
        site, {"op": "create_field", "table": "funds", "field": {"name": "Papers", "kind": "attachment"}}
    )  # fmt: skip
    assert made["version"]
    fields = site.call("reader", "GET", "/api/tables/funds/fields").json()
    return str(next(one["id"] for one in fields["fields"] if one["name"] == "Papers"))


def fund(site: Site, field: str, name: str, *files: dict[str, Any]) -> str:
    record = {"cells": {"name": name, field: list(files)}}
    return str(change(site, {"op": "create", "table": "funds", "records": [record]})["created"][0][0])


def word() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", "<x/>")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "kind", "way"),
    [
        (PNG, "picture.png", "image/png", "inline"),
        (PNG, "picture.html", "image/png", "inline"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 20, "p.jpg", "image/jpeg", "inline"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "p.webp", "image/webp", "inline"),
        (PDF, "deck.pdf", "application/pdf", "inline"),
        (SVG, "logo.svg", "text/plain", "attachment"),
        (SVG, "logo.png", "text/plain", "attachment"),
        (HTML, "page.pdf", "text/plain", "attachment"),
        (b"", "empty.png", "text/plain", "attachment"),
        (b"\x00\x01\x02", "x.png", "application/octet-stream", "attachment"),
        (b"PK\x03\x04 broken", "x.docx", "application/octet-stream", "attachment"),
        (word(), "a.zip", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "attachment"),
        ("Ä".encode() * 3000, "text.txt", "text/plain", "attachment"),
    ],
)
def test_the_content_says_what_a_file_is(site: Site, content: bytes, name: str, kind: str, way: str) -> None:
    file = kept(site, content, name)
    assert file == {"hash": hashlib.sha256(content).hexdigest(), "name": name, "size": len(content), "type": kind}
    answer = fetch(site, file)
    assert answer.status_code == 200
    assert answer.content == content
    headers = answer.headers
    assert headers["content-type"].partition(";")[0] == kind
    assert headers["content-disposition"].startswith(f"{way}; ")
    assert headers["x-content-type-options"] == "nosniff"
    policies = headers.get_list("content-security-policy")
    assert any("sandbox" in policy for policy in policies), policies
    assert fetch(site, file, params={"download": "true"}).headers["content-disposition"].startswith("attachment; ")


@pytest.mark.parametrize(
    ("given", "name"),
    [("../../etc/passwd", "passwd"), ("C:\\temp\\x.pdf", "x.pdf"),
     ('a"b\r\nSet-Cookie: x.png', 'a"b Set-Cookie: x.png'),
     ("", "file"), ("..", "file"), ("é ñ.png", "é ñ.png"), ("x" * 300 + ".pdf", "x" * 196 + ".pdf")],
)  # fmt: skip
def test_names_are_made_harmless(site: Site, given: str, name: str) -> None:
    file = kept(site, PNG, given)
    assert file["name"] == name
    answer = site.call("reader", "GET", f"/api/attachments/{file['hash']}/{quote(name)}")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert "\n" not in answer.headers["content-disposition"]


def test_nobody_gets_a_file_and_readers_bring_none(site: Site) -> None:
    file = kept(site, PNG)
    assert fetch(site, file, "nobody").status_code == 401
    assert code_of(upload(site, PNG, who="reader")) == "read_only_token"
    assert upload(site, PNG, who="nobody").status_code == 401
    assert code_of(site.call("member", "GET", f"/api/attachments/{'0' * 64}/x")) == "unknown_file"
    assert code_of(site.call("member", "GET", "/api/attachments/..%2Fcrm/x")) == "unknown_route"


def test_a_file_too_large_leaves_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site.crm.files, "_most", 1000)
    before = sorted(site.crm.config.data_dir.rglob("*"))
    answer = upload(site, os.urandom(5000))
    assert (answer.status_code, code_of(answer)) == (413, "file_too_large")
    assert "CRM_MAX_ATTACHMENT_MB" in answer.json()["hint"]
    assert [path for path in site.crm.config.data_dir.rglob("*") if path.is_file() and path not in before] == []


def test_a_known_copy_is_not_sent_again(site: Site) -> None:
    file = kept(site, PNG)
    first = fetch(site, file)
    again = fetch(site, file, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_cell_takes_what_was_uploaded_and_nothing_else(site: Site, field: str) -> None:
    file = kept(site, PDF, "deck.pdf")
    lied = {**file, "type": "image/png", "size": 1}
    record = fund(site, field, "Liar", lied, lied)
    cells = site.call("reader", "GET", f"/api/tables/funds/records/{record}").json()["cells"]
    assert cells[field] == [file]
    for bad, why in (
        ([{"hash": "0" * 64, "name": "x"}], "was not uploaded"),
        ([{"hash": "../x", "name": "x"}], "needs its hash"),
        ([{"name": "x"}], "needs its hash"),
        ("deck.pdf", "list of uploaded files"),
        ([file] * 101, "at most 100"),
    ):
        op = {"op": "update", "table": "funds", "records": [{"id": record, "cells": {field: bad}}]}
        answer = site.call("member", "POST", "/api/changes", json={"ops": [op]})
        assert code_of(answer) == "invalid_cells"
        assert why in answer.text


def test_filters_search_sort_and_export_know_the_names(site: Site, field: str) -> None:
    fund(site, field, "F1", kept(site, PDF, "Zebra, final.pdf"), kept(site, PNG, "logo.png"))
    fund(site, field, "F2", kept(site, PNG, "apple.png"))
    bare = fund(site, field, "F3")

    def names(**condition: Any) -> list[str]:
        return list(ask(site, "funds", fields=["Name"], filter={"and": [{"field": field, **condition}]})["columns"][0])

    assert names(op="contains", value="ZEBRA") == ["F1"]
    assert names(op="contains", value="image/png") == []  # the type is no name
    assert names(op="contains", value="size") == []
    assert bare in ask(site, "funds", filter={"and": [{"field": field, "op": "is_empty"}]})["ids"]
    assert "F3" not in names(op="is_not_empty")
    assert "F3" in names(op="does_not_contain", value="zebra")
    assert ask(site, "funds", search="apple.png", fields=["Name", field])["columns"][0] == ["F2"]
    shown = ask(site, "funds", fields=["Name"], sorts=[{"field": field}], search="F")["columns"][0]
    assert shown.index("F2") < shown.index("F1") < shown.index("F3")
    out = site.call("reader", "GET", "/api/tables/funds/export").content.decode("utf-8-sig")
    assert '"""Zebra, final.pdf"", logo.png"' in out
    grouped = {"groups": [{"field": field}], "aggregates": {field: "filled"}}
    assert site.call("reader", "POST", "/api/tables/funds/aggregate", json=grouped).status_code == 200


def test_formulas_and_lookups_read_the_names(site: Site, field: str) -> None:
    file = kept(site, PDF, "terms.pdf")
    record = fund(site, field, "Formula fund", file)
    change(
        site,
        {"op": "create_field", "table": "funds",
         "field": {"name": "Paper names", "kind": "formula", "options": {"formula": '"Has " & {Papers}'}}},
        {"op": "create_field", "table": "commitments",
         "field": {"name": "Fund papers", "kind": "lookup", "options": {"link": "Fund", "field": "Papers"}}},
        {"op": "create", "table": "commitments", "records": [{"cells": {"name": "C", "fund": [record]}}]},
    )  # fmt: skip
    assert ask(site, "funds", fields=["Paper names", "Name"], search="Formula")["columns"][0] == ["Has terms.pdf"]
    assert ask(site, "commitments", fields=["Fund papers"])["columns"] == [[[file]]]


def test_undo_history_and_a_retype(site: Site, field: str) -> None:
    file = kept(site, PNG, "was.png")
    record = fund(site, field, "Undone", file)
    op = {"op": "update", "table": "funds", "records": [{"id": record, "cells": {field: None}}]}
    version = change(site, op)["version"]
    history = site.call("reader", "GET", f"/api/tables/funds/records/{record}/history").json()
    assert history["items"][0]["before"][field] == [file]
    assert site.call("member", "POST", f"/api/changes/{version}/undo").status_code == 200
    assert site.call("reader", "GET", f"/api/tables/funds/records/{record}").json()["cells"][field] == [file]
    retype = {"ops": [{"op": "update_field", "field": field, "set": {"kind": "text"}}]}
    assert code_of(site.call("member", "POST", "/api/changes", json=retype)) == "cannot_convert"


def test_a_backup_brings_back_a_lost_file(site: Site, field: str) -> None:
    content = b"%PDF-1.4 " + os.urandom(200)
    file = kept(site, content, "rare.pdf")
    fund(site, field, "Safe", file)
    backup = made(site)
    assert backup["state"] == "verified", backup
    path = site.crm.files.find(file["hash"]).path
    path.unlink()
    assert code_of(fetch(site, file)) == "unknown_file"
    body = {"backup": backup["id"], "confirm": backup["id"]}
    assert site.call("admin", "POST", "/api/fundraising/restore", json=body).status_code == 200
    assert fetch(site, file).content == content


def test_the_clean_up_takes_only_what_nothing_ever_held(site: Site, field: str) -> None:
    loose, held = kept(site, os.urandom(100), "loose"), kept(site, os.urandom(100), "held")
    record = fund(site, field, "Holder", held)
    change(site, {"op": "update", "table": "funds", "records": [{"id": record, "cells": {field: None}}]})
    assert site.crm.files.clean_up(older_than_hours=1)[0] == 0
    count, _ = site.crm.files.clean_up(older_than_hours=0)
    assert count >= 1
    assert code_of(fetch(site, loose)) == "unknown_file"
    assert fetch(site, held).status_code == 200
