"""Asking for one's own record: opened, looked through entry by entry, sent or closed. What was sent stays."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from anydoor.access import audit, wall
from anydoor.access.models import User
from anydoor.access.policy import Standing
from anydoor.care.models import AccessChoice, AccessRequest, FamilyCare, Wait
from anydoor.care.models.rights import ASKED_AS, CHOICES, REASONS_OUT
from anydoor.care.record import Pen, first_name, writing
from anydoor.care.rights import governors
from anydoor.care.rights.entries import SECTIONS, Entry, entries_of
from anydoor.care.rights.holds import FOR, governed_by
from anydoor.people.models import ADULT_ROLES, FamilyMember, Person
from anydoor.rules import working_time
from anydoor.rules.errors import BadInput, NotFound, WrongMoment
from anydoor.rules.retention import month_later

LEFT_OUT = "[left out]"
MOST_MONTHS_MORE = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One entry with what was decided about it: `stands` is in, part, out or look (still to decide)."""

    entry: Entry
    stands: str
    choice: AccessChoice | None
    lines: tuple[tuple[str, str], ...]

    @property
    def reason(self) -> str:
        """Why it, or a part of it, is left out, in words."""
        code = self.choice.reason if self.choice else self.entry.reason
        return REASONS_OUT.get(code, "") if self.stands in {"out", "part"} else ""


def open_request(
    *,
    person_id: int,
    family_id: int,
    asked_by: str,
    asked_as: str,
    proof: str,
    asked_on: date,
    words: str = "",
    authority: str = "",
    by: User,
    at: datetime,
) -> AccessRequest:
    """Begin to answer one person. Due one calendar month after they asked.

    A parent asks for a child's record, never for the other parent's: an adult's goes to that adult, or to
    somebody they chose in writing.
    """
    member = (
        FamilyMember.objects.filter(family=family_id, person=person_id)
        .select_related("person")
        .order_by("-pk")
    ).first()
    if member is None:
        raise BadInput("Choose whose record it is.", field="person")
    today = working_time.london_day(at)
    _check(member, asked_by, asked_as, proof, authority, asked_on, today)
    with writing(family_id, by=by, at=at) as pen:
        if AccessRequest.objects.filter(person=person_id, state="open").exists():
            raise WrongMoment("A request for this person's record is open already.")
        row = AccessRequest.objects.create(
            family_id=family_id, person_id=person_id, asked_by=asked_by.strip()[:200], asked_as=asked_as,
            authority=authority.strip()[:500], proof=proof.strip()[:300], words=words.strip()[:1000],
            asked_on=asked_on, due_on=month_later(asked_on), opened_by=by, opened_at=at,
            wait=_clock(pen, member.person, month_later(asked_on)),
        )  # fmt: skip
        _note("access_asked", row, by, at)
        return row


def _clock(pen: Pen, person: Person, due_on: date) -> Wait:
    care = FamilyCare.objects.select_related("area__front_door__lead", "lead").get(family=pen.family)
    day = f"{due_on.day} {due_on:%B}"
    return governors.wait_for_answer(
        "own_record", pen.family, care, due_on=due_on, at=pen.at,
        why=f"{first_name(person.called)} asked for their own record. The law wants it given by {day}.",
    )  # fmt: skip


def _close_clock(row: AccessRequest, by: User, at: datetime) -> None:
    Wait.objects.filter(pk=row.wait_id or 0, done_at__isnull=True).update(
        done_at=at, done_by=by.name, done_words=row.get_state_display()
    )


def _check(
    member: FamilyMember,
    asked_by: str,
    asked_as: str,
    proof: str,
    authority: str,
    asked_on: date,
    today: date,
) -> None:
    if not asked_by.strip():
        raise BadInput("Say who asks.", field="asked_by")
    if asked_as not in ASKED_AS:
        raise BadInput("Choose in what right they ask.", field="asked_as")
    if asked_as == "parent" and member.role in ADULT_ROLES:
        raise BadInput(
            "A parent may ask for a child's record. An adult's goes to that adult, or to somebody they chose "
            "in writing.",
            field="asked_as",
        )
    if asked_as == "authority" and not authority.strip():
        raise BadInput("Say what they showed: who signed it, and when.", field="authority")
    if not proof.strip():
        raise BadInput("Say how you know that it is them.", field="proof")
    if asked_on > today or (today - asked_on).days > 366:
        raise BadInput("Give the day they asked: today or a day of the last year.", field="asked_on")


