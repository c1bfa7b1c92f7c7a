"""Questions about computed fields: is this formula right, what would it give, what depends on what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, select

from crm_core import ids
from crm_core.contracts.actor import Actor
from crm_core.contracts.formula import Clock, FormulaError
from crm_core.errors import Invalid, NotFound
from crm_core.kinds import FieldDef, kind_named
from crm_core.kinds.computed import Computed as ComputedKind
from crm_core.kinds.computed import formats_of, resolved
from crm_core.services.computed import Graphs
from crm_core.services.computed.calculation import Calculation
from crm_core.services.computed.compiling import asked
from crm_core.services.computed.explaining import Explained, explained
from crm_core.services.computed.graph import Graph, Node, mentioned, named, narrowing, place_of
from crm_core.services.settings import Settings
from crm_core.storage import state
from crm_core.storage.queries.scope import Scope
from crm_core.storage.schema import SchemaCache, TableDef
from crm_core.storage.unit import Units


@dataclass(frozen=True)
class Preview:
    """What a formula gives on one record: the cell on the wire, and as people read it."""

    value: Any
    text: str


@dataclass(frozen=True)
class Checked:
    """What a formula would be as a field; `format` and `preview` only when it has no errors."""

    ok: bool
    errors: tuple[FormulaError, ...]
    warnings: tuple[FormulaError, ...] = ()
    type: str = "any"
    result: str = "text"
    format: Mapping[str, Any] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    clock: Clock = ""
    preview: Preview | None = None


@dataclass(frozen=True)
class Step:
    """A field that another depends on, or that depends on it; `of` is the field one step nearer, `through` the link."""

    field: str
    table: str
    name: str
    kind: str
    through: str | None
    distance: int
    of: str


@dataclass(frozen=True)
class Dependencies:
    """All that a field reads and all that reads it, over any number of steps."""

    reads: tuple[Step, ...]
    read_by: tuple[Step, ...]


class Computed:
    """Answers about computed fields. Nothing is written."""

    def __init__(self, units: Units, schemas: SchemaCache, settings: Settings, graphs: Graphs) -> None:
        self._units, self._schemas, self._settings, self._graphs = units, schemas, settings, graphs

    def check(
        self,
        table: str,
        options: Mapping[str, Any],
        actor: Actor,
        kind: Literal["formula", "rollup"] = "formula",
        editing: str | None = None,
        record: str | None = None,
    ) -> Checked:
        """Whether a formula could be saved in a table, and what it gives on a record (the first when None).

        `options` are those of the field (formula, link, field, filter, format); `editing` is the field it would belong
        to. Raises Invalid for a link, filter or format that makes no sense, NotFound for what is not there.
        """
        with self._units.read() as session:
            connection = session.connection()
            graph, zone = self.graph(connection), self.zone
            found = graph.schema.table(table)
            scope = Scope(connection, graph.schema, found, zone)
            before = {"format": options.get("format")}  # one that does not fit the formula gives way
            kept, plan = asked(scope, graph, self._graphs.engine, kind_named(kind), options, before)
            assert plan is not None
            problem = None
            if editing is not None and not plan.errors:
                problem = circle(graph, graph.schema.field(editing), _read(graph, kind, kept), str(options["formula"]))
            if plan.errors or problem:
                return Checked(False, (*plan.errors, *([problem] if problem else [])), plan.warnings)
            node = _imagined(graph, found, kind, kept, plan)
            key = _key(connection, found, record)
            preview = None if key is None else _preview(Calculation(connection, graph, zone, [node]), node, key, zone)
        format_ = dict(kept["format"])
        type_ = plan.type.kind.value
        return Checked(
            True,
            (),
            plan.warnings,
            type_,
            format_.pop("kind"),
            format_,
            tuple(formats_of(type_)),
            tuple(graph.schema.fields[key].public_id for key in _read(graph, kind, kept)),
            node.clock,
            preview,
        )

    def dependencies(self, table: str, ref: str) -> Dependencies:
        """What a field reads and what reads it. NotFound for a field that is not there."""
        with self._units.read() as session:
            graph = self.graph(session.connection())
        start = graph.schema.table(table).field(ref)
        return Dependencies(tuple(_walk(graph, start, up=True)), tuple(_walk(graph, start, up=False)))

    def explain(self, table: str, ref: str, record: str) -> Explained:
        """How the value of a computed cell comes about. NotFound for a field or record that is not there, Invalid
        (`not_computed`) for a field that is no computed one."""
        with self._units.read() as session:
            connection = session.connection()
            graph, zone = self.graph(connection), self.zone
            found = graph.schema.table(table)
            node = graph.by_field.get(found.field(ref).id)
            if node is None:
                name = found.field(ref).name
                raise Invalid("not_computed", f"{name} is not computed.", "Only computed fields have an explanation.")
            key = _key(connection, found, record)
            assert key is not None
            return explained(connection, graph, node, key, zone)

    @property
    def zone(self) -> str:
        """The team's time zone."""
        return self._settings.team().time_zone

    def graph(self, connection: Connection) -> Graph:
        """The graph as of this transaction."""
        return self._graphs.of(self._schemas.at(connection, state.current(connection).schema_version))


