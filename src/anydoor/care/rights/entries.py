"""One person's own record, entry by entry: what it says, and what must be looked at before it is given.

The record is per person. What another parent told, their contact points, their measures and their contacts
are never read here. What stands in this person's own rows and may tell of somebody else is marked for a
person to look at; what somebody else told about them is out until a person decides to give it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q

from anydoor.access.models import AuditEntry
from anydoor.care.measures.reading import result_in_words
from anydoor.care.models import (
    Contact,
    Decision,
    Episode,
    Goal,
    Handover,
    Measure,
    Objection,
    PartnerAssessment,
    Referral,
    ScheduledContact,
    Seal,
    Story,
)
from anydoor.care.models.episode import MODES, OUTCOMES
from anydoor.care.models.partner import STATES_OF_PARTNER
from anydoor.care.models.referral import DOORS
from anydoor.care.models.rights import STATES_OF_OBJECTION
from anydoor.care.models.schedule import PROVIDERS, STATES_OF_SCHEDULED
from anydoor.care.picture import happenings_of
from anydoor.care.what_changed import of_person
from anydoor.messages.models import STATES as STATES_OF_MESSAGE
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import (
    ADDRESS_KINDS,
    LOSS_KINDS,
    SAFE,
    YES_NO_ASKED,
    Consent,
    ContactPoint,
    Instruction,
    Person,
    SharedWithout,
)
from anydoor.rules import identifiers
from anydoor.rules.profile import NEED_WORDS
from anydoor.rules.sharing import AUTHORITIES, SLICES

SECTIONS = (
    "Facts about you",
    "Ways to reach you",
    "What everybody is asked to keep to",
    "What was told",
    "Requests for support",
    "What was decided and offered",
    "Services asked and working with you",
    "Contacts",
    "Questions about how you feel",
    "Your goals",
    "Routine contacts",
    "What you said about sharing",
    "Messages sent to you",
    "What happened",
    "Who looked",
)
OTHERS = "It may tell of somebody else."
TOLD_BY_OTHERS = "Somebody else told this."
WHOSE = "It does not say whom it is about."


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of somebody's record. `first`: what becomes of it until a person decides: in, look or out.

    `lines` are (label, text). `why` says what there is to look at; `reason` is the code it is left out by.
    """

    key: str
    section: str
    heading: str
    lines: tuple[tuple[str, str], ...]
    at: datetime | date | None = None
    first: str = "in"
    why: str = ""
    reason: str = ""

    @property
    def digest(self) -> str:
        """Changes with what the entry says, so that a decision about older words does not count."""
        plain = json.dumps([self.key, self.heading, self.lines], ensure_ascii=False)
        return hashlib.sha256(plain.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Others:
    """What would tell of somebody else of the families: words of their names, their numbers and addresses."""

    words: frozenset[str]
    marks: tuple[str, ...]

    def named_in(self, text: str) -> bool:
        """Whether a text names one of them."""
        if self.words & set(identifiers.name_keys(text)):
            return True
        folded = text.casefold()
        digits = "".join(mark for mark in text if mark.isdigit())
        return any(mark in (digits if mark.isdigit() else folded) for mark in self.marks)


def entries_of(person: Person, families: Iterable[int]) -> list[Entry]:
    """A person's record in these families, in the order of `SECTIONS`."""
    ids = list(families)
    others = others_of(person, ids)
    found = [
        *_facts(person), *_said_before(person),
        *_ways(person), *_instructions(person), *_told(person, ids, others),
        *_requests(person, ids), *_decisions(person, ids), *_services(person, ids), *_contacts(person, ids),
        *_measures(person, ids), *_goals(person, ids), *_routine(person, ids), *_sharing(person, ids),
        *_messages(person, ids), *_happened(person, ids), *_seals(ids), *_looks(person, ids),
    ]  # fmt: skip
    return [_looked_over(one, others) for one in found if any(text for _, text in one.lines)]


def others_of(person: Person, families: Iterable[int]) -> Others:
    """Everybody else who ever was in these families."""
    people = list(
        Person.objects.filter(memberships__family__in=list(families)).exclude(pk=person.pk).distinct()
    )
    mine = set(identifiers.name_keys(f"{person.name} {person.known_as}"))
    words: set[str] = set()
    marks: list[str] = []
    for one in people:
        words |= {key for key in identifiers.name_keys(f"{one.name} {one.known_as}") if len(key) > 2}
        marks += [mark for mark in (one.nhs_number or "", one.address.casefold()) if len(mark) > 5]
    own = set(person.contact_points.values_list("value", flat=True))
    for value in ContactPoint.objects.filter(person__in=people).values_list("value", flat=True):
        if value not in own:
            digits = "".join(mark for mark in value if mark.isdigit())
            marks.append(value.casefold() if "@" in value else digits[-9:])
    return Others(frozenset(words - mine), tuple(mark for mark in marks if mark))


def _looked_over(one: Entry, others: Others) -> Entry:
    if (
        one.first == "in"
        and one.section != "Who looked"
        and others.named_in(" ".join([one.heading, *(text for _, text in one.lines)]))
    ):
        return replace(one, first="look", why=OTHERS, reason="third_party")
    return one


def _lines(*pairs: tuple[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((label, _words(value)) for label, value in pairs if value not in (None, "", [], ()))


def _words(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return f"{value:%d %B %Y}".lstrip("0")
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


# ---- facts


def _facts(person: Person) -> Iterator[Entry]:
    yield Entry(
        f"person:{person.pk}",
        SECTIONS[0],
        "Facts",
        _lines(
            ("Name", person.name), ("Likes to be called", person.known_as), ("NHS number", person.nhs_number),
            ("Born", person.born_on), ("Due", person.due_on), ("Lost", person.lost_on),
            ("Loss", LOSS_KINDS.get(person.loss_kind)), ("Language", person.language),
            ("Interpreter", YES_NO_ASKED.get(person.interpreter)),
            ("Care leaver", YES_NO_ASKED.get(person.care_leaver)), ("GP practice", person.gp_practice),
            ("Home", ADDRESS_KINDS.get(person.address_kind)), ("Address", person.address),
            ("Postcode", person.postcode),
        ),
    )  # fmt: skip
    for row in Objection.objects.filter(person=person):
        lines = _lines(
            ("About", row.about), ("You said", row.words), ("You believe is right", row.should_be),
            ("Became", STATES_OF_OBJECTION.get(row.state)), ("Our answer", row.answer),
        )  # fmt: skip
        yield Entry(f"objection:{row.pk}", SECTIONS[0], "You said this is not right", lines, row.at)


def _said_before(person: Person) -> Iterator[Entry]:
    """What of this was something else before, by whom and why it was changed."""
    for line in of_person(person.pk):
        changes = [
            (one.label, f"{one.before or 'Nothing'}, then {one.after or 'nothing'}") for one in line.fields
        ]
        yield Entry(
            f"before:{line.number}", SECTIONS[0], "What it said before",
            _lines(*changes, ("Because", line.why), ("By", line.by)), line.at,
        )  # fmt: skip


def _ways(person: Person) -> Iterator[Entry]:
    for row in ContactPoint.objects.filter(person=person):
        lines = _lines(
            ("Number or address", row.typed), ("Safe to use", SAFE.get(row.safe)), ("For", row.uses),
            ("When", row.hours), ("Not used since", row.ended_at),
        )  # fmt: skip
        yield Entry(f"way:{row.pk}", SECTIONS[1], "A way to reach you", lines, row.added_at)


def _instructions(person: Person) -> Iterator[Entry]:
    for row in Instruction.objects.filter(person=person):
        lines = _lines(("Instruction", row.words), ("Said by", row.said_by), ("Ended", row.ended_at))
        own = row.said_by.strip().casefold() in {person.name.casefold(), person.called.casefold()}
        entry = Entry(f"instruction:{row.pk}", SECTIONS[2], "Instruction", lines, row.at)
        yield (
            entry
            if own or row.kind == "need"
            else replace(entry, first="look", why="It keeps somebody safe.", reason="serious_harm")
        )


def _told(person: Person, families: list[int], others: Others) -> Iterator[Entry]:
    rows = Story.objects.filter(person=person, family__in=families)
    for row in rows.order_by("at", "pk"):
        lines = _lines(("Words", row.words), ("Told by", row.told_by), ("How", row.how))
        entry = Entry(f"story:{row.pk}", SECTIONS[3], "What was told", lines, row.at)
        if others.named_in(row.told_by):
            yield replace(entry, first="out", why=TOLD_BY_OTHERS, reason="third_party")
        elif row.kind == "referrer":
            yield replace(entry, first="look", why=TOLD_BY_OTHERS, reason="confidential")
        else:
            yield entry


# ---- help


def _requests(person: Person, families: list[int]) -> Iterator[Entry]:
    for row in Referral.objects.filter(person=person, family__in=families).order_by("received_at"):
        lines = _lines(
            ("Reference", row.reference), ("Came by", DOORS.get(row.door)),
            ("Needs", [NEED_WORDS.get(one, one) for one in row.needs]),
            ("Asked for", row.asks_for), ("Agreed to", row.agreed_words),
            ("Words of danger", row.danger_words),
            ("Who asked", row.referrer_name), ("From", row.referrer_organisation), ("Ended", row.ended_at),
        )  # fmt: skip
        yield Entry(f"referral:{row.pk}", SECTIONS[4], "A request for support", lines, row.received_at)


def _decisions(person: Person, families: list[int]) -> Iterator[Entry]:
    rows = Decision.objects.filter(referral__person=person, referral__family__in=families)
    for row in rows.select_related("by").prefetch_related("offers__service").order_by("at"):
        offered = [f"{one.service.name}: you said {one.answer.replace('_', ' ')}" for one in row.offers.all()]
        lines = _lines(
            ("Words", row.words), ("Why", row.level_why), ("Offered", offered), ("Decided by", row.by.name)
        )
        yield Entry(f"decision:{row.pk}", SECTIONS[5], "What could help", lines, row.at)


def _services(person: Person, families: list[int]) -> Iterator[Entry]:
    for row in (
        Handover.objects.filter(person=person, family__in=families)
        .select_related("service", "from_user")
        .order_by("proposed_at")
    ):
        lines = _lines(
            ("Service", row.service.name), ("What was said of you", row.words),
            ("You agreed", row.agreed_words), ("Why without asking", row.sharing_reason),
            ("Asked by", row.from_user.name),
            ("Accepted", row.accepted_at), ("Another way proposed", row.decline_words),
        )  # fmt: skip
        yield Entry(f"handover:{row.pk}", SECTIONS[6], "A service was asked", lines, row.proposed_at)
    episodes = Episode.objects.filter(person=person, family__in=families).select_related("service")
    for work in episodes.order_by("opened_at"):
        lines = _lines(("Service", work.service.name), ("Ended", work.ended_at), ("How", work.end_words))
        yield Entry(f"episode:{work.pk}", SECTIONS[6], "A service worked with you", lines, work.opened_at)
    for part in PartnerAssessment.objects.filter(partner=person, family__in=families):
        lines = _lines(
            ("Offered", part.offered_on), ("Became", STATES_OF_PARTNER.get(part.state)),
            ("You agreed", part.agreed_words), ("Words", part.words),
            ("Told where to turn", part.signpost_words),
        )  # fmt: skip
        yield Entry(f"partner:{part.pk}", SECTIONS[6], "An assessment of your own", lines, part.recorded_at)


def _contacts(person: Person, families: list[int]) -> Iterator[Entry]:
    rows = Contact.objects.filter(Q(person=person) | Q(person__isnull=True), family__in=families)
    for row in rows.filter(superseded_by__isnull=True).order_by("happens_at"):
        lines = _lines(
            ("How", MODES.get(row.mode)), ("What became of it", OUTCOMES.get(row.outcome)),
            ("Place", row.place),
            ("Written down", row.words), ("By", row.by_words),
        )  # fmt: skip
        entry = Entry(f"contact:{row.pk}", SECTIONS[7], "A contact", lines, row.happens_at)
        mine = row.person_id is not None
        yield entry if mine else replace(entry, first="look", why=WHOSE, reason="third_party")


def _measures(person: Person, families: list[int]) -> Iterator[Entry]:
    rows = Measure.objects.filter(person=person, family__in=families).prefetch_related("alerts")
    for row in rows.order_by("taken_at"):
        answers = [f"{item}: {value}" for item, value in row.answers.items()]
        said = [f"{item}: {words}" for item, words in row.words.items()]
        done = [one.action_words for one in row.alerts.all() if one.action_words]
        lines = _lines(
            ("Questions", row.instrument), ("Answers by question", answers), ("In your words", said),
            ("Result", result_in_words(row) if row.result else ""), ("What we did", done),
            ("Taken back", row.withdrawn_why),
        )  # fmt: skip
        yield Entry(f"measure:{row.pk}", SECTIONS[8], row.instrument, lines, row.taken_at)


def _goals(person: Person, families: list[int]) -> Iterator[Entry]:
    rows = Goal.objects.filter(person=person, family__in=families).prefetch_related("ratings")
    for row in rows.order_by("set_at"):
        near = [f"{one.rating} of 10 on {_words(one.rated_at)}. {one.words}" for one in row.ratings.all()]
        lines = _lines(("Goal", row.words), ("How near", near), ("Ended", row.ended_why))
        yield Entry(f"goal:{row.pk}", SECTIONS[9], "A goal", lines, row.set_at)


def _routine(person: Person, families: list[int]) -> Iterator[Entry]:
    rows = ScheduledContact.objects.filter(child=person, family__in=families).order_by("opens_on", "pk")
    for row in rows:
        lines = _lines(
            ("Contact", row.key), ("With", PROVIDERS.get(row.provider)), ("Done", row.done_on),
            ("State", STATES_OF_SCHEDULED.get(row.state)), ("Words", row.done_words),
            ("By", row.done_by_words),
            ("Why not", row.why_words), ("What followed", row.action_words),
        )  # fmt: skip
        entry = Entry(f"routine:{row.pk}", SECTIONS[10], "A routine contact", lines, row.opens_on)
        # What was asked of a parent at a child's contact is the parent's.
        yield (
            replace(entry, first="look", why=OTHERS, reason="third_party")
            if row.asked or row.action
            else entry
        )


# ---- sharing, messages, the timeline, looks


def _sharing(person: Person, families: list[int]) -> Iterator[Entry]:
    for row in Consent.objects.filter(person=person, family__in=families).order_by("at"):
        lines = _lines(
            ("With", row.to_words), ("Word", row.state.replace("_", " ")),
            ("What", [SLICES.get(one, one) for one in row.slices]), ("In these words", row.words),
            ("Given by", row.given_by), ("Judged", row.judged_words), ("Ended", row.ended_words),
        )  # fmt: skip
        yield Entry(f"consent:{row.pk}", SECTIONS[11], "Sharing", lines, row.at)
    for unasked in SharedWithout.objects.filter(person=person, family__in=families).order_by("at"):
        lines = _lines(
            ("With", unasked.to_words), ("On what authority", AUTHORITIES.get(unasked.authority)),
            ("Why", unasked.reason), ("Decided with", unasked.decided_with),
        )  # fmt: skip
        yield Entry(
            f"unasked:{unasked.pk}", SECTIONS[11], "Shared without asking", lines, unasked.at, "look",
            "It keeps somebody safe.", "serious_harm",
        )  # fmt: skip


def _messages(person: Person, families: list[int]) -> Iterator[Entry]:
    rows = OutboxMessage.objects.filter(person=person, family__in=families).exclude(channel="staff")
    for row in rows.order_by("created_at"):
        lines = _lines(
            ("To", row.address), ("Subject", row.subject), ("Words", _without_keys(row)),
            ("Became", STATES_OF_MESSAGE.get(row.state)), ("Why", row.reason),
        )  # fmt: skip
        yield Entry(f"message:{row.pk}", SECTIONS[12], "A message", lines, row.created_at)


KEYS = re.compile(r"(/(?:mine/link|q)/)\S+")


def _without_keys(row: OutboxMessage) -> str:
    """The words of a message without what opens a page: a bundle on paper is no key."""
    text = KEYS.sub(r"\1(a link)", row.body)
    return re.sub(r"\b\d{6}\b", "(six numbers)", text) if row.template == "own_code" else text


def _happened(person: Person, families: list[int]) -> Iterator[Entry]:
    for family_id in families:
        for row in happenings_of(family_id):
            named = row.facts.get("person") or row.facts.get("baby")
            about = row.about or named  # type: ignore[attr-defined]  # annotated in `happenings_of`
            if about is not None and about != person.pk:
                continue
            changed = [
                f"{line.get('field')}: {line.get('old') or 'nothing'}, now {line.get('new') or 'nothing'}"
                for line in row.facts.get("lines", [])
            ]
            lines = _lines(
                ("What", row.headline), ("Words", row.words), ("Changed", changed), ("By", row.by_words)
            )
            entry = Entry(f"happening:{row.pk}", SECTIONS[13], "It happened", lines, row.at)
            yield entry if about else replace(entry, first="look", why=WHOSE, reason="third_party")


def _seals(families: list[int]) -> Iterator[Entry]:
    for row in Seal.objects.filter(family__in=families).order_by("at"):
        yield Entry(
            f"seal:{row.pk}", SECTIONS[13], "The record was closed to all but named people",
            _lines(("Why", row.words)), row.at, "out", "It keeps somebody safe.", "serious_harm",
        )  # fmt: skip


def _looks(person: Person, families: list[int]) -> Iterator[Entry]:
    """Who looked, by person and day: what a look was at stands in the audit, not here."""
    own = Q(subject="person", subject_id=person.pk) | ~Q(subject="person")
    rows = AuditEntry.objects.filter(own, family_id__in=families, action__startswith="see_", allowed=True)
    days: dict[tuple[str, date], int] = {}
    for actor, at in rows.order_by("at").values_list("actor", "at"):
        key = (actor, at.date())
        days[key] = days.get(key, 0) + 1
    if not days:
        return
    lines = tuple((_words(day), f"{actor}, {count} {'look' if count == 1 else 'looks'}")
                  for (actor, day), count in days.items())  # fmt: skip
    yield Entry("looks", SECTIONS[14], "Who looked at the record", lines)
