"""What the page of a request shows, made from what was read of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from anydoor.access.models import User
from anydoor.care.deciding import others_in, verdict_of
from anydoor.care.models import Story
from anydoor.care.models.record import DANGER_KINDS
from anydoor.care.models.referral import DOORS
from anydoor.care.one_request import OneRequest
from anydoor.directory.models import LEVELS
from anydoor.people.models import ADDRESS_KINDS, ROLES_IN_FAMILY
from anydoor.rules import danger
from anydoor.rules.end_state import END_STATE_WORDS, EndState
from anydoor.rules.matching import Offer as Judged
from anydoor.rules.notes import notes
from anydoor.rules.pathway import ReferralStage
from anydoor.ui.times import date_words, day_time, full_date
from anydoor.ui.words import nhs_spaced, sentence
from anydoor.web.desk.chips import Chip, of_wait
from anydoor.web.desk.measures import measure_fact
from anydoor.web.desk.safety import need_lines, safety_lines, shown_way
from anydoor.web.desk.words import NEED_TAGS, level_colour

MOST_OFFERS = 6
MOST_OF_LEVEL = 4
MOST_REASONS = 4  # for an offer that is shown in full; its page and the other list have every one
# What is read first of an offer: what it has to do with this need, then how one gets there.
TELLING = {"only_if": 0, "need": 1, "level": 2, "age": 3, "whom": 4, "mode": 5, "travel": 6, "room": 7}
ANSWERS = {"yes": "Said yes", "no": "Said no", "thinking": "Thinking about it", "not_asked": "Not asked yet"}
MODE_WORDS = {
    "home": "at home",
    "in_person": "at a hub or clinic",
    "phone": "by phone",
    "online": "online or video",
    "text": "by text",
    "group": "in a group",
    "not_group": "not in a group",
}


def context(one: OneRequest, form: Any, user: User) -> dict[str, Any]:
    """Everything but the alarm and the forms."""
    referral = one.referral
    ticked = set(form["offers"].value() or ()) if "offers" in form.fields else set()
    judged = {offer.service_slug: offer for offer in one.matched.offers}
    offers = [_offer(one, offer, ticked) for offer in one.matched.offers]
    fits = [offer for offer in offers if offer["verdict"] in {"suits", "possible"}]
    shown, more = _nearest(fits, one.matched.level.level)
    shown += _nearly(offers, judged)
    shared, unasked = _gather(shown, judged)
    unfit = [offer for offer in offers if offer["verdict"] in {"not", "near"} and offer not in shown]
    return {
        "problems": _problems(form),
        "referral": referral,
        "title": _title(one),
        "lead": _lead(one),
        "first": one.first,
        "holder": referral.holder.name if referral.holder else "",
        "holder_team": referral.holder_team.name if referral.holder_team else "",
        "holds_you": referral.holder_id == user.pk,
        "chip": _chip(one),
        "is_open": one.is_open,
        "is_new": referral.stage == ReferralStage.RECEIVED,
        "closed_words": _closed(one),
        "matches": one.matches,
        "safety": safety_lines(one.teller) if one.teller else [],
        "needs": need_lines(one.teller) if one.teller else [],
        "stories": [_story(story, one) for story in one.stories if story.kind != "baby"],
        "baby_lines": [_story(story, one) for story in one.stories if story.kind == "baby"],
        "facts": _facts(one),
        "not_asked": _not_asked(one),
        "offers": shown,
        "shared": shared,
        "unasked": unasked,
        "knows": list(notes(one.matched.profile)),
        "more_offers": more,
        "not_fitting": unfit,
        "not_fitting_names": ", ".join([offer["name"] for offer in unfit][:4]),
        "nothing_told": not one.matched.profile.wanted,
        "ordered_by": one.matched.ordered_by,
        "ask": _whom_to_ask(one),
        "draft_words": _draft_words(one),
        "decision": one.decision,
        "decision_level": LEVELS[one.decision.level] if one.decision else "",
        "decision_when": day_time(one.decision.at, one.at) if one.decision else "",
        "decision_kept": one.decision is not None and one.is_kept,
        "decided": [_decided(offer) for offer in one.offers],
        "now": one.at,
    }


# ---------------------------------------------------------------- who


def _title(one: OneRequest) -> str:
    person = one.referral.person
    words = [one.referral.title]
    age = person.age_on(one.today)
    if age is not None:
        words.append(str(age))
    if one.teller is not None and one.teller.role not in {"other", ""}:
        words.append(ROLES_IN_FAMILY[one.teller.role])
    return ", ".join(words)


def _lead(one: OneRequest) -> str:
    referral = one.referral
    babies = [m for m in one.members if m.role in {"baby", "child"} and not m.is_lost and m.person.name]
    names = f" ({sentence([m.person.called for m in babies])})" if babies else ""
    parts = [f"{one.stage.words}{names}", referral.place_words]
    parts.append(f"By {DOORS[referral.door].lower()}, {day_time(referral.received_at, one.at)}")
    return ". ".join(part for part in parts if part) + f". {referral.reference}"


def _chip(one: OneRequest) -> Chip | None:
    until = one.referral.paused_until
    if until is not None:
        return Chip(f"Paused until {date_words(until, one.at)}", "paused")
    wait = next((wait for wait in one.waits if wait.kind not in DANGER_KINDS), None)
    return of_wait(wait, one.at) if wait is not None else None


def _closed(one: OneRequest) -> str:
    referral = one.referral
    if one.is_open:
        return ""
    state = END_STATE_WORDS[EndState(referral.end_state)] if referral.end_state else "Closed"
    return f"{state}, {date_words(referral.ended_at, one.at)}."


# ---------------------------------------------------------------- what they told


def _story(story: Story, one: OneRequest) -> dict[str, Any]:
    return {
        "own": story.kind == "own",
        "words": story.words,
        "spans": [(span.start, span.end) for span in danger.find(story.words)],
        "who": story.told_by,
        "how": story.how,
        "when": day_time(story.at, one.at),
    }


def _facts(one: OneRequest) -> list[dict[str, Any]]:
    referral, person = one.referral, one.referral.person
    rows: list[dict[str, Any]] = []
    if referral.asks_for:
        rows.append({"label": "Asks for", "value": f"“{referral.asks_for}”"})
    if referral.needs:
        about = sentence([NEED_TAGS.get(need, need) for need in referral.needs])
        hard = referral.heard.get("severity", "unknown")
        rows.append(
            {"label": "About", "value": about, "meta": "" if hard == "unknown" else f"As told: {hard}"}
        )
    rows += [measure_fact(row, one.at) for row in one.measures]
    if referral.heard.get("mode"):
        rows.append({"label": "Would like", "value": f"Help {MODE_WORDS[referral.heard['mode']]}"})
    if referral.referrer_name or referral.referrer_organisation:
        rows.append(_referrer(one))
    rows += _reach(one)
    if person.born_on is not None:
        rows.append({"label": "Born", "value": full_date(person.born_on)})
    if person.nhs_number:
        rows.append({"label": "NHS number", "value": nhs_spaced(person.nhs_number), "meta": _joined(one)})
    others = [
        f"{m.person.called}, {ROLES_IN_FAMILY[m.role]}" + (", lives apart" if m.apart else "")
        for m in others_in(one.members, person.pk)
    ]
    if others:
        rows.append({"label": "Family", "value": ". ".join(others)})
    if person.address_kind not in {"not_asked", "usual"}:
        rows.append({"label": "Lives", "value": ADDRESS_KINDS[person.address_kind]})
    claimed = [
        f"{key.replace('_', ' ')}: {value}" for key, value in referral.claimed.items() if key != "place"
    ]
    if claimed:
        rows.append(
            {"label": "Also said", "value": "; ".join(claimed), "meta": "Told with this request, not proved"}
        )
    return rows


def _referrer(one: OneRequest) -> dict[str, Any]:
    referral = one.referral
    who = ", ".join(part for part in (referral.referrer_name, referral.referrer_organisation) if part)
    knows = {
        "yes": "The family knows of this request",
        "no": "The family does not know of this request",
    }.get(referral.family_knows, "Not said if the family knows of this request")
    return {
        "label": "Referred by",
        "value": ". ".join(p for p in (who, referral.referrer_contact) if p),
        "meta": knows,
    }


def _reach(one: OneRequest) -> list[dict[str, Any]]:
    if one.teller is None:
        return []
    words = {"yes": "Safe to use", "no": "Not safe", "not_asked": "Not asked if it is safe"}
    return [
        {
            "label": "Reach" if n == 0 else "or",
            "value": shown_way(way),
            "meta": f"{words[way.safe]}. {way.hours}".strip(),
        }
        for n, way in enumerate(one.teller.ways)
    ]


def _joined(one: OneRequest) -> str:
    return f"Joined to a person we knew by {one.referral.joined_by}" if one.referral.joined_by else ""


def _not_asked(one: OneRequest) -> str:
    """What nobody has asked yet, as one sentence: an honest gap, not a task list."""
    person, teller, known = one.referral.person, one.teller, one.stage.kind.value
    gaps = {
        "name": not person.name,
        "who they are to the baby": teller is None or teller.role in {"other", ""},
        "birth date": person.born_on is None,
        "where they live": not (
            person.district_code or one.referral.district_code or one.referral.place_words
        ),
        "how it is safe to reach them": teller is not None
        and any(way.safe == "not_asked" for way in teller.ways),
        "pregnancy, baby or loss": known == "unknown",
        "language and interpreter": not person.language and person.interpreter == "not_asked",
        "what they would like": not one.referral.asks_for and not one.referral.heard.get("mode"),
        "how hard it is": one.referral.heard.get("severity", "unknown") == "unknown",
    }
    words = sentence([gap for gap, open_ in gaps.items() if open_])
    return words[:1].upper() + words[1:] + "." if words else ""


# ---------------------------------------------------------------- what could help


def _nearest(fitting: list[dict[str, Any]], level: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The offers to show at once, and the rest: some of the proposed level first, in the order they came.

    Without this, what suits everybody a little would hide what is made for this need, as long as nobody has
    asked how hard things are.
    """
    first = [offer for offer in fitting if offer["level"] == LEVELS[level]][:MOST_OF_LEVEL]
    others = [offer for offer in fitting if offer not in first]
    room = MOST_OFFERS - len(first)
    return first + others[:room], others[room:]


