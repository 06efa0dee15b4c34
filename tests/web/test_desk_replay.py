"""How a decision was proposed: kept with its need and facts, judged again, and nothing changed by looking."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import NOW, World

from anydoor.access.models import AuditEntry
from anydoor.access.policy import standing_of
from anydoor.care import deciding, triage
from anydoor.care.models import Decision, Grounds, Measure, Referral
from anydoor.care.one_request import read_request
from anydoor.care.replaying import judge_again
from anydoor.directory.models import Service
from anydoor.rules.matching import VERSION


@pytest.fixture
def callum(world: World) -> Referral:
    Service.objects.filter(pk=world.therapies.pk).update(needs=["mood", "anxiety"], wait_days=16)
    return world.refer(
        at=NOW - timedelta(hours=18),
        name="Callum Reeve",
        role="father",
        born_on=date(1994, 6, 2),
        baby_born_on=date(2025, 11, 1),
        place="Norwich",
        story="I shout, then I go and sit in the van.",
        needs=("mood",),
    )


@pytest.fixture
def decision(world: World, callum: Referral) -> Decision:
    """A decision made on the page, as a person makes it."""
    client, address = Client(), reverse("desk:triage", args=[callum.pk])
    client.force_login(world.sunita)
    seal = re.search(r'name="seal" value="([^"]+)"', client.get(address).content.decode())
    assert seal is not None
    given = {
        "offers": ["therapies"],
        "level": "specialist",
        "answer": "not_asked",
        "words": "He asked for it.",
    }
    assert client.post(address, {"seal": seal[1], **given}).status_code == 302
    return Decision.objects.get(referral=callum)


def page(world: World, decision: Decision) -> str:
    client = Client()
    client.force_login(world.sunita)
    answer = client.get(reverse("desk:replay", args=[decision.pk]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_need_facts_and_proposal_are_kept_beside_the_decision(decision: Decision) -> None:
    grounds = Grounds.objects.get(decision=decision)
    assert grounds.rules == VERSION
    assert grounds.profile["role"] == "father"
    assert grounds.services["therapies"]["wait_days"] == 16
    assert grounds.proposal["level"] == "targeted"
    assert decision.level == "specialist"
    judged = judge_again(decision)
    assert judged.replay.same_under_the_rules
    assert judged.replay.differing == ()
    assert judged.chosen == {"therapies"}


def test_a_service_that_changed_says_what_differs(world: World, decision: Decision) -> None:
    Service.objects.filter(slug="therapies").update(audience=["mother"])
    found = judge_again(decision).replay
    (one,) = found.differing
    assert (one.slug, one.then.verdict, one.now.verdict) == ("therapies", "possible", "not")
    assert one.facts_differ
    assert not one.rules_differ
    html = page(world, decision)
    assert "Now:</b> It is for mothers." in html
    assert "another level than proposed" in html
    assert "On the facts of then, every verdict comes out the same." in html


def test_a_service_that_is_gone_is_said(decision: Decision) -> None:
    Service.objects.filter(slug="therapies").update(state="closed")
    (one,) = judge_again(decision).replay.differing
    assert one.now.words == "not there"


def test_the_page_is_for_the_front_door_and_looking_is_recorded(world: World, decision: Decision) -> None:
    before = AuditEntry.objects.count()
    html = page(world, decision)
    assert "The rules are those of then" in html
    assert "Father, 31" in html
    assert AuditEntry.objects.count() == before + 1
    assert Decision.objects.get(pk=decision.pk).level == "specialist"
    client = Client()
    client.force_login(world.marcus)
    assert client.get(reverse("desk:replay", args=[decision.pk])).status_code in {403, 404}
    client.force_login(world.sunita)
    assert client.get(reverse("desk:replay", args=[10**9])).status_code == 404


def test_an_older_decision_without_grounds_says_so(world: World, callum: Referral) -> None:
    old = triage.decide(
        referral=callum, level="universal", words="Then.", answer="no", shown=[], by=world.sunita, at=NOW
    )
    client = Client()
    client.force_login(world.sunita)
    answer = client.get(reverse("desk:replay", args=[old.pk]))
    assert answer.status_code == 404
    assert (
        "How this was proposed" not in client.get(reverse("desk:triage", args=[callum.pk])).content.decode()
    )


def test_scores_of_the_last_months_count_and_older_ones_do_not(world: World, callum: Referral) -> None:
    Measure.objects.create(
        family_id=callum.family_id,
        person=callum.person,
        respondent_role="father",
        area=callum.area,
        instrument="PHQ-9",
        rule="PHQ-9@1",
        value_set="anydoor-2026-11",
        mode="self_link",
        state="finished",
        result={"status": "complete", "total": 12},
        started_at=NOW,
        saved_at=NOW,
        taken_at=NOW,
        finished_at=NOW,
    )
    one = read_request(standing_of(world.sunita, NOW.date()), callum, at=NOW)
    (concern,) = one.matched.profile.concerns
    assert concern.measures == {"PHQ-9": 12}
    assert one.matched.level.why.startswith("The need told is moderate (PHQ-9 12).")
    assert deciding.grounds_of(one.matched).profile["concerns"][0]["measures"] == {"PHQ-9": 12}
    Measure.objects.update(taken_at=NOW - timedelta(days=120))
    later = read_request(standing_of(world.sunita, NOW.date()), callum, at=NOW)
    assert later.matched.profile.concerns[0].measures == {}
