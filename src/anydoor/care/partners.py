"""The partner's own assessment: who it is due for, and the verbs of offering, agreeing, taking, declining.

It is due for the partner of everybody whose open episode is with a service that counts: specialist level and
mental health strand, open to mothers (a service only for partners is where he may be sent), or named by the
area as a maternity outreach clinic (`outreach` in its schedule file). What a partner says stands on his own
record and is read on his own page: the timeline rows are about him, never about the parent in care.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from anydoor.access.models import User
from anydoor.access.policy import Standing, check
from anydoor.care.models import Episode, Measure, PartnerAssessment
from anydoor.care.models.partner import HOW_OFFERED
from anydoor.care.models.record import seen_by
from anydoor.care.record import Pen, writing
from anydoor.care.schedule.local import every_area
from anydoor.care.scope import work_seen
from anydoor.directory.models import Service
from anydoor.people.models import FamilyMember, Person
from anydoor.rules.errors import BadInput, NotFound, WrongMoment
from anydoor.rules.working_time import london_day

PARTNER_ROLES = ("father", "co_parent", "mother")
NO_SUCH = "There is no such episode, or it is not yours to see."
# In this order on the work list: what waits for somebody first.
STANDS = {
    "due": "Due: not offered yet",
    "unknown": "Nobody has asked who there is",
    "offered": "Offered, waiting for an answer",
    "agreed": "Said yes, still to be taken",
    "taken": "Taken",
    "declined": "Said no to this",
    "no_partner": "There is no partner",
    "not_safe": "Not safe to ask now",
}


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """One partner of somebody in specialist care, or the lack of one, and how it stands."""

    episode: Episode
    partner: FamilyMember | None
    assessment: PartnerAssessment | None

    @property
    def stands(self) -> str:
        if self.assessment is not None:
            return self.assessment.state
        return "due" if self.partner is not None else "unknown"


def services_that_count() -> QuerySet[Service]:
    """The services whose people's partners are offered an assessment of their own."""
    outreach = [slug for schedule in every_area().values() for slug in schedule.outreach]
    return Service.objects.filter(
        Q(strand="pmh", level="specialist", audience__contains=["mother"]) | Q(slug__in=outreach)
    )


def episodes_that_count(who: Standing) -> QuerySet[Episode]:
    """The open episodes with those services, of families `who` works with."""
    return Episode.objects.open().filter(
        work_seen(who, "episode"), seen_by(who, "full"), service__in=services_that_count()
    )


def partner_list(
    who: Standing, *, most: int, after: int = 0, stands: str = ""
) -> tuple[list[PartnerRow], int | None]:
    """Rows of one page, oldest episode first, and the episode the next page begins behind (None at the end).

    Three queries. `stands` keeps only rows that stand so.
    """
    check(who, "see_schedule")
    episodes = list(
        _standing_so(episodes_that_count(who), stands)
        .filter(pk__gt=after)
        .select_related("service", "person", "holder", "family__care")
        .order_by("pk")[: most + 1]
    )
    rows = [row for row in rows_of(episodes[:most]) if not stands or row.stands == stands]
    return rows, episodes[most - 1].pk if len(episodes) > most else None


def _standing_so(episodes: QuerySet[Episode], stands: str) -> QuerySet[Episode]:
    if stands in STANDS and stands not in {"due", "unknown"}:
        return episodes.filter(pk__in=PartnerAssessment.objects.filter(state=stands).values("episode_id"))
    return episodes


def rows_of(episodes: Sequence[Episode]) -> list[PartnerRow]:
    """Each episode with each partner of its family, and what was recorded. Two queries."""
    members: dict[int, list[FamilyMember]] = {}
    for member in (
        FamilyMember.objects.filter(
            family_id__in=[one.family_id for one in episodes],
            left_at__isnull=True,
            role__in=PARTNER_ROLES,
        )
        .select_related("person")
        .order_by("pk")
    ):
        members.setdefault(member.family_id, []).append(member)
    told: dict[tuple[int, int | None], PartnerAssessment] = {
        (row.episode_id, row.partner_id): row
        for row in PartnerAssessment.objects.filter(episode_id__in=[one.pk for one in episodes])
    }
    found = []
    for episode in episodes:
        partners = [
            member for member in members.get(episode.family_id, ()) if member.person_id != episode.person_id
        ]
        if not partners:
            found.append(PartnerRow(episode, None, told.get((episode.pk, None))))
        for member in partners:
            row = told.get((episode.pk, member.person_id)) or told.get((episode.pk, None))
            found.append(PartnerRow(episode, member, row))
    return found


