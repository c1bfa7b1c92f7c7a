"""Which computed fields depend on which fields: plans, order, circles. Built once for a schema and its functions."""

import dataclasses
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec

from crm_core import ids
from crm_core.contracts.formula import Clock, FormulaEngine, FormulaError, FormulaField, FormulaPlan, FormulaType
from crm_core.contracts.formula import Kind as Types
from crm_core.contracts.query import Filter
from crm_core.errors import CrmError
from crm_core.kinds import FieldDef
from crm_core.kinds.computed import Computed
from crm_core.services.computed.types import ANY, list_of, type_of
from crm_core.storage.schema import Schema, TableDef

MAX_CHAIN = 100
VALUES = "values"
"""What a rollup's formula calls the list of linked values."""

Path = tuple[FieldDef, ...]
"""Link fields, each of the table that the one before leads to, seen from the far end."""

_MENTION = re.compile(r"\{(fld[0-9A-Za-z]{14})\}")
_MARKS = re.compile(r"([\\{}])")
_OFF = FormulaError("plugin_off", "Formulas are switched off. An admin can switch the plugin formulas on.")


@dataclass(frozen=True, eq=False)
class Node:
    """A computed field with all that is needed to compute it.

    `reads` are the fields of its own row in the order of the plan's; `through` the link of a lookup, rollup or count,
    `target` the field over there, `narrow` which linked records count. `error` is why nothing of it can be computed.
    """

    field: FieldDef
    table: TableDef
    text: str = ""
    plan: FormulaPlan | None = None
    reads: tuple[FieldDef, ...] = ()
    through: FieldDef | None = None
    target: FieldDef | None = None
    narrow: Filter | None = None
    uses: tuple[FieldDef, ...] = ()
    error: FormulaError | None = None
    depth: int = 1

    @property
    def clock(self) -> Clock:
        """How often its results change by themselves; a filter may name today."""
        own: Clock = self.plan.clock if self.plan else ""
        return own or ("day" if self.narrow is not None and _is_dated(self.narrow) else "")

    @cached_property
    def far(self) -> tuple[FieldDef, ...]:
        """The fields of the linked records that it reads."""
        return (*([self.target] if self.target else []), *self.uses)

    @cached_property
    def per_record(self) -> bool:
        """Whether its formula asks for the record's id or times."""
        return self.plan is not None and bool(self.plan.functions & {"RECORD_ID", "CREATED_TIME", "LAST_MODIFIED_TIME"})

    @property
    def is_off(self) -> bool:
        """Whether it needs a plugin that is switched off."""
        return self.error is not None and self.error.kind == "plugin_off"

    @cached_property
    def names_people(self) -> bool:
        """Whether its results hold names of the team's people."""
        read = (*self.reads, *([self.target] if self.target else []))
        items = (one.kind.item for one in read if isinstance(one.kind, Computed))
        return self.field.kind.name != "count" and any(
            one is not None and one.kind.family == "user" for one in (*read, *items)
        )

    @cached_property
    def fingerprint(self) -> str:
        """What the results follow from beside the records: when it is another, all of them are computed anew."""
        plan, error = self.plan, self.error
        parts = (
            self.field.column, _form(self.field), self.text,
            None if plan is None else (plan.type, sorted(plan.functions)),
            None if error is None else (error.kind, error.message), [_form(one) for one in self.reads],
            [None if one is None else _form(one) for one in (self.through, self.target)], self.narrow,
            [_form(one) for one in self.uses],
        )  # fmt: skip
        return hashlib.blake2b(repr(parts).encode(errors="backslashreplace"), digest_size=12).hexdigest()

    @cached_property
    def free(self) -> bool:
        """Whether its results have no one type."""
        return self.plan is not None and self.plan.type.kind in (Types.ANY, Types.LIST, Types.BLANK)


