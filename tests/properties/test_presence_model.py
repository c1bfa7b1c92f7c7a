"""Who is here, against a plain list of what every page said last: any order of coming, moving, silence and closing."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from api.presence import LONGEST, MOST_PEOPLE, Allowance, Here, Presence, read

LEASE = 10.0
TABLES = ["tblAAAAAAAAAAAAAA", "tblBBBBBBBBBBBBBB"]
USERS = [f"usr{number}" for number in range(4)]
keys = st.integers(0, 7)


def place(table: str | None, row: int) -> Here:
    return Here("here", table, None, f"rec{row:014d}", "fldAAAAAAAAAAAAAA")


class PresenceModel(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.presence: Presence[int] = Presence(LEASE)
        self.now = 0.0
        self.said: dict[int, tuple[Here, float, float]] = {}
        self.shown: dict[str, list[tuple[str, str | None]]] = {table: [] for table in TABLES}

    @rule(key=keys, table=st.sampled_from([*TABLES, None]), row=st.integers(0, 3))
    def say(self, key: int, table: str | None, row: int) -> None:
        """Key and person belong together: two pages each."""
        self.now += 0.5
        here = place(table, row)
        user = USERS[key % len(USERS)]
        self.presence.put(key, user, user.title(), here, self.now)
        before = self.said.get(key)
        if table is None:
            self.said.pop(key, None)
        else:
            moved = before[1] if before and before[0] == here else self.now
            self.said[key] = (here, moved, self.now)

    @rule(key=keys)
    def close(self, key: int) -> None:
        self.presence.drop(key)
        self.said.pop(key, None)

    @rule(seconds=st.floats(0, LEASE * 1.5))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.presence.expire(self.now)
        self.said = {key: one for key, one in self.said.items() if one[2] + LEASE >= self.now}

    @invariant()
    def everybody_is_where_they_moved_last(self) -> None:
        for table in self.presence.changed():
            self.shown[table] = [(one.user, one.record) for one in self.presence.people(table).people]
        for table in TABLES:
            newest: dict[str, tuple[float, str | None]] = {}
            for key, (here, moved, _) in self.said.items():
                user = USERS[key % len(USERS)]
                if here.table == table and (user not in newest or moved >= newest[user][0]):
                    newest[user] = (moved, here.record)
            # What was told at the last change is still so: nothing changes without being named.
            assert sorted(self.shown[table]) == sorted((user, record) for user, (_, record) in newest.items())


TestPresenceModel = PresenceModel.TestCase


def test_who_came_first_stands_first_and_a_crowd_is_counted() -> None:
    presence: Presence[int] = Presence(LEASE)
    for number in range(MOST_PEOPLE + 7):
        presence.put(number, f"usr{number:03d}", "Name", place(TABLES[0], 1), float(number) / 100)
    presence.put(0, "usr000", "Name", place(TABLES[0], 2), 5.0)  # moving is not coming
    people = presence.people(TABLES[0])
    assert [one.user for one in people.people] == [f"usr{number:03d}" for number in range(MOST_PEOPLE)]
    assert people.people[0].record == place(TABLES[0], 2).record
    assert people.more == 7


def test_only_what_is_well_formed_and_short_is_read() -> None:
    table = TABLES[0]
    assert read(f'{{"type":"here","table":"{table}"}}') == Here("here", table)
    assert read('{"type":"here"}') == Here("here")
    for text in (
        "", "[]", "null", "{", '{"type":"there"}', '{"type":"here","table":"investors"}', '{"type":"here","table":1}',
        f'{{"type":"here","table":"{table}","record":"<b>bold</b>"}}',
        f'{{"type":"here","user":"usr1","table":"{table}"}}',
        f'{{"type":"here","table":"{table}"}}' + " " * LONGEST,
    ):  # fmt: skip
        assert read(text) is None


def test_an_allowance_lets_a_burst_pass_and_then_a_rate() -> None:
    allowance = Allowance(burst=3, per_second=2, now=0)
    assert [allowance.take(0) for _ in range(4)] == [True, True, True, False]
    assert [allowance.take(at) for at in (0.4, 0.6, 0.7, 1.2)] == [False, True, False, True]
    assert [allowance.take(60) for _ in range(4)] == [True, True, True, False]
