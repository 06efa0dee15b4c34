"""What an episode is about, as outcomes need it: it decides which anxiety measure is the one that counts."""

from __future__ import annotations

from datetime import datetime

from anydoor.access.models import User
from anydoor.care.models import Episode
from anydoor.care.models.episode import DESCRIPTORS
from anydoor.care.record import fresh_episode, writing
from anydoor.rules.errors import BadInput


def set_descriptor(*, episode: Episode, descriptor: str, by: User, at: datetime) -> Episode:
    """Say what the help is about; an ended episode can still be put right. Raises `BadInput`."""
    if descriptor not in DESCRIPTORS:
        raise BadInput("Choose one from the list.", field="descriptor")
    with writing(episode.family_id, by=by, at=at) as pen:
        row = fresh_episode(episode.pk)
        old = row.descriptor
        if old == descriptor:
            return row
        row.descriptor = descriptor
        row.save(update_fields=["descriptor"])
        pen.note(
            "amended",
            f"{by.name} said what {row.service.name} is about.",
            facts={
                "person": row.person_id,
                "lines": [
                    {
                        "field": "What the help is about",
                        "old": DESCRIPTORS[old],
                        "new": DESCRIPTORS[descriptor],
                        "why": "",
                    }
                ],
            },
            subject=row,
        )
        return row
