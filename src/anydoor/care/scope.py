"""What somebody may see of families: the scoped doors to rows, and the facts the policy asks for.

A page never queries people or families by itself. It comes through here, and a family that somebody may
not see looks exactly like one that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from anydoor.access import audit, rows, wall
from anydoor.access.models import User
from anydoor.access.policy import Facts, Standing, check, may, personal_of
from anydoor.access.purposes import EMERGENCY
from anydoor.care.models import Episode, FamilyCare, Handover, Holding, Referral, Sight, Wait
from anydoor.care.models.episode import EpisodeQuerySet
from anydoor.care.models.record import seen_by, shown_to
from anydoor.care.models.referral import ReferralQuerySet
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import FamilyMember, NameKey, Person
from anydoor.rules import identifiers
from anydoor.rules.errors import BadInput, NotFound, Refused

# The person because of whom something waits; 0 when it is nobody in particular.
WAITS_ABOUT = Coalesce(
    F("alert__person_id"), F("contact__person_id"), F("handover__person_id"), F("episode__person_id"),
    F("referral__person_id"), Value(0),
)  # fmt: skip
NO_SUCH = "There is no such page, or it is not yours to see."


def not_seen(action: str, subject: str, key: int) -> NotFound:
    """The one answer for what is not theirs and for what is not there. What was asked for goes with it, for
    the audit; by which rule it is not theirs, `refusals` finds out once the answer is settled."""
    return NotFound(NO_SUCH, of=Refused(action, subject=subject, subject_id=key))


def family_for(who: Standing, family_id: int) -> FamilyCare:
    """The family, if somebody in `who`'s teams works with it or is asked to. Raises `NotFound`."""
    found = (
        FamilyCare.objects.for_user(who)
        .select_related("family", "area__front_door", "lead", "lead_team")
        .filter(pk=family_id)
        .annotate(title_here=_called(who, "title"), with_here=_called(who, "with_words"))
        .first()
    )
    if found is None:
        raise not_seen("see_family", "family", family_id)
    here: str | None = found.title_here  # type: ignore[attr-defined]  # annotated
    if here and family_id not in who.sees_alone("full"):
        # A team that works with one person of a family may not know the other.
        found.title, found.with_words = here, found.with_here or ""  # type: ignore[attr-defined]  # annotated
    return found


def _called(who: Standing, column: str) -> Subquery:
    """What `who` may call a family: nothing where one of their teams knows everybody in it."""
    mine = Sight.objects.filter(
        family=OuterRef("pk"), team_id__in=who.family_team_ids, level__in=["full", "own"]
    )
    return Subquery(mine.order_by("title", "with_words").values(column)[:1])


def referral_for(who: Standing, referral_id: int) -> Referral:
    """The referral, if its family may be seen in full, or it is own work. Raises `NotFound`."""
    found = (
        Referral.objects.filter(pk=referral_id)
        .filter(work_seen(who, "referral"))
        .select_related("area__front_door", "holder", "holder_team", "person", "family")
        .first()
    )
    if found is None:
        raise not_seen("see_own_work", "referral", referral_id)
    return found


def episode_for(who: Standing, episode_id: int) -> Episode:
    """The episode, if its family may be seen in full, or it is own work. Raises `NotFound`."""
    found = (
        Episode.objects.filter(pk=episode_id)
        .filter(work_seen(who, "episode"))
        .select_related("area__front_door", "holder", "holder_team", "person", "service", "family")
        .first()
    )
    if found is None:
        raise not_seen("see_own_work", "episode", episode_id)
    return found


def referrals_for(who: Standing, family_id: int) -> ReferralQuerySet:
    """The requests of one family that `who` may see."""
    return Referral.objects.filter(work_seen(who, "referral"), family=family_id)


def episodes_for(who: Standing, family_id: int) -> EpisodeQuerySet:
    """The episodes of one family that `who` may see."""
    return Episode.objects.filter(work_seen(who, "episode"), family=family_id)


def handover_for(who: Standing, handover_id: int) -> Handover:
    """The handover, for those it comes from, goes to, or who coordinate the area. Raises `NotFound`."""
    found = (
        Handover.objects.for_user(who)
        .filter(pk=handover_id)
        .select_related(
            "area__front_door",
            "service__organisation",
            "to_team",
            "to_user",
            "from_user",
            "from_team",
            "person",
            "referral",
            "episode",
            "alternative",
            "meeting",
        )
        .first()
    )
    if found is None:
        raise not_seen("see_preview", "handover", handover_id)
    return found