def _nearly(offers: list[dict[str, Any]], judged: Mapping[str, Judged]) -> list[dict[str, Any]]:
    """The best near miss worth a word with the family: where only the level would have to differ."""
    for offer in offers:
        reasons = judged[offer["id"]].reasons
        if offer["near"] and any(reason.decisive and reason.about == "level" for reason in reasons):
            helps = any(reason.about == "need" and reason.weight > 2 for reason in reasons)
            return [offer] if helps else []
    return []


def _gather(shown: list[dict[str, Any]], judged: Mapping[str, Judged]) -> tuple[list[str], list[str]]:
    """What is said for every offer shown, once, over them all, and so with what nobody has asked yet.

    Each keeps what is its own, the telling first. The wait is not said again: it stands beside the name.
    Reasons against stay where they are: what speaks against one offer must be read beside it.
    """
    about = {reason.words: reason.about for offer in shown for reason in judged[offer["id"]].reasons}
    for offer in shown:
        offer["fors"] = [words for words in offer["fors"] if about.get(words) != "room"] or offer["fors"]
    counts = Counter(words for offer in shown for words in offer["fors"])
    everywhere = [words for words, count in counts.items() if count == len(shown) > 1]
    unasked = Counter(words for offer in shown for words in judged[offer["id"]].not_asked)
    often = [words for words, count in unasked.items() if count > 2]
    for offer in shown:
        own = [words for words in offer["fors"] if words not in everywhere] or offer["fors"][:1]
        own.sort(key=lambda words: TELLING.get(about.get(words, ""), 9))
        offer["fors"] = own[:MOST_REASONS]
        offer["againsts"] = [words for words in offer["againsts"] if words not in often]
    return everywhere, often


