"""`anydoor account create`: the first accounts of a place, before anybody is there to add a colleague."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from anydoor.access.audit import Outsider
from anydoor.access.models import Team
from anydoor.access.roles import Role
from anydoor.care.first_password import HOURS
from anydoor.care.staffing import Newcomer, first_account
from anydoor.rules.errors import AnydoorError

CONSOLE = Outsider("the command line", "console")


class Command(BaseCommand):
    help = (
        "Make an account and print the link with which its owner sets a password, once, within three days. "
        "For the first people of a place: the fall-back of a front door, the first administrator, who then "
        "add everybody else on the page “Who has access”. Given again before a password is set, it prints a "
        "new link. Exit code 1: it could not be done, and why."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        ways = parser.add_subparsers(dest="way", required=True)
        make = ways.add_parser("create", help="Make an account, with a role when --team is given.")
        make.add_argument("email", help="work address; they sign in with it")
        make.add_argument("--name", required=True, help="full name")
        make.add_argument("--job-title", default="", help="shown beside the name")
        make.add_argument("--team", help="slug of the team")
        make.add_argument("--role", choices=[role.value for role in Role], default=Role.ADMIN.value)

    def handle(self, *args: Any, **options: Any) -> None:
        team = Team.objects.filter(slug=options["team"]).first() if options["team"] else None
        if options["team"] and team is None:
            raise CommandError(f"There is no team {options['team']}.", returncode=1)
        try:
            user, link = first_account(
                who=Newcomer(options["name"], options["email"], options["job_title"]),
                team=team,
                role=Role(options["role"]),
                by=CONSOLE,
                at=timezone.now(),
            )
        except AnydoorError as problem:
            raise CommandError(problem.message, returncode=1) from None
        where = f", {options['role']} in {team.name}" if team is not None else ""
        self.stdout.write(f"{user.email}{where}. To set a password, once, within {HOURS} hours:")
        self.stdout.write(link)