@dataclass(frozen=True, eq=False)
class Graph:
    """All computed fields in an order in which each comes after those it reads.

    `same` are the nodes to compute anew when a field's cell changed in their own row; `across` those whose linked
    records' cell changed, with the links that lead back to them; `linked` those to which records of that table are
    linked, whole; `touching` those of a table that follow any change of their record.
    """

    schema: Schema
    nodes: tuple[Node, ...] = ()
    same: Mapping[int, Sequence[Node]] = field(default_factory=dict)
    across: Mapping[int, Sequence[tuple[Node, Path]]] = field(default_factory=dict)
    linked: Mapping[int, Sequence[tuple[Node, Path]]] = field(default_factory=dict)
    touching: Mapping[int, Sequence[Node]] = field(default_factory=dict)

    @cached_property
    def by_field(self) -> Mapping[int, Node]:
        return {node.field.id: node for node in self.nodes}

    @cached_property
    def broken(self) -> Mapping[int, FormulaError]:
        """Why whole fields cannot be computed."""
        return {node.field.id: node.error for node in self.nodes if node.error is not None}

    @cached_property
    def order(self) -> Mapping[int, int]:
        """The place of a computed field in the order of computing."""
        return {node.field.id: place for place, node in enumerate(self.nodes)}

    @cached_property
    def of_table(self) -> Mapping[int, Sequence[Node]]:
        """The computed fields of each table, in order."""
        found: dict[int, list[Node]] = {}
        for node in self.nodes:
            found.setdefault(node.table.id, []).append(node)
        return found

    @cached_property
    def concerned(self) -> frozenset[int]:
        """The tables whose records' changes make anything to be computed."""
        return frozenset((*self.of_table, *self.linked))

    def dependents(self, fields: Iterator[int] | Sequence[int]) -> set[int]:
        """All computed fields that depend on any of these, over any number of steps."""
        found: set[int] = set()
        waiting = list(fields)
        while waiting:
            key = waiting.pop()
            for node in (*self.same.get(key, ()), *(node for node, _ in self.across.get(key, ()))):
                if node.field.id not in found:
                    found.add(node.field.id)
                    waiting.append(node.field.id)
        return found


def build(schema: Schema, engine: FormulaEngine | None) -> Graph:
    """The graph of a schema. What is wrong with a field is in its node's `error`; nothing is raised."""
    computed = {f.id: (table, f) for table in schema.tables for f in table.fields if f.kind.computed}
    if not computed:
        return Graph(schema)
    needs = {key: _needs(schema, f) for key, (_, f) in computed.items()}
    order, circles = _sorted(needs)
    nodes: dict[int, Node] = {}
    for key in order:
        table, f = computed[key]
        node = _node(schema, table, f, engine, nodes)
        depth = 1 + max((nodes[one].depth for one in needs[key] if one in nodes), default=0)
        error = None
        if key in circles:
            path = " → ".join(schema.fields[step].name for step in circles[key])
            error = FormulaError("cycle", f"The field depends on itself: {path}.")
        elif depth > MAX_CHAIN and node.error is None:
            error = FormulaError("limit", f"{f.name} stands at the end of a chain of more than {MAX_CHAIN} fields.")
        if error is not None:
            node = Node(f, table, node.text, through=node.through, target=node.target, error=error)
        nodes[key] = dataclasses.replace(node, depth=depth)
    return _wired(schema, tuple(nodes.values()))


def _form(f: FieldDef) -> tuple[Any, ...]:
    """What of a field decides how its cells are read and written."""
    item = f.kind.item if isinstance(f.kind, Computed) else None
    money = f.options.get("precision") if f.kind.shown.name == "currency" else None
    names = tuple(f.choice_names.items()) if f.kind.family in ("choice", "choices") else ()
    return f.id, f.column, f.kind.shown.name, money, names, None if item is None else _form(item)


def mentioned(text: str) -> list[int]:
    """The fields that a stored formula names."""
    return [ids.decode("fld", public) for public in dict.fromkeys(_MENTION.findall(text))]


def named(schema: Schema, text: str) -> str:
    """A stored formula as people read it: fields by name."""

    def name(match: re.Match[str]) -> str:
        found = schema.fields.get(ids.try_decode("fld", match[1]) or 0)
        return match[0] if found is None else f"{{{_quoted(found.name)}}}"

    return _MENTION.sub(name, text)


def _quoted(name: str) -> str:
    return _MARKS.sub(lambda match: "\\" + match[1], name)


