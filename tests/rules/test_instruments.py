"""The definitions, the set of thresholds and the shipped words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from anydoor.rules import level
from anydoor.rules.errors import BadInput, NotFound
from anydoor.rules.instruments.answers import read
from anydoor.rules.instruments.definition import Format, group_of
from anydoor.rules.instruments.evidence import Cited, Tag
from anydoor.rules.instruments.page import draw
from anydoor.rules.instruments.registry import ALL, PRESENT, find, must_be_whole, present
from anydoor.rules.instruments.scoring import score
from anydoor.rules.instruments.values import DEFAULTS, NOT_SHIPPED, ValueSet
from anydoor.rules.instruments.wording import WORDINGS, wording_of


def test_every_definition_is_whole() -> None:
    assert must_be_whole(ALL) == []


def test_a_broken_definition_is_found() -> None:
    phq = PRESENT["PHQ-9"]
    assert must_be_whole((phq, phq))
    for broken in (
        replace(phq, risk_items=(10,)),
        replace(phq, reversed_items=frozenset({0})),
        replace(phq, summed=(1, 12)),
        replace(phq, high_is="more"),
        replace(PRESENT["IES-R"], size=20),
    ):
        assert must_be_whole((broken,))


@pytest.mark.parametrize(
    ("name", "lowest", "highest"),
    [
        ("Whooley", 0, 2), ("GAD-2", 0, 6), ("PHQ-2", 0, 6), ("PHQ-9", 0, 27), ("GAD-7", 0, 21),
        ("EPDS", 0, 30), ("CORE-10", 0, 40), ("PCL-5", 0, 80), ("City BiTS", 0, 60), ("KPCS", 0, 45),
        ("MORS-SF", 0, 35), ("OCI", 0, 168), ("PDSS", 0, 28), ("SPIN", 0, 68), ("IES-R", 0, 88),
        ("HAI", 0, 54), ("PSWQ", 16, 80), ("WSAS", 0, 40), ("PBQ", 0, 125),
    ],
)  # fmt: skip
def test_the_range_of_each_total_is_the_published_one(name: str, lowest: int, highest: int) -> None:
    assert present(name).total_range() == (lowest, highest)


def test_a_stored_measure_finds_its_own_version() -> None:
    assert find("PHQ-9@1") is PRESENT["PHQ-9"]
    for unknown in ("PHQ-9@2", "PHQ-9", ""):
        with pytest.raises(NotFound):
            find(unknown)


def test_scales_of_ies_r_share_no_item_and_leave_none() -> None:
    items = [item for scale in PRESENT["IES-R"].scales for item in scale.items]
    assert sorted(items) == list(range(1, 23))


@pytest.mark.parametrize(
    ("role", "group"),
    [
        ("mother", "mother"), ("Mother", "mother"), ("birthing_parent", "mother"), ("father", "father"),
        ("co-parent", "father"), ("co_parent", "father"), ("partner", "father"), ("carer", None), ("", None),
        (None, None),
    ],
)  # fmt: skip
def test_whose_bands(role: str | None, group: str | None) -> None:
    assert group_of(role) == group


# --- thresholds -----------------------------------------------------------------------------------------


def test_every_value_says_where_it_is_from() -> None:
    for key, cited in DEFAULTS.cited.items():
        assert len(cited.source) > 5, key
        assert key.split(".")[0] in PRESENT or key.startswith("MI."), key


def test_what_nobody_verified_has_no_default() -> None:
    assert not set(NOT_SHIPPED) & set(DEFAULTS.cited)
    for key in ("MORS-SF.warmth_concern_max", "LEAO.concern_from", "KPCS.bands", "PBQ.clinical_cutoff_from"):
        assert key in NOT_SHIPPED
    assert any(key.startswith("EPDS.antenatal") for key in NOT_SHIPPED)


def test_a_fathers_bands_are_not_a_mothers() -> None:
    mother, father = DEFAULTS.bands("EPDS", "mother"), DEFAULTS.bands("EPDS", "father")
    assert mother != father
    assert DEFAULTS.bands("EPDS", None) is None
    assert DEFAULTS.bands("PHQ-9", "father") == DEFAULTS.bands("PHQ-9", "mother")


def test_a_service_sets_values_under_its_own_name() -> None:
    own = DEFAULTS.replaced(
        "norfolk-2027", {"KPCS.bands": Cited(((0, "lower"), (40, "usual")), "local protocol", Tag.HOUSE)}
    )
    assert own.name == "norfolk-2027"
    assert own.bands("KPCS", None) == ((0, "lower"), (40, "usual"))
    assert DEFAULTS.bands("KPCS", None) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("PHQ-9.nothing", 3), ("PHQ-9.bands", 3), ("PHQ-9.bands", ()), ("PHQ-9.bands", ((5, "mild"),)),
        ("PHQ-9.bands", ((0, "a"), (0, "b"))), ("PHQ-9.bands", ((0, "a"), (9, "b"), (5, "c"))),
        ("PHQ-9.reliable_change", -1), ("PHQ-9.reliable_change", True), ("GAD-2.screen_from", ((0, "a"),)),
        # beyond every answer: it would find everybody or nobody, and nobody would notice
        ("PHQ-9.reliable_change", 0), ("PHQ-9.reliable_change", 28), ("PHQ-9.bands", ((0, "a"), (28, "b"))),
        ("Whooley.screen_from", 0), ("Whooley.screen_from", 3), ("GAD-2.screen_from", Decimal("2.5")),
        ("MORS-SF.warmth_concern_max", 36), ("MORS-SF.warmth_concern_max", Decimal("20.5")),
        ("MORS-SF.invasion_concern_min", 0), ("KPCS.low_confidence_to", 46), ("PSWQ.tt_caseness_from", 16),
        ("PCL-5.cluster_item_from", 5), ("PHQ-9.prorate_missing_to", 9), ("MI.tt_caseness_above", 6),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused(key: str, value: Any) -> None:
    with pytest.raises(BadInput):
        ValueSet("mine", {key: Cited(value, "local", Tag.HOUSE)})


@pytest.mark.parametrize("written", [20, Decimal(20), Decimal("20.0")])
def test_a_threshold_holds_however_its_file_wrote_it(written: Any) -> None:
    own = DEFAULTS.replaced("own", {"MORS-SF.warmth_concern_max": Cited(written, "our licence", Tag.HOUSE)})
    mors = PRESENT["MORS-SF"]
    answers = {"warmth": [3, 3, 3, 3, 3, 3, 2], "invasion": [0] * 7}
    found = score(mors, read(mors, Format.SUBSCALE_ITEM_SCORES, answers), values=own)
    assert found.band == {"warmth_concern": True, "invasion_concern": None}


def test_a_changed_set_needs_a_name_of_its_own() -> None:
    for name in (DEFAULTS.name, " "):
        with pytest.raises(BadInput):
            DEFAULTS.replaced(name, {})


def test_numbers_are_exact() -> None:
    assert DEFAULTS.number("MI", "reliable_change") == Decimal("0.73")
    assert DEFAULTS.number("PHQ-9", "bands") is None
    assert DEFAULTS.number("PHQ-9", "no_such") is None


def test_levels_know_every_band_a_service_can_see() -> None:
    """`rules.level` reads the same bands; one without a severity would weigh nothing in a proposal."""
    for name, group in (
        ("PHQ-9", None),
        ("GAD-7", None),
        ("EPDS", "mother"),
        ("EPDS", "father"),
        ("CORE-10", None),
    ):
        bands = DEFAULTS.bands(name, group)
        assert bands is not None
        assert {band for _, band in bands} <= set(level.SEVERITY_OF_BAND)


# --- words ----------------------------------------------------------------------------------------------

CHECKSUMS = {
    "PHQ-9@1": "d656a267600c2bc2914c9e3c9f8b3f44449ecdd1161a33d1b6249179600cea71",
    "PHQ-2@1": "6227a74a603192aa2119ecf41b90947590b3a728919417dd6a25eaf6ff84cf67",
    "GAD-7@1": "721a6b556aa1208a989ae85b053c545cfae2129d740f3c7f158b62d77fd91540",
    "GAD-2@1": "ee34f67da801350ae2bb2157c5466fab670ad39d8bd41702800d5900b4b281bf",
    "Whooley@1": "9102778886900eebd3d80ba5c154e650b2c6b231555e35c49f896eddd29b7f27",
    "PCL-5@1": "f9b0d66b25fc95ae3b3be791c93ff7a835bae05c453331c23137e9b14bfdb7d9",
    "PSWQ@1": "99029ec4c9f8d39b74a1046b97a75e86a22272ee78b154ec0c0f0dc3176a1c95",
    "PIR prompts@1": "79cd954aad1ce64cf6b071411bee614ddbc0861cd129620383e7ad2eec591b2f",
}

# The second reading: what the second named copy prints, typed in apart from the first.
SECOND_READING: dict[str, tuple[str, ...]] = {
    # Central Medical Centre, Morden; a colon ends each of its lines and is left out here.
    "PHQ-9@1": (
        "Little interest or pleasure in doing things",
        "Feeling down, depressed, or hopeless",
        "Trouble falling or staying asleep, or sleeping too much",
        "Feeling tired or having little energy",
        "Poor appetite or overeating",
        "Feeling bad about yourself — or that you are a failure or have let yourself or your family down",
        "Trouble concentrating on things, such as reading the newspaper or watching television",
        (
            "Moving or speaking so slowly that other people could have noticed? Or the opposite — being so "
            "fidgety or restless that you have been moving around a lot more than usual"
        ),
        "Thoughts that you would be better off dead or of hurting yourself in some way",
    ),
    # Apperta Foundation (1 to 4), LOINC LL358-3 (5 to 7, the recall and source that it adds left out).
    "GAD-7@1": (
        "Feeling nervous, anxious or on edge",
        "Not being able to stop or control worrying",
        "Worrying too much about different things",
        "Trouble relaxing",
        "Being so restless that it is hard to sit still",
        "Becoming easily annoyed or irritable",
        "Feeling afraid as if something awful might happen",
    ),
    # An antenatal guideline that quotes NICE for the booking visit.
    "Whooley@1": (
        "During the past month, have you often been bothered by feeling down, depressed or hopeless?",
        (
            "During the past month, have you often been bothered by having little interest or pleasure in "
            "doing things?"
        ),
    ),
    # CamCOPS pcl5.xml: no question mark after item 10, and rounded quotation marks in item 17.
    "PCL-5@1": (
        "Repeated, disturbing, and unwanted memories of the stressful experience?",
        "Repeated, disturbing dreams of the stressful experience?",
        (
            "Suddenly feeling or acting as if the stressful experience were actually happening again "
            "(as if you were actually back there reliving it)?"
        ),
        "Feeling very upset when something reminded you of the stressful experience?",
        (
            "Having strong physical reactions when something reminded you of the stressful experience "
            "(for example, heart pounding, trouble breathing, sweating)?"
        ),
        "Avoiding memories, thoughts, or feelings related to the stressful experience?",
        (
            "Avoiding external reminders of the stressful experience (for example, people, places, "
            "conversations, activities, objects, or situations)?"
        ),
        "Trouble remembering important parts of the stressful experience?",
        (
            "Having strong negative beliefs about yourself, other people, or the world (for example, having "
            "thoughts such as: I am bad, there is something seriously wrong with me, no one can be trusted, "
            "the world is completely dangerous)?"
        ),
        "Blaming yourself or someone else for the stressful experience or what happened after it",
        "Having strong negative feelings such as fear, horror, anger, guilt, or shame?",
        "Loss of interest in activities that you used to enjoy?",
        "Feeling distant or cut off from other people?",
        (
            "Trouble experiencing positive feelings (for example, being unable to feel happiness or have "
            "loving feelings for people close to you)?"
        ),
        "Irritable behavior, angry outbursts, or acting aggressively?",
        "Taking too many risks or doing things that could cause you harm?",
        "Being “superalert” or watchful or on guard?",
        "Feeling jumpy or easily startled?",
        "Having difficulty concentrating?",
        "Trouble falling or staying asleep?",
    ),
    # psychology-tools.com; it has no full stop after item 14.
    "PSWQ@1": (
        "If I do not have enough time to do everything, I do not worry about it.",
        "My worries overwhelm me.",
        "I do not tend to worry about things.",
        "Many situations make me worry.",
        "I know I should not worry about things, but I just cannot help it.",
        "When I am under pressure I worry a lot.",
        "I am always worrying about something.",
        "I find it easy to dismiss worrisome thoughts.",
        "As soon as I finish one task, I start to worry about everything else I have to do.",
        "I never worry about anything.",
        "When there is nothing more I can do about a concern, I do not worry about it any more.",
        "I have been a worrier all my life.",
        "I notice that I have been worrying about things.",
        "Once I start worrying, I cannot stop",
        "I worry all the time.",
        "I worry about projects until they are all done.",
    ),
    # Community Practitioner, which spells out the figure.
    "PIR prompts@1": (
        "What three words or phrases would you use to describe your relationship with your baby?",
        "What brings you the most joy in the relationship with your baby?",
        "What is your biggest fear about your relationship with your baby?",
    ),
}
KNOWN_DIFFERENCES = {
    ("PCL-5@1", 10): ("after it?", "after it"),
    ("PCL-5@1", 17): ('"superalert"', "“superalert”"),
    ("PSWQ@1", 14): ("Once I start worrying, I cannot stop.", "Once I start worrying, I cannot stop"),
    ("PIR prompts@1", 1): ("What 3 words", "What three words"),
}


def test_the_words_are_pinned() -> None:
    assert {wording.of: wording.checksum() for wording in WORDINGS.values()} == CHECKSUMS


@pytest.mark.parametrize("of", SECOND_READING)
def test_the_second_reading_is_the_same_letter_by_letter(of: str) -> None:
    wording = wording_of(of)
    assert wording is not None
    for item, (ours, theirs) in enumerate(zip(wording.items, SECOND_READING[of], strict=True), 1):
        was, now = KNOWN_DIFFERENCES.get((of, item), ("", ""))
        assert ours.replace(was, now) == theirs


def test_every_instrument_with_words_was_read_twice() -> None:
    """The short forms are the first items of the long ones, and need no reading of their own."""
    assert {wording.of for wording in WORDINGS.values()} - {"PHQ-2@1", "GAD-2@1"} == set(SECOND_READING)


def test_words_fit_the_structure() -> None:
    for wording in WORDINGS.values():
        one = find(wording.of)
        assert one.licence.wording == "shipped"
        assert len(wording.items) == (one.size or len(one.unscored))
        if one.size:
            assert len(wording.options) == one.highest - one.lowest + 1
        assert all(words == words.strip() for words in (*wording.items, *wording.options))
        assert wording.copy
        assert wording.second
        assert wording.credit


def test_what_is_said_to_be_shipped_is_and_nothing_else_is() -> None:
    shipped = {one.key for one in ALL if one.licence.wording == "shipped"}
    assert {wording.of for wording in WORDINGS.values()} == shipped
    for licensed in ("EPDS@1", "MORS-SF@1", "LEAO@1", "CORE-10@1", "KPCS@1", "IES-R@1"):
        assert wording_of(licensed) is None


def test_the_lowest_option_is_not_at_all() -> None:
    for of in ("PHQ-9@1", "PHQ-2@1", "GAD-7@1", "GAD-2@1"):
        wording = wording_of(of)
        assert wording is not None
        assert wording.options == (
            "Not at all",
            "Several days",
            "More than half the days",
            "Nearly every day",
        )
    assert all("sure" not in option for wording in WORDINGS.values() for option in wording.options)


def test_the_short_forms_are_the_first_items_of_the_long_ones() -> None:
    for short, long in (("PHQ-2@1", "PHQ-9@1"), ("GAD-2@1", "GAD-7@1")):
        few, all_of_them = wording_of(short), wording_of(long)
        assert few is not None
        assert all_of_them is not None
        assert few.items == all_of_them.items[:2]


def test_the_page_shows_every_value_with_its_evidence() -> None:
    page = draw()
    for key, cited in DEFAULTS.cited.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{key}` |"))
        assert row.endswith(f"| {cited.tag} |")
    assert all(f"| `{key}` |" in page for key in NOT_SHIPPED)
    assert all(one.key in page for one in ALL)
