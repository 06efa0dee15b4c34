"""What came of the help: of one episode, and of a service, a team or an area in a period.

`rules.outcomes` decides; this reads what it needs from the rows. An episode of a service is what national
returns call a referral. Two countings stand side by side, each with a date of its own:

- national: ended in the period, with two or more treatment appointments attended;
- local: the second treatment appointment was attended in the period, ended or not.

A treatment appointment is a contact of the episode in which they met or spoke, but for letters and text
conversations, and but for what was said to be an assessment only, a follow-up or something else. What nobody
said anything about is counted, and `Report.unsaid` tells how many those are.

A score belongs to an episode when it was taken in it, or in no episode at all between the request and the end
of the help. Only whole answers count: a score with a missing item is no first and no last score.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet

from anydoor.access import wall
from anydoor.care.models import Contact, Episode, Goal, GoalRating, Measure
from anydoor.rules import working_time
from anydoor.rules.change import Points, Verdict, paired
from anydoor.rules.instruments.registry import PRESENT
from anydoor.rules.instruments.values import DEFAULTS, ValueSet
from anydoor.rules.outcomes import KEYS, Counting, Course, Outcome, Pair, outcome

NO_APPOINTMENT = ("letter", "text")
NOT_TREATMENT = ("assessment", "follow_up", "other")
ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included."""

    first: date
    last: date

    def holds(self, moment: datetime | None) -> bool:
        return moment is not None and self.first <= working_time.london_day(moment) <= self.last

    @property
    def begins(self) -> datetime:
        return working_time.london(self.first, time())

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return working_time.london(self.last + timedelta(days=1), time())


@dataclass(frozen=True, slots=True)
class Score:
    """One whole answer of an instrument, or of a scale where one has no total ("MORS-SF.warmth")."""

    measure: str
    points: Points
    at: datetime
    person_id: int
    episode_id: int | None


@dataclass(frozen=True, slots=True)
class EpisodeOutcome:
    """One episode with its first and last scores, its goals, and what came of it."""

    episode: Episode
    attended: Sequence[datetime]  # treatment appointments, oldest first
    pairs: Mapping[str, Pair]
    goals: Sequence[tuple[int, int]]  # first and last rating of each goal that was rated twice
    outcome: Outcome
    values: ValueSet


@dataclass(slots=True)
class Paired:
    """How the people with two whole answers of one measure have changed, by its own rule."""

    measure: str
    verdicts: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))

    @property
    def people(self) -> int:
        return sum(self.verdicts.values())


@dataclass(slots=True)
class Report:
    """A service, a team or an area in a period. Every number is of episodes, but for contacts in `unsaid`."""

    period: Period
    entered: int = 0  # first treatment appointment in the period
    ended: int = 0
    ended_unseen: int = 0
    ended_once: int = 0
    national: Counting = field(default_factory=Counting)
    local: Counting = field(default_factory=Counting)
    paired: dict[str, Paired] = field(default_factory=dict)
    goals_rated: int = 0
    goals_nearer: int = 0
    goals_reached: int = 0
    contacts: int = 0
    unsaid: int = 0

    def add(self, one: EpisodeOutcome) -> None:
        """Take one episode in, wherever its dates put it."""
        met = one.attended
        self.entered += bool(met) and self.period.holds(met[0])
        ended = self.period.holds(one.episode.ended_at)
        if ended:
            self.ended += 1
            self.ended_unseen += not met
            self.ended_once += len(met) == 1
        completed = ended and one.outcome.completed_course
        second = len(met) >= ENOUGH and self.period.holds(met[ENOUGH - 1])
        if completed:
            self.national.add(one.outcome)
        if second:
            self.local.add(one.outcome)
        if completed or second:
            self._pairs(one)

    def _pairs(self, one: EpisodeOutcome) -> None:
        for measure, pair in one.pairs.items():
            both = pair.both()
            if both is not None:
                row = self.paired.setdefault(measure, Paired(measure))
                row.verdicts[paired(measure, *both, values=one.values).verdict] += 1
        for first, last in one.goals:
            self.goals_rated += 1
            self.goals_nearer += last > first
            self.goals_reached += last == 10


def of_episode(episode: Episode, *, values: ValueSet = DEFAULTS) -> EpisodeOutcome:
    """What came of one episode so far."""
    found = _episodes(Episode.objects.filter(pk=episode.pk), until=None).get()
    return next(_worked_out([found], None, values))


