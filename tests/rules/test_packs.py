"""A pack is held against the structure item by item and option by option; each misfit is named."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anydoor.rules.instruments import pack
from anydoor.rules.instruments.definition import NOT_APPLICABLE
from anydoor.rules.instruments.form import items_of
from anydoor.rules.instruments.pack import ORDINAL, fit
from anydoor.rules.instruments.registry import PRESENT


def filled(name: str, language: str = "xx") -> dict[str, Any]:
    """A pack of this instrument with invented words: no licensed wording stands in this repository."""
    document: dict[str, Any] = copy.deepcopy(pack.blank(PRESENT[name]))
    document |= {"language": language, "version": "1", "copyright": "Invented words, no licence needed."}
    for row in document["item"]:
        row["text"] = f"Words of {row['linkId']}"
        for at, option in enumerate(row.get("answerOption", ())):
            option["valueCoding"]["display"] = f"{row['linkId']}, answer {at}"
    return document


def item(document: dict[str, Any], link: str) -> dict[str, Any]:
    return next(row for row in document["item"] if row["linkId"] == link)


@pytest.mark.parametrize("name", sorted(PRESENT))
def test_a_filled_blank_of_every_instrument_fits(name: str) -> None:
    found = fit(filled(name))
    assert found.misfits == ()
    assert found.pack is not None
    assert found.pack.instrument is PRESENT[name]
    for one in items_of(PRESENT[name], found.pack.wording):
        assert one.words == f"Words of {one.key}"
        assert [option.words for option in one.options] == [
            f"{one.key}, answer {at}" for at in range(len(one.options))
        ]
        assert [option.score for option in one.options] == list(PRESENT[name].option_scores(one.number))


@pytest.mark.parametrize("name", sorted(PRESENT))
def test_an_empty_blank_does_not_fit(name: str) -> None:
    found = fit(pack.blank(PRESENT[name]))
    assert found.pack is None
    assert any("language is missing" in said for said in found.misfits)
    assert any("copyright is missing" in said for said in found.misfits)


def test_reversed_items_must_have_their_scores_the_other_way_round() -> None:
    document = filled("EPDS")
    for at, option in enumerate(item(document, "3")["answerOption"]):
        option["extension"][0]["valueDecimal"] = at
    found = fit(document)
    assert found.pack is None
    assert "Item 3, option 1: its score is 0, the structure has 3." in found.misfits
    assert "Item 3, option 4: its score is 3, the structure has 0." in found.misfits


def test_every_misfit_is_named_and_not_the_first_alone() -> None:
    document = filled("EPDS")
    del item(document, "1")["answerOption"][0]
    item(document, "2")["text"] = ""
    item(document, "4")["answerOption"][1]["valueCoding"]["display"] = ""
    item(document, "5")["answerOption"][0].pop("extension")
    item(document, "6")["type"] = "string"
    item(document, "7")["linkId"] = "17"
    document["item"].append(copy.deepcopy(item(document, "8")))
    said = "\n".join(fit(document).misfits)
    for words in (
        "Item 1: there are 3 options where the form has 4.",
        "Item 2 has no text.",
        "Item 4, option 2: it has no words",
        "Item 5, option 1: it has no score",
        "Item 6: its type must be choice.",
        'Item "17" is not one of EPDS',
        "Missing: item 7.",
        "Item 8 is there twice.",
    ):
        assert words in said, words


def test_items_in_another_order_do_not_fit() -> None:
    document = filled("CORE-10")
    document["item"][1], document["item"][2] = document["item"][2], document["item"][1]
    assert fit(document).misfits == ("The items are not in printed order.",)


def test_scales_that_stand_apart_may_be_mixed_and_keep_their_printed_order() -> None:
    document = filled("MORS-SF")
    stem, *items = document["item"]
    mixed = [row for pair in zip(items[:7], items[7:], strict=True) for row in pair]
    document["item"] = [stem, *mixed]
    found = fit(document)
    assert found.pack is not None
    shown = items_of(PRESENT["MORS-SF"], found.pack.wording)
    assert [one.key for one in shown[:4]] == ["warmth.1", "invasion.1", "warmth.2", "invasion.2"]
    assert [one.place for one in shown] == list(range(1, 15))


def test_does_not_apply_stands_only_where_the_form_has_it() -> None:
    document = filled("KPCS")
    assert item(document, "1")["answerOption"][-1]["valueCoding"]["code"] == NOT_APPLICABLE
    item(document, "2")["answerOption"].append({"valueCoding": {"code": "na", "display": "Not for me"}})
    assert "Item 2: there are 5 options where the form has 4." in fit(document).misfits


@pytest.mark.parametrize("link", ["epds-{}", "Q{}", "item_{}", "EPDS.0{}"])
def test_a_word_before_the_number_is_understood(link: str) -> None:
    document = filled("EPDS")
    for row in document["item"][1:10]:
        row["linkId"] = link.format(row["linkId"])
    assert fit(document).pack is not None


def test_groups_are_opened_and_what_stands_first_is_the_stem() -> None:
    document = filled("PDSS")
    document["item"] = [{"linkId": "g", "type": "group", "text": "A group", "item": document["item"]}]
    found = fit(document)
    assert found.pack is not None
    assert found.pack.wording.stem == "A group\nWords of stem"


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "Questionnaire",
        {"resourceType": "Patient"},
        {"resourceType": "Questionnaire"},
        {"resourceType": "Questionnaire", "name": "EPDS", "item": {}},
        {"resourceType": "Questionnaire", "name": "EPDS", "item": [None, 7, []]},
    ],
)
def test_what_is_no_pack_is_refused_in_words(document: object) -> None:
    found = fit(document)
    assert found.pack is None
    assert found.misfits


@pytest.mark.parametrize("text", ["a\x00b", "a\u202eb", "x" * 3000, "\ud800"])
def test_hidden_characters_and_walls_of_text_do_not_fit(text: str) -> None:
    document = filled("EPDS")
    item(document, "2")["text"] = text
    assert any(
        "Item 2: its text has hidden characters or is too long" in said for said in fit(document).misfits
    )


def test_a_bottomless_pack_is_refused() -> None:
    document = filled("EPDS")
    for _ in range(50):
        document["item"] = [{"linkId": "g", "type": "group", "item": document["item"]}]
    assert fit(document).pack is None


@pytest.mark.parametrize("score", [True, "0", 0.5, float("nan"), float("inf"), 10**400, None])
def test_a_score_is_a_whole_number(score: object) -> None:
    document = filled("EPDS")
    item(document, "1")["answerOption"][0]["extension"] = [{"url": ORDINAL, "valueDecimal": score}]
    assert any("Item 1, option 1: it has no score" in said for said in fit(document).misfits)


def test_another_word_is_another_pack() -> None:
    first, second = filled("EPDS"), filled("EPDS")
    item(second, "3")["answerOption"][2]["valueCoding"]["display"] += "."
    one, other = fit(first).pack, fit(second).pack
    assert one is not None
    assert other is not None
    assert one.wording.checksum() != other.wording.checksum()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(where=st.sampled_from(["item", "language", "name", "copyright", "version", "title"]), what=JSON)
def test_nothing_that_is_json_breaks_it(where: str, what: object) -> None:
    document = filled("KPCS")
    document[where] = what
    fit(document)


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, 15), field=st.sampled_from(["linkId", "type", "text", "answerOption"]), what=JSON)
def test_nothing_in_an_item_breaks_it(at: int, field: str, what: object) -> None:
    document = filled("KPCS")
    document["item"][at][field] = what
    fit(document)
