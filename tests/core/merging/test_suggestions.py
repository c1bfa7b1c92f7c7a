"""Suggestions: who may be the same and why, who is not, and that the work grows with the number of records only."""

from __future__ import annotations

import pytest

from crm_core.contracts.change import Create, CreateField, CreateRecord, CreateTable, Delete, NewField, NewTable
from crm_core.contracts.merging import Suggestion
from crm_core.errors import Invalid
from crm_core.services.merging import comparisons, names, pairs
from crm_core.services.merging.likeness import Likeness, Traits, compare, traits_of
from tests.core.merging.conftest import Room


def alike(one: str, other: str, *, mails: tuple[str, str] = ("", ""), sites: tuple[str, str] = ("", "")) -> Likeness:
    both = [
        traits_of(name, [mail] if mail else [], [site] if site else [])
        for name, mail, site in zip((one, other), mails, sites, strict=True)
    ]
    return compare(*both)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Acme", "ACME", "name"),
        ("Müller & Söhne", "muller and sohne", "name"),
        ("J.P. Example", "JP Example", "name"),
        ("Acme GmbH", "Acme", "form"),
        ("Acme S.A.", "Acme LLC", "form"),
        ("Ann Lee", "Lee, Ann", "words"),
        ("Northgate Capital", "Northgate Capital Partners", "core"),
        ("Northgate Ventures", "Nothgate Ventures", "similar"),
    ],
)
def test_names_that_may_be_the_same(one: str, other: str, kind: str) -> None:
    found = alike(one, other)
    assert [reason.kind for reason in found.reasons] == [kind]
    assert 0.5 <= found.score < 0.9
    assert alike(other, one).score == found.score


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Northgate Fund II", "Northgate Fund III"),
        ("Fund 1", "Fund 2"),
        ("Sequoia Capital", "Sequel Capital"),
        ("Ann Lee", "Ann Lea Brown"),
        ("GmbH", "LLC"),
        ("Capital Partners", "Venture Partners"),
        ("", ""),
    ],
)
def test_names_that_are_not(one: str, other: str) -> None:
    assert alike(one, other).score < 0.5


def test_addresses() -> None:
    assert names.email(" Ann.Lee+crm@GoogleMail.com ") == "annlee@gmail.com"
    assert names.mail_domain("ann@gmail.com") is None
    assert names.mail_domain("ann@mail.acme.co.uk") == "acme.co.uk"
    assert names.web("HTTPS://www.Acme.com/?utm=1") == names.Web(None, "acme.com")
    assert names.web("de.linkedin.com/in/ann/") == names.Web("linkedin.com/in/ann", None)
    assert names.web("not a web address") == names.web("") == names.web("http://[") == names.Web(None, None)


def test_further_reasons_make_it_surer_and_contradictions_less_sure() -> None:
    name = alike("Ann Lee", "Ann Lee").score
    assert alike("Ann Lee", "Ann Lee", mails=("a@acme.com", "a@acme.com")).score > name
    assert alike("Ann Lee", "Ann Lee", mails=("a@acme.com", "a@other.org")).score < name
    shared = alike("Ann Lee", "Bo Diaz", mails=("info@acme.com", "info@acme.com"))
    assert 0.5 <= shared.score < 0.7
    assert alike("Ann Lee", "Bo Diaz", mails=("ann@acme.com", "bo@acme.com")).score < 0.5
    assert alike("Ann Lee", "Anna Lee", mails=("ann@acme.com", "al@acme.com")).score > 0.7
    assert alike("Ann Lee", "Bo Diaz", mails=("ann@gmail.com", "bo@gmail.com")).reasons == []
    site = alike("Acme", "Acme One", sites=("acme.com", "https://www.acme.com/"))
    assert site.reasons[0].text == "Same website: acme.com"


def told(room: Room, table: str = "investors") -> list[list[str]]:
    found = room.crm.duplicates.suggestions(table).suggestions
    return [sorted(record.name for record in suggestion.records) for suggestion in found]


