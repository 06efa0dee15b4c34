"""An instrument as a form: what is ticked and typed becomes the very answer a script would have written."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anydoor.rules.errors import BadInput
from anydoor.rules.instruments import choosing, explain, signals
from anydoor.rules.instruments.contract import as_object, score_line
from anydoor.rules.instruments.definition import NOT_APPLICABLE, Format, Instrument
from anydoor.rules.instruments.evidence import Cited, Tag
from anydoor.rules.instruments.form import (
    answer_of,
    band_in_words,
    free_of,
    items_of,
    line_up,
    on_paper,
    on_screen,
    paper_answer,
    raised,
    reading_of,
    score_in_words,
)
from anydoor.rules.instruments.local import findings, of_words
from anydoor.rules.instruments.registry import PRESENT, SCORED
from anydoor.rules.instruments.scoring import score
from anydoor.rules.instruments.values import DEFAULTS
from anydoor.rules.instruments.wording import wording_of
from anydoor.rules.stage import Child, Stage, stage

ON = date(2026, 3, 10)


def where(**child: object) -> Stage:
    return stage([Child(**child)], on=ON)  # type: ignore[arg-type]  # dates by name


@st.composite
def ticks(draw: st.DrawFn) -> tuple[Instrument, dict[int, int]]:
    """An instrument and, for some of its items, which option was ticked."""
    instrument = PRESENT[draw(st.sampled_from(sorted(SCORED)))]
    given = {}
    for number in range(1, len(instrument.item_keys()) + 1):
        options = len(instrument.option_scores(number))
        if instrument.name == "WSAS" and NOT_APPLICABLE in instrument.option_scores(number):
            options -= 1
        ticked = draw(st.none() | st.integers(0, options - 1))
        if ticked is not None:
            given[number] = ticked
    return instrument, given


@settings(max_examples=300, deadline=None)
@given(ticks())
def test_ticked_on_a_screen_or_typed_from_paper_it_scores_the_same(
    made: tuple[Instrument, dict[int, int]],
) -> None:
    """Two ways in, one score: by what was ticked on a screen, and by what paper has in its margin."""
    instrument, given_ = made
    screen, paper = on_screen(instrument), on_paper(instrument)
    assert screen is not None
    assert paper is not None
    ticked = {
        instrument.key_of(number): answer_of(instrument, screen, number, at) for number, at in given_.items()
    }
    typed = {
        instrument.key_of(number): paper_answer(instrument, number, str(instrument.option_scores(number)[at]))
        for number, at in given_.items()
    }
    one = score(instrument, reading_of(instrument, screen, ticked), role="mother")
    two = score(instrument, reading_of(instrument, paper, typed), role="mother")
    assert one == two
    told = score_line(
        {
            "id": 1,
            "instrument": instrument.name,
            "respondent_role": "mother",
            "format": screen.value,
            "answers": line_up(instrument, screen, ticked),
        }
    )
    assert told == {"id": 1, **as_object(instrument.name, one)}


@pytest.mark.parametrize("name", SCORED)
def test_every_option_has_its_own_score_and_all_scores_are_there(name: str) -> None:
    instrument = PRESENT[name]
    for item in items_of(instrument, wording_of(instrument.key)):
        scores = [option.score for option in item.options if option.score != NOT_APPLICABLE]
        low, high = instrument.range_of(item.number)
        assert sorted(scores) == list(range(low, high + 1))
        assert len({option.words for option in item.options} - {""}) >= 2


def test_the_order_of_options_is_the_printed_one() -> None:
    epds, core, whooley = PRESENT["EPDS"], PRESENT["CORE-10"], PRESENT["Whooley"]
    assert [epds.option_scores(item)[0] for item in range(1, 11)] == [0, 0, 3, 0, 3, 3, 3, 3, 3, 3]
    assert [core.option_scores(item)[0] for item in range(1, 11)] == [0, 4, 4, 0, 0, 0, 0, 0, 0, 0]
    assert whooley.option_scores(1) == (1, 0)
    words = wording_of("Whooley@1")
    assert words is not None
    assert [answer_of(whooley, Format.YES_NO, 1, at) for at in range(2)] == ["yes", "no"]
    assert [option.words for option in items_of(whooley, words)[0].options] == ["Yes", "No"]


@pytest.mark.parametrize("at", [-1, 4, True, 10**30])
def test_an_option_that_is_not_there_is_refused_by_item(at: int) -> None:
    with pytest.raises(BadInput) as refusal:
        answer_of(PRESENT["PHQ-9"], Format.PRINTED_OPTION_INDEX, 9, at)
    assert refusal.value.field == "9"


@pytest.mark.parametrize(
    ("typed", "is_"), [("", None), (" 2 ", 2), ("0", 0), ("na", NOT_APPLICABLE), ("N/A", NOT_APPLICABLE)]
)
def test_a_score_from_paper_is_read_as_it_stands(typed: str, is_: object) -> None:
    assert paper_answer(PRESENT["KPCS"], 1, typed) == is_


@pytest.mark.parametrize("typed", ["na", "²", "1,0", "0x1", "1e0", "4"])
def test_what_a_score_cannot_be_is_never_mended(typed: str) -> None:
    with pytest.raises(BadInput, match="Item 2"):
        paper_answer(PRESENT["KPCS"], 2, typed)


def test_a_risk_item_alone_is_enough_and_nought_is_not() -> None:
    phq = PRESENT["PHQ-9"]
    assert raised(phq, reading_of(phq, Format.ITEM_SCORES, {"9": 1})) == ((9, 1),)
    assert raised(phq, reading_of(phq, Format.ITEM_SCORES, {"9": 0, "1": 3})) == ()
    assert raised(phq, reading_of(phq, Format.ITEM_SCORES, {})) == ()


@pytest.mark.parametrize(
    ("band", "words"),
    [
        ("moderately_severe", "moderately severe"),
        ("lt10", "under 10"),
        (None, ""),
        ({"warmth_concern": True, "invasion_concern": None}, "warmth is a concern"),
        ("local_name", "local name"),
    ],
)
def test_bands_are_read_in_words(band: object, words: str) -> None:
    assert band_in_words(band) == words


def test_no_band_of_the_shipped_set_is_without_words() -> None:
    bands = [
        name for cited in DEFAULTS.cited.values() if isinstance(cited.value, tuple) for _, name in cited.value
    ]
    assert all(band_in_words(name) and "_" not in band_in_words(name) for name in bands)


def test_free_answers_have_words_to_ask_them_with() -> None:
    for name in ("LEAO", "PIR prompts"):
        instrument = PRESENT[name]
        asked = free_of(instrument, wording_of(instrument.key))
        assert all(words for _, words in asked)
        assert {"strengths", "concerns", "action"} <= {key for key, _ in asked}
    assert free_of(PRESENT["PHQ-9"]) == ()


# ---- what fits, and what comes next


def test_after_a_loss_nothing_about_a_baby_is_to_choose_from() -> None:
    lost = where(lost_on=date(2026, 3, 1), loss_kind="stillbirth")
    names = {name for group in choosing.fitting(lost) for name in group.names}
    assert not names & {"MORS-SF", "LEAO", "PIR prompts", "KPCS", "PBQ"}
    assert "City BiTS" in names
    born = {name for group in choosing.fitting(where(born_on=date(2026, 2, 1))) for name in group.names}
    assert {"MORS-SF", "LEAO", "PIR prompts", "KPCS", "PBQ"} <= born


def test_every_choice_is_known_and_nothing_known_is_left_out() -> None:
    groups = choosing.fitting(where(born_on=date(2026, 2, 1)))
    names = [name for group in groups for choice in group.names for name in choosing.names_in(choice)]
    assert set(names) == set(PRESENT)


@pytest.mark.parametrize(
    ("name", "screen", "next_"),
    [
        ("Whooley", "positive", "PHQ-9"),
        ("PHQ-2", "positive", "PHQ-9"),
        ("GAD-2", "positive", "GAD-7"),
        ("GAD-2", "negative", None),
        ("GAD-2", "indeterminate", None),
        ("Whooley", None, None),
        ("PHQ-9", None, None),
    ],
)
def test_a_positive_screen_asks_for_the_longer_form(name: str, screen: str | None, next_: str | None) -> None:
    found = choosing.next_after(name, screen)
    assert (found.instrument if found else None) == next_


def test_a_negative_gad_2_leaves_a_question_open() -> None:
    assert "avoid places" in choosing.still_to_ask("GAD-2", "negative")
    assert choosing.still_to_ask("GAD-2", "positive") == ""


def test_signals_have_a_source_and_stay_away_from_a_baby_after_a_loss() -> None:
    assert [one.key for one in signals.SIGNALS] == [
        "RF1", "RF2", "RF3", "RF4", "RF5", "RF6", "RF7", "AF1", "AF2", "SG1", "SG2",
    ]  # fmt: skip
    assert all(one.source and one.do and one.seen for one in signals.SIGNALS)
    assert not any("baby" in one.seen for one in signals.shown(says_baby=False))
    assert "4 hours" in next(one.do for one in signals.SIGNALS if one.key == "RF4")


def test_the_areas_own_number_stands_before_the_night_line() -> None:
    assert [phone for _, phone in signals.routes("Crisis team", "01632 960901")] == [
        "999",
        "01632 960901",
        "111",
    ]
    assert [phone for _, phone in signals.routes("", "")] == ["999", "111"]


# ---- a result in sentences


def told(name: str, answers: dict[str, object], role: str = "mother", **more: object) -> list[str]:
    instrument = PRESENT[name]
    written_as = on_paper(instrument)
    assert written_as is not None
    found = score(instrument, reading_of(instrument, written_as, answers), role=role)
    return [line.words for line in explain.lines(instrument, as_object(name, found), DEFAULTS, role)]


def every(count: int, value: object) -> dict[str, object]:
    return {str(item): value for item in range(1, count + 1)}


def test_a_result_says_its_band_its_caseness_and_what_a_change_would_be() -> None:
    assert told("PHQ-9", every(9, 1)) == [
        "9 of 27: mild (5 to 9).",
        "Not at caseness: below 10.",
        "From one time to the next, a change of 6 or more is reliable.",
    ]
    assert told("GAD-7", every(7, 3))[0] == "21 of 21: severe (15 to 21)."


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("mother", "10 of 30: 10 to 12 for a mother."),
        ("father", "10 of 30: under 11 for a father or partner."),
        ("carer", "10 of 30. Its bands hold for mothers or fathers, and for nobody else."),
    ],
)
def test_a_fathers_score_is_never_told_by_a_mothers_bands(role: str, said: str) -> None:
    assert told("EPDS", every(10, 1), role)[0] == said


def test_what_was_not_read_in_its_source_is_not_verified() -> None:
    instrument = PRESENT["GAD-2"]
    found = score(instrument, reading_of(instrument, Format.ITEM_SCORES, every(2, 2)))
    (line,) = explain.lines(instrument, as_object("GAD-2", found), DEFAULTS, "mother")
    assert line.words == "Positive: 3 or more asks for a fuller look."
    assert not line.is_verified
    assert "sign-off" in line.known


def test_an_incomplete_answer_says_no_band() -> None:
    assert told("PHQ-9", every(8, 3)) == []
    assert told("GAD-2", {"1": 1}) == ["What was answered does not decide it. Ask what is missing."]


def test_scales_that_stand_apart_say_so() -> None:
    answers = {f"{scale}.{at}": 2 for scale in ("warmth", "invasion") for at in range(1, 8)}
    said = told("MORS-SF", answers)
    assert "Warmth: 14 of 35." in said
    assert any("No thresholds are set here" in line for line in said)
    assert "The two are never added together." in said


def test_short_words_of_a_result() -> None:
    phq, gad, mors = PRESENT["PHQ-9"], PRESENT["GAD-2"], PRESENT["MORS-SF"]
    assert (
        score_in_words(phq, score(phq, reading_of(phq, Format.ITEM_SCORES, every(9, 2))))
        == "18, moderately severe"
    )
    assert score_in_words(phq, score(phq, reading_of(phq, Format.ITEM_SCORES, every(8, 2)))) == "not scored"
    assert (
        score_in_words(gad, score(gad, reading_of(gad, Format.ITEM_SCORES, every(2, 2))))
        == "positive, 4 of 6"
    )
    whole = {f"{scale}.{at}": 1 for scale in ("warmth", "invasion") for at in range(1, 8)}
    reading = reading_of(mors, Format.SUBSCALE_ITEM_SCORES, whole)
    assert score_in_words(mors, score(mors, reading)) == "warmth 7, invasion 7"


# ---- a service's own thresholds


def test_in_pregnancy_a_service_may_have_a_cut_off_of_its_own_and_not_for_fathers() -> None:
    epds = PRESENT["EPDS"]
    own = DEFAULTS.replaced("own", {"EPDS.antenatal_from": Cited(15, "Our lead", Tag.UNCERTAIN)})
    reading = reading_of(epds, Format.ITEM_SCORES, every(10, 1) | {"1": 3, "2": 3, "3": 2})
    found = score(epds, reading, role="mother", values=own)
    (finding,) = findings(epds, reading, found, own, role="mother", antenatal=True)
    assert finding.concern
    assert "15 reaches the service's cut-off of 15" in finding.words
    assert findings(epds, reading, found, own, role="mother", antenatal=False) == ()
    assert findings(epds, reading, found, own, role="father", antenatal=True) == ()
    assert findings(epds, reading, found, DEFAULTS, role="mother", antenatal=True) == ()


@pytest.mark.parametrize(("written", "concern"), [("4", True), ("3", False), ("four", None), ("", None)])
def test_a_local_score_of_an_observation_counts_only_where_a_service_says_from_when(
    written: str, concern: bool | None
) -> None:
    own = DEFAULTS.replaced("own", {"LEAO.concern_from": Cited(4, "Our training", Tag.HOUSE)})
    found = of_words(PRESENT["LEAO"], {"local_score": written}, own)
    assert [one.concern for one in found] == ([] if concern is None else [concern])
    assert of_words(PRESENT["LEAO"], {"local_score": written}, DEFAULTS) == ()
