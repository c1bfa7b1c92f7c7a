"""Functions of the record itself."""

from typing import Any

from plugins.formulas.functions.declare import function

R: Any = {"category": "record"}
FUNCTIONS = (
    function(
        "CREATED_TIME",
        "",
        "dateTime",
        lambda: None,
        "When the record was created.",
        ("ISBLANK(CREATED_TIME())", True),
        **R,
    ),
    function(
        "LAST_MODIFIED_TIME",
        "fields: any*",
        "dateTime",
        lambda *_: None,
        "When a person last changed the record, or the fields named.",
        ("ISBLANK(LAST_MODIFIED_TIME())", True),
        ("ISBLANK(LAST_MODIFIED_TIME({A}))", True, {"A": 1.0}),
        **R,
    ),
    function("RECORD_ID", "", "text", lambda: None, "The record's id.", ("ISBLANK(RECORD_ID())", True), **R),
)
