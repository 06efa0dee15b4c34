"""Families a practitioner would know, matched against the four example areas, and the cost in queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from anydoor.directory.loading import Loaded
from anydoor.directory.matching import Matched, distance_km, help_for
from anydoor.directory.models import Area, Postcode, Service
from anydoor.rules.matching import Profile, match, read_profile

AS_OF = "2026-11-20"
GROUPS = {"group"}

pytestmark = pytest.mark.usefixtures("postcodes_once", "db")


def a_postcode(outward: str) -> str:
    return Postcode.objects.filter(postcode__startswith=f"{outward} ").order_by("postcode")[0].postcode


def matched(area: str, outward: str, **told: Any) -> Matched:
    place = {"postcode": a_postcode(outward)} if outward else {}
    profile = read_profile({"as_of": AS_OF} | place | told)
    return help_for(area=Area.objects.get(slug=area), profile=profile)


def verdicts(found: Matched, verdict: str) -> list[str]:
    return [offer.service_slug for offer in found.offers if offer.verdict == verdict]


@pytest.fixture
def father() -> Matched:
    """A father with a PHQ-9 of 12 and a four-month-old in Norwich."""
    return matched(
        "norfolk",
        "NR2",
        stage={"baby_birth_date": "2026-07-20"},
        person={"role": "father", "age": 31},
        concerns=[{"strand": "pmh", "measures": {"PHQ-9": 12}}],
    )


def test_a_father_with_low_mood_in_norwich(father: Matched) -> None:
    suits = verdicts(father, "suits")
    assert father.level.level == "targeted"
    assert {"norfolk-talking-therapies-perinatal", "norfolk-talking-therapies-digital"} <= set(suits)
    assert {"norfolk-home-start-dads", "norwich-hub-named-clinician"} <= set(suits)
    assert set(suits[:6]) >= {"norfolk-talking-therapies-digital", "norfolk-home-start-dads"}
    ruled_out = verdicts(father, "not")
    assert {"lotus-birth-trauma", "norfolk-kingfisher-mbu", "norfolk-family-nurse-partnership"} <= set(
        ruled_out
    )
    by_slug = {offer.service_slug: offer for offer in father.offers}
    assert by_slug["norfolk-perinatal-community-team"].near_miss.endswith("the help were for mothers.")
    assert by_slug["broadland-hub-named-clinician"].near_miss == "Would suit if you lived in Broadland."
    assert "It is for fathers." in by_slug["norfolk-home-start-dads"].reasons_for
    assert father.emergency is None
    assert father.human_route.phone == "01632 960214"


def test_seventeen_and_twenty_weeks_pregnant_in_kettering() -> None:
    found = matched(
        "north-northamptonshire",
        "NN16",
        stage={"pregnant_weeks": 20},
        person={"role": "mother", "age": 17},
    )
    suits = verdicts(found, "suits")
    assert suits[:2] == ["nn-fnp", "nn-tiny-steps"]
    assert {"nn-midwifery", "nn-family-hub"} <= set(suits)
    assert found.level.level == "targeted"
    assert "nn-spmhs" not in suits
    older = matched(
        "north-northamptonshire", "NN16", stage={"pregnant_weeks": 29}, person={"role": "mother", "age": 26}
    )
    assert {"nn-fnp", "nn-tiny-steps"} <= set(verdicts(older, "not"))


def test_six_weeks_after_a_stillbirth_in_great_yarmouth() -> None:
    found = matched(
        "norfolk",
        "NR30",
        stage={"loss_date": "2026-10-09"},
        person={"role": "mother"},
        flags=["loss"],
        concerns=[{"strand": "pmh", "severity": "moderate"}],
    )
    suits = verdicts(found, "suits")
    assert suits[0] == "norfolk-time-counselling"
    assert "jpuh-bereavement-midwifery" in suits
    assert "lotus-loss" in verdicts(found, "possible")
    shown = [*suits, *verdicts(found, "possible")]
    assert all(found.facts[slug].after_loss for slug in shown)
    assert not any(found.facts[slug].modes & GROUPS for slug in shown)
    said = " ".join(
        " ".join((*offer.reasons_for, *offer.reasons_against, offer.near_miss)) for offer in found.offers
    ).lower()
    assert "baby" not in said
    assert "babies" not in said


def test_suspected_psychosis_after_a_birth() -> None:
    found = matched(
        "norfolk",
        "NR1",
        stage={"baby_birth_date": "2026-11-10"},
        person={"role": "mother", "age": 29},
        concerns=[{"strand": "pmh", "severity": "severe"}],
        flags=["psychosis_suspected"],
    )
    assert found.emergency is not None
    assert [route.phone for route in found.emergency.routes] == ["999", "01632 960901", "111"]
    assert verdicts(found, "suits") == []
    possible = verdicts(found, "possible")
    assert "norfolk-kingfisher-mbu" in possible[:3]
    assert "norfolk-talking-therapies-perinatal" in verdicts(found, "not")


def test_low_warmth_with_a_nine_month_old_in_scunthorpe() -> None:
    found = matched(
        "north-lincolnshire",
        "DN15",
        stage={"baby_birth_date": "2026-02-20"},
        person={"role": "mother"},
        concerns=[{"strand": "pir", "severity": "moderate", "measures": {"MORS-SF warmth": 11}}],
    )
    assert verdicts(found, "suits")[0] == "nl-piew"
    possible = verdicts(found, "possible")
    assert {"nl-vig", "nl-watch-wait-wonder", "nl-parent-infant-high-need"} <= set(possible)
    vig = next(offer for offer in found.offers if offer.service_slug == "nl-vig")
    assert any(
        words.startswith("Only Parent-Infant Emotional Wellbeing (PIEW) team") for words in vig.not_asked
    )


def test_a_grandmother_without_a_car_in_bodmin() -> None:
    found = matched(
        "cornwall",
        "PL31",
        stage={"baby_birth_date": "2026-02-20"},
        person={"role": "carer", "age": 58},
        wider_needs=["isolation", "parenting"],
        has_car=False,
    )
    suits = verdicts(found, "suits")
    assert {"cw-family-hub", "cw-chathealth", "cw-home-outreach"} <= set(suits[:5])
    by_slug = {offer.service_slug: offer for offer in found.offers}
    assert "You can have it at home, without travelling." in by_slug["cw-home-outreach"].reasons_for
    assert any(
        "You would have to travel there." in words for words in by_slug["cw-perinatal-groups"].reasons_against
    )
    assert by_slug["cw-perinatal-groups"].verdict == "possible"  # 32 km, and no car
    assert "cw-specialist-perinatal" in verdicts(found, "not")


def test_lowestoft_has_the_nhs_services_and_not_the_countys() -> None:
    told: dict[str, Any] = {
        "stage": {"baby_birth_date": "2026-07-20"},
        "person": {"role": "mother"},
        "concerns": [{"strand": "pmh", "severity": "severe"}, {"strand": "pir", "severity": "mild"}],
    }
    found = matched("norfolk", "NR32", **told)
    assert "norfolk-perinatal-community-team" in verdicts(found, "suits")
    by_slug = {offer.service_slug: offer for offer in found.offers}
    assert by_slug["norfolk-triple-p-baby"].verdict == "not"
    assert by_slug["norfolk-triple-p-baby"].near_miss


def test_without_a_place_the_area_is_enough_where_a_service_covers_all_of_it() -> None:
    found = matched(
        "cornwall",
        "",
        stage={"pregnant_weeks": 30},
        person={"role": "mother"},
        concerns=[{"strand": "pmh", "severity": "mild"}],
    )
    assert "cw-foundations-wellbeing" in verdicts(found, "suits")
    assert all(facts.distance_km is None for facts in found.facts.values())


@pytest.mark.parametrize("area", ["norfolk", "north-lincolnshire", "north-northamptonshire", "cornwall"])
@pytest.mark.parametrize("role", ["mother", "father", "co_parent", "carer"])
@pytest.mark.parametrize(
    "stage",
    [
        {"pregnant_weeks": 20},
        {"baby_birth_date": "2026-11-01"},
        {"baby_birth_date": "2025-11-01"},
        {"loss_date": "2026-10-09"},
    ],
)
def test_everybody_has_a_universal_offer(area: str, role: str, stage: dict[str, Any]) -> None:
    for needs in ([], ["housing"], ["english"], ["disability"]):
        found = matched(area, "", stage=stage, person={"role": role}, wider_needs=needs)
        offered = [found.facts[offer.service_slug].level for offer in found.offers if offer.verdict != "not"]
        assert "universal" in offered
        assert found.human_route.words


def test_an_old_decision_can_be_replayed(father: Matched) -> None:
    Service.objects.all().update(state="closed")
    assert match(father.profile, father.facts.values()) == father.offers


def test_a_few_queries_however_many_services(django_assert_max_num_queries: Any) -> None:
    area = Area.objects.get(slug="norfolk")
    assert Service.objects.filter(area=area).count() >= 80
    profile = read_profile({"as_of": AS_OF, "postcode": a_postcode("NR2"), "flags": ["birth_trauma"]})
    captured: CaptureQueriesContext
    with django_assert_max_num_queries(4) as captured:
        found = help_for(area=area, profile=profile)
        names = {row.organisation.name for row in found.services.values()}
    assert len(captured) == 4
    assert len(names) > 5


def test_distance_in_kilometres() -> None:
    norwich, yarmouth = (52.6286, 1.2928), (52.6083, 1.7303)
    assert 29 < distance_km(norwich, yarmouth) < 30
    assert distance_km(norwich, norwich) == 0


def test_the_profile_comes_back_with_its_district(father: Matched, areas_once: list[Loaded]) -> None:
    assert isinstance(father.profile, Profile)
    assert father.profile.district_code == "E07000148"
    assert father.ordered_by == "Best fit first, then the shorter wait, then the nearer."
