"""What is kept of a need and of services reads back equal, and judged again gives the same."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from tests.rules.matching_examples import LOW, TALKING
from tests.rules.test_matching_always import many, profiles, services

from anydoor.rules.errors import BadInput
from anydoor.rules.kept import facts_from, keep, keep_offer, profile_from
from anydoor.rules.level import propose_level
from anydoor.rules.matching import Profile, ServiceFacts, match
from anydoor.rules.replay import replay


def through_json(value: Profile | ServiceFacts) -> dict[str, object]:
    told: dict[str, object] = json.loads(json.dumps(keep(value)))
    return told


@given(profiles())
@settings(deadline=None, max_examples=100)
def test_a_need_reads_back_as_it_was(profile: Profile) -> None:
    assert profile_from(through_json(profile)) == profile


@given(services())
@settings(deadline=None, max_examples=100)
def test_a_service_reads_back_as_it_was(service: ServiceFacts) -> None:
    assert facts_from(through_json(service)) == service


@given(profiles(), many)
@settings(deadline=None, max_examples=50)
def test_judged_again_it_is_the_same(profile: Profile, offered: list[ServiceFacts]) -> None:
    facts = {service.slug: facts_from(through_json(service)) for service in offered}
    found = replay(
        profile=profile_from(through_json(profile)),
        facts=facts,
        level=propose_level(profile).level,
        offers=[keep_offer(offer) for offer in match(profile, offered)],
        now=facts,
    )
    assert found.same_under_the_rules
    assert found.differing == ()


def test_what_changed_is_named_apart() -> None:
    kept = [keep_offer(offer) for offer in match(LOW, [TALKING])]
    longer = replace(TALKING, wait_days=90)
    (by_facts,) = replay(
        profile=LOW, facts={"talking": TALKING}, level="targeted", offers=kept, now={"talking": longer}
    ).services
    assert (by_facts.rules_differ, by_facts.facts_differ) == (False, True)
    assert by_facts.came == ("The wait is about 3 months now.",)
    assert by_facts.went == ("The wait is about 2 weeks now.",)
    kept[0]["verdict"] = "possible"  # as if the rules of then had said so
    by_rules = replay(
        profile=LOW, facts={"talking": TALKING}, level="targeted", offers=kept, now={"talking": TALKING}
    )
    assert not by_rules.same_under_the_rules
    assert by_rules.services[0].rules_differ


def test_what_a_newer_version_kept_is_left_aside() -> None:
    assert profile_from({**keep(LOW), "of_the_future": 1}) == LOW
    assert facts_from({**keep(TALKING), "of_the_future": 1}) == TALKING


@pytest.mark.parametrize("broken", [{}, {"as_of": "soon"}, {"as_of": "2026-03-10", "concerns": [{"x": 1}]}])
def test_what_cannot_be_read_is_refused_plainly(broken: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        profile_from(broken)
