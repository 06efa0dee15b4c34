"""In the example county somebody asks for their own record; somebody else says what is not right in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from anydoor.access.models import User
from anydoor.access.roles import Role
from anydoor.care.models import Episode, Story
from anydoor.care.rights import asking, objecting
from anydoor.care.rights.stated import find, stated_of
from anydoor.config.demo.drawn_families import HELD, TOLD


def ask_for_a_record(slugs: Iterable[str], now: datetime) -> None:
    """One open request, nine days old, in the first area with a governance lead and a family that fits."""
    drawn = {one.name for one in (*HELD, *TOLD)}
    rows = (
        Episode.objects.filter(area__slug__in=list(slugs), family__care__sealed=False, ended_at__isnull=False)
        .exclude(person__name__in=drawn)
        .select_related("person", "area__front_door")
        .order_by("area", "pk")
    )
    for row in rows[:20]:
        lead = User.objects.filter(
            memberships__role=Role.IG_LEAD.value,
            memberships__team__organisation=row.area.front_door.organisation_id,
            is_active=True,
        ).first()
        if lead is not None and row.person.name:
            at = now - timedelta(days=9)
            asking.open_request(
                person_id=row.person_id, family_id=row.family_id, asked_by=row.person.name, asked_as="self",
                proof="They rang from the number on file and gave the code we sent.",
                words="Everything you wrote about me, please.", asked_on=at.date(), by=lead, at=now,
            )  # fmt: skip
            return


def say_what_is_not_right(slugs: Iterable[str], now: datetime) -> None:
    """In the first area where a worker wrote down a story: one answer that is still to be given."""
    drawn = {one.name for one in (*HELD, *TOLD)}
    stories = (
        Story.objects.filter(
            kind="worker", replaced_by__isnull=True, family__care__sealed=False, family__care__is_open=True,
            family__care__area__slug__in=list(slugs),
        )
        .exclude(person__name__in=[*drawn, ""])
        .select_related("person", "family__care__lead")
        .order_by("family__care__area", "pk")
    )  # fmt: skip
    for story in stories[:20]:
        key, holder = f"story:{story.pk}", story.family.care.lead
        if holder is None or find(stated_of(story.person, story.family_id), key) is None:
            continue
        objecting.say(
            person_id=story.person_id, family_id=story.family_id, kind="wrong", of=key,
            words="I did not say it like that. It was a bad day, and it reads as if every day is.",
            should_be="That it was one bad day.", said_by=story.person.called, how="phone",
            by=holder, at=now,
        )  # fmt: skip
        return
