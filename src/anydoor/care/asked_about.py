"""What somebody had in mind who asked from the page of a service: kept for whoever reads the request."""

from __future__ import annotations

from datetime import datetime

from anydoor.care.models import Happening, Referral
from anydoor.care.own_words import themselves
from anydoor.care.record import writing
from anydoor.directory.models import Service

KIND = "asked_about"


def ask_about(*, referral: Referral, service: Service, at: datetime) -> None:
    """Put on the timeline which service they looked at when they asked. Said twice, it stands once.

    It decides nothing: triage still looks at the whole directory.
    """
    with writing(referral.family_id, by=themselves(referral), at=at) as pen:
        there = Happening.objects.filter(referral=referral, kind=KIND, facts__service=service.slug)
        if not there.exists():
            headline = f"They asked from the page of {service.name}."[:300]
            pen.note(KIND, headline, subject=referral, facts={"service": service.slug})