def _read(graph: Graph, kind: str, options: Mapping[str, Any]) -> list[int]:
    """The keys of the fields that a field with these options reads directly."""
    if kind == "formula":
        return [key for key in mentioned(options["formula"]) if key in graph.schema.fields]
    return [options["link"], options["field"]]


def circle(graph: Graph, editing: FieldDef, reads: list[int], text: str) -> FormulaError | None:
    """The error of a field that would depend on itself, with the path and where the formula names its first step."""
    for key in reads:
        path = _path(graph, key, editing.id)
        if path is None:
            continue
        names = " → ".join(graph.schema.fields[step].name for step in (editing.id, *path))
        span = place_of(text, graph.schema.fields[key].name)
        return FormulaError("cycle", f"The field would depend on itself: {names}.", span)
    return None


def _path(graph: Graph, start: int, goal: int) -> list[int] | None:
    """The fields from one that is read to one that reads it, over any number of steps."""
    came: dict[int, int | None] = {start: None}
    waiting = [start]
    while waiting:
        key = waiting.pop(0)
        if key == goal:
            path: list[int] = []
            step: int | None = key
            while step is not None:
                path.insert(0, step)
                step = came[step]
            return path
        for _, other in _sources(graph, key):
            if other.id not in came:
                came[other.id] = key
                waiting.append(other.id)
    return None


def _sources(graph: Graph, key: int) -> Iterator[tuple[FieldDef | None, FieldDef]]:
    """What a computed field reads directly, with the link it reads it through."""
    node = graph.by_field.get(key)
    if node is None:
        return
    for one in node.reads:
        yield None, one
        if one.kind.family == "link":
            yield one, graph.schema.by_id[one.options["table"]].primary
    if node.through is not None:
        yield None, node.through
        for far in node.far:
            yield node.through, far


def _readers(graph: Graph, key: int) -> Iterator[tuple[FieldDef | None, FieldDef]]:
    """What reads a field directly, with the link it does so through."""
    for node in graph.same.get(key, ()):
        yield None, node.field
    for node, path in graph.across.get(key, ()):
        yield path[-1], node.field


def _walk(graph: Graph, start: FieldDef, *, up: bool) -> Iterator[Step]:
    seen = {start.id}
    waiting = [(start, 0)]
    while waiting:
        near, distance = waiting.pop(0)
        for through, one in (_sources if up else _readers)(graph, near.id):
            if one.id in seen:
                continue
            seen.add(one.id)
            waiting.append((one, distance + 1))
            yield Step(
                one.public_id,
                graph.schema.by_id[one.table_id].public_id,
                one.name,
                one.kind.name,
                None if through is None else through.public_id,
                distance + 1,
                near.public_id,
            )


def _imagined(graph: Graph, table: TableDef, kind: str, options: Mapping[str, Any], plan: Any) -> Node:
    """The node of a field that is not there yet."""
    plain = FieldDef(0, table.id, None, "The field", kind_named(kind), options, None)
    made = resolved(plain, graph.schema.fields)
    by_id = graph.schema.fields
    if kind == "formula":
        reads = tuple(by_id[ids.decode("fld", key)] for key in plan.reads)
        return Node(made, table, named(graph.schema, options["formula"]), plan, reads)
    link, target = by_id[options["link"]], by_id[options["field"]]
    return Node(made, table, options["formula"], plan, (), link, target, narrowing(options))


def _key(connection: Connection, table: TableDef, record: str | None) -> int | None:
    if record is not None:
        key = ids.try_record(table.id, record)
        if key is None:
            raise NotFound("unknown_record", f"{table.name} has no record {record[:40]!r}.", "Reload the table.")
        return key
    rows = table.sql
    query = select(rows.c.id).where(rows.c.deleted_at.is_(None)).order_by(rows.c.position, rows.c.id).limit(1)
    found: int | None = connection.execute(query).scalar()
    return found


def _preview(calculation: Calculation, node: Node, key: int, zone: str) -> Preview | None:
    rows = calculation.rows(node.table.id)
    rows.need([key])
    if key not in rows.at:
        return None
    (value,), (extra,) = calculation.results(node, rows, [rows.at[key]])
    kind = node.field.kind
    assert isinstance(kind, ComputedKind)
    wire = kind.wire_cells([value], [extra], node.field)[0]
    if isinstance(wire, dict):
        return Preview(wire, str(wire["error"]["shown"]))
    return Preview(wire, "" if value is None else kind.text(value, node.field, zone))
