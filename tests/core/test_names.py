"""The rule for names: what people see is what is stored, in any script."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.errors import Invalid
from crm_core.names import is_text, tidy_name


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("  Next\tstep \n", "Next step"),
        ("Zeile 1\r\nZeile 2", "Zeile 1 Zeile 2"),
        ("b\x07c\x85d", "b c d"),
        ("\ufeffName\u200b", "Name"),
        ("\u202eeman\u202c", "eman"),
        ("soft\u00adhyphen", "softhyphen"),
        ("a \u200b b", "a b"),
        ("\u00a0Straße\u3000名前 ", "Straße 名前"),
        ("👩\u200d💻 Team", "👩\u200d💻 Team"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", None),
    ],
)
def test_what_is_seen_is_kept(given_: str, kept: str | None) -> None:
    assert tidy_name(given_, "A name", 20) == (kept or given_)


@pytest.mark.parametrize("given_", ["", " ", "\x00", "a\x00b", "\u200b\u200e", "\u200d", "x" * 21, "half\ud83d"])
def test_what_is_no_name(given_: str) -> None:
    with pytest.raises(Invalid) as refused:
        tidy_name(given_, "A view's name", 20, code="bad_title", hint="Shorter.", pointer="/name")
    error = refused.value
    assert (error.code, error.hint, error.pointer) == ("bad_title", "Shorter.", "/name")
    assert error.message == "A view's name has 1 to 20 visible characters."


@given(st.text(st.characters(exclude_categories=())))
def test_a_name_is_text_on_one_line_and_stays_as_it_is(text: str) -> None:
    try:
        tidy = tidy_name(text, "A name", 1_000)
    except Invalid:
        return
    assert tidy_name(tidy, "A name", 1_000) == tidy
    assert tidy.splitlines() == [tidy] == [tidy.strip()]
    assert is_text(tidy)


@given(st.text(st.characters(exclude_categories=())))
def test_text_is_what_can_be_sent(text: str) -> None:
    try:
        json.dumps(text, ensure_ascii=False).encode()
        sendable = "\x00" not in text
    except UnicodeEncodeError:
        sendable = False
    assert is_text(text) == sendable
