"""Proposing, deciding, restoring: what is approved is what everybody sees, and nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.world import NOW, World

from anydoor.access.models import AuditEntry, User
from anydoor.directory import drafting, soundness, versions
from anydoor.directory.content import content_of, empty
from anydoor.directory.difference import differences
from anydoor.directory.matching import help_for
from anydoor.directory.models import EntryDraft, Place, Service, ServiceVersion, Session
from anydoor.rules.errors import BadInput, NotAllowed, NotFound, WrongMoment
from anydoor.rules.matching import read_profile

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
FATHER = {
    "as_of": "2026-03-10",
    "stage": {"baby_birth_date": "2025-11-10"},
    "person": {"role": "father"},
    "wider_needs": ["isolation"],
}


def proposal(
    world: World, service: Service | None = None, by: User | None = None, **said: object
) -> ServiceVersion:
    """A change by somebody of the service's team."""
    service = service or world.pairs
    draft = drafting.begin(service=service, by=by or world.marcus, at=NOW)
    drafting.keep(draft=draft, part="who", said=said, at=NOW)
    return drafting.send(draft=draft, why="Fathers come too.", by=by or world.marcus, at=NOW)


def approved(world: World, version: ServiceVersion, by: User | None = None) -> Service:
    seen = versions.as_it_stands(version).number
    return versions.approve(version=version, seen=seen, by=by or world.lead, at=LATER)


def verdict(world: World, slug: str) -> str:
    offers = help_for(area=world.area, profile=read_profile(FATHER)).offers
    return next(offer.verdict for offer in offers if offer.service_slug == slug)


# ---------------------------------------------------------------- content


def test_content_goes_to_a_row_and_back_unchanged(world: World) -> None:
    place = Place.objects.create(slug="hub", area=world.area, name="Hub", kind="hub")
    world.pairs.places.add(place)
    Session.objects.create(
        service=world.pairs, place=place, weekday=5, starts="10:00", ends="11:30", note="term time"
    )
    before = content_of(Service.objects.get(pk=world.pairs.pk))
    soundness.check(before | {"needs": ["bond"]}, area=world.area, service=world.pairs)
    from anydoor.directory.content import put

    with transaction.atomic():
        put(Service.objects.get(pk=world.pairs.pk), before)
    assert content_of(Service.objects.get(pk=world.pairs.pk)) == before
    assert before["sessions"][0]["place"] == "hub"


# ---------------------------------------------------------------- until it is approved


def test_a_proposal_changes_nothing_until_it_is_approved(world: World) -> None:
    Service.objects.filter(pk=world.pairs.pk).update(
        audience=["mother"], needs=["isolation"], level="targeted"
    )
    version = proposal(world, audience=["mother", "father"])
    assert version.state == "proposed"
    assert verdict(world, "pairs") == "not"
    approved(world, version)
    assert verdict(world, "pairs") != "not"


def test_approval_numbers_versions_and_counts_as_a_check(world: World) -> None:
    version = proposal(world, audience=["mother"])
    service = approved(world, version)
    assert [row.number for row in versions.history(service)] == [2, 1]
    assert versions.content_at(service, 1)["audience"] == ["mother", "father", "co_parent"]
    assert versions.content_at(service, 2)["audience"] == ["mother"]
    assert (service.last_checked, service.checked_by) == (date(2026, 3, 10), world.marcus)
    done = list(AuditEntry.objects.filter(subject="service").values_list("action", flat=True))
    assert done == ["entry_proposed", "entry_approved"]


def test_nobody_decides_on_their_own(world: World) -> None:
    version = proposal(world, by=world.lead, audience=["mother"])
    for verb in (
        lambda: versions.approve(version=version, seen=1, by=world.lead, at=LATER),
        lambda: versions.decline(version=version, why="No need.", by=world.lead, at=LATER),
    ):
        with pytest.raises(NotAllowed, match="Somebody else decides"):
            verb()
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceVersion.objects.filter(pk=version.pk).update(
            state="approved", number=9, decided_by=world.lead, decided_at=LATER
        )