def more_time(*, request_id: int, months: int, why: str, by: User, at: datetime) -> AccessRequest:
    """One or two months more, once, with the reason that the person was told."""
    if months not in {1, MOST_MONTHS_MORE}:
        raise BadInput("One or two months more can be taken.", field="months")
    if not why.strip():
        raise BadInput("Say why it takes longer, as you told them.", field="why")
    with writing(_family_of(request_id), by=by, at=at):
        row = _open(request_id)
        if row.longer_why:
            raise WrongMoment("More time was taken once already.")
        row.due_on, row.longer_why = month_later(row.asked_on, 1 + months), why.strip()[:500]
        row.save(update_fields=["due_on", "longer_why"])
        Wait.objects.filter(pk=row.wait_id or 0).update(
            due_at=governors.asked_about_at(row.due_on, at), nudged_at=None, escalated_at=None
        )
        _note("access_longer", row, by, at)
        return row


def families_of(row: AccessRequest, who: Standing) -> list[int]:
    """The families whose record about this person is read: those this lead answers for."""
    rows = FamilyMember.objects.filter(person=row.person_id, family__in=governed_by(who).values("pk"))
    return sorted(set(rows.values_list("family_id", flat=True)))


def bundle(row: AccessRequest, who: Standing) -> list[Line]:
    """The record as it stands now, with what was decided about each entry."""
    choices = {one.key: one for one in AccessChoice.objects.filter(request=row).select_related("by")}
    person = Person.objects.get(pk=row.person_id)
    return [_line(one, choices.get(one.key)) for one in entries_of(person, families_of(row, who))]


def _line(entry: Entry, choice: AccessChoice | None) -> Line:
    if choice is not None and choice.of != entry.digest:
        # The words changed since; they are looked at again.
        return Line(entry, "look", None, entry.lines)
    stands = choice.choice if choice else entry.first
    if stands == "part" and choice is not None:
        lines = tuple((label, _without(text, choice.passages)) for label, text in entry.lines)
        return Line(entry, stands, choice, lines)
    return Line(entry, stands, choice, () if stands == "out" else entry.lines)


def _without(text: str, passages: Sequence[str]) -> str:
    for one in sorted(passages, key=len, reverse=True):
        text = text.replace(one, LEFT_OUT)
    return text


def choose(
    *,
    request_id: int,
    who: Standing,
    key: str,
    of: str,
    choice: str,
    reason: str = "",
    words: str = "",
    passages: Sequence[str] = (),
    by: User,
    at: datetime,
) -> AccessChoice:
    """Decide about one entry: give it, give it without some passages, or leave it out with a reason.

    `of` is the digest of the entry as it was shown. What somebody else told is given only with words that
    say why it may be.
    """
    if choice not in CHOICES:
        raise BadInput("Choose what becomes of it.", field="choice")
    with wall.working():
        row = _open(request_id)
        entry = next((one.entry for one in bundle(row, who) if one.entry.key == key), None)
        if entry is None:
            raise NotFound("There is no such page, or it is not yours to see.")
        if entry.digest != of:
            raise WrongMoment("This entry changed after you opened it. Read it again, then decide.")
        kept = [one.strip() for one in passages if one.strip()] if choice == "part" else []
        if choice == "in":
            reason = ""
            if entry.first == "out" and not words.strip():
                raise BadInput(
                    "Say why it may be given: who was asked, or why nobody had to be.", field="words"
                )
        else:
            if reason not in REASONS_OUT:
                raise BadInput("Choose why it is left out.", field="reason")
            if not words.strip():
                raise BadInput("Say in a sentence why it is left out.", field="words")
        if choice == "part":
            _check_passages(entry, kept)
        decided, _ = AccessChoice.objects.update_or_create(
            request=row,
            key=key,
            defaults={
                "of": of, "choice": choice, "reason": reason, "words": words.strip()[:500], "passages": kept,
                "by": by, "at": at,
            },
        )  # fmt: skip
        return decided


