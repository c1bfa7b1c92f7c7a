"""One worked example for each call that takes a body, and some answers; a test holds them to their shapes."""

from typing import Any

_ADA = {
    "id": "usrqOzRDMiO3wZxMK", "name": "Ada Lovelace", "email": "ada@example.org", "role": "admin", "active": True,
}  # fmt: skip
_SESSION = {
    "user": _ADA,
    "csrf": "2uAqmc9V0bgSQ8hNil0f4k92W7vASiCBROBGbhGtFrI",
    "setup_needed": False,
    "settings": {"time_zone": "Europe/Berlin", "currency": "EUR", "name": "Venture CRM"},
}
_PASSWORD = "quiet otters cross rivers"
_LINK_SECRET = "l-qZCOFzYdKvNQ5zv8i6n0Vg1KqxVmvzNIV3VN-OcAA"

_CREDENTIAL = {"id": "q83vEjRWeJA", "rawId": "q83vEjRWeJA", "type": "public-key", "response": {}}

REQUESTS: dict[str, Any] = {
    "sign_in": {"email": "ada@example.org", "password": _PASSWORD},
    "set_up": {"token": _LINK_SECRET, "email": "ada@example.org", "name": "Ada Lovelace", "password": _PASSWORD},
    "look_at_invite": {"token": _LINK_SECRET},
    "accept_invite": {"token": _LINK_SECRET, "name": "Ada Lovelace", "password": _PASSWORD},
    "change_me": {"name": "Ada King"},
    "create_token": {"name": "Nightly report", "scope": "read", "expires_in_days": 90},
    "create_invite": {"email": "grace@example.org", "role": "member"},
    "create_account": {"email": "grace@example.org", "name": "Grace Hopper", "password": _PASSWORD, "role": "member"},
    "change_account": {"role": "admin"},
    "configure_plugin": {"max_columns": 500},
    "create_request": {"title": "A map of all investors", "description": "By city, with the stage as colour."},
    "change_request": {"voted": True},
    "sign_in_by_code": {"ticket": _LINK_SECRET, "code": "492039"},
    "ask_passkey": {"ticket": _LINK_SECRET},
    "sign_in_by_passkey": {"ticket": _LINK_SECRET, "credential": _CREDENTIAL},
    "confirm_app": {"ticket": _LINK_SECRET, "code": "492039"},
    "add_passkey": {"ticket": _LINK_SECRET, "credential": _CREDENTIAL, "name": "Ada's phone"},
    "rename_passkey": {"name": "Ada's old phone"},
    "confirm_myself": {"password": _PASSWORD},
    "change_security_policy": {"admins_need_second_factor": True},
    "change_backup_policy": {"enabled": True, "hour": 2, "zone": "Europe/Berlin", "keep_count": 14},
    "preview_restore": {"backup": "20261123-020000-nightly"},
    "restore_backup": {"backup": "20261123-020000-nightly", "confirm": "20261123-020000-nightly"},
    "restore_records": {"table": "investors", "records": ["rec4fT0aB3xY9mQe2"], "fields": ["stage"]},
    "remove_plugin_data": {"name": "airtable_sync"},
    "log_activity": {"kind": "call", "subject": "Terms", "body": "They like it.", "at": "2026-11-23T10:00:00Z"},
    "change_activity": {"body": "They like it, and ask for the model."},
    "add_comment": {"body": "Who knows their CIO?"},
    "change_comment": {"body": "Who knows their new CIO?"},
    "mark_notifications": {"ids": ["ntf4fT0aB3xY9mQe2"], "read": True},
    "star_view": {"starred": True},
    "find_records": {"search": "capital", "view": "viw4fT0aB3xY9mQe2"},
    "check_formula": {"formula": "{Check size} * {Probability}", "format": {"kind": "currency", "code": "EUR"}},
    "query_records": {
        "filter": {
            "and": [
                {"field": "list", "op": "is_any_of", "value": ["main", "follow_up"]},
                {"field": "check_size", "op": ">=", "value": 250000},
            ]
        },
        "sorts": [{"field": "check_size", "desc": True}],
        "search": "capital",
        "limit": 100,
    },
    "aggregate_records": {"groups": [{"field": "stage", "desc": False}], "aggregates": {"check_size": "sum"}},
    "apply_changes": {
        "base_version": 41,
        "ops": [
            {"op": "create", "table": "investors", "records": [{"cells": {"name": "Example Capital"}}]},
            {
                "op": "update",
                "table": "investors",
                "records": [{"id": "rec4fT0aB3xY9mQe2", "cells": {"check_size": "250,000"}}],
            },
        ],
        "reason": "after the call",
    },
    "dismiss_duplicates": {"records": ["rec4fT0aB3xY9mQe2", "rec8aQ1zM5kW0vTn7"]},
    "preview_merge": {
        "into": "rec4fT0aB3xY9mQe2",
        "records": ["rec8aQ1zM5kW0vTn7"],
        "take": {"phone": "rec8aQ1zM5kW0vTn7", "notes": "all"},
    },
    "preview_import": {
        "mapping": [
            {"to": "field", "field": "name"},
            {"to": "new", "name": "Fund size", "kind": "currency", "options": {"code": "EUR", "precision": 0}},
            {"to": "related", "table": "contacts", "field": "email"},
            {"to": "skip"},
        ],
        "key": "name",
    },
    "write_state": {"expected_version": 41, "state": {"tables": {}, "extra": {}}},
}
"""By operation id: a body that is taken."""

