"""`anydoor waits FILE.jsonl`: how long referrals waited and which standards that met, by `rules.waits`."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.management.base import CommandParser

from anydoor.config.json_lines import JsonLinesCommand
from anydoor.rules.waits import waits_line


class Command(JsonLinesCommand):
    help = (
        "Waits of referrals and the standards they met: one JSON object a line in, one a line out. Ends with "
        "0, with 1 when a line could not be read, 2 when the file is not there. docs/reference/scoring.md "
        "has the fields."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--net",
            action="store_true",
            help="judge the standards on waits net of pauses (an area's setting)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.end(self.answer_all(options["file"], partial(waits_line, judged_net=options["net"])))