@pytest.mark.parametrize("who", ["marcus", "grace", "sunita"])
def test_only_the_areas_leads_decide(world: World, who: str) -> None:
    version = proposal(world, by=world.priya, audience=["mother"])
    with pytest.raises(NotAllowed):
        versions.approve(version=version, seen=1, by=getattr(world, who), at=LATER)
    assert ServiceVersion.objects.get(pk=version.pk).state == "proposed"


def test_another_teams_worker_cannot_propose(world: World) -> None:
    with pytest.raises(NotAllowed):
        drafting.begin(service=world.group, by=world.grace, at=NOW)


def test_decided_twice_is_decided_once(world: World) -> None:
    version = proposal(world, audience=["mother"])
    approved(world, version)
    with pytest.raises(WrongMoment):
        versions.approve(version=version, seen=1, by=world.priya, at=LATER)
    with pytest.raises(WrongMoment):
        versions.decline(version=version, why="Too late.", by=world.priya, at=LATER)
    with pytest.raises(WrongMoment):
        versions.withdraw(version=version, by=world.marcus, at=LATER)


def test_declined_says_why_and_leaves_the_entry(world: World) -> None:
    version = proposal(world, audience=["mother"])
    with pytest.raises(BadInput) as caught:
        versions.decline(version=version, why=" ", by=world.lead, at=LATER)
    assert caught.value.field == "why"
    done = versions.decline(version=version, why="Fathers do come.", by=world.lead, at=LATER)
    assert (done.state, done.decided_why, done.number) == ("declined", "Fathers do come.", None)
    assert "father" in Service.objects.get(pk=world.pairs.pk).audience


def test_one_open_proposal_a_person_and_entry(world: World) -> None:
    first = proposal(world, audience=["mother"])
    with pytest.raises(WrongMoment, match="waits for an answer already"):
        proposal(world, audience=["father"])
    versions.withdraw(version=first, by=world.marcus, at=LATER)
    assert ServiceVersion.objects.get(pk=first.pk).state == "withdrawn"
    drafting.drop(draft=EntryDraft.objects.get())
    assert proposal(world, audience=["father"]).state == "proposed"


def test_only_ones_own_is_taken_back_and_comes_back_as_an_edit(world: World) -> None:
    version = proposal(world, audience=["mother"])
    with pytest.raises(NotAllowed):
        drafting.take_back(version=version, by=world.lead, at=LATER)
    draft = drafting.take_back(version=version, by=world.marcus, at=LATER)
    assert drafting.content_in(draft)["audience"] == ["mother"]


# ---------------------------------------------------------------- two at once


def test_a_change_approved_meanwhile_is_kept_beside_mine(world: World) -> None:
    mine = proposal(world, audience=["mother"], eligibility={"parent_age_under": 25})
    theirs = proposal(
        world, by=world.priya, summary="A warm place.", eligibility={"only_for": "families who travel"}
    )
    approved(world, theirs)
    stands = versions.as_it_stands(mine)
    assert (stands.moved, stands.both, stands.number) == (True, (), 2)
    service = approved(world, mine)
    assert (service.summary, service.audience) == ("A warm place.", ["mother"])
    assert service.eligibility == {"parent_age_under": 25, "only_for": "families who travel"}


def test_what_both_changed_is_named_and_the_other_stays_in_its_version(world: World) -> None:
    mine = proposal(world, summary="Mine.")
    theirs = proposal(world, by=world.priya, summary="Theirs.")
    approved(world, theirs)
    assert versions.as_it_stands(mine).both == ("In a sentence or two",)
    service = approved(world, mine)
    assert service.summary == "Mine."
    assert versions.content_at(service, 2)["summary"] == "Theirs."


def test_the_page_must_have_shown_how_it_stands(world: World) -> None:
    mine = proposal(world, summary="Mine.")
    approved(world, proposal(world, by=world.priya, summary="Theirs."))
    with pytest.raises(WrongMoment, match="Look again"):
        versions.approve(version=mine, seen=1, by=world.lead, at=LATER)