def wait_for(who: Standing, wait_id: int, *, done_too: bool = False) -> Wait:
    """Something that waits, of a family seen in full, or on own work. Raises `NotFound`.

    With `done_too` it may be done already, so that a stale page can say by whom.
    """
    found = (
        (Wait.objects.all() if done_too else Wait.objects.open())
        .filter(pk=wait_id)
        .annotate(about=WAITS_ABOUT)
        .filter(
            (Q(about=0) & seen_by(who, "full"))
            | shown_to(who, person="about")
            | (Q(team_id__in=who.family_team_ids) & seen_by(who, "full", "own"))
        )
        .select_related("referral", "episode", "handover", "contact", "area__front_door", "user", "team")
        .first()
    )
    if found is None:
        raise not_seen("see_own_work", "wait", wait_id)
    return found


def work_seen(who: Standing, kind: str) -> Q:
    """A request or episode of a person whose record is shared, as far as that was agreed; and own work."""
    return shown_to(who, "record") | (own_work(who, kind) & seen_by(who, "full", "own"))


def own_work(who: Standing, kind: str) -> Q:
    """The condition that one of `who`'s teams holds, or held, this referral or episode."""
    held = Holding.objects.filter(**{kind: OuterRef("pk")}, team_id__in=who.family_team_ids)
    return Q(Exists(held))


def facts_of(care: FamilyCare) -> Facts:
    """What the policy needs to know of a family: one query."""
    rows = Sight.objects.filter(family=care.family_id).values_list("team_id", "level", "without", "withheld")
    return facts_from(care, rows)


def facts_from(care: FamilyCare, sights: Iterable[tuple[int, str, Sequence[int], Sequence[str]]]) -> Facts:
    """The facts of a family from its sights: team, level, people kept back, slices not agreed to."""
    levels: dict[str, set[int]] = {"full": set(), "own": set(), "preview": set()}
    without, withheld = {}, {}
    for team_id, level, people, slices in sights:
        levels[level].add(team_id)
        without[team_id], withheld[team_id] = frozenset(people), frozenset(slices)
    return Facts(
        family_id=care.pk,
        holder_id=care.lead_id,
        full_team_ids=frozenset(levels["full"]),
        own_team_ids=frozenset(levels["own"]),
        offered_team_ids=frozenset(levels["preview"]),
        area_team_id=care.area.front_door_id,
        team_id=care.lead_team_id,
        sealed=care.sealed,
        without=without,
        withheld=withheld,
    )


def facts_of_thing(thing: Referral | Episode, family: Facts) -> Facts:
    """The facts of one referral or episode: its own holder and team, the family's sights."""
    return replace(family, holder_id=thing.holder_id, team_id=thing.holder_team_id, is_work=True)


def facts_of_answer(handover: Handover) -> Facts:
    """The facts for whoever answers a handover: the team asked, and the area's front door."""
    return Facts(
        family_id=handover.family_id,
        holder_id=handover.to_user_id,
        team_id=handover.to_team_id,
        area_team_id=handover.area.front_door_id,
    )


def sees_in_full(who: Standing, facts: Facts) -> bool:
    """Whether the whole family page is theirs, or only what a service sees before it accepts."""
    return may(who, "see_family", facts)


def hidden_people(who: Standing, facts: Facts) -> frozenset[int]:
    """The people of a family whose own record is not theirs to see: kept back from every team of theirs."""
    who = who.for_care()  # for whatever a page was opened, nobody hidden comes to light
    if facts.family_id in who.sees_alone("full"):
        return frozenset()
    mine = [facts.without.get(team, frozenset()) for team in who.family_team_ids & facts.full_team_ids]
    return frozenset.intersection(*mine) if mine else frozenset()


def looked(
    *, what: str, subject: str, subject_id: int, family_id: int, by: User, at: datetime, why: str = ""
) -> None:
    """Record that somebody looked, and why they may; in an emergency, that it was one."""
    emergency = family_id in personal_of(by, at)["in_emergency"]
    if emergency:
        why = f"opened in an emergency. {why}".strip()
    audit.record(
        action=what,
        subject=subject,
        subject_id=subject_id,
        family_id=family_id,
        by=by,
        at=at,
        purpose=EMERGENCY if emergency else None,
        why=why,
    )


