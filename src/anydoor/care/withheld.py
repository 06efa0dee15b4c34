"""What of a family's record is held back from whoever looks: whose own record, and which slices of whose.

What keeps people safe is never held back, and what a team did itself stays its own. Every page that shows
something of one person asks here, or by `models.record.shown_to` where rows are chosen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from anydoor.access.models import Membership
from anydoor.access.policy import Facts, Standing, slices_held_back
from anydoor.care.models import FamilyCare, Happening, Measure, Sight
from anydoor.care.models.record import shown_to
from anydoor.care.scope import own_work
from anydoor.rules.sharing import SLICES

# Lines of the timeline that nobody who works with the family goes without.
ALWAYS_TOLD = frozenset(
    {
        *("danger_answer", "alert_acknowledged", "alert_tried", "danger_acknowledged", "told_safe"),
        *("instruction_added", "instruction_ended", "loss", "birth", "consent_given", "consent_said_no"),
        *("consent_withdrawn", "consent_ran_out", "shared_without", "shared_without_ended"),
    }
)
# Lines of the timeline that tell something of a slice, by the beginning of their kind.
TELLS: Mapping[str, tuple[str, ...]] = {
    "contact": ("contact_added", "contact_ended", "safety_asked", "own_page_sent", "not_theirs", "amended"),
    "needs": ("needs_heard", "told_needs", "offer_answered", "decided"),
    "story": ("story_added", "told_more", "told_about", "amended"),
    "measures": ("measure_", "goal_"),
    "record": ("",),
}

NAME = "name"  # beside the slices: of whom even the first name is not theirs to know


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What one viewer does not see of one family.

    `hidden`: people whose own record is not shared with them. `slices`: of the others, by person, the slices
    of `rules.sharing` that were not agreed to. `teams`: theirs that work with the family, whose own work
    they see.
    """

    hidden: frozenset[int] = frozenset()
    slices: Mapping[int, frozenset[str]] = field(default_factory=dict)
    teams: frozenset[int] = frozenset()

    def shows(self, piece: str, person_id: int | None) -> bool:
        """Whether this slice of this person's record is theirs to see. Of nobody in particular: of all."""
        if person_id is None:
            return not self.hidden and not any(piece in kept for kept in self.slices.values())
        return person_id not in self.hidden and piece not in self.slices.get(person_id, frozenset())

    def names(self, person_id: int) -> bool:
        """Whether they may know who this is, of somebody whose own record they do not see."""
        return NAME not in self.slices.get(person_id, frozenset())

    def without(self, piece: str) -> frozenset[int]:
        """The people of whom this slice is not shown."""
        return self.hidden | {person for person, kept in self.slices.items() if piece in kept}


def held_back(who: Standing, facts: Facts) -> HeldBack:
    """What `who` does not see of a family, from the facts of it; nothing is read."""
    who = who.for_care()
    if facts.family_id in who.sees_alone("full"):
        return HeldBack()
    full = who.family_team_ids & facts.full_team_ids
    teams = full or who.family_team_ids & facts.own_team_ids
    people = [facts.without.get(team, frozenset()) for team in full]
    named = {
        int(person)
        for team in teams
        for _, _, person in (one.partition(":") for one in facts.withheld.get(team, ()))
        if person
    }
    slices = {person: slices_held_back(facts, teams, person) for person in named}
    return HeldBack(
        hidden=frozenset.intersection(*people) if people else frozenset(),
        slices={person: kept for person, kept in slices.items() if kept},
        teams=frozenset(teams),
    )


# ---------------------------------------------------------------- in words


def sentences(held: HeldBack, people: Iterable[tuple[int, str]]) -> list[str]:
    """One plain sentence for each person (id, first name) of whom something is held back."""
    found = []
    for person_id, name in people:
        kept = held.slices.get(person_id, frozenset()) - {NAME}
        if kept and person_id not in held.hidden:
            found.append(f"{name} agreed to share with your team, but not {in_words(kept)}.")
    return found


def in_words(slices: Iterable[str]) -> str:
    """Slices after "but not": in their own order, `or` between the last two."""
    words = [text for key, text in SLICES.items() if key in set(slices)]
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


# ---------------------------------------------------------------- rows


