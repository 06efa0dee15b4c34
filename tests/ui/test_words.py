"""Text made ready for a page: nothing a person typed becomes markup, numbers are read aloud."""

import pytest
from django.utils.html import format_html
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from anydoor.ui import words

HOSTILE = "<script>alert(1)</script>\"'&\u202e"


def test_own_text_is_escaped_and_kept_apart() -> None:
    assert words.bidi("O’Brien <b>") == Markup("<bdi>O’Brien &lt;b&gt;</bdi>")
    assert "<script" not in words.quoted(HOSTILE) + words.bidi(HOSTILE) + words.lines(HOSTILE)
    assert "<script" not in words.highlight(HOSTILE, [(0, 8)])


def test_lines_keep_paragraphs_and_line_ends_of_every_kind() -> None:
    assert words.lines("one\r\ntwo\n\nthree") == Markup('<p dir="auto">one<br>two</p><p dir="auto">three</p>')
    assert words.lines(None) == Markup('<p dir="auto"></p>')


def test_highlight_marks_words_and_joins_overlaps() -> None:
    marked = words.highlight("I cannot go on", [(2, 8), (5, 11)])
    assert marked == Markup(
        '<span dir="auto">I <mark class="ad-marked">cannot</mark><mark class="ad-marked"> go</mark> on</span>'
    )


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=5))
def test_highlight_never_loses_or_invents_text(text: str, spans: list[tuple[int, int]]) -> None:
    shown = str(words.highlight(text, spans)).replace("<br>", "\n")
    for part in ('<mark class="ad-marked">', "</mark>", '<span dir="auto">', "</span>"):
        shown = shown.replace(part, "")
    assert shown == str(escape(text))


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Leanne Mistry", "LM"),
        ("Ieva", "I"),
        ("Anne-Marie van der Berg", "AB"),
        ("Łukasz Żak", "ŁŻ"),
        ("", "–"),
        ("  ", "–"),
        ("'", "–"),
        (None, "–"),
    ],
)
def test_initials(name: str | None, letters: str) -> None:
    assert words.initials(name) == letters


def test_numbers_are_grouped_as_they_are_said() -> None:
    assert words.spoken_reference("NFK7Q4H2M") == "NFK 7Q4 H2M"
    assert words.spoken_reference("nfk-7q4 h2m") == "nfk 7q4 h2m"
    assert words.nhs_spaced("9994120735") == "999 412 0735"
    assert words.nhs_spaced("12345") == "12345"
    assert words.phone_spaced("+447700900482") == "07700 900 482"
    assert words.phone_spaced("0049 30 123") == "0049 30 123"
    assert words.phone_link("07700 900 482") == "tel:07700900482"
    assert words.phone_link("+44 7700 900482", "sms") == "sms:+447700900482"
    assert words.phone_link("javascript:alert(1)") == "tel:1"


def test_counts_and_rows_of_words() -> None:
    assert [words.plural(count, "request") for count in (0, 1, 2)] == [
        "No requests",
        "1 request",
        "2 requests",
    ]
    assert words.plural(2, "family", "families") == "2 families"
    assert words.sentence(["Ana", "Ben", "", "Cy"]) == "Ana, Ben and Cy"
    assert words.sentence([]) == ""


def test_what_a_library_drew_stays_markup_and_its_controls_are_marked() -> None:
    drawn = format_html('<input value="{}">', "a\x00b<\x1b")
    assert str(words.without_controls(drawn)) == '<input value="a\ufffdb&lt;\ufffd">'
    assert str(words.without_controls("<b>\x00")) == "&lt;b&gt;\ufffd", "what is no markup does not become it"
