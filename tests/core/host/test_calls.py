"""Calls into what plugins offer: counted, blamed, rested; clashes name both owners."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.contracts import Exporter, HealthCheck, Importer, NoSettings, Verdict
from crm_core.errors import Invalid, PluginProblem
from crm_core.host import Gate, Item, Patience, Registry

PATIENCE = Patience(errors=3, window=60, rest=100, longest=300)


class Hands:
    """A clock moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def an_item(gate: Gate) -> Item[Any]:
    return Item(
        "crm_exporters", "csv", gate.owner, Exporter("csv", "CSV", "text/csv", ".csv", lambda t, o: iter([])), gate
    )


def is_resting(gate: Gate) -> bool:
    """Asked anew each time (a property that was true once counts as true for the type checker)."""
    return gate.resting


def fail(*_: object) -> Iterator[bytes]:
    raise ValueError("no\nway")


def test_a_call_gives_what_the_plugin_gives() -> None:
    item = an_item(Gate("one"))
    assert item.call(divmod, 7, 3) == (2, 1)
    assert list(item.stream(range, 3)) == [0, 1, 2]
    assert item.gate.running == 0


def test_a_failure_names_the_plugin_and_the_offer() -> None:
    with pytest.raises(PluginProblem) as caught:
        an_item(Gate("one")).call(fail)
    assert caught.value.code == "plugin_failed"
    assert caught.value.message == "The plugin one failed in crm_exporters “csv”: ValueError: no way"


def test_a_stream_that_fails_half_way_is_blamed_after_what_it_gave() -> None:
    def half() -> Iterator[int]:
        yield 1
        raise OSError("gone")

    stream = an_item(Gate("one")).stream(half)
    assert next(stream) == 1
    with pytest.raises(PluginProblem, match="one failed"):
        next(stream)


def test_an_answer_to_the_person_is_no_failure() -> None:
    gate = Gate("one", PATIENCE)

    def refuse() -> None:
        raise Invalid("bad_file", "Line 3 is broken.")

    for _ in range(20):
        with pytest.raises(Invalid, match="Line 3"):
            an_item(gate).call(refuse)
    assert not gate.resting


def test_a_plugin_that_leaves_does_not_take_the_thread_with_it() -> None:
    def leave() -> None:
        raise SystemExit(2)

    with pytest.raises(PluginProblem, match="SystemExit"):
        an_item(Gate("one")).call(leave)


def test_too_many_errors_send_it_to_rest_and_it_comes_back_by_itself() -> None:
    clock = Hands()
    gate = Gate("one", PATIENCE, clock)
    item = an_item(gate)

    def errors(times: int) -> None:
        for _ in range(times):
            with pytest.raises(PluginProblem, match="failed"):
                item.call(fail)

    errors(3)
    assert is_resting(gate)
    with pytest.raises(PluginProblem, match="no way") as caught:
        item.call(len, "x")
    assert caught.value.code == "plugin_resting"
    clock.now = 100
    assert not is_resting(gate)
    errors(1)  # one failure after a rest is enough for a longer one
    clock.now = 299
    assert is_resting(gate)
    clock.now = 300
    assert item.call(len, "x") == 1  # a success ends it: patience is whole again
    errors(2)
    assert not is_resting(gate)


def test_errors_far_apart_are_forgiven() -> None:
    clock = Hands()
    gate = Gate("one", PATIENCE, clock)
    for _ in range(30):
        clock.now += 31
        with pytest.raises(PluginProblem, match="failed"):
            an_item(gate).call(fail)
    assert not gate.resting


def test_shutting_waits_for_running_calls_and_refuses_new_ones() -> None:
    gate = Gate("one")
    item = an_item(gate)
    begun, go_on, done = threading.Event(), threading.Event(), []

    def slow() -> None:
        begun.set()
        go_on.wait(10)
        done.append(True)

    worker = threading.Thread(target=item.call, args=(slow,))
    worker.start()
    assert begun.wait(10)
    assert gate.running == 1
    assert not gate.shut(0.01)  # its patience ends before the call does
    with pytest.raises(PluginProblem) as caught:
        item.call(len, "x")
    assert caught.value.code == "plugin_off"
    threading.Timer(0.05, go_on.set).start()
    assert gate.shut(10)
    assert done
    worker.join()


def test_a_stream_counts_until_it_is_closed() -> None:
    gate = Gate("one")
    stream = an_item(gate).stream(lambda: iter(range(10)))
    assert gate.running == 0
    next(stream)
    assert gate.running == 1
    stream.close()  # type: ignore[attr-defined]
    assert gate.running == 0


def importer(name: str, *suffixes: str) -> Importer:
    return Importer(name, name, suffixes, fail, NoSettings())  # type: ignore[arg-type]


def test_a_clash_refuses_the_newcomer_and_names_both_owners() -> None:
    first = Registry().adding(Gate("one"), {"crm_importers": [importer("csv", ".csv", ".TSV")]})
    for new in (importer("CSV", ".x"), importer("other", ".tsv")):
        with pytest.raises(
            PluginProblem, match=r"one and two both offer the (importer csv|file ending \.tsv)"
        ) as caught:
            first.adding(Gate("two"), {"crm_importers": [new]})
        assert caught.value.code == "plugin_clash"
    assert [item.owner for item in first.items] == ["one"]


def test_one_plugin_may_not_offer_a_name_twice_but_checks_of_two_may_be_called_alike() -> None:
    check = HealthCheck("disk", lambda: Verdict(True))
    with pytest.raises(PluginProblem, match="one and one"):
        Registry().adding(Gate("one"), {"crm_health_checks": [check, check]})
    both = (
        Registry()
        .adding(Gate("one"), {"crm_health_checks": [check]})
        .adding(Gate("two"), {"crm_health_checks": [check]})
    )
    assert set(both.health_checks) == {"one/disk", "two/disk"}


def test_the_importer_for_a_file_goes_by_its_ending() -> None:
    registry = Registry().adding(Gate("one"), {"crm_importers": [importer("csv", ".csv"), importer("x", ".tar.gz")]})
    assert (found := registry.importer_for("A.CSV")) is not None
    assert found.name == "csv"
    assert registry.importer_for("a.gz") is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["csv", "json", "xml"])), max_size=12))
def test_a_registry_without_a_plugin_is_the_registry_before_it(steps: list[tuple[str, str]]) -> None:
    """Adding and taking away in any order: the items are those of the owners that are in, no name is taken twice."""
    registry, model = Registry(), dict[str, str]()
    for owner, name in steps:
        before = registry
        if owner in model:
            registry = registry.without(owner)
            del model[owner]
        elif name in model.values():
            with pytest.raises(PluginProblem):
                registry.adding(Gate(owner), {"crm_exporters": [an_exporter(name)]})
            assert registry is before
        else:
            registry = registry.adding(Gate(owner), {"crm_exporters": [an_exporter(name)]})
            assert registry.without(owner) == before
            model[owner] = name
        assert {item.owner: item.name for item in registry.items} == model
        assert set(registry.exporters) == set(model.values())


def an_exporter(name: str) -> Exporter:
    return Exporter(name, name, "text/plain", "." + name, fail)
