"""`anydoor outcomes FILE.jsonl`: caseness, recovery and reliable change of referrals, by `rules.outcomes`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from anydoor.config.json_lines import JsonLinesCommand
from anydoor.rules import lines
from anydoor.rules.outcomes import Cohort, outcome, outcome_line, read_course


class Command(JsonLinesCommand):
    help = (
        "Outcomes of referrals by the rules of NHS Talking Therapies: one JSON object a line in, one a line "
        "out; with --cohort one object of counts and rates. Ends with 0, with 1 when a line could not be "
        "read, 2 when the file is not there. docs/reference/scoring.md has the fields."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--cohort", action="store_true", help="counts and rates over all lines, in one object at the end"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["cohort"]:
            self.end(self.answer_all(options["file"], outcome_line))
            return
        cohort = Cohort()

        def count(line: Mapping[str, object]) -> None:
            lines.identity(line)
            cohort.add(outcome(read_course(line)))

        bad = self.answer_all(options["file"], count, once=True)
        self.write({**cohort.as_object(), "lines_not_read": bad})
        self.end(bad)
