"""What must hold in matching for every profile and every service."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rules.matching_examples import HUB, LOWESTOFT, NORWICH, TODAY, named, verdict

from anydoor.rules.matching import Concern, Moment, Profile, ServiceFacts, first, match
from anydoor.rules.profile import FLAGS, MODES, NEEDS, ROLES, SEVERITIES, STRANDS
from anydoor.rules.stage import StageKind

needs = st.frozensets(st.sampled_from(sorted(NEEDS)), max_size=4)
days = st.none() | st.integers(0, 7000)
districts = st.sampled_from(["", NORWICH, LOWESTOFT, "E06000052"])
windows = st.none() | st.tuples(st.integers(0, 20), st.integers(21, 42))


@st.composite
def profiles(draw: st.DrawFn, kind: StageKind | None = None) -> Profile:
    kind = kind or draw(st.sampled_from(StageKind))
    flags = draw(st.frozensets(st.sampled_from(FLAGS), max_size=3))
    concerns = draw(
        st.lists(
            st.builds(
                Concern,
                st.sampled_from(STRANDS),
                st.sampled_from(SEVERITIES),
                st.dictionaries(
                    st.sampled_from(["PHQ-9", "EPDS", "GAD-7", "CORE-10", "PCL-5", "MORS", "?"]),
                    st.floats(-5, 100) | st.integers(0, 30).map(float),
                    max_size=3,
                ),
            ),
            max_size=3,
        )
    )
    return Profile(
        as_of=TODAY,
        moment=Moment(
            kind,
            weeks=draw(st.none() | st.integers(0, 45)) if kind == StageKind.PREGNANT else None,
            days=draw(days) if kind in (StageKind.BORN, StageKind.LOSS) else None,
        ),
        role=draw(st.sampled_from(["", *ROLES])),
        age=draw(st.none() | st.integers(10, 99)),
        care_leaver=draw(st.none() | st.booleans()),
        concerns=tuple(concerns),
        flags=flags,
        wider_needs=draw(needs),
        district_code=draw(districts),
        outward=draw(st.sampled_from(["", "NR1", "NR32"])),
        area_districts=draw(st.frozensets(st.sampled_from([NORWICH, LOWESTOFT]))),
        language=draw(st.sampled_from(["", "English", "Polish"])),
        mode=draw(st.sampled_from(["", *MODES])),
        has_car=draw(st.none() | st.booleans()),
        says_baby=not (kind == StageKind.LOSS or "loss" in flags),
    )


@st.composite
def services(draw: st.DrawFn) -> ServiceFacts:
    wanted = draw(needs)
    return ServiceFacts(
        slug=draw(st.text("abc", min_size=1, max_size=4)),
        name="A service",
        strand=draw(st.sampled_from(["", *STRANDS])),
        level=draw(st.sampled_from(["universal", "targeted", "specialist"])),
        needs=wanted,
        main_need=min(wanted, default=""),
        trying_to_conceive=draw(st.booleans()),
        pregnancy=draw(windows),
        child_days=draw(st.none() | st.tuples(st.integers(0, 300), st.integers(301, 7000))),
        after_loss=draw(st.booleans()),
        loss_days=draw(st.none() | st.integers(1, 1000)),
        audience=draw(st.frozensets(st.sampled_from([*ROLES, "baby", "family"]))),
        routes_in=draw(st.frozensets(st.sampled_from(["self", "gp", "professional", "service", "drop_in"]))),
        modes=draw(st.frozensets(st.sampled_from(["in_person", "home", "online", "phone", "group"]))),
        wait_days=draw(st.none() | st.integers(0, 400)),
        free_places=draw(st.none() | st.integers(0, 3)),
        state=draw(st.sampled_from(["offered", "offered", "pilot", "planned", "closed"])),
        state_from=draw(st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))),
        state_until=draw(st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))),
        footprint=draw(
            st.sampled_from([{}, {NORWICH: "Norwich"}, {NORWICH: "Norwich", LOWESTOFT: "East Suffolk"}])
        ),
        postcode_districts=draw(st.sampled_from([{}, {LOWESTOFT: frozenset({"NR32"})}])),
        last_checked=draw(st.none() | st.dates(date(2020, 1, 1), TODAY)),
        distance_km=draw(st.none() | st.floats(0, 500)),
        next_start=draw(st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1))),
        closed_from=draw(st.sampled_from([None, None, None, date(2026, 3, 1)])),
        closed_until=draw(st.sampled_from([None, date(2026, 3, 9), date(2026, 3, 10)])),
        severity_from=draw(st.sampled_from(["", "moderate", "severe"])),
        severity_to=draw(st.sampled_from(["", "", "mild", "moderate"])),
        not_if=draw(st.frozensets(st.sampled_from(sorted(NEEDS)), max_size=1)),
        not_audience=draw(st.frozensets(st.sampled_from(ROLES), max_size=1)),
        parent_age_from=draw(st.sampled_from([None, None, 16])),
        care_leavers=draw(st.sampled_from(["", "", "only", "not"])),
        not_outwards=draw(st.sampled_from([frozenset[str](), frozenset({"NR1"})])),
        only_languages=draw(st.sampled_from([frozenset[str](), frozenset({"Polish"})])),
        no_interpreter=draw(st.booleans()),
        not_routes=draw(st.sampled_from([frozenset[str](), frozenset({"self"})])),
        not_beside=draw(st.sampled_from([(), ("team",)])),
        closed_when_full=draw(st.booleans()),
        only_if=draw(st.sampled_from([frozenset[str](), frozenset({"loss"}), frozenset({"birth_trauma"})])),
        only_for=draw(st.sampled_from(["", "somebody", "parents of a sick baby"])),
        parent_age_under=draw(st.none() | st.just(20)),
        care_leaver_under=draw(st.none() | st.just(25)),
        comes_after=draw(st.sampled_from([(), ("Mother and baby unit",), ("One", "Two")])),
    )


ORDER = {"suits": 0, "possible": 1, "not": 2}
many = st.lists(services(), max_size=5, unique_by=lambda service: service.slug)


@given(profiles(), many)
@settings(deadline=None, max_examples=80)
def test_every_service_gets_a_verdict_with_words(profile: Profile, offered: list[ServiceFacts]) -> None:
    offers = match(profile, offered)
    gentle = profile.is_after_loss or (
        profile.moment.kind == StageKind.TRYING and "loss" in profile.flags  # who tries again after a loss
    )
    slugs = {service.slug for service in offered if not gentle or service.after_loss}
    assert slugs <= {offer.service_slug for offer in offers} <= {service.slug for service in offered}
    assert [offer.rank for offer in offers] == sorted(offer.rank for offer in offers)
    for offer in offers:
        for words in (*offer.reasons_for, *offer.reasons_against, *filter(None, [offer.near_miss])):
            assert words.endswith((".", "?"))
            assert words[0].isupper()
            assert "  " not in words
            assert all(len(part.split()) <= 25 for part in words.split(". "))
        assert offer.reasons_against if offer.verdict != "suits" else offer.reasons_for
        if offer.near_miss:
            assert offer.verdict == "not"
        if offer.not_asked:
            assert offer.verdict != "suits"


@given(profiles(), many)
@settings(deadline=None, max_examples=80)
def test_the_order_they_come_in_does_not_matter(profile: Profile, offered: list[ServiceFacts]) -> None:
    assert match(profile, offered) == match(profile, reversed(offered))


@given(profiles(), services())
@settings(deadline=None, max_examples=80)
def test_what_is_not_open_is_never_proposed(profile: Profile, service: ServiceFacts) -> None:
    shut = (
        service.state in ("closed", "planned")
        or (service.state_until is not None and service.state_until < TODAY)
        or (service.state_from is not None and service.state_from > TODAY)
    )
    if shut:
        assert verdict(profile, service) == "not"


@given(profiles(kind=StageKind.LOSS), many)
@settings(deadline=None, max_examples=80)
def test_after_a_loss_nothing_is_about_babies(profile: Profile, offered: list[ServiceFacts]) -> None:
    by_slug = {service.slug: service for service in offered}
    for offer in match(profile, offered):
        if offer.verdict != "not":
            assert by_slug[offer.service_slug].after_loss
        said = " ".join((*offer.reasons_for, *offer.reasons_against, offer.near_miss)).lower()
        assert "baby" not in said
        assert "babies" not in said
        assert "child under" not in said


@given(profiles(kind=StageKind.BORN), services())
@settings(deadline=None, max_examples=80)
def test_beside_a_loss_no_group_with_babies(profile: Profile, service: ServiceFacts) -> None:
    family = replace(profile, flags=profile.flags | {"loss"}, says_baby=False)
    if "group" in service.modes and not service.after_loss:
        best = "not" if service.modes <= {"group", "in_person"} else "possible"
        assert ORDER[verdict(family, service)] >= ORDER[best]


@given(profiles(), services())
@settings(deadline=None, max_examples=80)
def test_nothing_waits_on_a_list_where_psychosis_is_suspected(
    profile: Profile, service: ServiceFacts
) -> None:
    urgent = replace(profile, flags=profile.flags | {"psychosis_suspected"})
    offer = named(urgent, service)
    if offer is None or offer.verdict == "not":
        return
    assert service.wait_days is None or service.wait_days <= 3
    assert offer.verdict != "suits" or (service.level == "specialist" and service.wait_days is not None)
    assert not any("wait is about" in words for words in offer.reasons_for)


@given(profiles(), services(), districts.filter(bool))
@settings(deadline=None, max_examples=80)
def test_a_wider_footprint_never_makes_it_worse(profile: Profile, service: ServiceFacts, more: str) -> None:
    wider = replace(service, footprint={**service.footprint, more: "More"})
    assert ORDER[verdict(profile, wider)] <= ORDER[verdict(profile, service)]


@given(profiles(), services(), st.sampled_from(ROLES))
@settings(deadline=None, max_examples=80)
def test_another_audience_never_makes_it_worse(profile: Profile, service: ServiceFacts, more: str) -> None:
    wider = replace(service, audience=service.audience | {more}, not_audience=frozenset())
    assert ORDER[verdict(profile, wider)] <= ORDER[verdict(profile, service)]


@given(profiles(), services())
@settings(deadline=None, max_examples=80)
def test_another_way_in_never_makes_it_worse(profile: Profile, service: ServiceFacts) -> None:
    open_door = replace(service, routes_in=service.routes_in | {"self"}, not_routes=frozenset())
    assert ORDER[verdict(profile, open_door)] <= ORDER[verdict(profile, service)]


@given(profiles(), services(), st.integers(0, 100))
@settings(deadline=None, max_examples=80)
def test_a_shorter_wait_never_ranks_lower(profile: Profile, service: ServiceFacts, less: int) -> None:
    slow = replace(service, slug="slow", wait_days=200)
    quick = replace(service, slug="quick", wait_days=less)
    order = [offer.service_slug for offer in match(profile, [slow, quick])]
    assert order in (["quick", "slow"], ["quick"], [])


@given(profiles(), services(), st.integers(0, 5), st.integers(1, 5))
@settings(deadline=None, max_examples=80)
def test_more_room_never_makes_it_worse(
    profile: Profile, service: ServiceFacts, places: int, more: int
) -> None:
    full = replace(service, slug="one", free_places=places)
    roomy = replace(service, slug="one", free_places=places + more)
    before, after = named(profile, full), named(profile, roomy)
    if before is not None and after is not None:
        assert after.rank <= before.rank


@given(profiles(), services())
@settings(deadline=None, max_examples=80)
def test_checked_lately_never_ranks_lower(profile: Profile, service: ServiceFacts) -> None:
    stale = named(profile, replace(service, last_checked=date(2020, 1, 1)))
    fresh = named(profile, replace(service, last_checked=TODAY))
    if stale is not None and fresh is not None:
        assert fresh.rank < stale.rank
        assert "This was last checked on 1 January 2020. Ask if it is still so." in stale.reasons_against


@given(profiles(), many, st.integers(1, 6))
@settings(deadline=None, max_examples=80)
def test_a_short_list_is_the_beginning_and_keeps_something_universal(
    profile: Profile, offered: list[ServiceFacts], most: int
) -> None:
    offers = match(profile, offered)
    universal = frozenset(service.slug for service in offered if service.level == "universal")
    short = first(offers, most, universal)
    assert len(short) == min(most, len(offers))
    assert short[: most - 1] == offers[: most - 1]
    there = any(each.service_slug in universal and each.verdict != "not" for each in offers)
    if there and most > 1:
        assert any(each.service_slug in universal for each in short)


@given(profiles(), many, services())
@settings(deadline=None, max_examples=80)
def test_some_universal_offer_is_left_whoever_asks(
    profile: Profile, offered: list[ServiceFacts], door: ServiceFacts
) -> None:
    """A front door that is open answers everybody, wherever they live and whatever it is made for."""
    hub = replace(
        HUB,
        slug="door",
        needs=door.needs | {"early_help"},
        pregnancy=door.pregnancy,
        child_days=door.child_days,
        audience=door.audience,
        footprint=door.footprint,
        wait_days=door.wait_days,
    )
    levels = {service.slug: service.level for service in [*offered, hub]}
    offers = match(profile, [*offered, hub])
    assert any(levels[each.service_slug] == "universal" and each.verdict != "not" for each in offers)


@given(profiles())
@settings(deadline=None, max_examples=80)
def test_there_is_always_a_universal_offer_where_a_hub_is(profile: Profile) -> None:
    """A hub for everybody at every stage is never ruled out for somebody whom it covers."""
    hub = replace(HUB, needs=frozenset({"physical_health"}), child_days=(0, 7001))
    here = replace(profile, district_code=NORWICH)
    if "loss" in here.flags and here.moment.kind == StageKind.TRYING:
        here = replace(here, moment=Moment(StageKind.LOSS))
    (offer,) = match(here, [hub])
    assert offer.verdict != "not"