def test_groups_without_the_trash(room: Room) -> None:
    for name, email in (("Acme", "x@acme.com"), ("Acme GmbH", ""), ("ACME", "x@acme.com"), ("Other", "")):
        room.add("investors", name=name, email=email)
    trash = room.add("investors", name="Other")
    room.go(Delete("investors", [trash]))
    page = room.crm.duplicates.suggestions("investors")
    assert told(room) == [["ACME", "Acme", "Acme GmbH"]]
    assert (page.total, page.compared) == (1, 4)
    first: Suggestion = page.suggestions[0]
    assert {reason.kind for reason in first.reasons} == {"email", "name", "form"}
    assert "Same e-mail address: x@acme.com" in [reason.text for reason in first.reasons]
    room.merge("investors", *(record.id for record in first.records))
    assert told(room) == []


def test_what_is_no_duplicate_is_remembered(room: Room) -> None:
    one, two, three = (room.add("contacts", name="Ann Lee") for _ in range(3))
    room.crm.duplicates.dismiss("contacts", [one, two], room.bob)
    (left,) = room.crm.duplicates.suggestions("contacts").suggestions
    assert {record.id for record in left.records} in ({one, three}, {two, three})
    room.crm.duplicates.dismiss("contacts", [one, two, three], room.bob)
    assert told(room, "contacts") == []
    room.crm.duplicates.dismiss("contacts", [one, two, three], room.bob, dismissed=False)
    assert told(room, "contacts") == [["Ann Lee"] * 3]
    with pytest.raises(Invalid):
        room.crm.duplicates.dismiss("contacts", [one, one], room.bob)


def test_a_table_of_the_team(room: Room) -> None:
    room.go(CreateTable(NewTable("Advisers")))
    room.go(CreateField("Advisers", NewField("Site", "url")))
    for site in ("acme.com/team/ann", "https://acme.com/team/ann/", "acme.com/team/bo"):
        room.add("Advisers", Site=site)
    (found,) = room.crm.duplicates.suggestions("Advisers").suggestions
    assert [reason.kind for reason in found.reasons] == ["page"]
    assert [record.details for record in found.records] == [["acme.com/team/ann"], ["https://acme.com/team/ann/"]]


def test_many_records_of_one_name_and_one_site(room: Room) -> None:
    rows = [CreateRecord({"name": "Ann Lee", "email": f"a{n}@big.com", "linkedin": "big.com"}) for n in range(400)]
    room.go(Create("contacts", rows))
    page = room.crm.duplicates.suggestions("contacts", limit=100)
    assert all(len(suggestion.records) <= 10 for suggestion in page.suggestions)
    assert page.total >= 40


def test_the_work_grows_with_the_number_of_records(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0

    def counted(one: Traits, other: Traits) -> Likeness:
        nonlocal calls
        calls += 1
        return compare(one, other)

    monkeypatch.setattr(pairs, "compare", counted)
    for count in (1_000, 4_000):
        calls = 0
        same = traits_of("Ann Lee", ["info@big.com"], ["big.com"])
        pairs.likely(dict.fromkeys(range(count), same))
        assert calls <= count * (pairs.WINDOW * 2), count


def test_a_long_comparison_rests_and_leaves_out_what_is_gone(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparisons, "_QUICK", -1.0)
    monkeypatch.setattr(comparisons, "_REST", 1_000_000)
    one, two, three = (room.add("investors", name=name) for name in ("Acme", "ACME", "Acme GmbH"))
    assert told(room) == [["ACME", "Acme", "Acme GmbH"]]
    room.add("investors", name="acme")
    room.go(Delete("investors", [three]))
    assert told(room) == [["ACME", "Acme"]]
    room.merge("investors", one, two)
    assert told(room) == []
    monkeypatch.setattr(comparisons, "_REST", 0)
    assert told(room) == [["Acme", "acme"]]