def _check_passages(entry: Entry, passages: Sequence[str]) -> None:
    if not passages:
        raise BadInput("Copy the passages to leave out, one on each line.", field="passages")
    said = [text for _, text in entry.lines]
    for one in passages:
        if not any(one in text for text in said):
            raise BadInput(
                f"The entry does not say “{one[:60]}”. Copy the passage exactly.", field="passages"
            )


def send(*, request_id: int, who: Standing, how: str, by: User, at: datetime) -> AccessRequest:
    """Give the record out. Refused while anything is still to be looked at. Kept as it was given."""
    if not how.strip():
        raise BadInput("Say how it was given to them.", field="how")
    with writing(_family_of(request_id), by=by, at=at):
        row = _open(request_id)
        lines = bundle(row, who)
        left = sum(one.stands == "look" for one in lines)
        if left:
            raise WrongMoment(f"{left} {'entry is' if left == 1 else 'entries are'} still to be looked at.")
        row.sent = [_as_given(one) for one in lines]
        row.digest = digest_of(row.sent)
        row.state, row.closed_at, row.closed_by = "sent", at, by
        row.closed_words = how.strip()[:500]
        row.save()
        _close_clock(row, by, at)
        _note("access_sent", row, by, at, f"digest {row.digest[:16]}")
        return row


def _as_given(one: Line) -> dict[str, Any]:
    moment = one.entry.at
    whole = one.stands == "out"
    return {
        "section": one.entry.section,
        "at": moment.isoformat() if moment else "",
        "heading": "An entry" if whole else one.entry.heading,
        "lines": [list(pair) for pair in one.lines],
        "left_out": one.reason,
    }


def digest_of(sent: Sequence[dict[str, Any]]) -> str:
    """SHA-256 of what was given."""
    return hashlib.sha256(json.dumps(sent, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def by_section(sent: Sequence[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """What is given, by section, without the empty ones."""
    found = [(name, [one for one in sent if one["section"] == name]) for name in SECTIONS]
    return [(name, rows) for name, rows in found if rows]


def preview(row: AccessRequest, who: Standing) -> list[dict[str, Any]]:
    """What would be given now; what is still to be looked at is not in it."""
    return [_as_given(one) for one in bundle(row, who) if one.stands != "look"]


def close(*, request_id: int, words: str, by: User, at: datetime) -> AccessRequest:
    """Close without an answer: they took it back, or it could not be shown that it was them."""
    if not words.strip():
        raise BadInput("Say why it is closed.", field="words")
    with writing(_family_of(request_id), by=by, at=at):
        row = _open(request_id)
        row.state, row.closed_at, row.closed_by, row.closed_words = "closed", at, by, words.strip()[:500]
        row.save()
        _close_clock(row, by, at)
        _note("access_closed", row, by, at)
        return row


def _family_of(request_id: int) -> int:
    found = AccessRequest.objects.filter(pk=request_id).values_list("family_id", flat=True).first()
    if found is None:
        raise NotFound("There is no such page, or it is not yours to see.")
    return found


def _open(request_id: int) -> AccessRequest:
    row = (
        AccessRequest.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=request_id)
        .first()
    )
    if row is None:
        raise NotFound("There is no such page, or it is not yours to see.")
    if row.state != "open":
        raise WrongMoment("This was answered or closed already. Nothing was changed.")
    return row


def _note(action: str, row: AccessRequest, by: User, at: datetime, why: str = "") -> None:
    audit.record(
        action=action, subject="access_request", subject_id=row.pk, family_id=row.family_id, by=by, at=at,
        purpose=FOR, why=why,
    )  # fmt: skip