def partner_counts(who: Standing) -> dict[str, int]:
    """How many stand how, over the open episodes `who` may see. Read in blocks, so that memory is bounded."""
    check(who, "see_schedule")
    counts = dict.fromkeys(STANDS, 0)
    last = 0
    while True:
        block = list(episodes_that_count(who).filter(pk__gt=last).order_by("pk")[:2000])
        for row in rows_of(block):
            counts[row.stands] += 1
        if len(block) < 2000:
            return counts
        last = block[-1].pk


def row_for(who: Standing, episode_id: int, partner_id: int | None) -> PartnerRow:
    """One partner of one episode. Raises `NotFound`."""
    episode = (
        episodes_that_count(who)
        .filter(pk=episode_id)
        .select_related("service", "person", "holder", "family__care", "area")
        .first()
    )
    rows = rows_of([episode]) if episode is not None else []
    for row in rows:
        if (row.partner.person_id if row.partner else None) == partner_id:
            return row
    raise NotFound(NO_SUCH)


def measures_of(row: PartnerRow) -> list[Measure]:
    """What the partner himself finished since he agreed: for his own page only."""
    if row.assessment is None or row.assessment.agreed_at is None or row.partner is None:
        return []
    return list(
        Measure.objects.finished()
        .filter(person=row.partner.person, family_id=row.episode.family_id)
        .filter(taken_at__date__gte=london_day(row.assessment.agreed_at))
        .newest_first()[:20]
    )


def signposts(area_slug: str) -> list[Service]:
    """Where a partner of this area can turn: what its schedule file names, and what is only for partners."""
    schedule = every_area().get(area_slug)
    named = list(schedule.for_partners) if schedule is not None else []
    found = Service.objects.filter(
        Q(slug__in=named)
        | (Q(area__slug=area_slug, audience__contains=["father"]) & ~Q(audience__contains=["mother"])),
        state__in=["offered", "pilot"],
    )
    order = {slug: place for place, slug in enumerate(named)}
    return sorted(found, key=lambda one: (order.get(one.slug, len(order)), one.name))[:8]


# ---------------------------------------------------------------- verbs


def offer_partner(
    *, row: PartnerRow, how: str, on: date, words: str = "", by: User, at: datetime, form_key: str = ""
) -> PartnerAssessment:
    """He was told what it is, and asked. `how`: see HOW_OFFERED."""
    if how not in HOW_OFFERED:
        raise BadInput("Choose how it was offered.", field="how")
    _check_day(on, at, "on")
    with writing(row.episode.family_id, by=by, at=at, form_key=form_key) as pen:
        one = _fresh(pen, row)
        if one.state in {"agreed", "taken"}:
            raise WrongMoment("They said yes already. Nothing was changed.")
        one.state, one.how, one.offered_on, one.words = "offered", how, on, words.strip()[:500]
        one.declined_on = None
        return _said(pen, one, "partner_offered", "Offered.", words)


def agree_partner(
    *, row: PartnerRow, words: str, by: User, at: datetime, form_key: str = ""
) -> PartnerAssessment:
    """He said yes, in his own words. From here on an instrument may be taken, on his own record."""
    if not words.strip():
        raise BadInput("Write down what they said, in their words.", field="words")
    with writing(row.episode.family_id, by=by, at=at, form_key=form_key) as pen:
        one = _fresh(pen, row)
        if one.state in {"agreed", "taken"}:
            raise WrongMoment("They said yes already. Nothing was changed.")
        one.state, one.agreed_words, one.agreed_at = "agreed", words.strip()[:500], at
        one.offered_on = one.offered_on or london_day(at)
        one.declined_on = None
        return _said(pen, one, "partner_agreed", "Said yes.", words)


