"""Changing an entry: proposed by those who keep it, decided by the area's leads, every version kept.

    version = propose(service=..., area=..., content=..., based_on=3, why="...", by=user, at=now)
    approve(version=version, seen=4, by=lead, at=now)      # the row changes, and matching with it
    restore(service=..., number=2, why="...", by=user, at=now)   # a proposal like any other

Until a proposal is approved, the entry's own columns stay as they were, and they are all that anybody else
sees. Nobody decides on their own proposal. What somebody else changed meanwhile is kept: changes are laid on
top of the newest version, field by field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet
from django.utils.text import slugify

from anydoor.access import audit
from anydoor.access.models import Organisation, Team, User
from anydoor.access.policy import Facts, Standing, check, standing_of
from anydoor.directory import soundness
from anydoor.directory.content import FIELDS, OF_TODAY, Content, content_of, put
from anydoor.directory.difference import merge
from anydoor.directory.models import Area, Service, ServiceVersion
from anydoor.rules import identifiers
from anydoor.rules.errors import BadInput, NotAllowed, NotFound, WrongMoment
from anydoor.rules.working_time import london_day

SHORTEST_WHY = 3
OWN = "You proposed this yourself. Somebody else decides on it."
DECIDED = "Somebody decided on this meanwhile. Nothing was changed."
FROM_FILE = "As it was loaded."
FROM_FILE_AGAIN = "Changed by loading the directory again."


# ---------------------------------------------------------------- asking


def facts_of_entry(service: Service) -> Facts:
    """What the policy needs to know of an entry. Its area must have been read with it."""
    return Facts(
        holder_id=service.lead_id,
        team_id=service.team_id,
        area_team_id=service.area.front_door_id,
        organisation_id=service.organisation_id,
    )


def facts_of_content(area: Area, content: Mapping[str, Any]) -> Facts:
    """The same for an entry that is not there yet."""
    return Facts(
        team_id=Team.objects.filter(slug=content["team"]).values_list("pk", flat=True).first()
        if content["team"]
        else None,
        area_team_id=area.front_door_id,
        organisation_id=Organisation.objects.filter(slug=content["organisation"])
        .values_list("pk", flat=True)
        .first(),
    )


def facts_of_version(version: ServiceVersion) -> Facts:
    if version.service is not None:
        return facts_of_entry(version.service)
    return facts_of_content(version.area, version.content)


def to_decide(who: Standing) -> QuerySet[ServiceVersion]:
    """Proposals that wait in the areas where somebody may decide, the oldest first."""
    return (
        ServiceVersion.objects.filter(state="proposed", area__front_door__in=who.front_doors)
        .select_related("service__organisation", "area", "proposed_by")
        .order_by("proposed_at", "pk")
    )


def history(service: Service) -> QuerySet[ServiceVersion]:
    """Every version that was approved or loaded, the newest first."""
    return (
        service.versions.filter(state="approved")
        .select_related("proposed_by", "decided_by")
        .defer("content")
        .order_by("-number")
    )


def not_taken(service: Service) -> QuerySet[ServiceVersion]:
    """Proposals that wait, were declined or taken back, the newest first."""
    return (
        service.versions.exclude(state="approved")
        .select_related("proposed_by", "decided_by")
        .defer("content")
        .order_by("-proposed_at", "-pk")
    )


def newest_number(service: Service) -> int:
    """The number of the newest approved version; 0 while none was kept."""
    return service.versions.aggregate(most=Max("number"))["most"] or 0


def content_at(service: Service, number: int) -> Content:
    """What the entry said in an approved version. `NotFound` when there is none of that number."""
    found = service.versions.filter(number=number).values_list("content", flat=True).first()
    if found is None:
        raise NotFound("There is no such version of this entry.")
    return whole(found)


def whole(content: Mapping[str, Any]) -> Content:
    """An older version's content with what entries have learned to say since, as not said."""
    return {name: content.get(name, _SAYS_NOTHING.get(name)) for name in FIELDS}


_SAYS_NOTHING: Mapping[str, Any] = {"eligibility": {}, "postcode_districts": {}, "sessions": [], "places": []}


@dataclass(frozen=True, slots=True)
class Stands:
    """A proposal beside how the entry stands now: what it would say, and the labels of what both changed."""

    now: Content
    then: Content
    number: int
    both: tuple[str, ...]
    moved: bool  # whether the entry changed since the proposal was begun