def test_an_edit_begun_before_is_caught_up_before_it_is_sent(world: World) -> None:
    draft = drafting.begin(service=world.pairs, by=world.marcus, at=NOW)
    drafting.keep(draft=draft, part="who", said={"audience": ["mother"]}, at=NOW)
    approved(world, proposal(world, by=world.priya, summary="Theirs."))
    with pytest.raises(WrongMoment, match="while you were writing"):
        drafting.send(draft=draft, why="Only mothers.", by=world.marcus, at=LATER)
    assert drafting.catch_up(draft=draft, at=LATER) == ()
    version = drafting.send(draft=draft, why="Only mothers.", by=world.marcus, at=LATER)
    assert (version.content["summary"], version.content["audience"]) == ("Theirs.", ["mother"])


def test_loading_again_is_a_version_of_its_own(world: World) -> None:
    approved(world, proposal(world, audience=["mother"]))
    Service.objects.filter(pk=world.pairs.pk).update(summary="From the file.")
    service = approved(world, proposal(world, audience=["father"]))
    assert [row.why for row in versions.history(service)][1] == versions.FROM_FILE_AGAIN
    assert service.summary == "From the file."


# ---------------------------------------------------------------- old versions


def test_an_old_version_is_restored_by_a_proposal_and_keeps_what_is_so_today(world: World) -> None:
    service = approved(world, proposal(world, audience=["mother"]))
    Service.objects.filter(pk=service.pk).update(wait_days=21)
    version = versions.restore(service=service, number=1, why="It was right.", by=world.marcus, at=LATER)
    assert (version.state, version.restores) == ("proposed", 1)
    service = approved(world, version)
    assert service.audience == ["mother", "father", "co_parent"]
    assert service.wait_days == 21
    assert versions.newest_number(service) == 4  # loaded, changed, the wait by a file, restored


def test_no_such_version(world: World) -> None:
    with pytest.raises(NotFound):
        versions.content_at(world.pairs, 7)


# ---------------------------------------------------------------- a new entry


def new_entry(world: World, by: User, **said: object) -> ServiceVersion:
    draft = drafting.begin_new(area=world.area, by=by, at=NOW)
    told = {
        "name": "Dads of Dereham",
        "summary": "Saturdays with your baby.",
        "level": "universal",
        "organisation": "county-council",
        "needs": ["isolation", "parenting"],
        "audience": ["father"],
        "routes_in": ["self", "drop_in"],
        "child_days": [0, 730],
        **said,
    }
    drafting.keep(draft=draft, part="words", said=told, at=NOW)
    return drafting.send(draft=draft, why="A new group.", by=by, at=NOW)


def test_a_new_service_from_nothing_is_matched_when_it_is_approved(world: World) -> None:
    version = new_entry(world, world.sunita)
    assert not Service.objects.filter(name="Dads of Dereham").exists()
    service = approved(world, version)
    assert service.slug == "dads-of-dereham"
    assert verdict(world, "dads-of-dereham") != "not"
    assert versions.content_at(service, 1)["audience"] == ["father"]


def test_two_of_one_name_have_two_addresses(world: World) -> None:
    approved(world, new_entry(world, world.sunita))
    assert approved(world, new_entry(world, world.sunita)).slug == "dads-of-dereham-2"


def test_a_provider_adds_only_for_its_own_organisation(world: World) -> None:
    assert new_entry(world, world.marcus, organisation="nhs-trust").state == "proposed"
    with pytest.raises(NotAllowed):
        new_entry(world, world.marcus, organisation="charity")
    with pytest.raises(NotAllowed):
        drafting.begin_new(area=world.area, by=world.grace, at=NOW)


