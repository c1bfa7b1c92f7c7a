"""Search: one text looked for in everything a record shows, as far as its fields' kinds have words or digits."""

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from crm_core.errors import Invalid
from crm_core.kinds import CellError, FieldDef
from crm_core.kinds.dates import order_of, parse_date
from crm_core.models.tables import USERS
from crm_core.storage.queries import links
from crm_core.storage.queries.dates import bounds_of
from crm_core.storage.queries.dialects import contains, fold, like, one_of, place
from crm_core.storage.queries.operators import Condition, file_names, needle_of
from crm_core.storage.queries.scope import Scope, any_of
from crm_core.storage.queries.texts import number_text, text_of

_NUMBER = re.compile(r"[-+]?[\d.,\s]*\d[\d.,\s]*%?")
_BETWEEN = "\x1f"


def compile_search(scope: Scope, text: str, fields: Sequence[FieldDef], pointer: str = "/search") -> Condition:
    """Whether any of the fields shows the text: words in texts, options, people and linked names; digits in numbers;
    a written date in dates. Blank text lets everything through."""
    if not text.strip():
        return sa.true()
    try:
        needle = needle_of(text.strip())
    except CellError as error:
        raise Invalid(error.code, error.detail, error.hint, pointer) from error
    digits = needle.replace(",", "").replace(" ", "").rstrip("%").lstrip("+-") if _NUMBER.fullmatch(needle) else ""
    parts: list[Condition] = []
    words = [field for field in fields if field.kind.family == "text"]
    if words:
        parts.append(_in_words(scope, words, needle))
    people: list[int] | None = None
    for field in fields:
        family = field.kind.family
        if family in ("choice", "choices"):
            parts += _in_options(scope, field, needle)
        elif family == "user":
            people = _people(scope, needle) if people is None else people
            parts += [one_of(scope.column(field), people)] if people else []
        elif family == "file":
            parts.append(contains(file_names(scope.column(field)), needle))
        elif family == "link":
            parts.append(links.linked(scope.schema, field, scope.rows, links.named(text_of, needle)))
        elif family == "number" and digits:
            parts.append(_in_number(scope, field, digits))
        elif family in ("date", "moment"):
            parts += _on_day(scope, field, needle)
    return any_of(parts)


def _in_words(scope: Scope, fields: Sequence[FieldDef], needle: str) -> Condition:
    """All text fields at once where a function call for each would cost more than joining them."""
    columns = [scope.column(field) for field in fields]
    if needle.isascii() or _BETWEEN in needle or len(columns) == 1:
        return any_of([contains(column, needle) for column in columns])
    joined: sa.ColumnElement[Any] = sa.func.coalesce(columns[0], "")
    for column in columns[1:]:
        joined = joined + _BETWEEN + sa.func.coalesce(column, "")
    return place(fold(joined), fold(sa.literal(needle))) > 0


def _in_options(scope: Scope, field: FieldDef, needle: str) -> list[Condition]:
    """Options are few and known, so their names are searched here and only their numbers in the database."""
    wanted = needle.casefold()
    found = [choice.number for choice in field.choices if wanted in choice.name.casefold()]
    if not found:
        return []
    column = scope.column(field)
    if field.kind.family == "choice":
        return [one_of(column, found)]
    return [any_of([like(column, f"%|{number}|%") for number in found])]


def _people(scope: Scope, needle: str) -> list[int]:
    query = sa.select(USERS.c.id).where(contains(USERS.c.name, needle)).order_by(USERS.c.id)
    found = list(scope.connection.execute(query).scalars())
    scope.notes.append(tuple(found))
    return found


def _in_number(scope: Scope, field: FieldDef, digits: str) -> Condition:
    whole = isinstance(field.kind.sql_type, sa.Integer)
    return contains(number_text(field, scope.column(field)), digits.replace(".", "") if whole else digits)


def _on_day(scope: Scope, field: FieldDef, needle: str) -> list[Condition]:
    day = parse_date(needle, order_of(field.options))
    if day is None:
        return []
    low, high = bounds_of(scope, field, day.isoformat())
    column = scope.column(field)
    return [sa.and_(*([] if low is None else [column >= low]), *([] if high is None else [column < high]))]
