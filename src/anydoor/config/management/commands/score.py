"""`anydoor score FILE.jsonl`: scores answered instruments, one a line, by `rules.instruments`."""

from __future__ import annotations

from typing import Any

from anydoor.config.json_lines import JsonLinesCommand
from anydoor.rules.instruments.contract import score_line


class Command(JsonLinesCommand):
    help = (
        "Score answered instruments: one JSON object a line in, one a line out, in the same order. Ends with "
        "0, with 1 when a line could not be read (the others are scored), 2 when the file is not there. "
        "docs/reference/scoring.md has the fields."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.end(self.answer_all(options["file"], score_line))
