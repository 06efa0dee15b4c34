"""Each rule by its table, near misses, order, and what is kept when nothing else is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.rules.matching_examples import HUB, LOW, LOWESTOFT, NORWICH, TALKING, TODAY, judged, named

from anydoor.rules.eligibility import ABOUT, RULES
from anydoor.rules.matching import Concern, HumanRoute, Moment, match
from anydoor.rules.profile import ABOUT_A_BABY, NEED_WORDS
from anydoor.rules.stage import StageKind


def test_what_fits_suits_and_says_why() -> None:
    offer = judged(LOW, TALKING)
    assert offer.verdict == "suits"
    assert offer.reasons_for == (
        "It helps with low mood and worry and anxiety.",
        "It is for mild to moderate need, as you told us.",
        "It is for families with a child under 2 years.",
        "It is for mothers.",
        "It covers Norwich.",
        "You can ask for it yourself.",
        "The wait is about 2 weeks now.",
    )
    assert offer.reasons_against == ()
    assert offer.near_miss == ""


@pytest.mark.parametrize(
    ("profile", "service", "verdict", "says"),
    [
        # is it there
        ({}, {"state": "closed", "state_until": date(2021, 12, 31)}, "not", "It closed on 31 December 2021."),
        ({}, {"state": "closed"}, "not", "It has closed."),
        ({}, {"state_until": date(2026, 3, 9)}, "not", "It closed on 9 March."),
        ({}, {"state_until": date(2026, 3, 10)}, "suits", ""),
        ({}, {"state": "planned"}, "not", "It is planned and has not started yet."),
        ({}, {"state_from": date(2026, 4, 1)}, "not", "It starts on 1 April."),
        ({}, {"state": "pilot"}, "suits", "It is new and being tried out."),
        # where
        ({"district_code": "E06000052"}, {}, "not", "It is for families in Norwich."),
        ({"district_code": ""}, {}, "possible", "We have not asked yet where you live."),
        ({"district_code": "", "area_districts": {NORWICH}}, {}, "suits", ""),
        (
            {"district_code": "", "area_districts": {NORWICH, LOWESTOFT}},
            {},
            "possible",
            "It covers only Norwich.",
        ),
        ({"district_code": "", "area_districts": {LOWESTOFT}}, {}, "not", "It is for families in Norwich."),
        (
            {"district_code": LOWESTOFT, "outward": "NR32"},
            {"footprint": {LOWESTOFT: "East Suffolk"}, "postcode_districts": {LOWESTOFT: {"NR32", "NR33"}}},
            "suits",
            "It covers NR32 in East Suffolk.",
        ),
        (
            {"district_code": LOWESTOFT, "outward": "IP12"},
            {"footprint": {LOWESTOFT: "East Suffolk"}, "postcode_districts": {LOWESTOFT: {"NR32", "NR33"}}},
            "not",
            "In East Suffolk it covers only NR32, NR33.",
        ),
        (
            {"district_code": LOWESTOFT, "outward": ""},
            {"footprint": {LOWESTOFT: "East Suffolk"}, "postcode_districts": {LOWESTOFT: {"NR32"}}},
            "possible",
            "It covers only part of East Suffolk. We need your postcode.",
        ),
        # when
        ({"moment": Moment()}, {}, "possible", "We have not asked yet about pregnancy, children or a loss."),
        (
            {"moment": Moment(StageKind.BORN)},
            {},
            "possible",
            "We have not asked yet how old your youngest child is.",
        ),
        (
            {"moment": Moment(StageKind.BORN, days=729)},
            {},
            "suits",
            "It is for families with a child under 2 years (730 days).",
        ),
        (
            {"moment": Moment(StageKind.BORN, days=730)},
            {},
            "not",
            "It is for children under 2 years (730 days).",
        ),
        ({}, {"child_days": (274, 1826)}, "not", "It starts when a child is 9 months old."),
        ({}, {"child_days": None}, "not", "It is not offered after the birth."),
        ({"moment": Moment(StageKind.PREGNANT, weeks=20)}, {}, "suits", "It helps in pregnancy."),
        ({"moment": Moment(StageKind.PREGNANT)}, {}, "suits", "It helps in pregnancy."),
        ({"moment": Moment(StageKind.PREGNANT, weeks=43)}, {}, "suits", "It helps in pregnancy."),
        ({"moment": Moment(StageKind.PREGNANT)}, {"pregnancy": (28, 42)}, "possible", "how many weeks"),
        (
            {"moment": Moment(StageKind.PREGNANT, weeks=20)},
            {"pregnancy": (28, 42)},
            "not",
            "It starts at 28 weeks",
        ),
        ({"moment": Moment(StageKind.PREGNANT, weeks=29)}, {"pregnancy": (0, 28)}, "not", "up to 28 weeks"),
        (
            {"moment": Moment(StageKind.PREGNANT, weeks=20)},
            {"pregnancy": None},
            "not",
            "It is not offered in pregnancy.",
        ),
        ({"moment": Moment(StageKind.TRYING)}, {}, "not", "It is not for the time before a pregnancy."),
        (
            {"moment": Moment(StageKind.TRYING)},
            {"trying_to_conceive": True},
            "suits",
            "while you try for a baby",
        ),
        (
            {"moment": Moment(StageKind.LOSS, days=42)},
            {},
            "not",
            "It is not meant for the time after a loss.",
        ),
        (
            {"moment": Moment(StageKind.LOSS, days=42)},
            {"after_loss": True},
            "suits",
            "It is there after a loss.",
        ),
        (
            {"moment": Moment(StageKind.LOSS, days=800)},
            {"after_loss": True, "loss_days": 730},
            "not",
            "It is there for 2 years after a loss.",
        ),
        (
            {"moment": Moment(StageKind.LOSS)},
            {"after_loss": True, "loss_days": 730},
            "possible",
            "when it was",
        ),
        # for whom
        ({"role": "father"}, {}, "suits", "It is for fathers."),
        ({"role": "father"}, {"audience": {"mother", "baby"}}, "not", "It is for mothers."),
        ({"role": "carer"}, {}, "not", "It is for mothers, fathers or co-parents."),
        ({"role": "carer"}, {"audience": {"family"}}, "possible", "It is for families."),
        (
            {"role": "co_parent"},
            {"audience": {"father"}},
            "possible",
            "Ask whether it is for co-parents too.",
        ),
        ({"role": "mother"}, {"audience": {"baby"}}, "not", "It is not for parents themselves."),
        ({"role": ""}, {}, "possible", "We have not asked yet who the help is for."),
        ({"age": 17}, {"parent_age_under": 20}, "suits", "It is for parents under 20."),
        ({"age": 20}, {"parent_age_under": 20}, "not", "It is for parents under 20."),
        ({"age": None}, {"parent_age_under": 20}, "possible", "We have not asked yet how old you are."),
        (
            {"age": 22, "care_leaver": True},
            {"parent_age_under": 20, "care_leaver_under": 25},
            "suits",
            "It is for parents under 25 who were in care.",
        ),
        ({"age": 22}, {"parent_age_under": 20, "care_leaver_under": 25}, "possible", "We have not asked."),
        (
            {"age": 22, "care_leaver": False},
            {"parent_age_under": 20, "care_leaver_under": 25},
            "not",
            "under 20",
        ),
        # for what
        ({"concerns": ()}, {}, "possible", "We have not asked yet what would help most."),
        (
            {"concerns": (), "wider_needs": {"housing"}},
            {},
            "not",
            "It helps with low mood and worry and anxiety.",
        ),
        (
            {"concerns": (), "wider_needs": {"housing"}},
            {"needs": {"housing"}, "strand": ""},
            "suits",
            "housing",
        ),
        ({"concerns": (Concern("pir", "mild"),)}, {}, "not", "It helps with low mood"),
        ({}, {"needs": set()}, "not", "it is not help with a need"),
        ({}, {"needs": {"relationship"}}, "possible", "It helps with other worries of this kind."),
        (
            {},
            {"only_if": {"birth_trauma"}},
            "not",
            "It is only for help with a frightening or hurtful birth.",
        ),
        (
            {"flags": {"birth_trauma"}},
            {"only_if": {"birth_trauma"}, "needs": {"birth_trauma"}},
            "suits",
            "It is there for exactly this.",
        ),
        ({}, {"only_for": "Traveller families"}, "possible", "It is for Traveller families."),
        # how hard
        (
            {"concerns": (Concern("pmh"),)},
            {},
            "possible",
            "We have not asked yet how hard things are for you.",
        ),
        ({"concerns": (Concern("pmh", measures={"PHQ-9": 12}),)}, {}, "suits", "mild to moderate need"),
        ({"concerns": (Concern("pmh", "severe"),)}, {}, "possible", "Yours may need more."),
        ({"concerns": (Concern("pmh", "mild"),)}, {"level": "specialist"}, "not", "yours sounds milder"),
        ({}, {"level": "specialist"}, "possible", "The team can say whether it fits."),
        ({"flags": {"birth_trauma"}}, {"level": "specialist"}, "suits", "It is for moderate to severe need"),
        (
            {"concerns": (Concern("pmh", "severe"),)},
            {"level": "specialist"},
            "suits",
            "moderate to severe need",
        ),
        ({}, {"level": "specialist", "severity_from": "severe"}, "not", "It is for severe need"),
        ({"concerns": (Concern("pmh", "severe"),)}, {"level": "universal"}, "possible", "may not be enough"),
        (
            {"concerns": (), "wider_needs": {"parenting"}},
            {"level": "specialist", "strand": "", "needs": {"parenting"}},
            "possible",
            "It is for greater need.",
        ),
        (
            {"concerns": (Concern("pir", "severe"),)},
            {"strand": "", "needs": {"bond"}},
            "possible",
            "Yours may need more.",
        ),
        # urgent
        (
            {"flags": {"psychosis_suspected"}},
            {},
            "not",
            "This needs urgent help from a specialist, not this.",
        ),
        (
            {"flags": {"psychosis_suspected"}},
            {"level": "specialist", "needs": {"psychosis"}},
            "not",
            "It has a wait, and this cannot wait.",
        ),
        # how to get there
        ({}, {"routes_in": {"drop_in"}, "wait_days": 0}, "suits", "You can just go along."),
        ({}, {"routes_in": {"drop_in"}}, "suits", "You can ask for it yourself."),
        ({}, {"routes_in": {"gp", "professional"}}, "suits", "another professional can ask for you"),
        ({}, {"routes_in": {"gp"}}, "possible", "Only your GP can ask for it."),
        (
            {},
            {"routes_in": {"service"}},
            "possible",
            "Only another service that you already see can ask for it.",
        ),
        ({}, {"routes_in": {"service"}, "comes_after": ("PIEW",)}, "possible", "Only PIEW can ask for it."),
        (
            {"mode": "not_group"},
            {"modes": {"group", "in_person"}},
            "possible",
            "you would rather not have one",
        ),
        ({"mode": "not_group"}, {"modes": {"group", "phone"}}, "suits", ""),
        ({"mode": "phone"}, {}, "suits", "It is offered by phone, as you would like."),
        ({"mode": "text"}, {}, "suits", "It is not offered by text."),
        ({"has_car": False}, {}, "suits", "You can have it by phone, without travelling."),
        (
            {"has_car": False},
            {"modes": {"in_person"}, "distance_km": 12.2},
            "suits",
            "It is about 12 km away.",
        ),
        ({}, {"modes": {"in_person"}, "distance_km": 2.2}, "suits", "It is about 2 km away."),
        ({"language": "Polish"}, {}, "suits", "An interpreter is needed."),
        ({"language": "Polish"}, {"languages": {"polish"}}, "suits", "They speak your language."),
        ({"language": "English"}, {}, "suits", ""),
        ({}, {"free_places": 0}, "possible", "It is full at the moment."),
        ({}, {"wait_days": 42}, "suits", "The wait is about 6 weeks now."),
        ({}, {"wait_days": None}, "suits", ""),
        ({}, {"last_checked": date(2025, 3, 1)}, "suits", "This was last checked on 1 March 2025."),
        ({}, {"last_checked": date(2026, 3, 1)}, "suits", ""),
    ],
)
def test_each_rule(profile: dict[str, Any], service: dict[str, Any], verdict: str, says: str) -> None:
    offer = judged(replace(LOW, **_frozen(profile)), replace(TALKING, **_frozen(service)))
    assert offer.verdict == verdict
    assert says in " ".join(offer.reasons_for + offer.reasons_against)


def _frozen(changes: dict[str, Any]) -> dict[str, Any]:
    frozen = {key: frozenset(value) if isinstance(value, set) else value for key, value in changes.items()}
    if "moment" in frozen:
        frozen.setdefault("says_baby", frozen["moment"].kind != StageKind.LOSS)
    return frozen


@pytest.mark.parametrize(
    ("profile", "service", "near_miss"),
    [
        ({"role": "father"}, {"audience": {"mother"}}, "Would suit if the help were for mothers."),
        ({"age": 25}, {"parent_age_under": 20}, "Would suit if you were under 20."),
        ({"district_code": LOWESTOFT}, {}, "Would suit if you lived in Norwich."),
        ({"moment": Moment(StageKind.BORN, days=800)}, {}, "Would suit if your child were under 2 years."),
        ({"role": "father", "district_code": LOWESTOFT}, {"audience": {"mother"}}, ""),
        ({}, {"state": "planned"}, "Would suit if it had started."),
        ({}, {"state": "closed"}, ""),
        ({"moment": Moment(StageKind.LOSS, days=3)}, {}, ""),
        ({"concerns": (), "wider_needs": {"housing"}}, {}, ""),
        ({"age": 25, "role": ""}, {"parent_age_under": 20}, "Could suit if you were under 20."),
        ({}, {"only_if": {"loss"}}, ""),
        ({"moment": Moment(StageKind.TRYING)}, {}, "Would suit if a pregnancy had begun."),
        ({"moment": Moment(StageKind.TRYING), "says_baby": False}, {}, ""),
        ({"says_baby": False}, {"child_days": None}, ""),
    ],
)
def test_a_near_miss_is_one_thing_that_would_have_to_differ(
    profile: dict[str, Any], service: dict[str, Any], near_miss: str
) -> None:
    offer = judged(replace(LOW, **_frozen(profile)), replace(TALKING, **_frozen(service)))
    assert offer.verdict == "not"
    assert offer.near_miss == near_miss


def test_beside_a_loss_a_person_asks_first_and_no_baby_group_is_proposed() -> None:
    """A twin lives: nobody has asked yet what may be said. Talking with one person is not a group."""
    family = replace(LOW, flags=frozenset({"loss"}), says_baby=False)
    assert judged(family, replace(TALKING, modes=frozenset({"group"}))).verdict == "not"
    assert judged(family, TALKING).verdict == "suits"
    feeding = replace(TALKING, needs=frozenset({"mood", "feeding"}))
    asked_first = judged(family, feeding)
    assert asked_first.verdict == "possible"
    words = "You told us of a loss. A person asks you first what would help now."
    assert words in asked_first.reasons_against
    assert judged(replace(family, says_baby=True), feeding).verdict == "suits"


def test_somebody_who_tries_again_after_a_loss_is_shown_nothing_about_babies() -> None:
    again = replace(LOW, moment=Moment(StageKind.TRYING), flags=frozenset({"loss"}), says_baby=False)
    group = replace(TALKING, modes=frozenset({"group"}))
    assert named(again, group) is None
    assert named(again, replace(TALKING, needs=frozenset({"bond"}))) is None
    assert named(again, replace(group, trying_to_conceive=True)) is not None
    assert named(replace(again, flags=frozenset(), says_baby=True), group) is not None


def test_where_nobody_universal_answers_at_once_the_one_with_a_wait_is_asked_urgently() -> None:
    ill = replace(LOW, flags=frozenset({"psychosis_suspected"}))
    doctor = replace(HUB, slug="doctor", wait_days=8)
    (offer,) = match(ill, [doctor])
    assert offer.verdict == "possible"
    assert "Say that it is urgent when you ask, and ring the urgent numbers first." in offer.reasons_against
    assert not any("wait" in words.lower() for words in offer.reasons_for + offer.reasons_against)
    elsewhere = replace(HUB, slug="far", footprint={LOWESTOFT: "Lowestoft"})
    found = {each.service_slug: each.verdict for each in match(ill, [doctor, elsewhere])}
    assert found == {"far": "possible", "doctor": "not"}, "who answers at once comes first"


def test_pregnant_after_a_loss_is_pregnant() -> None:
    family = replace(
        LOW, moment=Moment(StageKind.PREGNANT, weeks=20), flags=frozenset({"loss"}), says_baby=False
    )
    assert judged(family, TALKING).verdict == "suits"
    grief = replace(
        TALKING, needs=frozenset({"loss"}), only_if=frozenset({"loss"}), pregnancy=None, after_loss=True
    )
    assert judged(family, grief).verdict == "suits"


def test_order_is_fit_then_wait_then_distance() -> None:
    far = replace(TALKING, slug="far", distance_km=9.0)
    near = replace(TALKING, slug="near", distance_km=1.0)
    soon = replace(TALKING, slug="soon", wait_days=2, distance_km=50.0)
    better = replace(TALKING, slug="better", wait_days=90, audience=frozenset({"father"}))
    father = replace(LOW, role="father")
    slugs = [offer.service_slug for offer in match(father, [far, near, better, soon])]
    assert slugs == ["better", "soon", "near", "far"]


def test_a_universal_offer_is_kept_when_none_speaks_of_the_need() -> None:
    doctor = replace(HUB, slug="doctor", needs=frozenset({"physical_health"}))
    housing = replace(LOW, concerns=(), wider_needs=frozenset({"housing"}))
    (offer,) = match(housing, [doctor])
    assert offer.verdict == "possible"
    assert "It may not be meant for this, but it can listen and point you on." in offer.reasons_against
    heard = match(replace(LOW, role="carer"), [replace(doctor, needs=frozenset({"mood"}), state="closed")])
    assert not any("point you on" in words for words in heard[0].reasons_against)
    closed, planned = replace(doctor, state="closed"), replace(doctor, slug="p", state="planned")
    assert {each.verdict for each in match(housing, [closed, planned])} == {"not"}


def test_a_person_to_talk_to() -> None:
    route = HumanRoute("Norfolk Family Hubs", "01632 960214", "07700 900482", "")
    assert route.words == "Or talk to a person: Norfolk Family Hubs, 01632 960214, text 07700 900482."


def test_rules_are_small_and_each_has_its_say() -> None:
    assert len(RULES) == len(set(RULES)) == len(ABOUT) == 21
    assert all(rule.__doc__ for rule in RULES)


def test_words_about_babies_cover_the_vocabulary() -> None:
    for need, words in NEED_WORDS.items():
        if "bab" in words:
            assert need in ABOUT_A_BABY


def test_as_of_decides_not_the_clock() -> None:
    ending = replace(TALKING, state_until=TODAY)
    assert judged(LOW, ending).verdict == "suits"
    assert judged(replace(LOW, as_of=TODAY + timedelta(days=1)), ending).verdict == "not"
