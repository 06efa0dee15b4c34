"""A family's page in words: a midwife reads it in ten seconds. Reads nothing itself; see `care.picture`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from anydoor.access.policy import Standing, may
from anydoor.care.consent_words import staff_paragraph
from anydoor.care.measures.alerts import answer_of
from anydoor.care.models import Episode, Referral, Story, Wait
from anydoor.care.models.record import DANGER_KINDS
from anydoor.care.picture import Member, Picture, objections_in, said_in, unasked_in
from anydoor.care.record import first_name
from anydoor.care.standing import LEVEL_RANK
from anydoor.care.withheld import sentences
from anydoor.people.models import LOSS_KINDS, ROLES_IN_FAMILY
from anydoor.rules import working_time
from anydoor.rules.pathway import HandoverStage
from anydoor.rules.schedule import stands
from anydoor.rules.schedule_contacts import BY_KEY
from anydoor.rules.stage import age_in_words, count, day_in_words
from anydoor.ui.times import calendar_day, clock_time, date_words, day_time, full_date
from anydoor.ui.words import given_name, nhs_spaced
from anydoor.web.desk.acting import kind_of
from anydoor.web.desk.chips import of_wait
from anydoor.web.desk.family_rows import before_rows, latest_offers, open_rows, planned_rows, timeline_rows
from anydoor.web.desk.safety import both_banners, reach_words
from anydoor.web.desk.said_beside import SAYS, Marks, marks_of, of_kinds

STORIES = 6  # the newest; the rest is on the person's page
BEFORE = 5


def family_context(who: Standing, picture: Picture, at: datetime) -> dict[str, Any]:
    """All that the template shows, in plain words."""
    main = picture.main
    name = given_name(main.person.called) if main else "the family"
    safety, needs = both_banners([main] if main else [])
    thing = thing_to_work_on(picture, who.user_id)
    return {
        "care": picture.care,
        "heading": heading_of(picture),
        "lead": ". ".join(part for part in (picture.stage.words, main.town if main else "") if part),
        "name": name,
        "holder": holder_of(picture, who, at),
        "danger": danger_of(picture, name, at),
        "safety": safety,
        "needs": needs,
        "stories": story_rows(
            (row for row in picture.stories if main and row.person_id == main.person.pk), at
        ),
        "main": main,
        "next": next_contact(picture, at),
        "people": [person_row(one, picture, at) for one in in_order(picture)],
        "open": open_rows(picture, at),
        "before": before_rows(picture, at)[:BEFORE],
        "timeline": [
            *planned_rows(picture.planned, at),
            *timeline_rows(picture.happenings, picture.members, main.person.pk if main else None, at),
        ],
        "happened": picture.happened,
        **_said(picture, at),
        "sharing": staff_paragraph(main.person, said_in(picture.care), unasked_in(picture.care), at)
        if main
        else "",
        "may_seal": may(who, "seal", picture.facts),
        "sealed": picture.care.sealed,
        "agreed": agreed_rows(picture, at),
        "held_back": held_back_of(picture),
        "shows_story": main is None or picture.held.shows("story", main.person.pk),
        "shows_measures": main is None or picture.held.shows("measures", main.person.pk),
        "why": why_seen(who, picture),
        "looks": picture.looks,
        "routine": routine_rows(picture, at),
        "thing": {"kind": kind_of(thing), "id": thing.pk} if thing else None,
        "may_hand_over": thing is not None and may(who, "propose_handover", facts_for(thing, picture)),
        "may_end": thing is not None and may(who, "end", facts_for(thing, picture)),
        "is_episode": isinstance(thing, Episode),
        "can_choose_lead": len(holders(picture)) > 1,
        "closed_request": closed_request(picture),
    }


OF_THE_TIMELINE = (
    "happening",
    "contact",
    "handover",
    "episode",
    "referral",
    "decision",
    "partner",
    "goal",
    "routine",
)


def _marks(picture: Picture, at: datetime) -> Marks:
    names = {one.person.pk: given_name(one.person.called) for one in picture.members}
    rows = [row for row in objections_in(picture.care) if row.person_id not in picture.hidden]
    return marks_of(rows, names, at)


def _said(picture: Picture, at: datetime) -> dict[str, Any]:
    """What they say is not right: by what it is about, and of the kinds that stand in one list each."""
    marks = _marks(picture, at)
    return {
        "said": marks,
        "said_of_needs": of_kinds(marks, "instruction"),
        "said_of_measures": of_kinds(marks, "measure"),
        "said_of_what_happened": of_kinds(marks, *OF_THE_TIMELINE),
    }


def said_of_what_happened(picture: Picture, at: datetime) -> list[dict[str, Any]]:
    """What they say of things on the timeline."""
    return of_kinds(_marks(picture, at), *OF_THE_TIMELINE)


def heading_of(picture: Picture) -> str:
    alone = len([one for one in picture.members if not one.is_lost]) < 2
    return picture.care.title if alone else f"{picture.care.title} and family"


def held_back_of(picture: Picture) -> list[str]:
    """Who agreed to share with this viewer's team, but not everything: a sentence each."""
    open_ones = [one for one in picture.members if not one.is_closed]
    return sentences(picture.held, [(one.person.pk, given_name(one.person.called)) for one in open_ones])


