"""`anydoor match PROFILE.json --area AREA`: what could help a family, and why, as JSON."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from anydoor.config import environ
from anydoor.config.embedded import EmbeddedUnavailable
from anydoor.directory.area_files import area_slugs
from anydoor.directory.matching import Matched, help_for, help_in_files, slugs_of
from anydoor.directory.models import Area
from anydoor.rules.errors import BadInput, NotFound
from anydoor.rules.match_answer import answer
from anydoor.rules.matching import Profile, first
from anydoor.rules.notes import notes
from anydoor.rules.profile_reading import read_profile

LONGEST = 1_000_000  # bytes; a profile has a few hundred


class Command(BaseCommand):
    help = (
        "Match a family's need to an area's services: each suits, is possible or does not fit, with reasons "
        "for and against in words for a parent, best first. The answer is one JSON object: emergency (null, "
        "or what comes before everything), offers, human_route. Uses the directory where the area is "
        "loaded, else its data file. Ends with 0, or with 2 and a message that names the field when the "
        "profile or the area cannot be used. docs/reference/matching.md has the fields; examples/match/ has "
        "profiles."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("profile", metavar="PROFILE.json", help="a need; - reads from a pipe")
        parser.add_argument(
            "--area",
            required=True,
            metavar="AREA",
            help=f"{', '.join(area_slugs())}, an area of yours, or an area file ending in .toml",
        )
        parser.add_argument(
            "--limit",
            type=_count,
            metavar="N",
            help="only the first N offers; a universal one stays among them (default: every verdict)",
        )
        parser.add_argument(
            "--from-files",
            action="store_true",
            help="use the area's data file even where the area is loaded, so that edits do not count",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            profile = read_profile(_parsed(options["profile"]))
            found = self._matched(options["area"], profile, from_files=options["from_files"])
        except (BadInput, NotFound) as problem:
            raise CommandError(problem.message, returncode=2) from None
        offers, limit = found.offers, options["limit"]
        if limit is not None:
            offers = first(offers, limit, slugs_of(found.facts, "universal"))
        told = answer(
            emergency=found.emergency,
            offers=offers,
            facts=found.facts,
            human_route=found.human_route,
            level=found.level,
            ordered_by=found.ordered_by,
            notes=notes(found.profile),
        )
        self._write(json.dumps(told, ensure_ascii=False, indent=2))

    def _matched(self, area: str, profile: Profile, *, from_files: bool) -> Matched:
        if not from_files and not area.endswith(".toml") and _has_database():
            try:
                row = Area.objects.select_related("front_door").filter(slug=area).first()
                if row is not None:
                    return help_for(area=row, profile=profile, everything=True)
            except (OperationalError, ProgrammingError, EmbeddedUnavailable) as problem:
                # Not there, or not migrated yet: the data files answer, and that is said.
                reason = str(problem).strip().partition("\n")[0]
                self.stderr.write(f"The database was not used ({reason}): this is from the data files.")
        return help_in_files(area=Path(area) if area.endswith(".toml") else area, profile=profile)

    def _write(self, text: str) -> None:
        """The answer; a reader that has gone away ends the command quietly."""
        try:
            self.stdout.write(text)
            self.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise ArgumentTypeError("give a whole number from 1.")
    return number


def _has_database() -> bool:
    """Whether there is a directory to ask: a database of one's own, or an embedded one made before."""
    given = os.environ.get("DATABASE_URL", "").strip()
    return bool(given) or (environ.home() / "postgres" / "data" / "PG_VERSION").exists()


def _parsed(name: str) -> object:
    """The JSON in a file, or in what is piped in. Raises BadInput or NotFound."""
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(LONGEST + 1)
        else:
            with open(name, "rb") as file:
                raw = file.read(LONGEST + 1)
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else "cannot be read"
        raise NotFound(f"{name}: {reason}.") from None
    shown = "standard input" if name == "-" else name
    if len(raw) > LONGEST:
        raise BadInput(f"{shown} is longer than {LONGEST:,} bytes: that is no profile.")
    try:
        return json.loads(
            raw.decode("utf-8-sig"), parse_constant=_no_constant, object_pairs_hook=_without_twins
        )
    except UnicodeDecodeError:
        raise BadInput(f"{shown} is not UTF-8 text.") from None
    except RecursionError:
        raise BadInput(f"{shown} is nested too deeply.") from None
    except json.JSONDecodeError as problem:
        where = f"line {problem.lineno}, column {problem.colno}"
        raise BadInput(f"{shown} is not JSON: {problem.msg} at {where}.") from None
    except ValueError:
        raise BadInput(f"{shown} is not JSON: a number is too long.") from None


def _no_constant(text: str) -> NoReturn:
    raise BadInput(f"{text} is not a number that a profile can have.")


def _without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = sorted({name for name, _ in pairs if [key for key, _ in pairs].count(name) > 1})
        raise BadInput(f"{twice[0]} stands twice in one object.", field=twice[0])
    return found
