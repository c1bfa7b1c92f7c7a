"""Secrets stay where they are: not in logs, exports, backups, activity or answers to others."""

from __future__ import annotations

import logging

import pyotp
import pytest

from crm_core import clock
from tests.api.conftest import PASSWORD, Site
from tests.api.test_second_factor import ADA, connect, password_step


def test_secrets_are_in_no_log_export_backup_or_answer(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    app, codes = connect(site, "admin")
    assert isinstance(app, pyotp.TOTP)
    step = password_step(site)
    code = app.at(clock.now())
    answer = site.call("nobody", "POST", "/api/session/code", json={"ticket": step["ticket"], "code": code})
    cookie = answer.headers["set-cookie"].partition(";")[0].partition("=")[2]
    site.call("nobody", "POST", "/api/session", json={**ADA, "password": "a wrong one that was typed"})
    token = site.call("admin", "POST", "/api/tokens", json={"name": "Sync", "scope": "read"}).json()["secret"]
    link = site.call("admin", "POST", "/api/admin/invites", json={"email": "new@example.org"}).json()["link"]
    secrets = [app.secret, *codes, cookie, token, link.partition("token=")[2], PASSWORD, site.crm.config.secret_key]
    secrets += ["a wrong one that was typed", str(step["ticket"])]

    backup = site.call("admin", "POST", "/api/fundraising/backup")
    assert backup.status_code == 201, backup.text
    seen = {
        "the log": caplog.text,
        "the export": site.call("admin", "GET", "/api/fundraising/export").text,
        "the state": site.call("admin", "GET", "/api/fundraising/state").text,
        "the activity": site.call("admin", "GET", "/api/activity?limit=200").text,
        "the accounts": site.call("admin", "GET", "/api/admin/users").text,
        "the checklist": site.call("admin", "GET", "/api/admin/security-status").text,
        "the plugins": site.call("admin", "GET", "/api/plugins").text,
        "the own page": site.call("admin", "GET", "/api/me/second-factor").text,
        "the metrics": site.call("admin_metrics", "GET", "/metrics").text,
    }
    files = [path for path in site.crm.config.data_dir.rglob("*") if path.is_file() and path.name != "secret.key"]
    assert any(path.suffix == ".sqlite3" and "backup" in str(path) for path in files), files
    for path in files:
        seen[str(path)] = path.read_bytes().decode("latin-1")
    found = [(where, secret[:6]) for where, text in seen.items() for secret in secrets if secret in text]
    assert not found
