"""Handing over in the browser: choose, propose, answer, introduce, meet; another way and the second look."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.web.scenes import STORY, accepted, client_of, day, declined, held_by_grace, proposed, rosie
from tests.world import NOW, World

from anydoor.access.models import Membership
from anydoor.access.roles import Role
from anydoor.care import amend, coordination, handover
from anydoor.care.models import Episode, FamilyCare, Handover
from anydoor.directory.models import Service

pytestmark = pytest.mark.django_db(transaction=True)


def asking(world: World, **more: object) -> dict[str, object]:
    return {
        "service": world.therapies.slug,
        "agreement": "agreed",
        "agreed_by": "Rosie Thackeray",
        "agreed_words": "Yes, if she has read it I don’t have to say it again.",
        "words": "She would like one person.",
        "sharing_reason": "",
        **more,
    }


def lead_of(row: Handover) -> str:
    care = FamilyCare.objects.select_related("lead").get(pk=row.family_id)
    return care.lead.name


# ---- proposing


def test_offers_they_said_yes_to_come_first_and_the_list_can_be_filtered(world: World) -> None:
    referral = rosie(world)
    page = f"/desk/work/referral/{referral.pk}/hand-over/"
    client = client_of(world.sunita)
    text = client.get(page).content.decode()
    assert text.index("NHS Talking Therapies") < text.index("Stay and play")
    assert "They said yes" in text
    text = client.get(page, {"find": "stay"}).content.decode()
    assert "NHS Talking Therapies" not in text
    text = client.get(page, {"level": "specialist"}).content.decode()
    assert "PAIRS" in text
    assert "Stay and play" not in text
    assert "No service fits that" in client.get(page, {"find": "<b>zz\x00"}).content.decode()


def test_proposing_keeps_her_words_and_the_sender_holds(world: World) -> None:
    referral = rosie(world)
    page = f"/desk/work/referral/{referral.pk}/hand-over/"
    client = client_of(world.sunita)
    form = client.get(page, {"service": "therapies"}).content.decode()
    assert "What they are given when they accept" in form
    answer = client.post(page, asking(world, to_user=str(world.grace.pk)))
    row = Handover.objects.get()
    assert answer["Location"] == f"/desk/handover/{row.pk}/"
    assert (row.agreement, row.agreed_at, row.to_user) == ("agreed", NOW, world.grace)
    text = client.get(f"/desk/handover/{row.pk}/").content.decode()
    assert "Sunita holds Rosie, the whole way here" in text
    assert "Yes, if she has read it I don’t have to say it again." in text
    again = client.post(page, asking(world))
    assert again.status_code == 409
    assert "already asked" in again.content.decode()
    assert Handover.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"agreement": ""}, "Choose an answer"),
        ({"agreement": "same"}, "Choose from the answers"),
        ({"agreed_words": ""}, "Write the words they agreed in."),
        ({"agreed_by": ""}, "Say who agreed."),
        ({"agreement": "reason"}, "Say why you share without their agreement."),
        ({"to_user": "999999"}, "Choose from the answers"),
        (day("introduction_day", NOW - timedelta(days=2)), "Choose a time in the future."),
        ({"agreed_day-day": "30", "agreed_day-month": "2", "agreed_day-year": "2026"}, "no such day"),
        (day("agreed_day", NOW + timedelta(days=2)), "still to come"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    world: World, more: dict[str, object], said: str
) -> None:
    referral = rosie(world)
    answer = client_of(world.sunita).post(
        f"/desk/work/referral/{referral.pk}/hand-over/", asking(world, **more)
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "She would like one person." in answer.content.decode()
    assert not Handover.objects.exists()


def test_inside_one_organisation_no_agreement_is_asked(world: World) -> None:
    referral = rosie(world)
    page = f"/desk/work/referral/{referral.pk}/hand-over/"
    assert (
        "It stays inside our organisation"
        in client_of(world.sunita).get(page, {"service": "hub-group"}).content.decode()
    )
    answer = client_of(world.sunita).post(page, asking(world, service="hub-group", agreement="same"))
    assert answer.status_code == 302


def test_a_service_that_is_closed_or_unknown_cannot_be_asked(world: World) -> None:
    referral = rosie(world)
    Service.objects.filter(pk=world.pairs.pk).update(state="closed")
    for slug in ("pairs", "nonsense", "x" * 500):
        answer = client_of(world.sunita).post(
            f"/desk/work/referral/{referral.pk}/hand-over/", asking(world, service=slug)
        )
        assert answer.status_code == 404


def test_an_undecided_request_is_not_handed_over(world: World) -> None:
    referral = world.refer(name="Amina Yusuf")
    answer = client_of(world.sunita).post(f"/desk/work/referral/{referral.pk}/hand-over/", asking(world))
    assert answer.status_code == 409
    assert "Decide first what could help and why." in answer.content.decode()


def test_an_outside_receiver_gets_a_link_that_is_shown_once(world: World) -> None:
    referral = rosie(world)
    client = client_of(world.sunita)
    answer = client.post(f"/desk/work/referral/{referral.pk}/hand-over/", asking(world, service="time"))
    shown = client.get(answer["Location"]).content.decode()
    assert "The one-time link, shown this once" in shown
    secret = shown.split("/h/")[1].split("<")[0]
    assert handover.by_link(secret, NOW) == Handover.objects.get()
    assert secret not in client.get(answer["Location"]).content.decode()
    assert secret not in client.get("/desk/messages").content.decode()


def test_stepping_up_offers_higher_levels_and_takes_the_episode_along(world: World) -> None:
    row = held_by_grace(world)
    page = f"/desk/work/episode/{row.pk}/hand-over/"
    client = client_of(world.grace)
    text = client.get(page, {"as": "step_up"}).content.decode()
    assert "PAIRS" in text
    assert "Stay and play" not in text
    down = client.get(page, {"as": "step_down"}).content.decode()
    assert "Stay and play" in down
    assert "PAIRS" not in down
    client.post(page, asking(world, service="pairs", agreement="same", kind="step_up"))
    asked = Handover.objects.get(kind="step_up")
    marcus = client_of(world.marcus)
    marcus.post(f"/desk/handover/{asked.pk}/accept/")
    marcus.post(f"/desk/handover/{asked.pk}/met/", {"mode": "home", "words": "Met at home."})
    row.refresh_from_db()
    assert (row.stage, row.end_state) == ("ended", "moved_on")
    assert lead_of(asked) == "Marcus Bell"


def test_only_the_holder_or_their_team_hands_over(world: World) -> None:
    row = held_by_grace(world)
    page = f"/desk/work/episode/{row.pk}/hand-over/"
    assert client_of(world.jo).get(page).status_code == 200
    assert client_of(world.sunita).get(page).status_code == 404, "her part of it is over"
    assert client_of(world.marcus).get(page).status_code == 404


# ---- the main job


def test_holding_changes_exactly_when_the_receiver_records_the_first_contact(world: World) -> None:
    row = proposed(world)
    sunita, grace = client_of(world.sunita), client_of(world.grace)
    assert grace.post(f"/desk/handover/{row.pk}/accept/").status_code == 302
    assert lead_of(row) == "Sunita Rao"
    plan = {**day("day", NOW + timedelta(days=2)), "clock": "10:30", "words": "Three-way call."}
    assert sunita.post(f"/desk/handover/{row.pk}/plan/", plan).status_code == 302
    text = sunita.get(f"/desk/handover/{row.pk}/").content.decode()
    assert "Thursday 12 March, 10:30" in text
    assert "We have introduced them" in text
    assert "On Thursday 12 March at 10:30 you, Sunita and Grace talk together." in text
    assert "introduction" in sunita.get(f"/desk/family/{row.family_id}/").content.decode()
    assert sunita.post(f"/desk/handover/{row.pk}/introduced/", {"words": "Went well."}).status_code == 302
    assert lead_of(row) == "Sunita Rao"
    page = grace.get(f"/desk/handover/{row.pk}/met/").content.decode()
    assert "When you save this, you hold Rosie." in page
    data = {"mode": "phone", "words": "We spoke about sleep."}
    assert grace.post(f"/desk/handover/{row.pk}/met/", data).status_code == 302
    assert lead_of(row) == "Grace Adeyemi"
    text = grace.get(f"/desk/handover/{row.pk}/").content.decode()
    assert "Grace holds now" in text
    assert "Sunita held" in text
    again = grace.post(f"/desk/handover/{row.pk}/met/", data)
    assert again.status_code == 409
    assert "We spoke about sleep." in again.content.decode()
    assert Episode.objects.count() == 1


def test_a_double_click_on_accept_is_one_yes_and_a_colleague_who_was_quicker_is_named(world: World) -> None:
    row = proposed(world)
    for _ in range(2):
        assert client_of(world.grace).post(f"/desk/handover/{row.pk}/accept/").status_code == 302
    late = client_of(world.jo).post(f"/desk/handover/{row.pk}/accept/")
    assert late.status_code == 409
    assert "Grace Adeyemi accepted this at 11:00" in late.content.decode()


def test_words_typed_while_a_colleague_answered_are_kept(world: World) -> None:
    row = declined(world)
    data = {
        "reason": "need_milder",
        "words": "We think so too.",
        "alternative": "hub-group",
        "alternative_words": "",
    }
    late = client_of(world.jo).post(f"/desk/handover/{row.pk}/another-way/", data)
    assert late.status_code == 409
    assert "Grace Adeyemi already answered this" in late.content.decode()
    assert "We think so too." in late.content.decode()


@pytest.mark.parametrize("step", ["accept/", "another-way/", "met/"])
def test_only_the_team_asked_answers(world: World, step: str) -> None:
    row = proposed(world)
    assert client_of(world.sunita).post(f"/desk/handover/{row.pk}/{step}").status_code == 403
    assert client_of(world.marcus).post(f"/desk/handover/{row.pk}/{step}").status_code == 404


@pytest.mark.parametrize("step", ["", "plan/", "introduced/", "take-back/", "look/", "heard/yes/"])
def test_another_organisation_finds_no_handover(world: World, step: str) -> None:
    row = accepted(world)
    assert client_of(world.marcus).get(f"/desk/handover/{row.pk}/{step}").status_code == 404


def test_a_team_asked_for_one_thing_does_not_see_what_another_was_asked(world: World) -> None:
    row = proposed(world)
    other = handover.propose(
        thing=row.referral,
        service=world.pairs,
        agreement=handover.Agreement("reason", reason="A child may be hurt.", authority="child_safety"),
        words="",
        by=world.sunita,
        at=NOW,
    ).handover
    assert client_of(world.marcus).get(f"/desk/handover/{row.pk}/").status_code == 404
    text = client_of(world.marcus).get(f"/desk/handover/{other.pk}/").content.decode()
    assert "PAIRS" in text
    assert STORY not in text
    assert "Thackeray" not in text


def test_the_receiver_sees_what_was_given_and_what_changed_since(world: World) -> None:
    row = accepted(world)
    amend.add_instruction(
        person=row.person,
        family_id=row.family_id,
        kind="safety",
        words="No calls.",
        by=world.sunita,
        at=NOW + timedelta(minutes=5),
    )
    text = client_of(world.grace).get(f"/desk/handover/{row.pk}/").content.decode()
    assert STORY in text
    assert "What changed since: 1" in text
    assert "Their story, in their own words" in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"mode": ""}, "Choose an answer"),
        ({"words": ""}, "Say in a line what you talked about."),
        (day("day", NOW + timedelta(days=2)), "still to come"),
        (day("day", NOW - timedelta(days=9)), "before you were asked"),
    ],
)
def test_a_first_contact_that_cannot_be_moves_nothing(world: World, typed: dict[str, str], said: str) -> None:
    row = accepted(world)
    data = {"mode": "phone", "words": "We spoke.", **typed}
    answer = client_of(world.grace).post(f"/desk/handover/{row.pk}/met/", data)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert lead_of(row) == "Sunita Rao"


def test_taking_back_needs_a_reason_and_changes_no_holder(world: World) -> None:
    row = proposed(world)
    client = client_of(world.sunita)
    assert client.post(f"/desk/handover/{row.pk}/take-back/", {"why": ""}).status_code == 422
    assert client.post(f"/desk/handover/{row.pk}/take-back/", {"why": "She said no."}).status_code == 302
    assert client.post(f"/desk/handover/{row.pk}/take-back/", {"why": "Again."}).status_code == 409
    text = client.get(f"/desk/handover/{row.pk}/").content.decode()
    assert "This handover is closed" in text
    assert lead_of(row) == "Sunita Rao"
    assert client_of(world.grace).get(f"/desk/handover/{row.pk}/").status_code == 404


# ---- outside the house


def test_an_answer_by_telephone_is_written_down_with_who_said_so(world: World) -> None:
    row = proposed(world, world.outside)
    client = client_of(world.sunita)
    assert "They said yes" in client.get(f"/desk/handover/{row.pk}/").content.decode()
    assert client.post(f"/desk/handover/{row.pk}/heard/yes/", {"who": ""}).status_code == 422
    assert client.post(f"/desk/handover/{row.pk}/heard/yes/", {"who": "Ann at Time"}).status_code == 302
    row.refresh_from_db()
    assert row.accepted_by_words == "Ann at Time (by telephone, heard by Sunita Rao)"
    met = {"who": "Ann at Time", "mode": "home", "words": "They met at the hub."}
    assert client.post(f"/desk/handover/{row.pk}/heard/met/", met).status_code == 302
    assert client.post(f"/desk/handover/{row.pk}/heard/met/", met).status_code == 409
    assert lead_of(row) == "Sunita Rao"
    text = client.get(f"/desk/handover/{row.pk}/").content.decode()
    assert "Sunita holds and keeps in touch" in text


def test_another_way_by_telephone(world: World) -> None:
    row = proposed(world, world.outside)
    data = {
        "who": "Ann at Time",
        "reason": "no_capacity",
        "words": "Full.",
        "alternative": "",
        "alternative_words": "A group in Dereham",
    }
    client = client_of(world.sunita)
    assert client.post(f"/desk/handover/{row.pk}/heard/no/", data).status_code == 302
    row.refresh_from_db()
    assert (row.stage, row.alternative_words) == ("declined", "A group in Dereham")
    assert client.get(f"/desk/handover/{row.pk}/heard/perhaps/").status_code == 404


def test_a_team_of_ours_is_never_answered_for(world: World) -> None:
    row = proposed(world)
    assert (
        client_of(world.sunita).post(f"/desk/handover/{row.pk}/heard/yes/", {"who": "Me"}).status_code == 404
    )


# ---- another way


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"reason": ""}, "Choose an answer"),
        ({"words": ""}, "Say why, in a sentence the sender can use."),
        ({"alternative": ""}, "Name another way that could help."),
        ({"alternative": "therapies"}, "Choose from the answers"),
    ],
)
def test_another_way_needs_a_reason_and_an_alternative(
    world: World, typed: dict[str, str], said: str
) -> None:
    row = proposed(world)
    data = {
        "reason": "no_capacity",
        "words": "Full until June.",
        "alternative": "hub-group",
        "alternative_words": "",
        **typed,
    }
    answer = client_of(world.grace).post(f"/desk/handover/{row.pk}/another-way/", data)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    row.refresh_from_db()
    assert row.stage == "proposed"


def test_the_coordinator_takes_the_alternative_and_nobody_else_may(world: World) -> None:
    row = declined(world)
    assert client_of(world.sunita).get(f"/desk/handover/{row.pk}/look/").status_code == 403
    assert client_of(world.grace).get(f"/desk/handover/{row.pk}/look/").status_code in {403, 404}
    priya = client_of(world.priya)
    page = priya.get(f"/desk/handover/{row.pk}/").content.decode()
    for words in (
        "Take the alternative",
        "Put it back to NHS Talking Therapies",
        "Decide together",
        "No place in time",
    ):
        assert words in page, words
    answer = priya.post(f"/desk/handover/{row.pk}/look/", {"look": "take"})
    new = Handover.objects.get(service=world.group)
    assert answer["Location"] == f"/desk/handover/{new.pk}/"
    old = priya.get(f"/desk/handover/{row.pk}/").content.decode()
    assert f"/desk/handover/{new.pk}/" in old
    assert priya.post(f"/desk/handover/{row.pk}/look/", {"look": "take"}).status_code == 409
    assert lead_of(row) == "Sunita Rao"


def test_an_agreement_to_one_organisation_is_not_one_to_another(world: World) -> None:
    row = declined(world)
    priya = client_of(world.priya)
    other = {"look": "other", "service": "time", "words": "", "agreed_words": ""}
    refused = priya.post(f"/desk/handover/{row.pk}/look/", other)
    assert refused.status_code == 422
    assert "This is another organisation." in refused.content.decode()
    assert (
        priya.post(f"/desk/handover/{row.pk}/look/", {**other, "agreed_words": "Yes, them."}).status_code
        == 302
    )
    new = Handover.objects.get(service=world.outside)
    assert (new.agreement, new.agreed_words) == ("agreed", "Yes, them.")


def test_it_is_put_back_once_with_a_reason_then_goes_to_the_meeting(world: World) -> None:
    row = declined(world)
    priya = client_of(world.priya)
    assert priya.post(f"/desk/handover/{row.pk}/look/", {"look": "back", "words": ""}).status_code == 422
    assert (
        priya.post(f"/desk/handover/{row.pk}/look/", {"look": "back", "words": "MORS is low."}).status_code
        == 302
    )
    asked = client_of(world.grace).get(f"/desk/handover/{row.pk}/").content.decode()
    assert "Asked once more, because:" in asked
    handover.decline(
        handover=row,
        reason="no_capacity",
        words="Still full.",
        alternative=world.group,
        by=world.grace,
        at=NOW,
    )
    page = priya.get(f"/desk/handover/{row.pk}/").content.decode()
    assert "On the agenda of the interface meeting" in page
    assert "Put it back" not in page
    decided = priya.post(
        f"/desk/handover/{row.pk}/look/",
        {"look": "other", "service": "pairs", "words": "All of us agreed on this."},
    )
    assert decided.status_code == 302
    assert lead_of(row) == "Sunita Rao"


def test_deciding_together_says_the_day(world: World) -> None:
    row = declined(world)
    answer = client_of(world.priya).post(f"/desk/handover/{row.pk}/look/", {"look": "together"}, follow=True)
    assert "It is on the agenda of the interface meeting on" in answer.content.decode()


def test_the_front_door_lead_may_look_too(world: World) -> None:
    row = declined(world)
    assert Membership.objects.filter(user=world.lead, role=Role.TEAM_LEAD.value).exists()
    assert client_of(world.lead).get(f"/desk/handover/{row.pk}/look/").status_code == 200


def test_after_an_agreement_carried_over_the_words_are_the_old_ones(world: World) -> None:
    row = handover.decline(
        handover=proposed(world),
        reason="need_greater",
        words="More than we can hold.",
        alternative=world.pairs,
        by=world.grace,
        at=NOW,
    )
    new = coordination.take_alternative(handover=row, by=world.priya, at=NOW)
    assert (new.agreement, new.agreed_words) == ("agreed", row.agreed_words)
