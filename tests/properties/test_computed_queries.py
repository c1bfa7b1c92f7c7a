"""Computed fields filter, sort, group and sum up by what plain Python computes from the fields they read."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_core import clock, ids
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import Create, CreateRecord, Delete
from crm_core.contracts.query import AggregateQuery, Query
from tests.core.computed.conftest import Works
from tests.properties import query_model as model
from tests.properties.query_strategies import OPERATORS, condition, sorts, trees

INVESTORS: model.Fields = {
    "Name": ("text", {}),
    "Score": ("number", {}),
    "Last contact": ("date", {}),
    "Double": ("number", {}),
    "Ratio": ("number", {}),
    "Label": ("text", {}),
    "Due": ("date", {}),
    "Keen": ("checkbox", {}),
    "Total": ("number", {}),
    "Parts": ("text", {}),
    "How many": ("number", {}),
}
COMMITMENTS: model.Fields = {"Name": ("text", {}), "Theirs": ("number", {}), "Label of it": ("text", {})}
LISTS = ("Parts",)
"""Looked up by a link to several: the cell is a list, all else sees its text."""
NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
NAMES = st.sampled_from((None, "Ann", "bo", "BO", "Äl", "7", "a%b"))
DAYS = st.none() | st.integers(-3, 3).map(lambda n: (NOW.date() + timedelta(days=n)).isoformat())


class Table(model.Data):
    """Rows whose cells are Python values already."""

    def value(self, row: model.Row, key: str) -> Any:
        return row[key]


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Works]:
    made = Works(Path(tmp_path_factory.mktemp("computed")))
    dated, ticked = {"kind": "date"}, {"kind": "checkbox"}
    made.field("investors", "Double", "formula", formula="IF({Score}, {Score} * 2, BLANK())")
    made.field("investors", "Ratio", "formula", formula="6 / {Score}")
    made.field("investors", "Label", "formula", formula='IF({Name}, {Name} & "!", "")')
    made.field(
        "investors", "Due", "formula", formula="IF({Last contact}, DATEADD({Last contact}, 3, 'days'))", format=dated
    )
    made.field("investors", "Keen", "formula", formula="{Score} > 1", format=ticked)
    made.field("investors", "Total", "rollup", link="Commitments", field="Name", formula="COUNTA(values) * 10")
    made.field("investors", "Parts", "lookup", link="Commitments", field="Name")
    made.field("investors", "How many", "count", link="Commitments")
    made.field("commitments", "Theirs", "lookup", link="Investor", field="Double")
    made.field("commitments", "Label of it", "lookup", link="Investor", field="Label")
    yield made
    made.close()


def exact(value: float | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def investor(key: int, place: int, given: Mapping[str, Any], parts: Sequence[str | None], *, gone: bool) -> model.Row:
    """What an investor's cells hold, and those computed from them and from the names of its commitments."""
    score, name, met = given["Score"], given["Name"], given["Last contact"]
    named = [one for one in parts if one is not None]
    return {
        "id": key,
        "position": float(place),
        "deleted_at": "deleted" if gone else None,
        "Name": name,
        "Score": exact(score),
        "Last contact": None if met is None else date.fromisoformat(met),
        "Double": exact(score * 2) if score else None,
        "Ratio": exact(6 / score) if score else None,  # a cell in error counts as empty
        "Label": None if name is None else f"{name}!",
        "Due": None if met is None else date.fromisoformat(met) + timedelta(days=3),
        "Keen": 1 if (score or 0) > 1 else None,
        "Total": Fraction(10 * len(named)),
        "Parts": ", ".join(named) or None,
        "How many": Fraction(len(parts)),
    }


@st.composite
def tables(draw: st.DrawFn, works: Works) -> tuple[Table, Table]:
    """New investors and commitments in the database, some of them in the trash, and what they should show."""
    cells = st.fixed_dictionaries(
        {"Name": NAMES, "Score": st.none() | st.integers(-2, 3).map(float), "Last contact": DAYS}
    )
    given = draw(st.lists(cells, min_size=1, max_size=8))
    people = works.go(Create("investors", [CreateRecord(one) for one in given])).created[0]
    theirs = draw(st.lists(st.tuples(NAMES, st.none() | st.integers(0, len(given) - 1)), max_size=8))
    records = [CreateRecord({"Name": name, "Investor": None if one is None else [people[one]]}) for name, one in theirs]
    made = works.go(Create("commitments", records)).created[0] if records else []
    gone = {one for one in range(len(given)) if draw(st.integers(0, 4)) == 0}
    lost = {one for one in range(len(made)) if draw(st.integers(0, 4)) == 0}
    for table, all_of, some in (("investors", people, gone), ("commitments", made, lost)):
        if some:
            works.go(Delete(table, [all_of[one] for one in sorted(some)]))
    keys = [ids.try_record(works.table("investors").id, one) or 0 for one in people]
    investors = [
        investor(
            keys[n], n, one, [name for m, (name, to) in enumerate(theirs) if to == n and m not in lost], gone=n in gone
        )
        for n, one in enumerate(given)
    ]
    commitments = []
    for n, (name, to) in enumerate(theirs):
        seen = {} if to is None or to in gone else investors[to]
        cell = {"Name": name, "Theirs": seen.get("Double"), "Label of it": seen.get("Label")}
        key = ids.try_record(works.table("commitments").id, made[n])
        commitments.append({"id": key, "position": float(n), "deleted_at": "yes" if n in lost else None, **cell})
    return Table(investors, fields=INVESTORS), Table(commitments, fields=COMMITMENTS)


