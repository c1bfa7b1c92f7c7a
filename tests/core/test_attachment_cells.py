"""Cells of files: names made harmless, read and written back unchanged, and shown as people read them."""

from hypothesis import given
from hypothesis import strategies as st

from crm_core.kinds import FieldDef, kind_named
from crm_core.kinds.attachments import BETWEEN, File, pack, tidy_file_name, unpack

KIND = kind_named("attachment")
FIELD = FieldDef(1, 1, None, "Files", KIND, {}, "f_1")
HASHES = st.text("0123456789abcdef", min_size=64, max_size=64)


@given(st.text(max_size=400))
def test_any_name_becomes_a_harmless_one(given_name: str) -> None:
    name = tidy_file_name(given_name)
    assert 0 < len(name) <= 200
    assert not set(name) & set("/\\\r\n\x00") | ({BETWEEN} & set(name))
    assert name not in (".", "..")
    assert tidy_file_name(name) == name


@given(st.lists(st.builds(lambda h, n: {"hash": h, "name": n}, HASHES, st.text(max_size=40)), max_size=8))
def test_what_is_read_comes_back(files: list[dict[str, str]]) -> None:
    stored = KIND.read(files, FIELD, "UTC")
    if not files:
        assert stored is None
        return
    wire = KIND.wire(stored, FIELD)
    assert {(one["hash"], one["name"]) for one in wire} == {(f["hash"], tidy_file_name(f["name"])) for f in files}
    assert KIND.read(wire, FIELD, "UTC") == stored  # what is sent back unchanged is no change
    assert stored.partition(BETWEEN)[0].split("\n") == [one["name"] for one in wire]


def test_sizes_and_types_of_clients_are_dropped() -> None:
    given_file = {"hash": "a" * 64, "name": "x.pdf", "size": 5, "type": "image/png"}
    assert unpack(KIND.read([given_file], FIELD, "UTC")) == [File("a" * 64, "x.pdf")]


def test_the_text_quotes_names_with_commas() -> None:
    stored = pack([File("a" * 64, "Deck, final.pdf"), File("b" * 64, "b.png")])
    assert KIND.text(stored, FIELD, "UTC") == '"Deck, final.pdf", b.png'