ANSWERS: dict[str, Any] = {
    "show_session": _SESSION,
    "sign_in": _SESSION,
    "list_users": {"users": [_ADA]},
    "show_health": {"status": "ok", "version": "1.0.0"},
    "show_readiness": {
        "status": "ready",
        "checks": [{"name": "database", "ok": True, "detail": "sqlite, version 41"}],
    },
    "query_records": {
        "version": 41,
        "total": 1,
        "offset": 0,
        "fields": ["fldqOzRDMiO3wZxMK"],
        "ids": ["rec4fT0aB3xY9mQe2"],
        "columns": [["Example Capital"]],
        "names": {},
        "next": None,
    },
}
"""By operation id: what a success looks like."""

PROBLEMS: dict[int, Any] = {
    400: {
        "type": "urn:venture-crm:invalid_request",
        "title": "The request cannot be taken",
        "status": 400,
        "code": "invalid_request",
        "detail": "Expected `str`, got `int` (/name)",
        "hint": "Check the request against /api/schema.",
        "pointer": "/name",
        "errors": [{"code": "invalid_value", "detail": "Expected `str`, got `int`", "pointer": "/name"}],
    },
    401: {
        "type": "urn:venture-crm:not_signed_in",
        "title": "Not signed in",
        "status": 401,
        "code": "not_signed_in",
        "detail": "Nobody is signed in.",
        "hint": "Sign in, or send an API token.",
    },
    409: {
        "type": "urn:venture-crm:version_conflict",
        "title": "Conflict",
        "status": 409,
        "code": "version_conflict",
        "detail": "Grace Hopper changed the same cell since version 41.",
        "hint": "Look at both values, then send the change again with the current version.",
        "version": 43,
        "updated_at": "2026-11-23T09:30:00.000Z",
        "updated_by": {"id": "usrqOzRDMiO3wZxMK", "name": "Grace Hopper"},
        "conflicts": [],
    },
    429: {
        "type": "urn:venture-crm:too_many_attempts",
        "title": "Too many requests",
        "status": 429,
        "code": "too_many_attempts",
        "detail": "There were too many failed sign-ins.",
        "hint": "Wait 42 seconds, then try again.",
        "retry_after": 42,
    },
}
"""By status: an error of that kind."""