def stored(table: TableDef, text: str, engine: FormulaEngine) -> str:
    """A formula as it is kept: fields by id, so that renaming one changes no formula."""
    return engine.renamed(text, {f.name: f.public_id for f in table.fields})


def narrowing(options: Mapping[str, Any]) -> Filter | None:
    """The filter of a lookup, rollup or count."""
    given = options.get("filter")
    return None if not given else msgspec.convert(given, Filter)


def _needs(schema: Schema, f: FieldDef) -> list[int]:
    """The fields that must be computed before this one."""
    needs = mentioned(f.options["formula"]) if f.kind.name == "formula" else [f.options["link"]]
    found: list[int] = []
    for key in needs:
        found.append(key)
        other = schema.fields.get(key)
        if other is not None and other.kind.family == "link" and f.kind.name == "formula":
            found.append(schema.by_id[other.options["table"]].primary.id)
    if f.options.get("field"):
        found.append(f.options["field"])
        target = schema.fields.get(f.options["field"])
        if target is not None and target.kind.family == "link":
            found.append(schema.by_id[target.options["table"]].primary.id)
    link = schema.fields.get(f.options["link"]) if f.kind.name != "formula" else None
    if link is not None and link.kind.family == "link":
        found += [one.id for one in _used(schema.by_id[link.options["table"]], narrowing(f.options))]
    return found


def _sorted(needs: Mapping[int, Sequence[int]]) -> tuple[list[int], dict[int, list[int]]]:
    """The computed fields in order, and the circle of each that stands in one."""
    order: list[int] = []
    circles: dict[int, list[int]] = {}
    state: dict[int, int] = {}
    for start in needs:
        path: list[tuple[int, Iterator[int]]] = []
        if start not in state:
            state[start] = 1
            path.append((start, iter(needs[start])))
        while path:
            key, rest = path[-1]
            for need in rest:
                if need not in needs:
                    continue
                if state.get(need) == 1:
                    steps = [one for one, _ in path]
                    circle = steps[steps.index(need) :]
                    for place, one in enumerate(circle):
                        circles.setdefault(one, [*circle[place:], *circle[: place + 1]])
                elif need not in state:
                    state[need] = 1
                    path.append((need, iter(needs[need])))
                    break
            else:
                state[key] = 2
                order.append(key)
                path.pop()
    return order, circles


def _node(
    schema: Schema, table: TableDef, f: FieldDef, engine: FormulaEngine | None, nodes: Mapping[int, Node]
) -> Node:
    if f.kind.name == "formula":
        return _formula(schema, table, f, engine, nodes)
    through, target = schema.fields.get(f.options["link"]), schema.fields.get(f.options.get("field") or 0)
    gone = [one for one in (through, target) if one is not None and one.archived_at is not None]
    if gone or through is None or (target is None and f.kind.name != "count"):
        name = gone[0].name if gone else "a field"
        error = FormulaError("unknown_field", f"{f.name} reads {name}, which was deleted.")
        return Node(f, table, error=error)
    narrow = narrowing(f.options)
    uses = _used(schema.by_id[through.options["table"]], narrow)
    plan, problem, text = None, None, ""
    if f.kind.name == "rollup":
        assert target is not None
        text = f.options["formula"]
        plan, problem = _plan(engine, f, text, (values_field(target, nodes),))
    return Node(f, table, text, plan, (), through, target, narrow, uses, problem)


def _formula(
    schema: Schema, table: TableDef, f: FieldDef, engine: FormulaEngine | None, nodes: Mapping[int, Node]
) -> Node:
    text = named(schema, f.options["formula"])
    reads = [schema.fields.get(key) for key in mentioned(f.options["formula"])]
    gone = next((one for one in reads if one is None or one.archived_at is not None), None)
    live = [one for one in reads if one is not None and one.archived_at is None]
    if len(live) < len(reads):
        name = gone.name if gone else "a field"
        span = place_of(text, name) if gone else None
        message = f"The formula reads {name}, which was deleted. Restore it, or change the formula."
        error = FormulaError("unknown_field", message, span)
        return Node(f, table, text, error=error)
    given = tuple(formula_field(one, nodes) for one in live)
    plan, problem = _plan(engine, f, text, given)
    by_id = {one.public_id: one for one in live}
    used = tuple(by_id[key] for key in plan.reads) if plan and not plan.errors else tuple(live)
    return Node(f, table, text, plan, used, error=problem)


