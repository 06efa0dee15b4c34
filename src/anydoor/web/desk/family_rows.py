"""The rows of a family page: what is open now, what came before, and the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from anydoor.care.models import Contact, Happening, Wait
from anydoor.care.models.episode import MODES
from anydoor.care.models.referral import DOORS
from anydoor.care.picture import Member, Picture
from anydoor.rules.end_state import END_STATE_WORDS, EndState
from anydoor.rules.pathway import STAGE_WORDS, HandoverStage, ReferralStage
from anydoor.ui.times import calendar_day, clock_time, date_words
from anydoor.ui.words import given_name
from anydoor.web.desk.chips import Chip, of_wait, paused
from anydoor.web.desk.words import STRAND_COLOURS

Row = dict[str, Any]
CUT = 300  # characters of one row's words on the page itself
# Where somebody lives is read on their page and in no list: an address can be a refuge.
ADDRESS_FIELDS = frozenset({"Address", "Address lines", "Postcode"})
NEXT_STEP = {
    HandoverStage.PROPOSED: "Waits for an answer",
    HandoverStage.ACCEPTED: "Introduce next",
    HandoverStage.INTRODUCED: "First contact next",
    HandoverStage.DECLINED: "Second look",
    HandoverStage.AT_MEETING: "Decide together",
}


# ---- open now


def open_rows(picture: Picture, at: datetime) -> list[Row]:
    """Episodes, handovers, requests and offers that are open, each with its strand, holder and clock."""
    waits = _first_waits(picture.waits)
    return [
        *_episode_rows(picture, waits, at),
        *_handover_rows(picture, waits, at),
        *_request_rows(picture, waits, at),
        *_offer_rows(picture, at),
    ]


def _first_waits(waits: Iterable[Wait]) -> dict[tuple[str, int], Wait]:
    """The nearest clock of each thing."""
    first: dict[tuple[str, int], Wait] = {}
    for wait in waits:
        for kind in ("handover", "episode", "referral"):
            pk = getattr(wait, f"{kind}_id")
            if pk is not None:
                first.setdefault((kind, pk), wait)
                break
    return first


def _clock(waits: dict[tuple[str, int], Wait], kind: str, pk: int, at: datetime) -> Chip | None:
    wait = waits.get((kind, pk))
    return of_wait(wait, at) if wait is not None else None


def _episode_rows(picture: Picture, waits: dict[tuple[str, int], Wait], at: datetime) -> Iterable[Row]:
    for episode in picture.episodes:
        if episode.holder is None:
            continue
        since = date_words(episode.opened_at, at)
        text = f"Episode since {since}. {_contacts(episode.met, episode.last_met, at)}"
        if episode.outside_words:
            text += (
                f". {episode.outside_words} works with them; {given_name(episode.holder.name)} keeps in touch"
            )
        yield {
            "title": episode.service.name,
            "href": reverse("desk:work", args=["episode", episode.pk]),
            "text": text,
            "strand": STRAND_COLOURS[episode.service.strand],
            "holds": f"{given_name(episode.holder.name)} holds",
            "clock": _clock(waits, "episode", episode.pk, at),
        }


def _contacts(met: int, last: datetime | None, at: datetime) -> str:
    if not met:
        return "No contact yet"
    return f"{met} {'contact' if met == 1 else 'contacts'}, last {date_words(last, at)}"


def _handover_rows(picture: Picture, waits: dict[tuple[str, int], Wait], at: datetime) -> Iterable[Row]:
    for handover in picture.handovers:
        if not handover.is_open:
            continue
        stage = HandoverStage(handover.stage)
        who = given_name(handover.from_user.name)
        receiver = given_name(handover.to_user.name) if handover.to_user else handover.service.name
        begun = {
            HandoverStage.PROPOSED: f"Asked {date_words(handover.proposed_at, at)}",
            HandoverStage.ACCEPTED: f"Handover accepted {date_words(handover.accepted_at, at)}",
            HandoverStage.INTRODUCED: f"Introduced {date_words(handover.introduced_at, at)}",
            HandoverStage.DECLINED: f"Another way proposed {date_words(handover.declined_at, at)}",
            HandoverStage.AT_MEETING: "On the agenda of the interface meeting",
        }[stage]
        until = (
            f"{who} goes on as well"
            if handover.kind == "alongside" and handover.is_open
            else f"{who} holds until {receiver} has met them"
            if stage in {HandoverStage.PROPOSED, HandoverStage.ACCEPTED, HandoverStage.INTRODUCED}
            else f"{who} holds, nothing has changed"
        )
        yield {
            "title": handover.service.name,
            "href": reverse("desk:handover", args=[handover.pk]),
            "text": f"{begun}. {until}",
            "strand": STRAND_COLOURS[handover.service.strand],
            "step": NEXT_STEP[stage],
            "clock": _clock(waits, "handover", handover.pk, at),
        }


def _request_rows(picture: Picture, waits: dict[tuple[str, int], Wait], at: datetime) -> Iterable[Row]:
    for referral in picture.referrals:
        if referral.holder is None:
            continue
        until = referral.paused_until
        yield {
            "title": f"Request {referral.reference}",
            "href": reverse("desk:work", args=["referral", referral.pk]),
            "text": f"{DOORS[referral.door]}, {date_words(referral.received_at, at)}. "
            f"{STAGE_WORDS[ReferralStage(referral.stage)].capitalize()}",
            "strand": "plain",
            "holds": f"{given_name(referral.holder.name)} holds",
            "clock": Chip(f"Paused until {date_words(until, at)}", "paused")
            if until is not None and until > calendar_day(at)
            else _clock(waits, "referral", referral.pk, at),
        }


def _offer_rows(picture: Picture, at: datetime) -> Iterable[Row]:
    """What was offered and is still open: thinking about it, not asked, or a yes that nobody acted on."""
    asked = {row.service.slug for row in picture.handovers if row.is_open}
    taken = {row.service.slug for row in picture.episodes if row.holder_id is not None}
    for referral in picture.referrals:
        if referral.holder is None:
            continue
        for offer in latest_offers(referral.offered):
            if offer["answer"] == "no" or offer["slug"] in asked | taken:
                continue
            said = {
                "thinking": "They are thinking about it",
                "not_asked": "Not asked yet",
                "yes": "They said yes. Nobody has asked the service yet",
            }[offer["answer"]]
            yield {
                "title": offer["service"],
                "href": reverse("desk:service", args=[offer["slug"]]),
                "text": f"Offered {date_words(datetime.fromisoformat(offer['at']), at)}. {said}",
                "strand": STRAND_COLOURS[offer["strand"]],
                "clock": paused(None, "Thinking") if offer["answer"] == "thinking" else None,
            }


def latest_offers(offered: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The offers of the latest decision."""
    newest = max((row["decision"] for row in offered), default=None)
    return [row for row in offered if row["decision"] == newest]


