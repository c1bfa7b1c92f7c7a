"""Kinds that point elsewhere: user, link to records, created and modified by, auto number."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa

from crm_core import ids
from crm_core.errors import Invalid
from crm_core.kinds.base import CellError, FieldDef, Kind, refuse_unknown


class User(Kind):
    """A person of the team; stored as the user's key. The engine checks that the person exists."""

    name: ClassVar[str] = "user"
    family = "user"
    sql_type = sa.Integer()

    def read(self, value: object, field: FieldDef, zone: str) -> int | None:
        if value is None or value == "":
            return None
        key = ids.try_decode("usr", value)
        if key is None:
            raise CellError(
                "unknown_user",
                f"{str(value)[:60]!r} is not the id of a person of the team.",
                "Pick a person from the list.",
            )
        return key

    def wire(self, stored: Any, field: FieldDef) -> str:
        return ids.encode("usr", stored)


class CreatedBy(User):
    name = "created_by"
    read_only = True


class ModifiedBy(User):
    name = "modified_by"
    read_only = True


class AutoNumber(Kind):
    """The record's own running number."""

    name: ClassVar[str] = "auto_number"
    family = "number"
    sql_type = sa.Integer()
    read_only = True


class Link(Kind):
    """Links to records of `table`.

    With `many` false the one linked record is a column of the row; with `many` true links lie in `record_links`. The
    other direction is a link field too, with `inverse_of` set: it stores nothing and is written through this one. The
    stored form inside the engine is a tuple of record keys.
    """

    name: ClassVar[str] = "link"
    family = "link"
    sql_type = sa.Integer()

    def check_options(self, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        refuse_unknown(self.name, given, ("table", "many", "inverse", "inverse_of"))
        if before:
            for name in ("table", "inverse_of", "inverse", "many"):
                if name in given and given[name] != before.get(name):
                    raise Invalid(
                        "bad_field_options",
                        f"The option {name} of a link field cannot change.",
                        "Add a new link field instead.",
                    )
            return dict(before)
        if not isinstance(given.get("table"), int):
            raise Invalid(
                "bad_field_options", "A link field needs the table it links to.", 'Use {"table": "contacts"}.'
            )
        return {
            "table": given["table"],
            "many": bool(given.get("many", True)),
            "inverse": given.get("inverse"),
            "inverse_of": given.get("inverse_of"),
        }

    def read(self, value: object, field: FieldDef, zone: str) -> tuple[int, ...] | None:
        if value is None or value == "" or value == []:
            return None
        items = [value] if isinstance(value, (str, Mapping)) else value
        if not isinstance(items, Sequence):
            raise CellError("bad_link", "A list of record ids was expected.")
        keys: dict[int, None] = {}
        for item in items:
            public = item.get("id") if isinstance(item, Mapping) else item
            key = ids.try_record(field.options["table"], public)
            if key is None:
                raise CellError(
                    "unknown_record", f"{str(public)[:60]!r} is not the id of a record.", "Pick a record from the list."
                )
            keys[key] = None
        if len(keys) > 1 and not field.options["many"]:
            raise CellError("too_many_links", f"{field.name} links to one record only.")
        return tuple(keys) or None

    def wire(self, stored: Any, field: FieldDef) -> list[str]:
        table: int = field.options["table"]
        return [ids.record(table, key) for key in stored]
