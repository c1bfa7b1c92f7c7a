"""Venture CRM for the peer harness of `shared/bench` (see bench/README.md for how to run it).

VENTURE_CRM_CMD    the command (default: `.venv/bin/crm` of this checkout)
VENTURE_CRM_LOAD   csv (default): POST /api/imports, as a person imports a file; api: POST /api/changes, 5,000 a call

Only the public API. The dataset's 20 columns are 17 built-in fields of investors and three added for it: a single
select for the owner (ours holds a person), a date-time for the made-up creation time, a number for the priority.
"""

from __future__ import annotations

import csv
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import dataset
import httpx
from base import HOST, LoadResult, Peer, free_port

EMAIL, PASSWORD = "bench@example.com", "correct horse battery staple"
BATCH = 5_000
NAMES = {"url": "Website", "owner": "Owner name", "created": "Created at", "priority": "Rank"}
"""Dataset column → our field's name, where its title is not the name already."""


def field_name(column: dataset.Column) -> str:
    return NAMES.get(column.key, column.title)


def cells(row: dict[str, Any]) -> dict[str, Any]:
    return {field_name(column): row[column.key] for column in dataset.COLUMNS}


class Adapter(Peer):
    name = "venture_crm"
    title = "Venture CRM"
    view_note = "1 POST /api/tables/investors/query, with the total"
    ping_path = "/healthz"

    def start(self, data_dir: Path) -> float:
        self.data_dir = data_dir
        self.port = free_port()
        default = str(Path(__file__).resolve().parents[1] / ".venv/bin/crm")
        self.cmd = os.environ.get("VENTURE_CRM_CMD", default)
        folder = ["--data-dir", str(data_dir / "crm")]
        if not (data_dir / "crm").exists():  # untimed: first-run account
            make = [self.cmd, "admin", "create", "--email", EMAIL, "--name", "Bench", "--password-stdin", *folder]
            subprocess.run(make, input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL)
            token = [self.cmd, "token", "create", "--email", EMAIL, "--name", "b", "--scope", "write", *folder]
            self.token = subprocess.run(token, text=True, check=True, capture_output=True).stdout.split()[-1]
        started = time.perf_counter()
        self.spawn([self.cmd, "serve", "--host", HOST, "--port", "{port}", *folder])
        seconds = self.wait_http("/readyz", started, 60)
        self.http = self.make_client()
        return seconds

    def version(self) -> str:
        return subprocess.run([self.cmd, "--version"], capture_output=True, text=True).stdout.strip().split()[-1]

    def make_client(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=f"http://{HOST}:{self.port}", timeout=300, headers=headers)

    def load(self, rows: list[dict[str, Any]], n: int) -> LoadResult:
        choices = {name: [{"name": v} for v in getattr(dataset, name.upper())] for name in ("types", "stages", "tags")}
        owner = {"choices": [{"name": name} for name in dataset.OWNERS]}
        ops: list[dict[str, Any]] = [
            {
                "op": "create_field",
                "table": "investors",
                "field": {"name": "Owner name", "kind": "single_select", "options": owner},
            },
            {"op": "create_field", "table": "investors", "field": {"name": "Created at", "kind": "date_time"}},
            {"op": "create_field", "table": "investors", "field": {"name": "Rank", "kind": "number"}},
        ]
        fields = self._ok(self.http.get("/api/tables/investors/fields"))["fields"]
        ids = {field["key"]: field["id"] for field in fields}
        for key, name in (("type", "types"), ("stage", "stages"), ("tags", "tags")):
            ops.append({"op": "update_field", "field": ids[key], "set": {"options": {"choices": choices[name]}}})
        self._ok(self.http.post("/api/changes", json={"ops": ops}))
        load = self._load_csv if os.environ.get("VENTURE_CRM_LOAD", "csv") == "csv" else self._load_api
        result = load(rows, n)
        self._remember_ids(n)
        return result

    def _load_api(self, rows: list[dict[str, Any]], n: int) -> LoadResult:
        started = time.perf_counter()
        for start in range(0, n, BATCH):
            records = [{"cells": cells(row)} for row in rows[start : start + BATCH]]
            op = {"op": "create", "table": "investors", "records": records}
            self._ok(self.http.post("/api/changes", json={"ops": [op]}))
        assert self._query(limit=1)["total"] == n
        return LoadResult(time.perf_counter() - started, f"POST /api/changes, {BATCH} records a call")

    def _load_csv(self, rows: list[dict[str, Any]], n: int) -> LoadResult:
        path = self.data_dir / "investors.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([field_name(column) for column in dataset.COLUMNS])
            for row in rows:
                writer.writerow([", ".join(v) if isinstance(v, list) else v for v in (row[k] for k in dataset.KEYS)])
        started = time.perf_counter()
        with path.open("rb") as file:
            answer = self.http.post(
                "/api/imports",
                params={"table": "investors", "filename": path.name},
                content=file,
                headers={"Content-Type": "text/csv"},
            )
        run = self._ok(answer)
        url = f"/api/imports/{run['id']}"
        self._ok(self.http.post(f"{url}/preview", json={"mapping": run["mapping"], "key": run["key"]}))
        compared = self._until(url, "compared")
        assert compared["counts"]["created"] == n, compared
        self._ok(self.http.post(f"{url}/apply"))
        self._until(url, "applied")
        assert self._query(limit=1)["total"] == n
        return LoadResult(time.perf_counter() - started, "CSV upload, comparison and apply (POST /api/imports)")

    def _until(self, url: str, status: str) -> dict[str, Any]:
        while True:
            run = self._ok(self.http.get(url))
            if run["status"] == status:
                return run
            assert run["status"] not in ("failed", "cancelled"), run["problem"]
            time.sleep(0.02)

    def _remember_ids(self, n: int) -> None:
        self.ids: list[str] = []
        after = None
        while len(self.ids) < n:
            window = self._query(fields=["name"], limit=5000, after=after)
            self.ids += window["ids"]
            after = window["next"]

    def _query(self, **query: Any) -> dict[str, Any]:
        given = {name: value for name, value in query.items() if value is not None}
        return self._ok(self.http.post("/api/tables/investors/query", json=given))

    def _ok(self, answer: httpx.Response) -> Any:
        if answer.status_code >= 300:
            raise RuntimeError(f"{answer.status_code} {answer.text[:500]}")
        return answer.json()

    def open_view(self) -> list[dict[str, Any]]:
        conditions = [
            {"field": "stage", "op": "is", "value": dataset.VIEW_STAGE},
            {"field": "check_size", "op": ">", "value": dataset.VIEW_MIN_CHECK},
        ]
        sorts = [{"field": "last_contact", "desc": True}, {"field": "name"}]
        window = self._query(filter={"and": conditions}, sorts=sorts, limit=dataset.VIEW_LIMIT)
        names = [self._names.get(field, field) for field in window["fields"]]
        return [dict(zip(names, row, strict=True)) for row in zip(*window["columns"], strict=True)]

    @property
    def _names(self) -> dict[str, str]:
        if not hasattr(self, "_keys"):
            fields = self._ok(self.http.get("/api/tables/investors/fields"))["fields"]
            self._keys = {field["id"]: field["key"] or field["name"] for field in fields}
        return self._keys

    def read_all(self) -> int:
        count, after = 0, None
        while True:
            window = self._query(limit=5000, after=after)
            count += len(window["ids"])
            after = window["next"]
            if after is None:
                return count

    def edit_cell(self, i: int, key: str, value: Any, client: httpx.Client | None = None) -> None:
        record = {"id": self.ids[i], "cells": {NAMES.get(key, key): value}}
        op = {"op": "update", "table": "investors", "records": [record]}
        answer = (client or self.http).post("/api/changes", json={"ops": [op]})
        if answer.status_code != 200:
            raise RuntimeError(f"{answer.status_code} {answer.text[:100]}")

    def read_cell(self, i: int, key: str) -> Any:
        record = self._ok(self.http.get(f"/api/tables/investors/records/{self.ids[i]}"))
        named = {self._names[field]: value for field, value in record["cells"].items()}
        return named[NAMES.get(key, key)]

    def add_formula(self) -> None:
        options = {"formula": "{Committed} * {Probability}", "format": {"kind": "number", "precision": 2}}
        field = {"name": "weighted", "kind": "formula", "options": options}
        op = {"op": "create_field", "table": "investors", "field": field}
        self._ok(self.http.post("/api/changes", json={"ops": [op]}))
        del self._keys

    def browser_target(self) -> dict[str, Any]:
        client = httpx.Client(base_url=f"http://{HOST}:{self.port}")
        self._ok(client.post("/api/session", json={"email": EMAIL, "password": PASSWORD}))
        cookie = {"name": "crm_session", "value": client.cookies["crm_session"], "url": f"http://{HOST}:{self.port}"}
        return {"url": f"http://{HOST}:{self.port}/t/investors", "cookies": [cookie]}