def searched(*, found: int, by: User, at: datetime) -> None:
    """Record that somebody searched, and how many they found; never what they typed."""
    audit.record(
        action="searched", subject="person", subject_id=None, by=by, at=at, why=f"{found} people found"
    )


def looked_at_each(families: Iterable[int], *, what: str, by: User, at: datetime, why: str) -> None:
    """Record that somebody looked at something of each of these families: one statement, one commit."""
    rows.insert(
        audit.entry(action=what, subject="family", subject_id=family, family_id=family, by=by, at=at, why=why)
        for family in families
    )


def people_for(who: Standing) -> QuerySet[Person]:
    """People in families that somebody in `who`'s teams works with."""
    return Person.objects.filter(_in_a_family_of(who, person=OuterRef("pk")))


def _in_a_family_of(who: Standing, *, person: OuterRef) -> Exists:
    # One EXISTS in another, so that the families themselves are not read on the way.
    return Exists(FamilyMember.objects.filter(shown_to(who), person=person, left_at__isnull=True))


def messages_for(
    who: Standing, email: str, *, most: int, before: int | None = None, family_id: int | None = None
) -> list[OutboxMessage]:
    """Messages about families `who`'s teams work with, and those to themself as staff; newest first.

    At most `most`, from behind the one with key `before` on; of one family with `family_id`.
    """
    wanted = Q() if before is None else Q(pk__lt=before)
    if family_id is not None:
        wanted &= Q(family_id=family_id)
    sent = OutboxMessage.objects.filter(wanted).order_by("-pk")
    # Each by its own index: one OR over both reads everything that was ever sent.
    mine = Q(family__isnull=True) | seen_by(who)
    to_me = sent.filter(mine, channel="staff", address=email).values("pk")[:most]
    # A number or an address is told with the message: of whom that is not shared, none.
    of_them = shown_to(who, "contact") | (Q(person__isnull=True) & seen_by(who, "full"))
    about = sent.exclude(channel="staff").filter(of_them).values("pk")[:most]
    return list(
        OutboxMessage.objects.filter(pk__in=to_me.union(about))
        .select_related("family__care", "person")
        .order_by("-pk")[:most]
    )


MOST_FOUND = 25


def find_people(who: Standing, text: str) -> list[Person]:
    """Search by NHS number, birth date is not enough, or the beginnings of names.

    At most 25, in name order; when more begin with the one word given, the first of them by that word.
    Raises `BadInput` when the text is too short to search by. Only people `who` may see are found.
    """
    check(who, "search_people")
    words = " ".join(text.split())
    digits = "".join(mark for mark in words if mark.isdigit())
    if len(digits) == 10 and not any(mark.isalpha() for mark in words):
        return list(people_for(who).filter(nhs_number=identifiers.nhs_number(words)))
    keys = identifiers.name_keys(words)
    if not keys or max(len(key) for key in keys) < 2:
        raise BadInput("Type at least two letters of a name, or a whole NHS number.", field="q")
    with wall.lifted("an index of all names is read; whom it finds is read before the wall again"):
        found = list(_named(who, keys).values_list("pk", flat=True)[:MOST_FOUND])
    return list(Person.objects.filter(pk__in=found).order_by("name", "pk"))


def _named(who: Standing, keys: Sequence[str]) -> QuerySet[Person]:
    """People `who` may see whose names have words that begin with each of these, in name order."""
    if len(keys) == 1:
        rows = Person.objects.filter(pk__in=_first_starting(who, keys[0]))
    else:
        # Each word's people come from the index alone; few are in all of them, and only those are looked at.
        first, *others = map(_starting, keys)
        rows = people_for(who).filter(pk__in=first.intersection(*others))
    return rows.order_by("name", "pk")


def _starting(key: str) -> QuerySet[NameKey, int]:
    # A range on an index in byte order; LIKE would need another index and a scan is out of the question.
    return NameKey.objects.filter(key__gte=key, key__lt=key + "\U0010ffff").values_list(
        "person_id", flat=True
    )


def _first_starting(who: Standing, key: str) -> QuerySet[NameKey, int]:
    """The first in the order of the word, read from the index until there are enough that `who` may see.

    Sorting by whole names instead would read everybody whose name begins so. A few more than are shown,
    because somebody may have two such words.
    """
    seen = _in_a_family_of(who, person=OuterRef("person_id"))
    return _starting(key).filter(seen).order_by("key", "person_id")[: MOST_FOUND + 10]
