"""How a decision was proposed: what was known then, what it would be today, and what differs between them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path

from anydoor.access.policy import Facts, check
from anydoor.care import scope
from anydoor.care.models import Decision
from anydoor.care.replaying import Judged, judge_again
from anydoor.directory.models import LEVELS
from anydoor.rules.errors import NotFound
from anydoor.rules.profile import MODE_NAMES, NEED_WORDS, Profile
from anydoor.rules.reasons import span
from anydoor.rules.replay import Replayed
from anydoor.rules.stage import StageKind
from anydoor.ui.times import day_time
from anydoor.ui.words import sentence
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest, signed_in

ROLE_WORDS = {"mother": "Mother", "father": "Father", "co_parent": "Co-parent", "carer": "Carer"}
STRAND_WORDS = {"pmh": "Mental health", "pir": "Parent and baby"}


@signed_in
def replay(request: AnydoorRequest, decision_id: int) -> HttpResponse:
    """The page. Whoever may decide on the request may see it; the look is recorded."""
    decision = Decision.objects.filter(pk=decision_id).select_related("referral__area", "by").first()
    if decision is None:
        raise NotFound(scope.NO_SUCH)
    referral = scope.referral_for(request.standing, decision.referral_id)
    check(request.standing, "triage", Facts(area_team_id=referral.front_door_id))
    found = judge_again(decision)
    scope.looked(
        what="see_request",
        subject="referral",
        subject_id=referral.pk,
        family_id=referral.family_id,
        by=request.user,
        at=request.at,
        why="How a decision was proposed",
    )
    return page(request, "desk/replay.jinja", "inbox", _context(found, request))


def _context(found: Judged, request: AnydoorRequest) -> dict[str, Any]:
    decision, judged = found.decision, found.replay
    differing = [_service(found, one) for one in judged.differing]
    fitted = [one for one in judged.services if one.then.verdict in {"suits", "possible"}]
    return {
        "referral": decision.referral,
        "when": day_time(decision.at, request.at),
        "by": decision.by.name,
        "rules": found.grounds.rules,
        "rules_are_the_same": found.rules_are_the_same,
        "decided": {
            "level": LEVELS[decision.level],
            "proposed": LEVELS.get(judged.level_then, ""),
            "why": found.grounds.proposal.get("why", ""),
            "words": decision.words,
            "other": decision.level != judged.level_then,
        },
        "known": known(found.profile, found.district),
        "offers": [_service(found, one) for one in fitted],
        "differing": differing,
        "by_rules": sum(one.rules_differ for one in judged.services),
        "by_facts": sum(one.facts_differ for one in judged.services),
        "level_again": LEVELS.get(judged.level_again, ""),
        "level_differs": judged.level_again != judged.level_then,
        "services": len(judged.services),
    }


def _service(found: Judged, one: Replayed) -> dict[str, Any]:
    return {
        "name": found.names.get(one.slug, one.slug),
        "chosen": one.slug in found.chosen,
        "then": one.then.words,
        "now": one.now.words,
        "verdict": one.then.verdict,
        "why": " and ".join(
            [*(["the rules"] if one.rules_differ else []), *(["the service"] if one.facts_differ else [])]
        ),
        "came": list(one.came),
        "went": list(one.went),
        "reasons": list(one.then.reasons),
    }


def known(profile: Profile, district: str) -> list[dict[str, str]]:
    """What was known of the need, as label and value; what was not asked is not there."""
    age = "" if profile.age is None else str(profile.age)
    rows = {
        "Who": ", ".join(part for part in (ROLE_WORDS.get(profile.role, ""), age) if part),
        "Stage": _stage(profile),
        "Worries": "; ".join(
            f"{STRAND_WORDS.get(each.strand, each.strand)}, {each.severity}"
            + "".join(f", {name} {score:g}" for name, score in each.measures.items())
            for each in profile.concerns
        ),
        "Needs": sentence([NEED_WORDS[need] for need in NEED_WORDS if need in profile.wanted]),
        "Lives": ", ".join(part for part in (profile.postcode or profile.outward, district) if part),
        "Would like": "not a group" if profile.mode == "not_group" else MODE_NAMES.get(profile.mode, ""),
        "Language": profile.language,
    }
    return [{"label": label, "value": value} for label, value in rows.items() if value]


def _stage(profile: Profile) -> str:
    moment = profile.moment
    if moment.kind == StageKind.PREGNANT:
        return f"{moment.weeks} weeks pregnant" if moment.weeks is not None else "Pregnant"
    if moment.kind == StageKind.BORN:
        return f"Youngest child {span(moment.days)} old" if moment.days is not None else "After a birth"
    if moment.kind == StageKind.LOSS:
        return f"{span(moment.days)} after a loss" if moment.days is not None else "After a loss"
    return "Trying to conceive" if moment.kind == StageKind.TRYING else ""


urls = [path("decision/<int:decision_id>/replay", replay, name="replay")]
