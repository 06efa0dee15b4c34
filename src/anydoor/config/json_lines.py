"""Commands that read one JSON object a line and write one a line: `anydoor score`, `outcomes`, `waits`.

Each line stands for itself. A line that cannot be read gives `{"line", "id", "error"}` in its place, the run
goes on, and the command ends with 1. Lines are read as bytes and one at a time, so a file may be larger than
memory, one line that is no UTF-8 spoils nothing else, and what was answered is there at once. Blank lines are
left out, and a mark of byte order at the start. Nothing here needs a database.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from anydoor.rules import lines
from anydoor.rules.errors import BadInput

LONGEST_LINE = 1_000_000
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Line = Mapping[str, object]
Answer = Callable[[Line], object]


class JsonLinesCommand(BaseCommand):
    """A command over a file of JSON lines, or `-` for what is piped in. It touches no database."""

    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.jsonl", help="one JSON object a line; - reads from a pipe")

    def answer_all(self, name: str, answer: Answer, *, once: bool = False) -> int:
        """Writes the answer to each line (nothing where it is None); returns how many lines were bad.

        With `once` a line whose id came before is bad: it would be counted twice.
        Raises CommandError with exit code 2 when the file cannot be opened.
        """
        bad, seen = 0, dict[object, int]()
        with _opened(name) as stream:
            for number, raw in _lines(stream):
                line: Line = {}
                try:
                    line = parse(raw)
                    if once:
                        _must_be_new(line, seen, number)
                    self.write(answer(line))
                except BadInput as problem:
                    bad += 1
                    self.write({"line": number, "id": _told_id(line), "error": problem.message})
        return bad

    def write(self, answer: object) -> None:
        """One line of output; a reader that has gone away ends the command quietly."""
        if answer is None:
            return
        try:
            self.stdout.write(json.dumps(answer))
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)

    def end(self, bad: int) -> None:
        """Raises CommandError with exit code 1 when a line was bad."""
        if bad:
            what = "1 line" if bad == 1 else f"{bad} lines"
            raise CommandError(f"{what} could not be read; each has an error in its place.", returncode=1)


def parse(raw: bytes) -> dict[str, object]:
    """One line's object. Raises BadInput. Numbers with a point come as Decimal: nothing is rounded."""
    if len(raw) > LONGEST_LINE:
        raise BadInput(f"The line is longer than {LONGEST_LINE:,} bytes.")
    try:
        found: Any = json.loads(
            raw.decode("utf-8"),
            parse_float=_exact,
            parse_int=_whole,
            parse_constant=_no_constant,
            object_pairs_hook=_without_twins,
        )
    except UnicodeDecodeError:
        raise BadInput("The line is not UTF-8.") from None
    except RecursionError:
        raise BadInput("The line is nested too deeply.") from None
    except ValueError:
        raise BadInput("The line is not JSON.") from None
    if not isinstance(found, dict):
        raise BadInput("The line must be a JSON object.")
    return found


def _exact(text: str) -> Decimal:
    """The number as written. Whoever asks for a range refuses one that is beyond all of them."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("Infinity")


def _whole(text: str) -> int | Decimal:
    """Python turns no more than 4,300 digits into a whole number; beyond that nothing here is in range."""
    return int(text) if len(text) <= 4000 else _exact(text)


def _no_constant(text: str) -> NoReturn:
    raise BadInput("NaN and Infinity are no numbers.")


def _without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadInput("A name stands twice in one object, so nobody can tell which is meant.")
    return found


def _must_be_new(line: Line, seen: dict[object, int], number: int) -> None:
    """What is counted must be counted once: a later line with the same id is not."""
    if line.get("id") is None:
        return
    identity = lines.identity(line)
    if identity in seen:
        raise BadInput(f"This id is also on line {seen[identity]}.", field="id")
    seen[identity] = number


def _told_id(line: Line) -> str | int | None:
    try:
        return lines.identity(line)
    except BadInput:
        return None


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = open(name, "rb")  # noqa: SIM115  closed below, after what it yields
    except OSError as problem:
        raise CommandError(f"{name}: {problem.strerror or 'cannot be read'}.", returncode=2) from None
    with stream:
        yield stream


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Numbered lines that hold something. Of a line that is too long only the beginning is kept."""
    number = 0
    while raw := stream.readline(LONGEST_LINE + 2):
        number += 1
        rest = raw
        while not rest.endswith(b"\n") and len(rest) == LONGEST_LINE + 2:
            rest = stream.readline(LONGEST_LINE + 2)
        if number == 1:
            raw = raw.removeprefix(BYTE_ORDER_MARK)
        if stripped := raw.strip():
            yield number, stripped
