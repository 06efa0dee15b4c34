"""`anydoor token`: keys for partner systems."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from anydoor.access.audit import Outsider
from anydoor.access.models import ApiToken, Team, User
from anydoor.care import receipts, refusals
from anydoor.rules.errors import AnydoorError

CONSOLE = Outsider("the command line", "console")


class Command(BaseCommand):
    help = "Make, list or end the keys with which partner systems send referrals."

    def add_arguments(self, parser: CommandParser) -> None:
        ways = parser.add_subparsers(dest="way", required=True)
        make = ways.add_parser("create", help="Make a key. It is printed once and kept only as a digest.")
        make.add_argument("--team", required=True, help="slug of the team the partner belongs to")
        make.add_argument("--user", required=True, help="e-mail of the person it acts as")
        make.add_argument("--name", required=True, help="what to call it in the audit")
        ways.add_parser("list", help="The keys there are.")
        end = ways.add_parser("end", help="End a key.")
        end.add_argument("id", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["way"] == "create":
            self._create(options)
        elif options["way"] == "end":
            token = ApiToken.objects.filter(pk=options["id"], ended_at__isnull=True).first()
            if token is None:
                raise CommandError(f"There is no live key {options['id']}.", returncode=1)
            receipts.end_token(token=token, by=CONSOLE, at=timezone.now())
            self.stdout.write(f"Ended: {token.name}")
        else:
            for token in ApiToken.objects.select_related("team", "user").order_by("pk"):
                state = "ended" if token.ended_at else "live"
                self.stdout.write(f"{token.pk}\t{state}\t{token.name}\t{token.team.slug}\t{token.user.email}")

    def _create(self, options: dict[str, Any]) -> None:
        team = Team.objects.filter(slug=options["team"]).first()
        user = User.objects.filter(email__iexact=options["user"], is_active=True).first()
        if team is None or user is None:
            missing = f"team {options['team']}" if team is None else f"open account {options['user']}"
            raise CommandError(f"There is no {missing}.", returncode=1)
        try:
            secret = receipts.make_token(
                name=options["name"], team=team, user=user, by=CONSOLE, at=timezone.now()
            )
        except AnydoorError as problem:
            refusals.note(problem, asked=refusals.Asked("anydoor token"), by=CONSOLE, at=timezone.now())
            raise CommandError(problem.message, returncode=1) from None
        self.stdout.write(secret)