# ---- who holds


def holders(picture: Picture) -> set[int]:
    held: list[Referral | Episode] = [*picture.episodes, *picture.referrals]
    return {row.holder_id for row in held if row.holder_id is not None}


def holder_of(picture: Picture, who: Standing, at: datetime) -> dict[str, Any] | None:
    """The lead holder for the banner; None when nothing is open."""
    care = picture.care
    if care.lead is None or care.lead_team is None:
        return None
    role = ", ".join(part for part in (care.lead.job_title, care.lead_team.name) if part)
    days = (calendar_day(at) - calendar_day(care.lead_since or at)).days
    return {
        "name": care.lead.name,
        "role": role,
        "phone": care.lead.phone or care.lead_team.phone,
        "text": care.lead.text_number or care.lead_team.text_number,
        "since": f"{date_words(care.lead_since, at)}, {count(days, 'day') if days else 'today'}",
        "you": care.lead_id == who.user_id,
        "several": len(holders(picture)) > 1,
        "why": care.lead_why,
    }


def thing_to_work_on(picture: Picture, user_id: int) -> Referral | Episode | None:
    """What "Record a contact" is for: what I hold, else what the lead holds; the weightiest of several."""
    things: list[Referral | Episode] = [row for row in picture.episodes if row.holder_id is not None]
    things += [row for row in picture.referrals if row.holder_id is not None]
    return min(
        things,
        key=lambda row: (
            row.holder_id != user_id,
            row.holder_id != picture.care.lead_id,
            -LEVEL_RANK[row.level] if isinstance(row, Episode) else 0,
        ),
        default=None,
    )


def facts_for(thing: Referral | Episode, picture: Picture) -> Any:
    from anydoor.care.scope import facts_of_thing

    return facts_of_thing(thing, picture.facts)


def closed_request(picture: Picture) -> Referral | None:
    """The last request, when nothing is open: it can be opened again."""
    return picture.referrals[0] if picture.referrals and not picture.care.is_open else None


def danger_of(picture: Picture, name: str, at: datetime) -> dict[str, Any] | None:
    """Words or an answer of danger nobody has acted on yet: whom to speak with, and the very words."""
    wait = next((row for row in picture.waits if row.kind in DANGER_KINDS), None)
    if wait is None:
        return None
    if wait.alert_id is not None:
        return _answer_of_danger(wait, picture, at)
    request = next((row for row in picture.referrals if row.pk == wait.referral_id), None)
    raised, spans = "These words were used: ", []
    for words in request.danger_words if request else []:
        spans.append((len(raised), len(raised) + len(words)))
        raised += f"{words}. "
    ways = picture.main.ways if picture.main else ()
    phones = [way.value for way in ways if way.kind in {"mobile", "landline"} and way.safe != "no"]
    return {
        "heading": f"Speak with {name} first",
        "raised": raised.strip(),
        "spans": spans,
        "phone": phones[0] if phones else "",
        "clock": of_wait(wait, at, named=False),
        "href": reverse("desk:wait", args=[wait.pk]),
    }


def _answer_of_danger(wait: Wait, picture: Picture, at: datetime) -> dict[str, Any]:
    """The banner of an answer that may mean danger; it may be another adult's than the page is about."""
    told = answer_of(wait)
    who = told.partition(":")[0]
    person = next((one for one in picture.members if first_name(one.person.called) == who), None)
    ways = person.ways if person else ()
    phones = [way.value for way in ways if way.kind in {"mobile", "landline"} and way.safe != "no"]
    return {
        "heading": f"Speak with {who} first",
        "raised": f"{told}.",
        "spans": [(len(who) + 2, len(told))],
        "phone": phones[0] if phones else "",
        "clock": of_wait(wait, at, named=False),
        "href": reverse("desk:alert", args=[wait.alert_id]),
    }


# ---- told