def place_of(text: str, name: str) -> tuple[int, int] | None:
    """Where a formula names a field first, in braces or as a bare word."""
    for written in (f"{{{_quoted(name)}}}", name):
        at = text.find(written)
        if at >= 0:
            return at, at + len(written)
    return None


def formula_field(f: FieldDef, nodes: Mapping[int, Node]) -> FormulaField:
    """A field as formulas of its table see it."""
    return FormulaField(f.public_id, f.name, _type(f, nodes), f.kind.computed)


def values_field(target: FieldDef, nodes: Mapping[int, Node]) -> FormulaField:
    """The values of a field of linked records as a rollup's formula sees them: one list, lists of lists made flat."""
    given = _type(target, nodes)
    item = given if given.kind is not Types.LIST else given.item or ANY
    return FormulaField(VALUES, VALUES, list_of(item), True)


def _type(f: FieldDef, nodes: Mapping[int, Node]) -> FormulaType:
    node = nodes.get(f.id)
    return type_of(f, node is not None and node.free)


def _plan(
    engine: FormulaEngine | None, f: FieldDef, text: str, fields: tuple[FormulaField, ...]
) -> tuple[FormulaPlan | None, FormulaError | None]:
    if engine is None:
        return None, _OFF
    plan = engine.compile(text, fields)
    return plan, _explained(f, plan.errors[0]) if plan.errors else None


def _explained(f: FieldDef, error: FormulaError) -> FormulaError:
    """A function that was there when the formula was saved belongs to a plugin that is off or gone."""
    owner = (f.options.get("functions") or {}).get(error.function) if error.kind == "unknown_function" else None
    if owner is None:
        return error
    message = f"{error.function} comes from the plugin {owner}, which is off. An admin can switch it on."
    return dataclasses.replace(error, kind="plugin_off", message=message, suggestions=())


def _used(table: TableDef, tree: Filter | None) -> tuple[FieldDef, ...]:
    """The fields a filter looks at."""
    found: dict[int, FieldDef] = {}
    waiting = [tree] if tree else []
    while waiting:
        part = waiting.pop()
        waiting += [*(part.all_of or ()), *(part.any_of or ())]
        if part.field:
            try:
                one = table.field(part.field)
            except CrmError:
                continue
            found[one.id] = one
    return tuple(found.values())


def _is_dated(tree: Filter) -> bool:
    """Whether a filter speaks of today or another day that moves."""
    parts = [*(tree.all_of or ()), *(tree.any_of or ())]
    return isinstance(tree.value, Mapping) or any(map(_is_dated, parts))


def _wired(schema: Schema, nodes: tuple[Node, ...]) -> Graph:
    same: dict[int, list[Node]] = {}
    across: dict[int, list[tuple[Node, Path]]] = {}
    linked: dict[int, list[tuple[Node, Path]]] = {}

    def reach(node: Node, path: Path, targets: Sequence[FieldDef]) -> None:
        """`path` leads from the targets' table back to the node's."""
        linked.setdefault(path[0].options["table"], []).append((node, path))
        for target in targets:
            across.setdefault(target.id, []).append((node, path))
            if target.kind.family == "link":
                reach(node, (target, *path), [schema.by_id[target.options["table"]].primary])

    touching: dict[int, list[Node]] = {}
    for node in nodes:
        if node.plan is not None and "LAST_MODIFIED_TIME" in node.plan.functions:
            touching.setdefault(node.table.id, []).append(node)
        for read in node.reads:
            same.setdefault(read.id, []).append(node)
            if read.kind.family == "link":
                reach(node, (read,), [schema.by_id[read.options["table"]].primary])
        if node.through is not None and (node.error is None or node.is_off):
            same.setdefault(node.through.id, []).append(node)
            reach(node, (node.through,), node.far)
    return Graph(schema, nodes, same, across, linked, touching)