def take_partner(
    *, row: PartnerRow, on: date, signpost: str = "", by: User, at: datetime, form_key: str = ""
) -> PartnerAssessment:
    """It took place. Without his own agreement there is nothing to record."""
    _check_day(on, at, "on")
    with writing(row.episode.family_id, by=by, at=at, form_key=form_key) as pen:
        one = _fresh(pen, row)
        if one.state == "taken":
            raise WrongMoment("This was recorded already. Nothing was changed.")
        if one.agreed_at is None or not one.agreed_words:
            raise WrongMoment("They have not said yes yet. Record their own words first.")
        one.state, one.taken_on, one.signpost_words = "taken", on, signpost.strip()[:500]
        return _said(pen, one, "partner_taken", "It took place.", signpost)


def decline_partner(
    *, row: PartnerRow, words: str = "", signpost: str = "", by: User, at: datetime, form_key: str = ""
) -> PartnerAssessment:
    """He said no, and where he was told he can turn if he thinks again. It can be offered again."""
    if not signpost.strip():
        raise BadInput("Say where you told them they can turn, if they think again.", field="signpost")
    with writing(row.episode.family_id, by=by, at=at, form_key=form_key) as pen:
        one = _fresh(pen, row)
        if one.state in {"declined", "taken"}:
            raise WrongMoment("This was recorded already. Nothing was changed.")
        one.state, one.words, one.signpost_words = "declined", words.strip()[:500], signpost.strip()[:500]
        one.declined_on = london_day(at)
        one.agreed_at, one.agreed_words = None, ""
        return _said(pen, one, "partner_declined", "Said no to this.", words)


def no_partner(
    *, row: PartnerRow, state: str, words: str = "", by: User, at: datetime, form_key: str = ""
) -> PartnerAssessment:
    """There is no partner (`no_partner`), or it is not safe to ask one now (`not_safe`)."""
    if state not in {"no_partner", "not_safe"}:
        raise BadInput("Choose one.", field="state")
    if state == "no_partner" and row.partner is not None:
        raise BadInput("A partner is in this family. Say instead that it is not safe to ask.", field="state")
    with writing(row.episode.family_id, by=by, at=at, form_key=form_key) as pen:
        one = _fresh(pen, row)
        if one.state == state:
            raise WrongMoment("This was recorded already. Nothing was changed.")
        if one.state == "taken":
            raise WrongMoment("An assessment was taken. Nothing was changed.")
        one.state, one.words, one.agreed_at, one.agreed_words = state, words.strip()[:500], None, ""
        said = "There is no partner." if state == "no_partner" else "A partner is not asked now."
        return _said(pen, one, "partner_not_asked", said, words)


def _check_day(on: date, at: datetime, field: str) -> None:
    if on > london_day(at):
        raise BadInput("That day is still to come.", field=field)


def _fresh(pen: Pen, row: PartnerRow) -> PartnerAssessment:
    """What is recorded now, inside the family's lock; a new one when nobody has recorded anything."""
    person: Person | None = row.partner.person if row.partner is not None else None
    found = PartnerAssessment.objects.select_for_update().filter(episode=row.episode, partner=person).first()
    return found or PartnerAssessment(
        episode=row.episode,
        family=pen.family,
        partner=person,
        area_id=row.episode.area_id,
        team_id=row.episode.holder_team_id,
        state="",
    )


def _said(pen: Pen, one: PartnerAssessment, kind: str, said: str, words: str) -> PartnerAssessment:
    """Store it and say so. What was said stands in `words`, which only the page of whom it is about shows.

    That somebody is not safe to ask is about the parent in care: it must never be read on the partner's page.
    """
    assert isinstance(pen.by, User)
    one.recorded_by, one.recorded_at = pen.by, pen.at
    one.version += 1
    one.save()
    is_about_partner = one.partner is not None and kind != "partner_not_asked"
    about = one.partner_id if is_about_partner else one.episode.person_id
    pen.note(
        kind,
        f"{pen.by.name} wrote something down about the partner's own assessment.",
        f"{said} {words.strip()[:500]}".strip(),
        facts={"person": about, "partner_assessment": one.pk},
    )
    return one


def waiting(rows: Iterable[PartnerRow]) -> list[PartnerRow]:
    """Those that somebody still has to do something about."""
    return [row for row in rows if row.stands in {"due", "unknown", "offered", "agreed"}]
