"""`anydoor rekey`: the secrets of second steps under the newest secret key."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand
from django.db import transaction

from anydoor.web.account.second_step import SECRETS, sealed_anew


class Command(BaseCommand):
    help = (
        "Seal the secrets of authenticator apps and recovery codes anew with ANYDOOR_SECRET_KEY. Run it "
        "after changing that key, while the old one still stands in ANYDOOR_OLD_SECRET_KEYS: then nobody has "
        "to make a second step again, and the old key can go. Ends with 1 when no key of these opens one."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        moved, lost = move_secrets()
        self.stdout.write(f"{moved} second {'step' if moved == 1 else 'steps'} sealed with the newest key.")
        if lost:
            self.stderr.write(
                f"{lost} cannot be opened with any key given here: give the key they were made with in "
                "ANYDOOR_OLD_SECRET_KEYS, or those people make a new second step."
            )
            raise SystemExit(1)


def move_secrets() -> tuple[int, int]:
    """Seal every secret anew with the newest key. Returns how many were sealed, and how many no key opens."""
    moved = lost = 0
    for one in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk"):
        with transaction.atomic():
            # A code that is used meanwhile changes the same row.
            kept = Authenticator.objects.select_for_update().get(pk=one.pk)
            sealed = {name: kept.data[name] for name in SECRETS if name in kept.data}
            try:
                kept.data |= {name: sealed_anew(text) for name, text in sealed.items()}
            except InvalidToken:
                lost += 1
                continue
            kept.save(update_fields=["data"])
            moved += 1
    return moved, lost