# ---------------------------------------------------------------- what cannot be kept


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("name", {"name": ""}),
        ("name", {"name": "x" * 201}),
        ("name", {"name": "a\x00b"}),
        ("name", {"name": "two\nlines"}),
        ("summary", {"summary": "x" * 2001}),
        ("summary", {"summary": 7}),
        ("level", {"level": "best"}),
        ("strand", {"strand": "<b>"}),
        ("needs", {"needs": ["mood", "mood"]}),
        ("needs", {"needs": ["gold"]}),
        ("audience", {"audience": []}),
        ("footprint", {"footprint": []}),
        ("footprint", {"footprint": ["E99999999"]}),
        ("postcode_districts", {"postcode_districts": {"E99999999": ["NR1"]}}),
        ("postcode_districts", {"postcode_districts": {"E07000148": ["here"]}}),
        ("places", {"places": ["nowhere"]}),
        ("organisation", {"organisation": "nobody"}),
        ("team", {"team": "groups"}),
        ("lead", {"lead": 10**9}),
        ("pregnancy_weeks", {"pregnancy_weeks": [30, 12]}),
        ("child_days", {"child_days": [10, 10]}),
        ("child_days", {"child_days": [-1, 10]}),
        ("pregnancy_weeks", {"pregnancy_weeks": None, "child_days": None, "after_loss": False}),
        ("loss_days", {"loss_days": 90, "after_loss": False}),
        ("wait_days", {"wait_days": 10**12}),
        ("wait_days", {"wait_days": True}),
        ("free_places", {"capacity": 4, "free_places": 5}),
        ("closed_from", {"closed_until": "2026-04-01"}),
        ("closed_until", {"closed_from": "2026-04-01", "closed_until": "2026-03-01"}),
        ("visible_from", {"visible_from": "2026-02-30"}),
        ("visible_until", {"visible_from": "2026-04-01", "visible_until": "2026-03-01"}),
        ("state_until", {"state_from": "2026-04-01", "state_until": "2026-03-01"}),
        ("check_every_days", {"check_every_days": None}),
        ("email", {"email": "nobody"}),
        ("phone", {"phone": "ring us"}),
        ("parent_age_under", {"eligibility": {"parent_age_under": 200}}),
        ("eligibility", {"eligibility": {"by_moon": True}}),
        ("comes_after", {"eligibility": {"comes_after": ["pairs"]}}),
        ("comes_after", {"eligibility": {"comes_after": ["nowhere"]}}),
        ("sessions", {"sessions": [{"weekday": 9}]}),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(
    world: World, field: str, said: dict[str, object]
) -> None:
    draft = drafting.begin(service=world.pairs, by=world.marcus, at=NOW)
    EntryDraft.objects.filter(pk=draft.pk).update(
        typed={"content": {**drafting.content_in(draft)}, "wrong": {}}
    )
    content = {**drafting.content_in(draft), **said}
    with pytest.raises(BadInput) as caught:
        versions.propose(
            service=world.pairs,
            area=world.area,
            content=content,
            based_on=1,
            why="A change.",
            by=world.marcus,
            at=NOW,
        )
    assert caught.value.field == field
    assert not ServiceVersion.objects.filter(state="proposed").exists()


def test_an_entry_has_no_other_fields(world: World) -> None:
    draft = drafting.begin(service=world.pairs, by=world.marcus, at=NOW)
    with pytest.raises(BadInput):
        drafting.keep(draft=draft, part="who", said={"is_admin": True}, at=NOW)


# ---------------------------------------------------------------- in words


def test_a_difference_is_said_field_by_field(world: World) -> None:
    before = content_of(world.pairs)
    after = {
        **before,
        "audience": ["father"],
        "child_days": [42, 365],
        "summary": "Talk with somebody who really knows. Bring your baby.",
        "eligibility": {"parent_age_under": 20, "comes_after": ["therapies"]},
    }
    found = {change.label: (change.before, change.after) for change in differences(before, after)}
    assert found["It is for"] == ("Mothers, Fathers, Co-parents", "Fathers")
    assert found["After the birth"] == (
        "Child from birth to under 2 years",
        "Child from 6 weeks to under 1 year",
    )
    assert found["Parent younger than"] == ("Nothing", "20 years")
    assert found["Only after one of these services"] == ("Nothing", "NHS Talking Therapies")
    assert differences(before, before) == []


def test_every_field_has_its_words(world: World) -> None:
    """A field nobody named would be changed without being seen."""
    from anydoor.directory.content import FIELDS
    from anydoor.directory.difference import GROUPS, LABELS

    grouped = [name for _, names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(LABELS) == sorted(set(FIELDS) - {"eligibility"})
    one = empty(world.area)
    assert set(one) == set(FIELDS)