def story_rows(stories: Iterable[Story], at: datetime) -> list[dict[str, Any]]:
    """The newest stories of one person, in the order they were told."""
    return [
        {
            "id": row.pk,
            "kind": row.kind,
            "words": row.words,
            "who": row.told_by,
            "how": {"own": "in their own words, ", "referrer": "on referring, ", "worker": "", "baby": ""}[
                row.kind
            ]
            + row.how,
            "when": day_time(row.at, at),
        }
        for row in list(stories)[-STORIES:]
    ]


def agreed_rows(picture: Picture, at: datetime) -> list[dict[str, Any]]:
    """What they agreed to, and what they said no to, newest first."""
    rows: list[dict[str, Any]] = []
    stopped = {row.to_words for row in said_in(picture.care) if row.state == "withdrawn"}
    stopped -= {row.to_words for row in said_in(picture.care) if row.state == "given"}
    for handover in picture.handovers:
        name, when = handover.service.name, date_words(handover.proposed_at, at)
        if handover.agreement == "agreed" and handover.service.name in stopped:
            rows.append({"yes": False, "text": f"Changed their mind about {name}: nothing more is shared"})
        elif handover.agreement == "agreed":
            said = date_words(handover.agreed_at, at)
            rows.append(
                {
                    "yes": True,
                    "text": f"Story shared with {name}, {said}. {handover.agreed_by}:",
                    "quote": handover.agreed_words,
                }
            )
        elif handover.agreement == "reason":
            rows.append(
                {
                    "yes": False,
                    "text": f"Not asked. Shared with {name} on {when}, because: {handover.sharing_reason}",
                }
            )
        if handover.decline_reason == "family_said_no":
            rows.append({"yes": False, "text": f"Said no to {name}, {date_words(handover.declined_at, at)}"})
    for referral in picture.referrals:
        rows += [
            {"yes": False, "text": f"Not {offer['service']}, for now"}
            for offer in latest_offers(referral.offered)
            if offer["answer"] == "no"
        ]
        if referral.referrer_name or referral.referrer_organisation:
            asker = referral.referrer_organisation or referral.referrer_name
            known = {
                "yes": "Knows that",
                "no": "Does not know that",
                "not_asked": "Nobody has asked if they know that",
            }
            rows.append(
                {
                    "yes": referral.family_knows == "yes",
                    "text": f"{known[referral.family_knows]} {asker} wrote to us",
                }
            )
    return rows


# ---- next


def next_contact(picture: Picture, at: datetime) -> dict[str, Any] | None:
    """The nearest appointment or introduction; one that is past is waiting to be told of."""
    found: list[dict[str, Any]] = [
        {
            "at": row.happens_at,
            "title": f"{clock_time(row.happens_at)}, {row.get_mode_display().lower()}",
            "text": f"With {row.by_words}" + (f", {row.place}" if row.place else ""),
            "meta": f"For {row.person.called}" if row.person and len(picture.adults) > 1 else "",
            "href": reverse("desk:say_contact", args=[row.pk]),
            "past": row.happens_at < at,
        }
        for row in picture.planned
    ]
    for handover in picture.handovers:
        if handover.stage == HandoverStage.ACCEPTED and handover.introduction_at is not None:
            receiver = handover.to_user.name if handover.to_user else handover.service.name
            found.append(
                {
                    "at": handover.introduction_at,
                    "title": f"{clock_time(handover.introduction_at)}, introduction",
                    "text": f"{given_name(handover.from_user.name)} introduces {receiver}, "
                    f"{handover.service.name}",
                    "meta": "",
                    "href": reverse("desk:handover", args=[handover.pk]),
                    "past": handover.introduction_at < at,
                }
            )
    return min(found, key=lambda row: row["at"], default=None)


ROUTINE = 3


def routine_rows(picture: Picture, at: datetime) -> list[dict[str, str]]:
    """The next routine contacts in a line each: what, whose, until when, and whether its time is over."""
    on = calendar_day(at)
    held = [(row, one) for one in picture.members for row in one.routine if row.lapses_on >= on]
    held.sort(key=lambda pair: (pair[0].closes_on, pair[0].key))
    several = len({one.id for _, one in held}) > 1
    rows = []
    for row, one in held[:ROUTINE]:
        contact = BY_KEY.get(row.key)
        name = contact.name if contact is not None else row.key
        how = stands(row.opens_on, row.closes_on, row.lapses_on, on)
        words = {
            "later": f"From {day_in_words(row.opens_on, on)}",
            "due": f"Until {day_in_words(row.closes_on, on)}",
            "overdue": f"Its time ended {day_in_words(row.closes_on, on)}",
        }
        rows.append(
            {
                "name": f"{name}, {one.person.called}" if several else name,
                "words": words[how],
                "tag": {"due": "Due", "overdue": "Overdue"}.get(how, ""),
                "colour": {"due": "due", "overdue": "danger"}.get(how, "grey"),
            }
        )
    return rows