def measures_shown(who: Standing) -> Q:
    """The condition that a measure is shown to `who`: agreed to, or taken by a team of theirs."""
    return shown_to(who, "measures") | (Q(team_id__in=who.family_team_ids) & shown_to(who))


def measures_seen(who: Standing, rows: Iterable[Measure], held: HeldBack) -> list[Measure]:
    """Of measures already read, those shown to `who`."""
    return [
        row
        for row in rows
        if row.person_id not in held.hidden
        and (held.shows("measures", row.person_id) or row.team_id in who.family_team_ids)
    ]


def happenings_shown(rows: QuerySet[Happening], held: HeldBack) -> QuerySet[Happening]:
    """Lines of the timeline (annotated with `about`) that are shown: without what is held back.

    What a colleague of the viewer's own teams wrote stays, and so does what keeps people safe.
    """
    if not held.slices:
        return rows
    colleagues = Membership.objects.filter(user=OuterRef("by"), team_id__in=held.teams)
    kept = Q()  # `name` tells nothing here
    for piece, kinds in TELLS.items():
        people = held.without(piece) - held.hidden
        if people:
            # A line about nobody in particular tells of everybody.
            told = Q()
            for kind in kinds:
                told |= Q(kind__startswith=kind)
            kept |= told & Q(whose__in=[*people, 0] if piece == "record" else people)
    if not kept:
        return rows
    return rows.annotate(
        whose=Coalesce(F("about"), Cast(KT("facts__person"), BigIntegerField()), Value(0)),
        ours=Exists(colleagues),
    ).filter(Q(ours=True) | Q(kind__in=ALWAYS_TOLD) | ~kept)


# The slices an entry of the record (`rights.entries`) tells of, by the kind its key begins with.
OF_ENTRY: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("way", "message"), ("contact",)),
    **dict.fromkeys(("referral", "decision"), ("record", "needs")),
    **dict.fromkeys(("handover", "episode", "partner", "contact", "routine"), ("record",)),
    **dict.fromkeys(("measure", "goal"), ("measures",)),
    "story": ("story",),
}
WHERE = frozenset({"address", "postcode", "address_kind"})


def entry_shown(key: str, person_id: int, held: HeldBack, told: Collection[int]) -> bool:
    """Whether an entry of a person's record is shown; `told` are the lines of the timeline that are."""
    kind, _, rest = key.partition(":")
    if kind == "happening":
        return int(rest) in told
    if kind == "person":
        return rest.partition(":")[2] not in WHERE or held.shows("contact", person_id)
    return all(held.shows(piece, person_id) for piece in OF_ENTRY.get(kind, ()))


def work_shown(who: Standing, kind: str, held: HeldBack) -> Q:
    """The condition that a request or an episode (`kind`) is shown: agreed to, or one's own work."""
    people = held.without("record")
    if not people:
        return Q()
    return ~Q(person__in=people) | own_work(who, kind)


def name_for(who: Standing, cares: Iterable[FamilyCare]) -> None:
    """Call these families what `who` may call them, in memory alone: one query, whatever their number.

    Where a team works with one person of a family and may not know the other, the family is called by the
    one; and where what is done to help was not agreed to, the next contact is not told.
    """
    found: dict[int, list[FamilyCare]] = {}
    for care in cares:
        found.setdefault(care.pk, []).append(care)
    if not found or not who.family_team_ids:
        return
    rows = Sight.objects.filter(
        family_id__in=[key for key in found if key not in who.sees_alone("full")],
        team_id__in=who.family_team_ids,
        level__in=["full", "own"],
    ).values_list("family_id", "title", "with_words", "withheld")
    named: dict[int, list[tuple[str, str, bool]]] = {}
    for family_id, title, others, withheld in rows:
        keeps = any(one.partition(":")[0] == "record" for one in withheld)
        named.setdefault(family_id, []).append((title, others, keeps))
    for family_id, sights in named.items():
        title, others, _ = min(sights)
        for care in found[family_id]:
            call(care, title, others, keeps=all(keeps for *_, keeps in sights))


def call(care: FamilyCare, title: str, with_words: str, *, keeps: bool = False) -> None:
    """Set, in memory alone, what the family is called here; an empty title changes nothing."""
    if title:
        care.title, care.with_words = title, with_words
    if keeps:
        care.next_contact_at, care.next_contact_words = None, ""
