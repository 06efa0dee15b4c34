"""A family's standing, worked out anew from its rows: lead holder, who may see it, what lists show.

`refresh` is called at the end of every verb, inside its transaction. `compare` does the same sums for a
family without writing and says where the stored rows differ; the soak test and `anydoor holders` use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db.models import F

from anydoor.care import kept_apart, sights
from anydoor.care.models import Contact, Episode, FamilyCare, Handover, Holding, Referral, Sight, Wait
from anydoor.care.models.record import DANGER_KINDS
from anydoor.care.sights import OPEN_STAGES, Picture, Seen, sights_of
from anydoor.people.models import Family, FamilyMember
from anydoor.rules.lead import Holding as HoldingFacts
from anydoor.rules.lead import lead as lead_of
from anydoor.rules.pathway import HandoverStage

FAR = "9999-12-31T23:59"
CALLED_BY = ("name", "known_as", "due_on", "lost_on", "loss_kind")
OF_REFERRAL = (
    *("area", "front_door", "person", "stage", "received_at", "ended_at", "paused_until", "due_at"),
    *("sort_key", "sealed", "front_door__organisation"),
)
OF_HANDOVER = (
    *("area", "person", "service", "stage", "introduction_at", "referral", "to_user"),
    *("from_team__organisation", "to_team__organisation", "to_team__lead"),
)
LEVEL_RANK = {"": 0, "universal": 1, "targeted": 2, "specialist": 3}


def _look(family: Family) -> Picture:
    """Read the family's rows; of each only the columns that the sums below ask for."""
    return Picture(
        family_id=family.pk,
        members=list(
            FamilyMember.objects.filter(family=family, left_at__isnull=True)
            .select_related("person")
            .only("role", "apart", "family", "person", *(f"person__{name}" for name in CALLED_BY))
            .order_by("pk")
        ),
        requests=list(Referral.objects.filter(family=family).select_related("front_door").only(*OF_REFERRAL)),
        episodes=list(
            Episode.objects.open()
            .filter(family=family)
            .select_related("service")
            .only("area", "person", "referral", "level", "opened_at", "service__strand")
        ),
        handovers=list(
            Handover.objects.open()
            .filter(family=family)
            .select_related("from_team", "to_team")
            .only(*OF_HANDOVER)
        ),
        holdings=list(
            Holding.objects.filter(family=family)
            .select_related("team")
            .only("user", "team__organisation", "referral", "episode", "from_at", "to_at")
            .annotate(about_id=F("episode__person_id"))
        ),
        waits=list(
            Wait.objects.open()
            .filter(family=family)
            .select_related("handover")
            .only("kind", "area", "urgent", "due_at", "nudged_at", "referral", "handover__referral")
            .order_by("pk")
        ),
        planned=Contact.objects.planned()
        .filter(family=family)
        .only("happens_at", "mode")
        .order_by("happens_at")
        .first(),
    )


def refresh(family: Family, *, at: datetime) -> bool:
    """Work out and store the family's standing. Call it inside the transaction that changed it.

    Returns whether anybody declared whom they must not meet: then it may be kept from somebody.
    """
    picture = _look(family)
    care = FamilyCare.objects.filter(family=family).annotate(declared=kept_apart.anybody_declared()).first()
    declared = care is not None and care.declared  # type: ignore[attr-defined]  # annotated
    care = care or FamilyCare(family=family)
    _fill(care, family, picture)
    care.save(force_insert=care._state.adding)
    _store_sights(family, sights_of(picture, at=at, sealed=care.sealed))
    if care.sealed:
        sights.store_named(picture, at=at)
    if declared:
        kept_apart.keep_apart(family.pk, at=at)
    _store_list_keys(picture, care.sealed)
    return declared


def first(family: Family, picture: Picture) -> list[FamilyCare | Sight]:
    """The standing of a family begun in this very transaction, from rows not yet stored: to be stored too.

    Sets the list keys of its requests on the way.
    """
    care = FamilyCare(family=family)
    _fill(care, family, picture)
    for referral in picture.referrals:
        _set_list_key(referral, picture.waits)
    at = max(referral.received_at for referral in picture.requests)
    return [
        care,
        *(
            Sight(family=family, team_id=team, **seen._asdict())
            for team, seen in sights_of(picture, at=at).items()
        ),
    ]


def _fill(care: FamilyCare, family: Family, picture: Picture) -> None:
    open_holdings = [row for row in picture.holdings if row.to_at is None]
    levels = {episode.pk: episode.level for episode in picture.episodes}
    found = lead_of(
        family.chosen_lead_id,
        [
            HoldingFacts(
                worker_id=row.user_id,
                team_id=row.team_id,
                level=levels.get(row.episode_id or 0, ""),
                since=row.from_at,
            )
            for row in open_holdings
        ],
    )
    begun = [(row.opened_at, row.area_id) for row in picture.episodes]
    begun += [(row.received_at, row.area_id) for row in picture.referrals]
    if begun:
        care.area_id = max(begun)[1]
    care.is_open = found is not None
    if found is None:
        care.lead_id = care.lead_team_id = None
        care.lead_since, care.lead_why = None, ""
    else:
        lead = found.holding
        care.lead_id, care.lead_team_id = lead.worker_id, lead.team_id
        care.lead_since = min(
            row.from_at
            for row in open_holdings
            if row.user_id == lead.worker_id and row.team_id == lead.team_id
        )
        care.lead_why = found.why
    strongest = max(picture.episodes, key=lambda row: LEVEL_RANK[row.level], default=None)
    care.level = strongest.level if strongest else ""
    care.strand = strongest.service.strand if strongest else ""
    _fill_names(care, picture)
    _fill_clocks(care, picture)


