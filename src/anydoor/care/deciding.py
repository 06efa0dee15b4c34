"""What a triage worker works with before a decision: the need as heard, what could help, and a draft.

`profile_of` makes the facts that matching judges from a request and its family; nothing is guessed, what was
not asked stays empty. `hear` writes down what a request is about. `keep_for_later` keeps half a decision.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from anydoor.access.models import User
from anydoor.care import triage
from anydoor.care.measured import Scores, concerns_of
from anydoor.care.models import Draft, Referral
from anydoor.care.models.record import DANGER_KINDS
from anydoor.care.picture import Member
from anydoor.care.record import fresh_referral, writing
from anydoor.directory.matching import Matched
from anydoor.people.models import Family
from anydoor.rules import identifiers
from anydoor.rules.errors import BadInput, WrongMoment
from anydoor.rules.kept import keep, keep_offer
from anydoor.rules.matching import VERSION, Profile, moment_of
from anydoor.rules.matching import Offer as Judged
from anydoor.rules.pathway import OPEN_REFERRAL
from anydoor.rules.profile import FLAG_NEEDS, MODES, NEED_WORDS, NEEDS, ROLES, SEVERITIES, STRAND_NEEDS
from anydoor.rules.stage import Stage, StageKind

DRAFT_KIND = "triage"
MOST_TYPED = 20_000
# A need that a person ticked is a flag of the profile; words of danger in a text never are.
NEED_FLAGS = {
    need: flag for flag, need in FLAG_NEEDS.items() if flag not in {"self_harm", "assisted_conception"}
}


def profile_of(
    referral: Referral,
    *,
    family: Family,
    teller: Member | None,
    stage: Stage,
    on: date,
    scores: Scores | None = None,
    seen_by: frozenset[str] | None = None,
) -> Profile:
    """The need of a request on a day, from what was told, ticked, recorded. `teller` is whom it is about.

    `scores` are their latest by strand, `seen_by` the services that work with the family now.
    """
    person = teller.person if teller is not None else referral.person
    severity = str(referral.heard.get("severity", "unknown"))
    needs = frozenset(referral.needs) & NEEDS
    flags = {NEED_FLAGS[need] for need in needs if need in NEED_FLAGS}
    if stage.kind == StageKind.LOSS or stage.ask_first:
        flags.add("loss")
    if family.assisted_conception:
        flags.add("assisted_conception")
    role = teller.role if teller is not None and teller.role in ROLES else ""
    told = {strand: bool(needs & of) for strand, of in STRAND_NEEDS.items()}
    return Profile(
        as_of=on,
        moment=moment_of(stage),
        role=role,
        age=person.age_on(on),
        care_leaver={"yes": True, "no": False}.get(person.care_leaver),
        concerns=concerns_of(told, severity, scores or {}, role),
        flags=frozenset(flags),
        wider_needs=needs,
        district_code=person.district_code or referral.district_code,
        outward=identifiers.outward(person.postcode) if person.postcode else "",
        postcode=person.postcode,
        language=person.language,
        mode=str(referral.heard.get("mode", "")),
        seen_by=seen_by,
        says_baby=stage.says_baby,
    )


def hear(
    *, referral: Referral, needs: Collection[str], severity: str, mode: str, by: User, at: datetime
) -> Referral:
    """Write down what a request is about: needs, how hard it is as far as told, and how they would like help.

    `severity` is mild, moderate, severe or unknown; `mode` one of `rules.profile.MODES` or empty. What it
    said before stays on the timeline. Hearing it means that it was read.
    """
    if set(needs) - NEEDS:
        raise BadInput("Choose needs from the list.", field="needs")
    if severity not in SEVERITIES:
        raise BadInput("Say how hard it is, or that it was not asked.", field="severity")
    if mode and mode not in MODES:
        raise BadInput("Choose a way from the list.", field="mode")
    with writing(referral.family_id, by=by, at=at) as pen:
        referral = fresh_referral(referral.pk)
        if referral.stage not in {stage.value for stage in OPEN_REFERRAL}:
            raise WrongMoment("This request is closed. Nothing was changed.")
        triage.read_in(pen, referral)
        before = {"needs": list(referral.needs), **referral.heard}
        ordered = [need for need in NEED_WORDS if need in needs]
        heard = {"severity": severity, **({"mode": mode} if mode else {})}
        if before == {"needs": ordered, **heard}:
            return referral
        referral.needs, referral.heard = ordered, heard
        referral.tags = [tag for tag in referral.tags if tag in DANGER_KINDS] + ordered[:4]
        referral.save(update_fields=["needs", "heard", "tags"])
        words = ", ".join(NEED_WORDS[need] for need in ordered) or "nothing ticked"
        pen.note(
            "needs_heard",
            f"{by.name} wrote down what it is about.",
            f"{words[:1].upper()}{words[1:]}.",
            subject=referral,
            facts={"before": before, "after": {"needs": ordered, **heard}},
        )
        return referral


# ---------------------------------------------------------------- what is shown


def shown_of(matched: Matched, chosen: Collection[str]) -> list[triage.Shown]:
    """Every offer as the page shows it, those in `chosen` (slugs) ticked: kept with the decision."""
    return [
        triage.Shown(
            service_id=matched.services[offer.service_slug].pk,
            name=matched.services[offer.service_slug].name,
            verdict=verdict_of(offer),
            reasons_for=tuple(reason[:300] for reason in offer.reasons_for),
            reasons_against=tuple(
                reason[:300]
                for reason in (*offer.reasons_against, *([offer.near_miss] if offer.near_miss else []))
            ),
            chosen=offer.service_slug in chosen,
        )
        for offer in matched.offers
    ]


def grounds_of(matched: Matched) -> triage.Grounded:
    """Everything the proposal rests on, to be kept beside the decision."""
    return triage.Grounded(
        rules=VERSION,
        profile=keep(matched.profile),
        services={slug: keep(facts) for slug, facts in matched.facts.items()},
        proposal={
            "level": matched.level.level,
            "why": matched.level.why,
            "ordered_by": matched.ordered_by,
            "offers": [keep_offer(offer) for offer in matched.offers],
        },
    )


def verdict_of(offer: Judged) -> str:
    """suits, possible, near (one thing would have to differ) or not."""
    return "near" if offer.verdict == "not" and offer.near_miss else offer.verdict


def seal_of(matched: Matched) -> str:
    """A short mark of everything shown: another mark means that the page was made from other facts."""
    shown = [
        (offer.service_slug, verdict_of(offer), offer.reasons_for, offer.reasons_against, offer.near_miss)
        for offer in matched.offers
    ]
    text = json.dumps([matched.level, shown])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# ---------------------------------------------------------------- half a decision


def keep_for_later(*, referral: Referral, typed: dict[str, Any], by: User, at: datetime) -> None:
    """Keep what was typed so far: one draft a request, for whoever at the front door goes on with it."""
    if sum(len(str(value)) for value in typed.values()) > MOST_TYPED:
        raise BadInput("This is too long to keep. Please make it shorter.", field="words")
    with writing(referral.family_id, by=by, at=at) as pen:
        referral = fresh_referral(referral.pk)
        triage.read_in(pen, referral)
        Draft.objects.update_or_create(
            key=_key(referral),
            defaults={
                "kind": DRAFT_KIND,
                "user_id": by.pk,
                "data": {**typed, "by": by.name},
                "changed_at": at,
            },
            create_defaults={
                "kind": DRAFT_KIND,
                "user_id": by.pk,
                "data": {**typed, "by": by.name},
                "started_at": at,
                "changed_at": at,
            },
        )


def kept_for_later(referral: Referral) -> Draft | None:
    """The draft of a request's decision, if somebody began one."""
    return Draft.objects.filter(key=_key(referral), kind=DRAFT_KIND).first()


def forget_draft(referral: Referral) -> None:
    """The decision is made, or the request closed: its draft goes."""
    Draft.objects.filter(key=_key(referral), kind=DRAFT_KIND).delete()


def _key(referral: Referral) -> str:
    return f"triage:{referral.reference}"


def others_in(members: Sequence[Member], person_id: int) -> list[Member]:
    """The other adults of the family: each has a story of their own."""
    return [one for one in members if one.is_adult and one.person.pk != person_id]
