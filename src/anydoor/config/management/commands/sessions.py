"""`anydoor sessions`: who is signed in, and ending it, of one person or in an incident of everybody."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from anydoor.access import sessions
from anydoor.access.audit import Outsider
from anydoor.access.models import User

CONSOLE = Outsider("the command line", "console")


class Command(BaseCommand):
    help = (
        "Show where somebody is signed in, or end it. In an incident, `anydoor sessions end --everybody` "
        "signs out all staff and all visitors at once, on every machine that serves this database; the "
        "secret key stays. Whoever was signed in signs in again; what was typed and not sent is typed again. "
        "Each use is a row of the audit. Exit code 1: there is no such account, or no reason was given."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        ways = parser.add_subparsers(dest="way", required=True)
        shown = ways.add_parser("list", help="How many sessions there are; with --user, where each began.")
        shown.add_argument("--user", help="e-mail of one person")
        end = ways.add_parser("end", help="End the sessions of one person, or of everybody.")
        whose = end.add_mutually_exclusive_group(required=True)
        whose.add_argument("--user", help="e-mail of one person")
        whose.add_argument("--everybody", action="store_true", help="all staff and all visitors")
        end.add_argument("--why", default="", help="one sentence for the audit; needed with --everybody")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        if options["way"] == "list":
            self._list(options["user"])
        elif options["everybody"]:
            why = " ".join(options["why"].split())
            if not why:
                raise CommandError("Say why with --why: it is kept in the audit.", returncode=1)
            gone = sessions.end_everybodys(by=CONSOLE, at=at, why=why)
            self.stdout.write(f"Ended: {gone} sessions of everybody.")
        else:
            user = self._user(options["user"])
            gone = sessions.end_all(user=user, by=CONSOLE, at=at)
            self.stdout.write(f"Ended: {gone} sessions of {user.email}.")

    def _list(self, email: str | None) -> None:
        at = timezone.now()
        if email is None:
            self.stdout.write(f"{Session.objects.filter(expire_date__gt=at).count()} sessions")
            return
        user = self._user(email)
        places = sessions.signed_in_now([user.pk], at).get(user.pk, [])
        for one in places:
            self.stdout.write(f"{one.id}\t{one.since.isoformat()}\t{one.address}\t{one.browser}")
        if not places:
            self.stdout.write(f"{user.email} is signed in nowhere.")

    def _user(self, email: str) -> User:
        user = User.objects.filter(email__iexact=email.strip()).first()
        if user is None:
            raise CommandError(f"There is no account {email}.", returncode=1)
        return user