def as_it_stands(version: ServiceVersion) -> Stands:
    """Lay a proposal on top of the newest version."""
    mine = whole(version.content)
    if version.service_id is None:
        return Stands(mine, mine, 0, (), moved=False)
    service = Service.objects.select_related("organisation", "team").get(pk=version.service_id)
    now = content_of(service)
    number = newest_number(service)
    base = content_at(service, version.based_on) if version.based_on else now
    if base == now:
        return Stands(now, mine, number, (), moved=False)
    merged, both = merge(base, now, mine)
    return Stands(now, merged, number, both, moved=True)


# ---------------------------------------------------------------- keeping


def keep_current(service: Service, *, at: datetime) -> int:
    """Keep what the entry says now as a version, where the newest does not say it already; its number.

    Needed before an edit begins: an entry that was loaded, or loaded again, has changed without a proposal.
    Inside a transaction that has locked the entry.
    """
    newest = service.versions.filter(number__isnull=False).order_by("-number").first()
    now = content_of(service)
    if newest is not None and whole(newest.content) == now:
        return newest.number or 0
    number = (newest.number or 0) + 1 if newest is not None else 1
    ServiceVersion.objects.create(
        area_id=service.area_id,
        service=service,
        number=number,
        based_on=number - 1,
        content=now,
        state="approved",
        proposed_at=at,
        decided_at=at,
        why=FROM_FILE if newest is None else FROM_FILE_AGAIN,
    )
    return number


def locked(service_id: int) -> Service:
    """The entry, for this transaction alone. `WrongMoment` when it is gone."""
    row = (
        Service.objects.select_for_update(of=("self",))
        .select_related("area", "organisation", "team")
        .filter(pk=service_id)
        .first()
    )
    if row is None:
        raise WrongMoment("This entry is gone. Nothing was changed.")
    return row


# ---------------------------------------------------------------- proposing


def propose(
    *,
    service: Service | None,
    area: Area,
    content: Content,
    based_on: int,
    why: str,
    by: User,
    at: datetime,
    restores: int | None = None,
) -> ServiceVersion:
    """Ask for an entry to say this; for a new entry `service` is None and `based_on` 0.

    Raises `BadInput` pinned to a field of the content or to `why`; `WrongMoment` when somebody else's change
    was approved since `based_on`, when it would change nothing, or when the same person's proposal waits.
    """
    who = standing_of(by, london_day(at))
    words = _why(why)
    with transaction.atomic():
        if service is not None:
            row = locked(service.pk)
            check(who, "edit_entry", facts_of_entry(row))
            if keep_current(row, at=at) != based_on:
                raise WrongMoment(
                    "Somebody else's change was approved while you were writing. Look at it first."
                )
            if content == content_of(row):
                raise WrongMoment("That is what the entry says already. There is nothing to send.")
        else:
            row = None
            check(who, "add_entry", Facts(area_team_id=area.front_door_id))
        soundness.check(content, area=area, service=row)
        facts = facts_of_content(area, content)
        if row is None:
            check(who, "edit_entry", facts)
        try:
            with transaction.atomic():
                version = ServiceVersion.objects.create(
                    area=area,
                    service=row,
                    based_on=based_on,
                    restores=restores,
                    content=content,
                    proposed_by=by,
                    proposed_at=at,
                    why=words,
                )
        except IntegrityError as clash:
            raise WrongMoment(
                "A change by you waits for an answer already. Take it back first, then send this one."
            ) from clash
        _note("entry_proposed", version, by, at, words)
        return version


def restore(*, service: Service, number: int, why: str, by: User, at: datetime) -> ServiceVersion:
    """Ask for an old version back. What is true of today (waits, free places, closures) stays."""
    with transaction.atomic():
        row = locked(service.pk)
        based_on = keep_current(row, at=at)
        content = as_before(row, number)
        return propose(
            service=row,
            area=row.area,
            content=content,
            based_on=based_on,
            why=why,
            by=by,
            at=at,
            restores=number,
        )


def as_before(service: Service, number: int) -> Content:
    """What the entry would say with an old version back."""
    now = content_of(service)
    return content_at(service, number) | {name: now[name] for name in OF_TODAY}


def withdraw(*, version: ServiceVersion, by: User, at: datetime) -> ServiceVersion:
    """Take one's own proposal back before anybody decides."""
    with transaction.atomic():
        row = _waiting(version)
        if row.proposed_by_id != by.pk:
            raise NotAllowed("Only whoever proposed it can take it back.")
        row.state, row.decided_by, row.decided_at = "withdrawn", by, at
        row.save(update_fields=["state", "decided_by", "decided_at"])
        _note("entry_withdrawn", row, by, at, "")
        return row