def before_rows(picture: Picture, at: datetime) -> list[Row]:
    """What has ended: service or request, when, and what it came to."""
    ended = [
        (row.ended_at, row.service.name, row.end_state, reverse("desk:work", args=["episode", row.pk]))
        for row in picture.episodes
        if row.ended_at is not None
    ]
    ended += [
        (
            row.ended_at,
            f"Request {row.reference}",
            row.end_state,
            reverse("desk:work", args=["referral", row.pk]),
        )
        for row in picture.referrals
        if row.ended_at is not None
    ]
    return [
        {
            "title": title,
            "href": href,
            "text": f"{END_STATE_WORDS[EndState(state)]}, {date_words(when, at)}",
        }
        for when, title, state, href in sorted(ended, reverse=True)
    ]


# ---- the timeline


def timeline_rows(
    happenings: Iterable[Happening],
    members: Sequence[Member],
    main_id: int | None,
    at: datetime,
    cut: int = CUT,
) -> list[Row]:
    """Newest first. What was said with another adult stays on that adult's page."""
    others = {
        one.person.pk: one.person.called for one in members if one.is_adult and one.person.pk != main_id
    }
    return [_timeline_row(row, others, at, cut) for row in happenings]


def planned_rows(planned: Iterable[Contact], at: datetime) -> list[Row]:
    return [
        {
            "when": f"{date_words(row.happens_at, at)}, planned",
            "title": f"{MODES[row.mode]}, {clock_time(row.happens_at)}",
            "text": f"With {row.by_words}" if row.by_words else "",
            "kind": "planned",
        }
        for row in planned
        if row.happens_at >= at
    ]


def _timeline_row(row: Happening, others: dict[int, str], at: datetime, cut: int) -> Row:
    about = row.about or row.facts.get("person")
    if about in others:
        text = (
            f"What was said is on the page of {others[about]}." if row.words or row.facts.get("lines") else ""
        )
    else:
        text = " ".join(
            part for part in (amended_words(row.facts.get("lines", ())), shortened(row.words, cut)) if part
        )
    when = [date_words(row.at, at)]
    if row.contact_mode:
        when.append(MODES[row.contact_mode].lower())
    if row.contact_minutes:
        when.append(f"{row.contact_minutes} min")
    return {
        "when": ", ".join(when),
        "title": row.headline,
        "text": text,
        "kind": "held" if row.moved_holding else "",
    }


def amended_words(lines: Iterable[dict[str, Any]], *, with_address: bool = False) -> str:
    """Old and new of a correction: `Language: Polish, was not said.`"""
    parts = []
    for line in lines:
        if line["field"] in ADDRESS_FIELDS and not with_address:
            parts.append(f"{line['field']}: changed, kept on their own page.")
        elif line["field"] == "Story":
            parts.append(f"It said: “{shortened(line['old'], CUT)}”")
        else:
            parts.append(f"{line['field']}: {line['new'] or 'taken out'}, was {line['old'] or 'not said'}.")
    return " ".join(parts)


def shortened(text: str, cut: int) -> str:
    return text if len(text) <= cut else text[: cut - 1].rstrip() + "…"