# ---- people


def in_order(picture: Picture) -> list[Member]:
    """Whom the page is about, the other adults, then children by birth."""
    main_id = picture.main.person.pk if picture.main else None
    return sorted(
        picture.members,
        key=lambda one: (
            one.person.pk != main_id,
            not one.is_adult,
            str(one.person.born_on or one.person.due_on or ""),
            one.id,
        ),
    )


def person_row(one: Member, picture: Picture, at: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {"href": reverse("desk:person", args=[picture.care.pk, one.person.pk])}
    row |= _adult_row(one, picture, at) if one.is_adult else _child_row(one, at)
    if one.person.pk not in picture.hidden:
        row["lines"] = [*row["lines"], *_said_of_facts(one, picture)]
    return row


def _said_of_facts(one: Member, picture: Picture) -> list[str]:
    """What they say of facts about them and of ways to reach them: a line each, the words on their page."""
    found = []
    for row in objections_in(picture.care):
        if row.person_id == one.person.pk and row.of.partition(":")[0] in {"person", "way", ""}:
            state = "Being looked at" if row.is_open else row.get_state_display()
            found.append(f"{row.about}: {SAYS[row.kind]}. {state}.")
    return found


def _adult_row(one: Member, picture: Picture, at: datetime) -> dict[str, Any]:
    person = one.person
    age = person.age_on(calendar_day(at))
    role = ROLES_IN_FAMILY[one.role] if one.role != "other" else ""
    is_main = picture.main is not None and picture.main.person.pk == person.pk
    told = [row for row in picture.stories if row.person_id == person.pk and row.kind == "own"]
    lines = ["Lives apart"] if one.apart else []
    if one.is_closed:
        lines.append("Has a record of their own, which is not shared with your team.")
    elif not is_main:
        lines.append(reach_words(one))
        lines.append(
            f"Told us in their own words, {date_words(told[-1].at, at)}: on their page"
            if told
            else "Has a record of their own. Nobody has asked yet how they are."
        )
    return {
        "name": person.called if not one.is_closed or person.name else role.capitalize() or "Another adult",
        "after": "".join(f", {part}" for part in (age, role) if part) if not one.is_closed else "",
        "lines": [line for line in lines if line],
        "meta": f"NHS number {nhs_spaced(person.nhs_number)}" if is_main and person.nhs_number else "",
    }


def _child_row(one: Member, at: datetime) -> dict[str, Any]:
    person, on = one.person, calendar_day(at)
    if one.is_lost:
        when = f", {full_date(person.lost_on)}" if person.lost_on else ""
        kind = LOSS_KINDS[person.loss_kind or "not_said"]
        named = person.known_as or person.name
        return {"name": named or "A loss", "lines": [f"{kind}{when}"], "icon": "heart"}
    if person.born_on is not None and person.born_on <= on:
        age = age_in_words(person.born_on, on) if person.born_on < on else "born today"
        name = person.known_as or person.name or "Baby"
        return {
            "name": name,
            "after": f", {age}",
            "lines": [f"Born {full_date(person.born_on)}"],
            "icon": "baby",
        }
    due = f", due {full_date(person.due_on)}" if person.due_on else ", due date not known"
    overdue = person.due_on is not None and person.due_on < on
    return {
        "name": person.known_as or person.name or "Baby",
        "after": due,
        "lines": ["The birth is not recorded yet"] if overdue else [],
        "icon": "baby",
    }


# ---- why


def why_seen(who: Standing, picture: Picture) -> str:
    """Why this person sees the page: written to the audit, and shown."""
    return why_of(who, picture.care.lead_id, holders(picture), picture)


def why_of(who: Standing, lead_id: int | None, held_by: set[int], picture: Picture) -> str:
    if lead_id == who.user_id:
        return "you hold the family"
    if who.user_id in held_by:
        return "you hold a part of what helps the family"
    mine = who.family_team_ids & picture.facts.full_team_ids
    if picture.facts.area_team_id in mine:
        return "your team is the area's front door"
    if not mine and picture.care.pk in who.in_emergency:
        return "you opened it in an emergency"
    names = sorted(picture.team_names[team] for team in mine)
    return f"your team works with the family: {', '.join(names)}"


def today_words(at: datetime) -> str:
    return full_date(working_time.in_london(at).date())