# ---------------------------------------------------------------- deciding


def approve(*, version: ServiceVersion, seen: int, by: User, at: datetime) -> Service:
    """Make the entry say it. `seen` is the number of the newest version that the page showed.

    The proposal is laid on top of that version, so that nothing of it is lost, and counts as a check of the
    whole entry by whoever proposed it. Raises `WrongMoment` when it was decided already, or the entry
    changed after the page was shown; `BadInput` when it points at something that is gone.
    """
    with transaction.atomic():
        row = _to_decide(version, by, at)
        assert row.proposed_by is not None  # only loaded versions have nobody, and those do not wait
        day = london_day(row.proposed_at)
        if row.service is None:
            service = Service(area=row.area, slug=_free_slug(row.content["name"]), source=SOURCE)
            content, number = whole(row.content), 1
        else:
            service = locked(row.service_id or 0)
            number = keep_current(service, at=at)
            if number != seen:
                raise WrongMoment("The entry changed while you were looking. Look again, then decide.")
            row.service = service
            content = as_it_stands(row).then
            number += 1
        soundness.check(content, area=row.area, service=row.service)
        if service.last_checked is None or service.last_checked <= day:
            service.last_checked, service.checked_by = day, row.proposed_by
        put(service, content)
        row.service, row.number, row.content = service, number, content
        _decide(row, "approved", by, at, "")
        _note("entry_approved", row, by, at, row.why)
        return service


SOURCE = "Entered here"


def decline(*, version: ServiceVersion, why: str, by: User, at: datetime) -> ServiceVersion:
    """Say no, with a reason the proposer reads. The entry stays as it is."""
    words = _why(why, "Say why, so that they know what to do next.")
    with transaction.atomic():
        row = _to_decide(version, by, at)
        _decide(row, "declined", by, at, words)
        _note("entry_declined", row, by, at, words)
        return row


def _waiting(version: ServiceVersion) -> ServiceVersion:
    row = (
        ServiceVersion.objects.select_for_update(of=("self",))
        .select_related("area", "proposed_by", "service__area")
        .filter(pk=version.pk, state="proposed")
        .first()
    )
    if row is None:
        raise WrongMoment(DECIDED)
    return row


def _to_decide(version: ServiceVersion, by: User, at: datetime) -> ServiceVersion:
    row = _waiting(version)
    check(standing_of(by, london_day(at)), "decide_entry", Facts(area_team_id=row.area.front_door_id))
    if row.proposed_by_id == by.pk:
        raise NotAllowed(OWN)
    return row


def _decide(row: ServiceVersion, state: str, by: User, at: datetime, why: str) -> None:
    row.state, row.decided_by, row.decided_at, row.decided_why = state, by, at, why
    row.save()


def record_at_once(service: Service, *, why: str, by: User, at: datetime) -> ServiceVersion:
    """Keep a version of a change that needs nobody's approval. The entry is locked and says it already."""
    number = newest_number(service) + 1
    return ServiceVersion.objects.create(
        area_id=service.area_id,
        service=service,
        number=number,
        based_on=number - 1,
        content=content_of(service),
        state="approved",
        proposed_by=by,
        proposed_at=at,
        decided_at=at,
        told_at=at,
        why=why,
    )


# ---------------------------------------------------------------- small things


def _why(text: str, missing: str = "Say in a few words what changes and why.") -> str:
    try:
        words = identifiers.one_line(" ".join(text.split()) if "\x00" not in text else text, 400)
    except BadInput as fault:
        raise fault.at("why") from fault
    if len(words) < SHORTEST_WHY:
        raise BadInput(missing, field="why")
    return words


def _free_slug(name: str) -> str:
    """A slug that no entry has: the name's, with a number when it is taken."""
    stem = slugify(name)[:70] or "service"
    taken = set(
        Service.objects.filter(Q(slug=stem) | Q(slug__startswith=f"{stem}-")).values_list("slug", flat=True)
    )
    if stem not in taken:
        return stem
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{stem}-{n}") not in taken)


def _note(action: str, version: ServiceVersion, by: User, at: datetime, why: str) -> None:
    audit.record(
        action=action,
        subject="service",
        subject_id=version.service_id,
        by=by,
        at=at,
        purpose="directory",
        why=why,
    )
