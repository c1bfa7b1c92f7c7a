"""The filter tree of a request or a view, compiled to one SQL condition."""

from collections.abc import Iterator

import sqlalchemy as sa

from crm_core.contracts.query import MAX_DEPTH, Filter
from crm_core.errors import CrmError, Invalid
from crm_core.kinds import CellError, FieldDef
from crm_core.storage.queries.operators import OPERATORS, Condition
from crm_core.storage.queries.scope import Scope
from crm_core.storage.schema import TableDef

MAX_CONDITIONS = 200


def compile_filter(scope: Scope, tree: Filter | None, pointer: str = "/filter", *, lenient: bool = False) -> Condition:
    """The condition a tree means; an empty group lets everything through.

    Raises Invalid with a pointer to the member that is wrong. `lenient` (for the stored filter of a view) leaves out
    what no longer makes sense, such as a condition on an archived field.
    """
    if tree is None:
        return sa.true()
    if sum(1 for _ in _conditions(tree, 1)) > MAX_CONDITIONS:
        raise Invalid("filter_too_large", f"A filter has at most {MAX_CONDITIONS} conditions.", pointer=pointer)
    return _compile(scope, tree, pointer, 1, lenient)


def _conditions(tree: Filter, depth: int) -> Iterator[Filter]:
    if depth > MAX_DEPTH + 1:
        return
    for part in (*(tree.all_of or ()), *(tree.any_of or ())):
        yield from _conditions(part, depth + 1)
    yield tree


def _compile(scope: Scope, tree: Filter, pointer: str, depth: int, lenient: bool) -> Condition:
    groups = [(name, parts) for name, parts in (("and", tree.all_of), ("or", tree.any_of)) if parts is not None]
    condition = tree.field is not None or tree.op is not None or tree.value is not None
    if len(groups) + condition != 1:
        raise Invalid(
            "bad_filter",
            "A filter is either a group or one condition.",
            'Use {"and": […]}, {"or": […]} or {"field": …, "op": …, "value": …}.',
            pointer,
        )
    if not groups:
        return _condition(scope, tree, pointer, lenient)
    if depth > MAX_DEPTH:
        raise Invalid("filter_too_deep", f"Filter groups nest at most {MAX_DEPTH} deep.", pointer=pointer)
    name, parts = groups[0]
    compiled = [
        _compile(scope, part, f"{pointer}/{name}/{number}", depth + 1, lenient) for number, part in enumerate(parts)
    ]
    if not compiled:
        return sa.true()
    return sa.and_(*compiled) if name == "and" else sa.or_(*compiled)


def _condition(scope: Scope, tree: Filter, pointer: str, lenient: bool) -> Condition:
    try:
        return _strict(scope, tree, pointer)
    except CrmError:
        if lenient:
            return sa.true()
        raise


def _strict(scope: Scope, tree: Filter, pointer: str) -> Condition:
    field = field_at(scope.table, tree.field or "", f"{pointer}/field")
    operators = OPERATORS[field.kind.family]
    operator = operators.get(tree.op or "")
    if operator is None:
        raise Invalid(
            "unknown_operator",
            f"{field.name} ({field.kind.name}) cannot be filtered by {(tree.op or '')[:60]!r}.",
            f"Use one of: {', '.join(operators)}.",
            f"{pointer}/op",
        )
    try:
        return operator(scope, field, tree.value)
    except CellError as error:
        raise Invalid(error.code, error.detail, error.hint, f"{pointer}/value") from error


def field_at(table: TableDef, ref: str, pointer: str) -> FieldDef:
    """A field named in a request; Invalid (`unknown_field`) with the pointer to where it was named."""
    try:
        return table.field(ref)
    except CrmError as error:
        raise Invalid(error.code, error.message, error.hint, pointer) from error


def usable(table: TableDef, tree: Filter) -> FieldDef | None:
    """The field of a condition whose operator fits it, else None (for those who only look at a tree)."""
    try:
        field = table.field(tree.field or "")
    except CrmError:
        return None
    return field if tree.op in OPERATORS[field.kind.family] else None