def _fill_names(care: FamilyCare, picture: Picture) -> None:
    """The title is the person the newest request or episode is about; the others follow."""
    if picture.members:
        care.title, care.with_words = sights.names_of(picture)


def _fill_clocks(care: FamilyCare, picture: Picture) -> None:
    coming = [(row.happens_at, row.get_mode_display()) for row in (picture.planned,) if row]
    coming += [
        (row.introduction_at, "Introduction")
        for row in picture.handovers
        if row.introduction_at is not None and row.stage == HandoverStage.ACCEPTED
    ]
    care.next_contact_at, care.next_contact_words = min(coming, default=(None, ""))
    first = min(picture.waits, key=lambda row: (not row.urgent, row.due_at), default=None)
    care.clock_at = first.due_at if first else None
    care.clock_words = first.verb if first else ""
    care.clock_urgent = bool(first and first.urgent)
    when = care.next_contact_at or care.clock_at
    care.sort_key = f"{0 if care.clock_urgent else 1}|{_stamp(when)}|{care.family_id:012d}"


def _stamp(when: datetime | None) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") if when else FAR


def _store_sights(family: Family, wanted: dict[int, Seen]) -> None:
    stored = {row.team_id: row for row in Sight.objects.filter(family=family)}
    gone = [row.pk for team, row in stored.items() if wanted.get(team) != _seen(row)]
    if gone:
        Sight.objects.filter(pk__in=gone).delete()
    Sight.objects.bulk_create(
        Sight(
            family=family,
            team_id=team,
            level=seen.level,
            without=list(seen.without),
            withheld=list(seen.withheld),
            until=seen.until,
            title=seen.title,
            with_words=seen.with_words,
        )
        for team, seen in wanted.items()
        if team not in stored or _seen(stored[team]) != seen
    )


def _seen(row: Sight) -> Seen:
    return Seen(row.level, tuple(row.without), tuple(row.withheld), row.until, row.title, row.with_words)


def _is_about(wait: Wait, referral: Referral) -> bool:
    """Whether it waits on this request, or on a handover of it."""
    if wait.handover is not None:
        return wait.handover.referral_id == referral.pk
    return wait.referral_id == referral.pk


def list_key(referral: Referral, waits: Sequence[Wait]) -> str:
    """The work list's one sort key: danger first, then the least time left, then the oldest."""
    mine = [row for row in waits if _is_about(row, referral)]
    danger = any(row.kind in DANGER_KINDS for row in mine)
    due = min((row.due_at for row in mine if not danger or row.kind in DANGER_KINDS), default=referral.due_at)
    paused = referral.paused_until is not None and not danger
    return f"{0 if danger else 2 if paused else 1}|{_stamp(due)}|{referral.pk:012d}"


def _store_list_keys(picture: Picture, sealed: bool) -> None:
    for referral in picture.requests:
        changed = referral.sealed != sealed
        referral.sealed = sealed
        if referral.stage in OPEN_STAGES:
            changed = _set_list_key(referral, picture.waits) or changed
        if changed:
            referral.save(update_fields=["sort_key", "due_at", "sealed"])


def _set_list_key(referral: Referral, waits: Sequence[Wait]) -> bool:
    """Set the sort key and the clock a list shows; whether either changed."""
    key = list_key(referral, waits)
    due = min((w.due_at for w in waits if _is_about(w, referral)), default=referral.due_at)
    changed = referral.sort_key != key or referral.due_at != due
    referral.sort_key, referral.due_at = key, due
    return changed


def compare(family: Family, *, at: datetime) -> list[str]:
    """Where the stored standing differs from what the rows say at that moment. An empty list is right."""
    picture = _look(family)
    faults = []
    care = FamilyCare.objects.get(family=family)
    stored = {row.team_id: _seen(row) for row in Sight.objects.filter(family=family)}
    wanted = sights_of(picture, at=at, sealed=care.sealed)
    # A sight past its time is worked out anew by the next sweep: until then there is nothing to compare.
    ran_out = any(row.until is not None and row.until <= at for row in stored.values())
    if stored != wanted and not ran_out:
        faults.append(f"family {family.pk}: sight is {stored}, should be {wanted}")
    was = (care.lead_id, care.lead_team_id, care.is_open, care.next_contact_at, care.clock_at)
    _fill(care, family, picture)
    now = (care.lead_id, care.lead_team_id, care.is_open, care.next_contact_at, care.clock_at)
    if was != now:
        faults.append(f"family {family.pk}: standing is {was}, should be {now}")
    faults += [
        f"referral {row.pk}: list key {row.sort_key}, should be {list_key(row, picture.waits)}"
        for row in picture.referrals
        if row.sort_key != list_key(row, picture.waits)
    ]
    return faults
