"""Fields say what is wrong by name, keep what was typed, and never echo it raw."""

from datetime import date, time

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from anydoor.ui import forms
from anydoor.ui.dates import month_number


class Sample(forms.Form):
    form_key = forms.FormKeyField()
    name = forms.TextField(label="Your name", missing="Write your name", limit=60)
    story = forms.LongTextField(label="What is going on?", required=False, limit=1000)
    born = forms.DayField(label="Date of birth", required=False, latest=date(2026, 3, 10))
    at = forms.TimeField(label="What time?", required=False)
    way = forms.ChoiceOfOne(
        label="How?",
        required=False,
        options=[forms.Choice("text", "Text"), forms.Choice("call", "Call", "Daytime", reveals="other")],
    )
    other = forms.TextField(label="Other number", required=False)
    help = forms.ChoiceOfMany(label="What would help?", required=False, options=[("a", "A"), ("b", "B")])
    agreed = forms.TickField(label="They know", required=False)


def sample(**typed: str) -> Sample:
    return Sample({"name": "Ana", **{key.replace("__", "-"): value for key, value in typed.items()}})


def test_text_is_kept_as_typed_but_for_outer_spaces_of_one_line() -> None:
    form = sample(name="  Zoë O’Brien-Łuczak ", story="  two\r\nlines \u202eemoji 🙂 ")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["name"] == "Zoë O’Brien-Łuczak"
    assert form.cleaned_data["story"] == "  two\nlines \u202eemoji 🙂 "
    assert sample(story=" \n ").fields["story"].clean(" \n ") == ""


@pytest.mark.parametrize("control", ["\0", "\x07", "\x1b", "\x85", "\ud800"])
def test_hidden_characters_are_refused_by_the_name_of_the_field(control: str) -> None:
    form = sample(story=f"so{control}me")
    assert form.problems() == [
        (
            "“What is going on?” has a hidden character in it. Type it again rather than pasting it.",
            "id_story",
        )
    ]
    shown = str(form["story"])
    assert control not in shown
    assert "so\ufffdme" in shown


def test_one_line_takes_no_second_line() -> None:
    assert sample(name="Ana\nBen").problems()[0].id == "id_name"


def test_too_long_says_how_long_and_shows_it_again() -> None:
    form = sample(story="é" * 1001)
    assert form.problems()[0].text == (
        "Make “What is going on?” shorter: at most 1,000 characters. It has 1,001 now."
    )
    assert "é" * 1001 in str(form["story"])
    assert "maxlength" not in str(form["story"]) + str(form["name"])


def test_an_empty_answer_has_its_own_words_and_link() -> None:
    form = sample(name=" ")
    assert form.problems() == [("Write your name", "id_name")]
    assert 'aria-describedby="id_name-error"' in str(form["name"])
    assert "(optional)" in str(form["story"])
    assert "(optional)" not in str(form["name"])


def test_what_was_typed_comes_back_escaped() -> None:
    form = sample(name='"><script>alert(1)</script>', born__day="<i>", way="<b>")
    shown = "".join(str(bound) for bound in form)
    assert "<script" not in shown
    assert "<i>" not in shown
    assert "&#34;&gt;&lt;script&gt;" in shown
    assert "&lt;i&gt;" in shown


@pytest.mark.parametrize(
    ("day", "month", "year", "problem", "box"),
    [
        ("31", "2", "1990", "There is no such day", "day"),
        ("29", "Feb", "2023", "There is no such day", "day"),
        ("0", "1", "1990", "There is no such day", "day"),
        ("x", "1", "1990", "There is no such day", "day"),
        ("1", "13", "1990", "Write the month", "month"),
        ("1", "juin", "1990", "Write the month", "month"),
        ("1", "ma", "1990", "Write the month", "month"),
        ("1", "1", "90", "Write the year", "year"),
        ("1", "1", "²²²²", "Write the year", "year"),
        ("1", "1", "0000", "There is no such day", "day"),
        ("1", "1", "1066", "cannot be before", "year"),
        ("11", "3", "2026", "cannot be after 10 March 2026", "year"),
        ("", "3", "2026", "needs a day too", "day"),
        ("1", "", "", "needs a month and a year too", "month"),
    ],
)
def test_impossible_days_point_at_the_box(day: str, month: str, year: str, problem: str, box: str) -> None:
    form = sample(born__day=day, born__month=month, born__year=year)
    (found,) = form.problems()
    assert problem in found.text
    assert found.id == f"id_born-{box}"
    assert f'value="{day}"' in str(form["born"])


@pytest.mark.parametrize("month", ["3", "03", "March", "mar", "MARCH", "Mar."])
def test_months_by_name_or_number(month: str) -> None:
    form = sample(born__day="27", born__month=month, born__year="1994")
    assert form.is_valid()
    assert form.cleaned_data["born"] == date(1994, 3, 27)


def test_september_is_written_many_ways() -> None:
    assert [month_number(text) for text in ("sep", "sept", "Sept.", "september")] == [9, 9, 9, 9]


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_no_day_is_ever_a_fault_of_ours(day: str, month: str, year: str) -> None:
    form = sample(born__day=day, born__month=month, born__year=year)
    form.is_valid()
    assert isinstance(str(form["born"]), str)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("10:30", time(10, 30)),
        ("10.30", time(10, 30)),
        ("2pm", time(14)),
        ("2:30 PM", time(14, 30)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("14", time(14)),
        ("", None),
    ],
)
def test_times_of_day(typed: str, meant: time | None) -> None:
    form = sample(at=typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["at"] == meant


@pytest.mark.parametrize("typed", ["25:00", "10:75", "13pm", "0am", "noonish", "10:3"])
def test_no_time_at_all(typed: str) -> None:
    assert "like 10:30 or 2pm" in sample(at=typed).problems()[0].text


def test_a_choice_that_is_not_offered_is_refused_and_not_repeated() -> None:
    form = sample(way="pigeon")
    assert form.problems() == [("Choose from the answers that are listed", "id_way-1")]
    assert "pigeon" not in str(form["way"])


def test_a_revealed_field_is_always_drawn_and_drawn_once() -> None:
    form = sample()
    drawn = "".join(str(bound) for bound in form.standing())
    assert drawn.count('id="id_other"') == 1
    assert "other" not in [bound.name for bound in form.standing()]


def test_many_answers_come_back_ticked() -> None:
    form = Sample(QueryDict("name=Ana&help=a&help=b&help=c"))
    assert not form.is_valid()
    assert str(form["help"]).count(" checked") == 2


def test_the_form_key_survives_an_error_and_is_replaced_when_it_is_no_key() -> None:
    fresh = Sample()["form_key"].value()
    assert forms.FormKeyField.shape.fullmatch(fresh)
    kept = Sample({"form_key": fresh})
    assert not kept.is_valid()
    assert f'value="{fresh}"' in str(kept["form_key"])
    other = sample(form_key="' or 1=1")
    assert other.is_valid()
    assert forms.FormKeyField.shape.fullmatch(other.cleaned_data["form_key"])


def test_errors_of_the_whole_form_come_first_and_hidden_ones_have_no_link() -> None:
    form = sample(name="")
    form.add_error(None, "Nobody has that number")
    form.add_error("form_key", "Sent already")
    assert form.problems()[0] == ("Nobody has that number", "")
    assert ("Sent already", "") in form.problems()


@given(st.text(max_size=200))
def test_any_text_is_drawn(text: str) -> None:
    form = sample(name=text, story=text)
    form.is_valid()
    assert "<script>" not in str(form["name"]) + str(form["story"])