def empty(works: Works) -> None:
    """Make room for the next example; what went into the trash stays there."""
    for table in ("commitments", "investors"):
        if some := works.windows.query(table, Query(fields=[], limit=1_000), SYSTEM).ids:
            works.go(Delete(table, list(some)))


@given(st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_computed_fields_are_asked_about_like_any_others(works: Works, data: st.DataObject) -> None:
    empty(works)
    with clock.frozen(NOW):
        for name, table in zip(("investors", "commitments"), data.draw(tables(works)), strict=True):
            check_cells(works, name, table)
            for key, (kind, _) in table.fields.items():
                for op in OPERATORS[kind]:
                    plain, sent = data.draw(condition(NOW, key, op, table.fields))
                    rows = [row for row in table.rows() if model.matches(table, row, plain, NOW)]
                    found = works.windows.query(name, msgspec.convert({"filter": sent, "fields": []}, Query), SYSTEM)
                    assert list(found.ids) == public(works, name, model.ordered(table, rows, [])), sent
            focus = data.draw(st.lists(st.sampled_from(list(table.fields)), min_size=1, max_size=3, unique=True))
            for _ in range(4):
                plain, sent = data.draw(trees(NOW, focus, fields=table.fields))
                rows = [row for row in table.rows() if model.matches(table, row, plain, NOW)]
                check(works, name, table, rows, sent, data.draw(sorts(focus)), data.draw(sorts(focus)))


def public(works: Works, table: str, keys: Sequence[int]) -> list[str]:
    number = works.table(table).id
    return [ids.record(number, key) for key in keys]


def check_cells(works: Works, name: str, table: Table) -> None:
    """Compare every cell with the model's; a cell in error counts as empty."""
    answer = works.windows.query(name, Query(fields=list(table.fields), limit=100), SYSTEM)
    for (key, (kind, _)), column in zip(table.fields.items(), answer.columns, strict=True):
        cells = [None if isinstance(cell, dict) else cell for cell in column]
        if key in LISTS:
            cells = [", ".join(filter(None, cell or ())) or None for cell in cells]
        values = [table.value(row, key) for row in table.rows()]
        if kind == "date":
            values = [value and value.isoformat() for value in values]
        assert cells == ([True if value else None for value in values] if kind == "checkbox" else values), key


def check(
    works: Works,
    name: str,
    table: Table,
    rows: Sequence[model.Row],
    sent: Mapping[str, Any],
    levels: list[tuple[str, bool]],
    chosen: list[tuple[str, bool]],
) -> None:
    """Compare a window, its groups and their counts with those of the model."""
    groups = [{"field": key, "desc": desc} for key, desc in levels]
    order = [{"field": key, "desc": desc} for key, desc in chosen]
    query = msgspec.convert({"filter": sent, "groups": groups, "sorts": order, "limit": 100}, Query)
    answer = works.windows.query(name, query, SYSTEM)
    expected = public(works, name, model.arranged(table, rows, levels, chosen))
    assert (list(answer.ids), answer.total) == (expected, len(rows))
    wanted = {key: "filled" for key, (kind, _) in table.fields.items() if kind != "checkbox"}
    asked = msgspec.convert({"filter": sent, "groups": groups, "aggregates": wanted}, AggregateQuery)
    sums = works.windows.aggregate(name, asked, SYSTEM)
    found = model.grouped(table, rows, levels) if levels else []
    assert [one.count for one in sums.groups] == [len(some) for _, some in found]
    named = {key: works.table(name).field(key).public_id for key in wanted}
    for totals, some in (
        (sums.totals, rows),
        *zip([one.totals for one in sums.groups], [s for _, s in found], strict=True),
    ):
        for key in wanted:
            assert totals[named[key]] == model.aggregate(table, some, key, "filled"), key
