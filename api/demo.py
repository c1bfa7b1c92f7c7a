"""A made-up fund to look around in: `crm serve --demo` fills an empty database with it, as one change set.

Names are invented; the same every time, with dates relative to today.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from crm_core import clock, ids
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import ChangeSet, Create, CreateField, CreateRecord, NewField, Op
from crm_core.contracts.query import Query
from crm_core.crm import Crm

INVESTORS = 160
_FIRST = (
    "Alder", "Amber", "Arden", "Beacon", "Birch", "Blue Harbour", "Brightwater", "Cedar", "Cobalt", "Copper Hill",
    "Crest", "Delta", "Ember", "Falcon", "Fjord", "Granite", "Hanse", "Isar", "Juniper", "Kestrel", "Lakeside",
    "Lantern", "Maple", "Meridian", "Nordlicht", "Northgate", "Oak", "Orbit", "Pine", "Quartz", "Rhein", "Sable",
    "Silverline", "Summit", "Tidal", "Umber", "Vale", "Westfalen", "Willow", "Zephyr",
)  # fmt: skip
_SECOND = {
    "Family office": ("Family Office", "& Söhne", "Familienstiftung", "Private Wealth"),
    "Fund of funds": ("Fund of Funds", "Access Partners", "Primary Fund"),
    "Pension fund": ("Pension Fund", "Versorgungswerk", "Retirement System"),
    "Endowment": ("University Endowment", "Foundation"),
    "Corporate": ("Industries", "Group", "Ventures"),
    "Insurance": ("Insurance", "Life", "Re"),
    "Bank": ("Bank", "Sparkasse"),
    "Angel": ("Angels", "Syndicate"),
}
_KINDS = tuple((kind, second) for kind, seconds in _SECOND.items() for second in seconds)
_PEOPLE = (
    "Anna Weber", "Bruno Keller", "Chiara Rossi", "Daniel Okafor", "Elif Yılmaz", "Frédéric Moreau", "Greta Lindqvist",
    "Hannah Cohen", "Ines Carvalho", "Jonas Brandt", "Kaya Demir", "Lars Nyström", "Mei Tanaka", "Noor van Dijk",
    "Oliver Grant", "Paula Sánchez", "Quentin Dubois", "Ravi Menon", "Sofia Papadaki", "Tomasz Nowak",
)  # fmt: skip
_TITLES = (
    "Partner", "Principal", "Head of Private Markets", "Investment Director", "CIO", "Analyst", "Managing Director",
)  # fmt: skip
_PLACES = (
    ("Berlin", "Germany"), ("Munich", "Germany"), ("Hamburg", "Germany"), ("Zürich", "Switzerland"),
    ("Paris", "France"), ("London", "United Kingdom"), ("Stockholm", "Sweden"), ("Amsterdam", "Netherlands"),
    ("Milan", "Italy"), ("Madrid", "Spain"), ("Vienna", "Austria"), ("New York", "United States"),
    ("Boston", "United States"),
)  # fmt: skip
_STEPS = (
    "Send the deck", "Book a second call", "Share the data room", "Ask Nora for an intro", "Follow up on terms",
    "Wait for the investment committee", "Send the monthly update", "Invite to the LP day",
)  # fmt: skip
_NOTES = (
    "Met at the LP day; likes the team, asks how we source.",
    "Wants to see the next quarter before deciding.\nPrefers to follow a lead investor.",
    "Can introduce two more family offices. **Warm.**",
    "Concerned about the pace of deployment; sent the pacing model.",
    "Asked for references from three founders.",
)
_TAGS = ("warm", "climate", "deeptech", "anchor", "re-up", "needs ESG report")
_STAGES = (
    "Not contacted",
    "Researching",
    "Intro requested",
    "First call",
    "Second meeting",
    "Due diligence",
    "Term sheet",
    "Committed",
    "Passed",
)
_SILENCE = 'IF({Last contact}, DATETIME_DIFF(TODAY(), {Last contact}, "days"))'
_WEIGHTS = (18, 16, 12, 16, 12, 9, 5, 8, 4)
_STATUS = {"Due diligence": "diligence", "Term sheet": "soft_circled", "Committed": "signed", "Passed": "passed"}


def fill(crm: Crm) -> bool:
    """Load the demo fund into a database without records; False (and nothing done) when there are some."""
    if any(crm.windows.query(table, Query(limit=1), SYSTEM).total for table in ("investors", "funds", "contacts")):
        return False
    change = ChangeSet(_ops(crm), source="demo", reason="A made-up fund to look around in", create_options=True)
    crm.records.apply(change, SYSTEM)
    return True


def _ops(crm: Crm) -> Iterator[Op]:
    """Funds, investors, contacts, commitments; the tables are empty, so that their first record has the key 1."""
    chance = random.Random(20261123)
    today = clock.today(crm.settings.team().time_zone)

    def days_ago(most: int) -> str:
        return (today - timedelta(days=chance.randrange(most))).isoformat()

    table = {one.key: ids.decode("tbl", one.id) for one in crm.tables.catalogue(SYSTEM).tables}
    funds = (
        {
            "name": "Aurora Ventures I",
            "status": "Closed",
            "vintage": 2021,
            "target": 40_000_000,
            "hard_cap": 50_000_000,
        },
        {
            "name": "Aurora Ventures II",
            "status": "Raising",
            "vintage": 2026,
            "target": 90_000_000,
            "hard_cap": 120_000_000,
        },
    )
    yield Create("funds", [CreateRecord(dict(fund)) for fund in funds])
    investors = [_investor(chance, number, days_ago) for number in range(INVESTORS)]
    yield Create("investors", [CreateRecord(cells) for cells in investors])
    people, promises = [], []
    for key, cells in enumerate(investors, 1):
        record, name = ids.record(table["investors"], key), cells["name"]
        domain = str(cells["website"]).removeprefix("https://")
        for person in chance.sample(_PEOPLE, chance.choice((0, 1, 1, 2, 3))):
            mail = f"{person.split()[0].lower()}@{domain}"
            mail = mail if mail.isascii() else f"office@{domain}"
            people.append(
                {"name": person, "investor": [record], "title": chance.choice(_TITLES), "email": mail,
                 "phone": f"+49 30 {chance.randrange(1_000_000, 9_999_999)}", "last_contact": days_ago(200)}
            )  # fmt: skip
        status = _STATUS.get(str(cells["stage"]))
        if status:
            promises.append(
                {"name": f"{name} · Aurora II", "investor": [record], "fund": [ids.record(table["funds"], 2)],
                 "status": status, "amount": cells["check_size"], "probability": cells["probability"],
                 "closing": chance.choice(("First close", "Second close")) if status != "passed" else None,
                 "soft_circled_on": days_ago(90) if status == "soft_circled" else None,
                 "signed_on": days_ago(240) if status == "signed" else None}
            )  # fmt: skip
    yield Create("contacts", [CreateRecord(cells) for cells in people])
    yield Create("commitments", [CreateRecord(cells) for cells in promises])
    yield Create("tasks", [CreateRecord(cells) for cells in _tasks(investors, table["investors"], today)])
    if crm.plugins.registry.formula_engine is not None:
        yield from _computed(crm.settings.team().currency)


def _tasks(investors: list[dict[str, Any]], table: int, today: date) -> Iterator[dict[str, Any]]:
    """The next steps of the investors that are furthest, as tasks due around today."""
    open_ones = [number for number, cells in enumerate(investors) if cells["stage"] in ("Due diligence", "Term sheet")]
    for place, number in enumerate(open_ones[:14]):
        due = (today + timedelta(days=2 * place - 6)).isoformat()
        title = _STEPS[place % len(_STEPS)]
        yield {"title": title, "due": due, "done": place == 1 or None, "investor": [ids.record(table, number + 1)]}


def _computed(currency: str) -> Iterator[Op]:
    """Fields that show what the other ones come to."""
    money = {"kind": "currency", "code": currency, "precision": 0}
    signed = {"field": "Status", "op": "is_any_of", "value": ["committed", "signed", "funded"]}
    total = {"link": "Commitments", "field": "Amount", "formula": "SUM(values)", "format": money}
    fields: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
        ("investors", "Weighted", "formula", {"formula": "{Check size} * {Probability}", "format": money}),
        ("investors", "Days silent", "formula", {"formula": _SILENCE}),
        ("commitments", "Stage", "lookup", {"link": "Investor", "field": "Stage"}),
        ("funds", "Signed", "rollup", {**total, "filter": signed}),
        ("funds", "Raised", "formula", {"formula": "{Signed} / {Target}", "format": {"kind": "percent"}}),
    )
    for table, name, kind, options in fields:
        yield CreateField(table, NewField(name, kind, options))


def _investor(chance: random.Random, number: int, days_ago: Any) -> dict[str, Any]:
    first = _FIRST[number % len(_FIRST)]
    kind, second = _KINDS[(number // len(_FIRST) + 5 * (number % len(_FIRST))) % len(_KINDS)]
    name = f"{first} {second}"
    stage = chance.choices(_STAGES, _WEIGHTS)[0]
    depth = _STAGES.index(stage)
    city, country = chance.choice(_PLACES)
    check = chance.choice((250_000, 500_000, 750_000, 1_000_000, 1_500_000, 2_500_000, 5_000_000, 7_500_000))
    site = "".join(c for c in f"{first}{number}".lower() if c.isascii() and c.isalnum())
    probability = 1.0 if stage == "Committed" else 0.0 if stage == "Passed" else round(depth * 0.12, 2)
    return {
        "name": name,
        "type": kind,
        "stage": stage,
        "list": "graveyard" if stage == "Passed" else chance.choice(("main", "main", "follow_up", "longshot")),
        "check_size": check,
        "committed": check if stage == "Committed" else None,
        "probability": probability,
        "last_contact": days_ago(240) if depth else None,
        "next_step": chance.choice(_STEPS) if 0 < depth < 7 else None,
        "email": f"invest@{site}.example",
        "website": f"https://{site}.example",
        "tags": chance.sample(_TAGS, chance.choice((0, 0, 1, 2))),
        "city": city,
        "country": country,
        "score": round(chance.uniform(1, 10), 1),
        "priority": chance.randrange(1, 6),
        "notes": chance.choice(_NOTES) if depth else None,
    }
