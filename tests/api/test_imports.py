"""Imports and exports over HTTP, and by the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from api import cli
from tests.api.conftest import Site, Who, code_of

CSV = {"Content-Type": "text/csv"}
FILE = 'LP Name,Check Size,Region\nAcme,"$1,000",Europe\nBeta,lots,US\n=cmd(),5,Europe\n'


def upload(site: Site, data: str | bytes = FILE, who: Who = "member", **query: str) -> Any:
    params = {"table": "investors", "filename": "x.csv", **query}
    return site.call(who, "POST", "/api/imports", content=data, headers=CSV, params=params)


def ended(site: Site, import_id: str) -> dict[str, Any]:
    site.crm.imports.wait(import_id)
    found: dict[str, Any] = site.call("reader", "GET", f"/api/imports/{import_id}").json()
    return found


def step(site: Site, view: dict[str, Any], verb: str, body: Any = None) -> dict[str, Any]:
    answer = site.call("member", "POST", f"/api/imports/{view['id']}/{verb}", json=body)
    assert answer.status_code == 200, answer.text
    return ended(site, view["id"])


def test_a_file_from_upload_to_undo(site: Site) -> None:
    answer = upload(site)
    assert answer.status_code == 201, answer.text
    view = answer.json()
    assert (view["status"], view["rows"], view["saved_mapping"]) == ("read", 3, False)
    assert [column["name"] for column in view["columns"]] == ["LP Name", "Check Size", "Region"]
    assert [target["to"] for target in view["mapping"]] == ["field", "field", "new"]
    assert view["key"] == view["mapping"][0]["field"]

    view = step(site, view, "preview", {"mapping": view["mapping"], "key": view["key"]})
    assert (view["status"], view["counts"]["created"], view["counts"]["errors"]) == ("compared", 2, 1)
    page = site.call("reader", "GET", f"/api/imports/{view['id']}/rows?outcome=error").json()
    assert page["rows"][0]["errors"] == [
        {"line": 3, "column": "Check Size", "reason": "'lots' is not a number. Write it like 1234.5."}
    ]
    view = step(site, view, "apply")
    assert view["status"] == "applied"
    assert view["progress"]["done"] == view["progress"]["total"]

    exported = site.call("reader", "GET", "/api/tables/investors/export")
    assert exported.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="investors-' in exported.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(exported.content.decode("utf-8-sig"))))
    assert [row["Name"] for row in rows] == ["Acme", "'=cmd()"]
    plain = site.call("reader", "GET", "/api/tables/investors/export?escape=false").content.decode("utf-8-sig")
    assert "\n=cmd()" in plain
    whole = site.call("reader", "GET", "/api/tables/investors/export?format=json").json()
    assert [record["Name"] for record in whole["records"]] == ["Acme", "=cmd()"]
    assert [record["Check size"] for record in whole["records"]] == [1000.0, 5.0]

    view = step(site, view, "undo")
    assert view["status"] == "undone"
    assert site.call("reader", "GET", "/api/imports").json()["imports"][0]["id"] == view["id"]
    assert site.call("reader", "GET", "/api/tables/investors/export?format=json").json()["records"] == []


def test_a_key_that_is_null_makes_every_row_new(site: Site) -> None:
    for body, created in (({}, 1), ({"key": None}, 2)):
        view = upload(site, "Name\nAcme\nAcme\n").json()
        answer = site.call(
            "member", "POST", f"/api/imports/{view['id']}/preview", json={"mapping": view["mapping"], **body}
        )
        assert answer.json()["status"] == "comparing"
        assert ended(site, view["id"])["counts"]["created"] == created


@pytest.mark.parametrize(
    ("data", "query", "status", "code"),
    [
        (b"", {}, 400, "empty_file"),
        (b"PK\x03\x04....", {}, 400, "not_text"),
        (b"a,b\n1,2\n", {"table": "nope"}, 404, "unknown_table"),
        (",".join(map(str, range(10_000))).encode(), {}, 400, "too_many_columns"),
        (b"\xff\xfea", {}, 400, "bad_encoding"),
    ],
)
def test_files_that_are_refused(site: Site, data: bytes, query: dict[str, Any], status: int, code: str) -> None:
    answer = upload(site, data, **query)
    assert (answer.status_code, code_of(answer)) == (status, code)
    assert not list((site.crm.config.data_dir / "uploads").glob("incoming-*"))


def test_a_file_over_the_limit_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_core.services.imports import Imports, Upload

    monkeypatch.setattr(Imports, "upload", lambda self: Upload(self._config.data_dir, 1000))
    answer = upload(site, b"Name\n" + b"x" * 2000)
    assert (answer.status_code, code_of(answer)) == (413, "file_too_large")


def test_a_file_larger_than_other_bodies_may_be_passes(site: Site) -> None:
    size = site.crm.config.max_body_mb * 2**20
    data = b"Name,Notes\n" + b"".join(b"Investor %d,%s\n" % (n, b"x" * 50_000) for n in range(size // 50_000 + 10))
    answer = upload(site, data)
    assert answer.status_code == 201
    assert answer.json()["rows"] == size // 50_000 + 10


@pytest.mark.parametrize(
    ("verb", "body", "code"),
    [
        ("preview", {"mapping": []}, "bad_mapping"),
        ("preview", {"mapping": [{"to": "nowhere"}]}, "invalid_request"),
        ("preview", {"mapping": [{"to": "field", "field": "name", "odd": 1}]}, "invalid_request"),
        ("preview", {}, "invalid_request"),
        ("apply", None, "import_state"),
        ("undo", None, "import_state"),
    ],
)
def test_steps_that_are_refused(site: Site, verb: str, body: Any, code: str) -> None:
    view = upload(site, "Name\nA\n").json()
    answer = site.call("member", "POST", f"/api/imports/{view['id']}/{verb}", json=body)
    assert code_of(answer) == code


def test_unknown_imports_formats_and_tables(site: Site) -> None:
    assert code_of(site.call("member", "GET", "/api/imports/impnone")) == "unknown_import"
    assert code_of(site.call("member", "GET", "/api/tables/investors/export?format=xml")) == "unknown_format"
    assert code_of(site.call("member", "GET", "/api/tables/nope/export")) == "unknown_table"
    assert code_of(site.call("member", "GET", "/api/tables/investors/export?view=viwnope")) in (
        "unknown_view",
        "bad_view",
    )


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(arguments)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.csv").write_text("LP Name,Check Size\nAcme,$5\nBeta,$6\n")
    (tmp_path / "mixed.csv").write_text("LP Name,Check Size\nAcme,$5\nBeta,lots\nGamma,1,2\n")
    return tmp_path


def test_crm_import_twice(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["import", str(folder / "good.csv"), "--table", "investors", "--key", "NAME", "--json"]
    words += ["--data-dir", str(folder / "data")]
    code, out, _ = run(capsys, *words)
    first = json.loads(out)
    assert code == 0
    assert (first["created"], first["updated"], first["errors"], first["version"]) == (2, 0, [], 1)
    code, out, _ = run(capsys, *words)
    second = json.loads(out)
    assert (code, second["created"], second["updated"], second["unchanged"], second["version"]) == (0, 0, 0, 2, 1)
    code, out, _ = run(capsys, "export", "--table", "investors", "--format", "json", "--data-dir", str(folder / "data"))
    assert [record["Name"] for record in json.loads(out)["records"]] == ["Acme", "Beta"]


def test_crm_import_without_a_key(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["import", str(folder / "good.csv"), "--table", "investors", "--data-dir", str(folder / "data")]
    for _ in range(2):
        code, out, _ = run(capsys, *words, "--no-key", "--json")
        assert (code, json.loads(out)["created"]) == (0, 2)
    with pytest.raises(SystemExit):
        run(capsys, *words, "--no-key", "--key", "Name")
    capsys.readouterr()


def test_crm_import_tells_rows_that_disagree(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "funds.csv").write_text("Investor,Fund,Fund vintage\nAcme,Fund I,2020\nBeta,Fund I,2021\n")
    words = ["import", str(folder / "funds.csv"), "--table", "investors", "--data-dir", str(folder / "data")]
    code, out, _ = run(capsys, *words)
    assert code == 1
    assert "line 3, column Fund vintage: Line 2 gives the same record of Funds another Vintage" in out


def test_crm_import_lists_errors_and_says_so_by_its_exit_code(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["import", str(folder / "mixed.csv"), "--table", "investors", "--data-dir", str(folder / "data")]
    code, out, _ = run(capsys, *words, "--dry-run", "--json")
    answer = json.loads(out)
    assert (code, answer["created"], answer["version"], answer["applied"]) == (1, 1, 0, False)
    assert [(error["line"], error["column"]) for error in answer["errors"]] == [(3, "Check Size"), (4, None)]
    assert all(error["reason"] for error in answer["errors"])
    code, _, err = run(capsys, *words, "--strict")
    assert code == 2
    assert "--strict" in err
    code, out, _ = run(capsys, *words)
    assert code == 1
    assert "1 created" in out
    assert "line 3, column Check Size" in out


def test_crm_import_with_a_mapping_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mapping = folder / "mapping.json"
    mapping.write_text('{"LP Name": "name", "Check Size": {"to": "new", "name": "Ticket", "kind": "text"}}')
    words = ["import", str(folder / "good.csv"), "--table", "investors", "--json", "--data-dir", str(folder / "data")]
    assert run(capsys, *words, "--mapping", str(mapping))[0] == 0
    code, out, _ = run(capsys, "export", "--table", "investors", "--format", "json", "--data-dir", str(folder / "data"))
    assert [record["Ticket"] for record in json.loads(out)["records"]] == ["$5", "$6"]
    mapping.write_text('{"Nope": null}')
    code, _, err = run(capsys, *words, "--mapping", str(mapping))
    assert code == 2
    assert "Nope" in err


@pytest.mark.parametrize(
    "words",
    [
        ["import", "{folder}/none.csv", "--table", "investors"],
        ["import", "{folder}/good.csv", "--table", "nope"],
        ["import", "{folder}/good.csv", "--table", "investors", "--key", "nope"],
        ["export", "--table", "nope"],
        ["export", "--table", "investors", "--format", "xml"],
        ["export", "--table", "investors", "--out", "{folder}/none/x.csv"],
    ],
)
def test_commands_that_cannot_be_done(folder: Path, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    given = [word.format(folder=folder) for word in words]
    code, out, err = run(capsys, *given, "--data-dir", str(folder / "data"))
    assert code == 2
    assert any(line.startswith("crm: ") for line in err.splitlines())
    assert "Traceback" not in err + out


def test_crm_export_to_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data-dir", str(folder / "data")]
    run(capsys, "import", str(folder / "good.csv"), "--table", "investors", *data)
    out = folder / "out.csv"
    assert run(capsys, "export", "--table", "investors", "--out", str(out), *data)[0] == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbfName,")
    assert not list(folder.glob("*.part"))
