"""`anydoor rekey`: the secrets of second steps under the newest secret key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from anydoor.web.account import second_step


class Command(BaseCommand):
    help = (
        "Seal the secrets of authenticator apps and recovery codes anew with ANYDOOR_SECRET_KEY. Run it "
        "after changing that key, while the old one still stands in ANYDOOR_OLD_SECRET_KEYS: then nobody has "
        "to make a second step again, and the old key can go. Ends with 1 when no key of these opens one."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        moved, lost = second_step.move_secrets()
        self.stdout.write(f"{moved} second {'step' if moved == 1 else 'steps'} sealed with the newest key.")
        if lost:
            self.stderr.write(
                f"{lost} cannot be opened with any key given here: give the key they were made with in "
                "ANYDOOR_OLD_SECRET_KEYS, or those people make a new second step."
            )
            raise SystemExit(1)