def _offer(one: OneRequest, offer: Judged, ticked: set[str]) -> dict[str, Any]:
    service = one.matched.services[offer.service_slug]
    facts = one.matched.facts[offer.service_slug]
    wait = service.wait_days
    return {
        "id": service.slug,
        "name": service.name,
        "href": reverse("desk:service", args=[service.slug]),
        "provider": service.organisation.name,
        "level": LEVELS[service.level],
        "strand": level_colour(service.level, service.strand),
        "wait": "Wait not known"
        if wait is None
        else "No wait"
        if wait == 0
        else "1 day"
        if wait == 1
        else f"{wait} days",
        "distance": "" if facts.distance_km is None else f"{facts.distance_km:g} km",
        "verdict": verdict_of(offer),
        "chosen": service.slug in ticked,
        "fors": list(offer.reasons_for),
        "againsts": [
            reason
            for reason in offer.reasons_against
            if not (verdict_of(offer) == "near" and len(offer.reasons_against) == 1)
        ],
        "near": [_near(offer.near_miss)] if offer.near_miss else [],
        "can_ask": service.is_inside or bool(service.outside_email or service.outside_phone),
    }


def _near(words: str) -> str:
    """The sentence without its beginning, which the page says in bold."""
    for start in ("Would suit if ", "Could suit if "):
        words = words.removeprefix(start)
    return words


def _whom_to_ask(one: OneRequest) -> dict[str, str]:
    """A named person to ask when it is not clear: of the best offer that names one, else the front door."""
    for offer in one.matched.offers:
        service = one.matched.services[offer.service_slug]
        if offer.verdict != "not" and service.lead_name:
            return {
                "name": service.lead_name,
                "href": reverse("desk:service", args=[service.slug]),
                "note": f"{service.lead_title or 'named lead'}, {service.name}."
                + (f" {service.phone}" if service.phone else ""),
            }
    route = one.matched.human_route
    return {"name": route.name, "href": "", "note": f"{route.phone}."}


def _draft_words(one: OneRequest) -> str:
    if one.draft is None:
        return ""
    who, when = one.draft.data.get("by", "Somebody"), day_time(one.draft.changed_at, one.at)
    return f"{who} began this and kept it {when}."


def _problems(form: Any) -> list[Any]:
    """The lines of the error summary. The offers are drawn by the page, so their line leads to the first."""
    if not form.is_bound:
        return []
    return [
        line._replace(id="could-help") if line.id.startswith("id_offers") else line
        for line in form.problems()
    ]


# ---------------------------------------------------------------- decided


def _decided(offer: Any) -> dict[str, Any]:
    return {
        "id": offer.pk,
        "name": offer.service.name,
        "slug": offer.service.slug,
        "href": reverse("desk:service", args=[offer.service.slug]),
        "answer": offer.answer,
        "words": ANSWERS[offer.answer],
    }
