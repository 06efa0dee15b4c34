"""The one decision: who may do what, by relationship, purpose, conflict and seal; deny by default."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anydoor.access.policy import (
    RULES,
    Facts,
    Standing,
    allow,
    check,
    fields_seen,
    may,
    may_work_for,
    why_not,
)
from anydoor.access.purposes import (
    ALSO_FOR,
    CARE,
    FATE_FIELDS,
    FULL_FIELDS,
    OWN_FIELDS,
    PREVIEW_FIELDS,
    PURPOSES,
)
from anydoor.access.roles import WORKS_WITH_FAMILIES, Role
from anydoor.rules.errors import NotAllowed

FAMILY = 500
DOOR, SERVICE, OTHER = 1, 2, 3


def standing(*roles: Role, team: int = SERVICE, active: bool = True, **more: object) -> Standing:
    return Standing(
        user_id=9, name="Grace", active=active, roles={team: frozenset(roles)} if roles else {},
        organisation_of={team: 7} if roles else {},
        front_doors=frozenset({DOOR}) if team == DOOR else frozenset(),
        **more,  # type: ignore[arg-type]  # sets of families
    )  # fmt: skip


GRACE = standing(Role.PRACTITIONER)
FULL = Facts(family_id=FAMILY, full_team_ids=frozenset({SERVICE}))
OWN = Facts(family_id=FAMILY, own_team_ids=frozenset({SERVICE}), team_id=SERVICE)
ASKED = Facts(family_id=FAMILY, offered_team_ids=frozenset({SERVICE}))
NONE = Facts(family_id=FAMILY, full_team_ids=frozenset({OTHER}), sealed=False)
SEALED = Facts(family_id=FAMILY, sealed=True)
MINE = frozenset({FAMILY})


@pytest.mark.parametrize(
    ("who", "action", "facts", "allowed", "rule"),
    [
        (GRACE, "see_family", FULL, True, "sees_family"),
        (GRACE, "see_family", OWN, False, "sees_family"),
        (GRACE, "see_own_work", OWN, True, "sees_own_work"),
        (GRACE, "record_contact", OWN, False, "works_with_family"),
        (GRACE, "see_preview", ASKED, True, "sees_preview"),
        (GRACE, "see_family", ASKED, False, "sees_family"),
        (GRACE, "add_story", ASKED, False, "works_with_family"),
        (GRACE, "see_family", NONE, False, "sees_family"),
        (GRACE, "see_family", SEALED, False, "sealed"),
        (standing(Role.PRACTITIONER, named=MINE), "see_family", SEALED, True, "sees_family"),
        (standing(Role.PRACTITIONER, in_emergency=MINE), "see_family", NONE, True, "sees_family"),
        (standing(Role.PRACTITIONER, in_emergency=MINE), "unseal", SEALED, False, "seals"),
        (standing(Role.PRACTITIONER, asked=MINE), "see_preview", SEALED, True, "sees_preview"),
        (standing(Role.PRACTITIONER, asked=MINE), "see_family", SEALED, False, "sees_family"),
        (standing(Role.PRACTITIONER, kept_from=MINE), "see_family", FULL, False, "conflict_of_interest"),
        (standing(Role.PRACTITIONER, kept_from=MINE, named=MINE), "see_family", FULL, False,
         "conflict_of_interest"),
        (standing(Role.PRACTITIONER, active=False), "see_family", FULL, False, "account_closed"),
        (standing(Role.COMMISSIONER), "see_family", FULL, False, "sees_family"),
        (standing(Role.COMMISSIONER), "search_people", None, False, "works_at_all"),
        (standing(Role.ADMIN), "see_family", FULL, False, "sees_family"),
        (standing(Role.IG_LEAD), "see_family", FULL, False, "sees_family"),
        (standing(Role.IG_LEAD), "review_break_glass", Facts(holder_id=8), True, "reviews"),
        (standing(Role.IG_LEAD), "review_break_glass", Facts(holder_id=9), False, "reviews"),
        (standing(Role.REFERRER), "see_own_referral", Facts(referrer_id=9), True, "referred"),
        (standing(Role.REFERRER), "see_own_referral", Facts(referrer_id=8), False, "referred"),
        (GRACE, "seal", FULL, False, "seals"),
        (standing(Role.TEAM_LEAD), "seal", FULL, True, "seals"),
        (standing(Role.COMMISSIONER), "break_glass", NONE, False, "breaks_glass"),
        (standing(Role.IG_LEAD), "erase", Facts(organisation_id=7), True, "governs"),
        (standing(Role.IG_LEAD), "erase", Facts(organisation_id=8), False, "governs"),
        (standing(Role.IG_LEAD), "erase", Facts(), False, "governs"),
        (standing(Role.IG_LEAD), "answer_access", None, False, "governs"),
        (standing(Role.TEAM_LEAD), "erase", Facts(organisation_id=7), False, "governs"),
        (standing(Role.IG_LEAD), "erase", Facts(organisation_id=7, family_id=FAMILY, sealed=True), False,
         "sealed"),
        (standing(Role.IG_LEAD, purpose="audit"), "see_family", FULL, False, "wrong_purpose"),
        (standing(Role.PRACTITIONER, purpose="audit"), "see_looks", FULL, True, "sees_family"),
        (standing(Role.PRACTITIONER, purpose="audit"), "see_looks", NONE, False, "sees_family"),
        (standing(Role.PRACTITIONER, purpose="safeguarding"), "see_family", FULL, True, "sees_family"),
        (standing(Role.PRACTITIONER, purpose="curiosity"), "see_home", FULL, False, "wrong_purpose"),
        (GRACE, "no_such_thing", FULL, False, "nobody_may"),
    ],
)  # fmt: skip
def test_the_table(who: Standing, action: str, facts: Facts | None, allowed: bool, rule: str) -> None:
    decision = allow(who, action, facts)
    assert (decision.allowed, decision.rule) == (allowed, rule)
    assert bool(decision) is allowed
    assert bool(decision.why)
    if not allowed:
        assert decision.fields == frozenset()
    assert may(who, action, facts) is allowed
    assert (why_not(who, action, facts) is None) is allowed
    if not allowed:
        with pytest.raises(NotAllowed):
            check(who, action, facts)


def test_to_govern_is_by_the_organisation_the_role_is_held_in() -> None:
    """A governance lead of one organisation who works in a second governs nothing there."""
    two = Standing(
        user_id=9, name="Grace", active=True,
        roles={DOOR: frozenset({Role.IG_LEAD}), SERVICE: frozenset({Role.PRACTITIONER})},
        organisation_of={DOOR: 7, SERVICE: 8}, front_doors=frozenset(),
    )  # fmt: skip
    assert two.organisation_ids == {7, 8}
    assert two.organisations_as(Role.IG_LEAD) == {7}
    assert may(two, "erase", Facts(organisation_id=7))
    assert not may(two, "erase", Facts(organisation_id=8))
    assert not may(two, "edit_entry", Facts(organisation_id=8, team_id=OTHER))


@pytest.mark.parametrize("purpose", sorted(set(PURPOSES) - CARE))
def test_a_session_that_helps_no_family_sees_no_family(purpose: str) -> None:
    who = standing(*Role, named=MINE, in_emergency=MINE, asked=MINE, purpose=purpose)
    assert who.family_team_ids == who.sees_alone() == who.sees_alone("full") == frozenset()
    assert fields_seen(who, FULL) == allow(who, "see_home", FULL).fields == frozenset()
    for action in ("see_family", "see_own_work", "see_preview", "search_people", "see_inbox", "add_story"):
        decision = allow(who, action, FULL)
        assert (decision.allowed, decision.rule) == (False, "wrong_purpose")
    assert who.for_care().family_team_ids == {SERVICE}


def test_what_a_session_may_be_for_follows_from_the_roles() -> None:
    chosen = {role: {one for one in PURPOSES if may_work_for(standing(role), one)} for role in Role}
    assert all("direct_care" in held and "break_glass" not in held for held in chosen.values())
    assert chosen[Role.PRACTITIONER] == {"direct_care", "safeguarding"}
    assert chosen[Role.REFERRER] == {"direct_care"}
    assert chosen[Role.COMMISSIONER] == chosen[Role.ADMIN] == {"direct_care", "service_management"}
    assert chosen[Role.IG_LEAD] == {"direct_care", "audit", "subject_access"}
    assert chosen[Role.TEAM_LEAD] == set(PURPOSES) - {"break_glass"}
    assert not may_work_for(standing(*Role), "curiosity")


def test_a_team_goes_on_with_its_own_work_and_no_more() -> None:
    work = Facts(family_id=FAMILY, own_team_ids=frozenset({SERVICE}), team_id=SERVICE, is_work=True)
    assert may(GRACE, "record_contact", work)
    elsewhere = Facts(family_id=FAMILY, own_team_ids=frozenset({SERVICE}), team_id=OTHER, is_work=True)
    assert not may(GRACE, "record_contact", elsewhere)


@pytest.mark.parametrize(
    ("facts", "fields"),
    [(FULL, FULL_FIELDS), (OWN, OWN_FIELDS), (ASKED, PREVIEW_FIELDS), (NONE, frozenset()),
     (Facts(referrer_id=9), FATE_FIELDS)],
)  # fmt: skip
def test_what_is_visible_follows_from_the_relationship(facts: Facts, fields: frozenset[str]) -> None:
    assert fields_seen(GRACE, facts) == fields


def test_what_was_not_agreed_to_is_held_back_and_safety_never_is() -> None:
    held = frozenset({"story", "measures"})
    facts = Facts(family_id=FAMILY, full_team_ids=frozenset({SERVICE}), withheld={SERVICE: held})
    fields = allow(GRACE, "see_family", facts).fields
    assert {"story", "measures"} & fields == set()
    assert {"safety", "communication", "needs"} <= fields
    assert "story" not in PREVIEW_FIELDS | FATE_FIELDS
    assert "name" not in PREVIEW_FIELDS


@pytest.mark.parametrize("purpose", [*PURPOSES, "curiosity", ""])
@pytest.mark.parametrize("action", sorted(RULES))
def test_each_purpose_opens_what_it_is_for_and_nothing_else(action: str, purpose: str) -> None:
    fits = purpose in CARE | ALSO_FOR.get(action, frozenset())
    decision = allow(standing(*Role), action, FULL, purpose)
    assert fits or (decision.allowed, decision.rule) == (False, "wrong_purpose")


SETS = st.frozensets(st.sampled_from([DOOR, SERVICE, OTHER]))
FACTS = st.builds(
    Facts,
    family_id=st.just(FAMILY),
    holder_id=st.sampled_from([None, 9, 8]),
    full_team_ids=SETS,
    own_team_ids=SETS,
    offered_team_ids=SETS,
    area_team_id=st.sampled_from([None, DOOR]),
    team_id=st.sampled_from([None, DOOR, SERVICE, OTHER]),
    sealed=st.booleans(),
)
ROLES = st.frozensets(st.sampled_from(sorted(Role)), max_size=3)


@given(action=st.sampled_from(sorted(RULES)), roles=ROLES, facts=FACTS)
@settings(max_examples=300, deadline=None)
def test_nobody_opens_what_is_kept_from_them_whatever_they_are(
    action: str, roles: frozenset[Role], facts: Facts
) -> None:
    assert not allow(standing(*roles, kept_from=MINE, named=MINE), action, facts).allowed
    assert not allow(standing(*roles, active=False), action, facts).allowed


@given(roles=ROLES, facts=FACTS)
@settings(max_examples=200, deadline=None)
def test_whoever_works_with_no_family_sees_no_family(roles: frozenset[Role], facts: Facts) -> None:
    office = standing(*(roles - WORKS_WITH_FAMILIES))
    for action in ("see_family", "see_own_work", "see_preview", "search_people", "add_story"):
        decision = allow(office, action, facts)
        assert not decision.allowed or (action == "add_story" and facts.holder_id == 9)
        assert not decision.fields


@given(facts=FACTS, roles=ROLES)
@settings(max_examples=200, deadline=None)
def test_a_narrower_sight_never_shows_more(facts: Facts, roles: frozenset[Role]) -> None:
    from dataclasses import replace

    who = standing(*roles)
    narrower = replace(
        facts, full_team_ids=frozenset(), own_team_ids=facts.own_team_ids, offered_team_ids=frozenset()
    )
    assert fields_seen(who, narrower) <= FULL_FIELDS
    for action in ("see_family", "see_preview"):
        if allow(who, action, narrower):
            assert allow(who, action, facts)