@wall.behind("numbers over everybody, none of whom is shown")
def report(
    services: Iterable[int], period: Period, *, area_id: int | None = None, values: ValueSet = DEFAULTS
) -> Report:
    """What came of the help of these services in a period; of one area only, when it is given.

    Sealed families are in no number.
    """
    rows = Episode.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=period.begins),
        service_id__in=list(services),
        opened_at__lt=period.ends,
        family__care__sealed=False,
    )
    if area_id is not None:
        rows = rows.filter(area_id=area_id)
    episodes = list(_episodes(rows, until=period.ends))
    found = Report(period)
    for one in _worked_out(episodes, period.ends, values):
        found.add(one)
    told = _treatment(Contact.objects.filter(episode__in=[row.pk for row in episodes])).filter(
        happens_at__gte=period.begins, happens_at__lt=period.ends
    )
    counts = told.aggregate(all=Count("pk"), unsaid=Count("pk", filter=Q(purpose="")))
    found.contacts, found.unsaid = counts["all"], counts["unsaid"]
    return found


# ---- reading


def _treatment(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    return contacts.filter(outcome="attended", superseded_by__isnull=True).exclude(
        Q(mode__in=NO_APPOINTMENT) | Q(purpose__in=NOT_TREATMENT)
    )


def _episodes(rows: QuerySet[Episode], until: datetime | None) -> QuerySet[Episode]:
    met = _treatment(Contact.objects.filter(episode=OuterRef("pk")))
    if until is not None:
        met = met.filter(happens_at__lt=until)
    return rows.annotate(
        attended=ArraySubquery(met.order_by("happens_at", "pk").values("happens_at")),
        asked_at=F("referral__received_at"),
    ).order_by("pk")


def _worked_out(
    episodes: Sequence[Episode], until: datetime | None, values: ValueSet
) -> Iterator[EpisodeOutcome]:
    scores = _scores({row.person_id for row in episodes}, until)
    goals = _goals([row.pk for row in episodes], until)
    for episode in episodes:
        pairs = _pairs_of(episode, scores.get(episode.person_id, []))
        attended = episode.attended  # type: ignore[attr-defined]  # annotated in `_episodes`
        ended = episode.ended_at is not None and (until is None or episode.ended_at < until)
        course = Course(
            ended=ended,
            attended=len(attended),
            descriptor=episode.descriptor,
            scores={name: pair for name, pair in pairs.items() if name in KEYS},
        )
        yield EpisodeOutcome(
            episode=episode,
            attended=attended,
            pairs=pairs,
            goals=goals.get(episode.pk, []),
            outcome=outcome(course, values=values),
            values=values,
        )


def _scores(people: Iterable[int], until: datetime | None) -> dict[int, list[Score]]:
    """Every whole answer of these people, oldest first."""
    rows = Measure.objects.finished().filter(person_id__in=list(people))
    if until is not None:
        rows = rows.filter(taken_at__lt=until)
    found: dict[int, list[Score]] = defaultdict(list)
    for row in rows.order_by("taken_at", "pk").values(
        "person_id", "episode_id", "instrument", "taken_at", "result__total", "result__subscales"
    ):
        for measure, points in whole_scores(
            row["instrument"], row["result__total"], row["result__subscales"]
        ).items():
            found[row["person_id"]].append(
                Score(measure, points, row["taken_at"], row["person_id"], row["episode_id"])
            )
    return found


def whole_scores(
    instrument: str, total: Points | None, subscales: Mapping[str, Points | None] | None
) -> dict[str, Points]:
    """The scores of one answer by the name of what is compared; none where it has no total."""
    if total is not None:
        return {instrument: total}
    known = PRESENT.get(instrument)
    if known is None or known.has_total:
        return {}
    return {
        f"{instrument}.{name}": points for name, points in (subscales or {}).items() if points is not None
    }


def _pairs_of(episode: Episode, scores: Iterable[Score]) -> dict[str, Pair]:
    begins = episode.asked_at or episode.opened_at  # type: ignore[attr-defined]  # annotated in `_episodes`
    mine: dict[str, list[Score]] = defaultdict(list)
    for score in scores:
        loose = score.episode_id is None and begins <= score.at
        in_time = episode.ended_at is None or score.at <= episode.ended_at
        if score.episode_id == episode.pk or (loose and in_time):
            mine[score.measure].append(score)
    return {
        measure: Pair(first=found[0].points, last=found[-1].points if len(found) > 1 else None)
        for measure, found in mine.items()
    }


def _goals(episodes: Iterable[int], until: datetime | None) -> dict[int, list[tuple[int, int]]]:
    rows = GoalRating.objects.filter(goal__in=Goal.objects.filter(episode_id__in=list(episodes)))
    if until is not None:
        rows = rows.filter(rated_at__lt=until)
    ratings: dict[tuple[int, int], list[int]] = defaultdict(list)
    for episode_id, goal_id, rating in rows.order_by("rated_at", "pk").values_list(
        "goal__episode_id", "goal_id", "rating"
    ):
        ratings[episode_id or 0, goal_id].append(rating)
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (episode_id, _), given in ratings.items():
        if len(given) > 1:
            found[episode_id].append((given[0], given[-1]))
    return found
