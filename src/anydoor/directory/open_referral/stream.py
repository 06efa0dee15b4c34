"""A feed in files, taken apart entry by entry, whatever its size: no more than one entry is held at a time.

Takes a page of the standard (its `contents`, or `content` of version 1), a list, one service, an organisation
with its `services`, JSON lines, several of these one after another, and a folder of such files. What is
broken in the middle is told and passed over; what stands before and behind it is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from typing import Any, NoReturn, TextIO

from anydoor.rules.errors import BadInput, NotFound

CHUNK = 1 << 18
LARGEST_ENTRY = 2_000_000  # characters; the largest that was met in a council's feed has a few thousand
PAGES = ("contents", "content")
NEAR_THE_END = 64

_SPACE = re.compile(r"[\s,]*")
_SIGN = re.compile(r'["\[\]{},]')
_IN_TEXT = re.compile(r'["\\]')


@dataclass(frozen=True, slots=True)
class Raw:
    """An entry as it stands in a file, or what is wrong there. `ends` is True where the rest is lost too."""

    file: str
    number: int
    document: Any = None
    fault: str = ""
    ends: bool = False


def files_of(path: Path) -> list[Path]:
    """The file, or every `.json` and `.jsonl` file of a folder by name. Raises NotFound."""
    if path.is_dir():
        found = sorted(each for each in path.iterdir() if each.suffix in {".json", ".jsonl", ".ndjson"})
        if not found:
            raise NotFound(f"The folder {path.name!r} has no .json files.")
        return found
    if not path.is_file():
        raise NotFound(f"There is no file {str(path)!r}.")
    return [path]


def entries(path: Path) -> Iterator[Raw]:
    """Every entry of a file or a folder, numbered from 1 within its file."""
    for file in files_of(path):
        with file.open(encoding=_encoding(file), errors="surrogateescape", newline="") as text:
            yield from _Reader(text, file.name).entries()


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if not start.strip():
        raise BadInput(f"{path.name} is empty.")
    found = json.detect_encoding(start)
    return "utf-8-sig" if found == "utf-8" else found


def _not_json(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


class _Reader:
    """Goes through one file; `text` holds what was read and not yet passed."""

    def __init__(self, file: TextIO, name: str) -> None:
        self.file, self.name = file, name
        self.text, self.at, self.over = "", 0, False
        self.number = 0
        self.decoder = JSONDecoder(parse_constant=_not_json)

    # ---- the file

    def fill(self) -> bool:
        """More of the file; False at its end."""
        more = "" if self.over else self.file.read(CHUNK)
        if not more:
            self.over = True
            return False
        self.text = self.text[self.at :] + more
        self.at = 0
        return True

    def peek(self) -> str:
        """The next character that is no space or comma; empty at the end."""
        while True:
            found = _SPACE.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.fill():
                return ""

    # ---- what stands in it

    def entries(self) -> Iterator[Raw]:
        while sign := self.peek():
            if sign == "[":
                self.at += 1
                yield from self.elements()
            elif sign == "{":
                yield from self.object()
            else:
                yield self.lost("here stands neither a list nor an object: this is no JSON of a feed")
            if self.over and self.at >= len(self.text):
                return

    def object(self) -> Iterator[Raw]:
        """A page, an organisation with services, or one service."""
        start_number = self.number
        rest: dict[str, Any] = {}
        paged, held = False, []
        self.at += 1
        while True:
            sign = self.peek()
            if sign == "}":
                self.at += 1
                break
            key = self.value() if sign == '"' else _Wrong("a name was expected here")
            if isinstance(key, _Wrong) or self.peek() != ":":
                yield self.lost("this object is broken, and the rest with it" if sign else _ENDS)
                return
            self.at += 1
            if self.peek() == "[" and (key in PAGES or (key == "services" and "name" not in rest)):
                self.at += 1
                paged = True
                for each in self.elements():
                    yield each
                    if each.ends:
                        return
            elif self.peek() == "[" and key == "services":
                self.at += 1
                held = list(self.elements())
            else:
                value = self.value()
                if isinstance(value, _Wrong):
                    yield self.lost(value.words)
                    return
                rest[key] = value
        if held:
            yield from (self.with_organisation(each, rest) for each in held)
        elif not paged and (rest or self.number == start_number):
            self.number += 1
            yield Raw(self.name, self.number, rest)

    def with_organisation(self, each: Raw, organisation: dict[str, Any]) -> Raw:
        if not isinstance(each.document, dict) or "organization" in each.document:
            return each
        return Raw(each.file, each.number, each.document | {"organization": organisation})

    def elements(self) -> Iterator[Raw]:
        """The elements of a list, up to its end."""
        while True:
            sign = self.peek()
            if sign == "]":
                self.at += 1
                return
            self.number += 1
            if not sign:
                self.number -= 1
                yield self.lost(_ENDS)
                return
            value = self.value()
            if not isinstance(value, _Wrong):
                yield Raw(self.name, self.number, value)
                continue
            if value.ends:
                self.number -= 1
                yield self.lost(value.words)
                return
            yield Raw(self.name, self.number, fault=value.words)
            if not value.passed and not self.skip():
                yield self.lost(_ENDS)
                return

    def lost(self, words: str) -> Raw:
        self.at, self.over = len(self.text), True
        self.number += 1
        return Raw(self.name, self.number, fault=words, ends=True)

    # ---- one value

    def value(self) -> Any:
        """The JSON value that begins here; the place moves behind it. `_Wrong` where there is none."""
        while True:
            try:
                found, end = self.decoder.raw_decode(self.text, self.at)
            except JSONDecodeError as problem:
                unfinished = (
                    "Unterminated string" in problem.msg or problem.pos > len(self.text) - NEAR_THE_END
                )
                if not unfinished:
                    return _Wrong(f"this is no JSON: {problem.msg[:80]}")
                if len(self.text) - self.at > LARGEST_ENTRY:
                    return _Wrong(f"this entry is longer than {LARGEST_ENTRY:,} characters")
                if not self.fill():
                    return _Wrong(_ENDS, ends=True)
            except (RecursionError, ValueError) as problem:
                words = "it is nested too deep" if isinstance(problem, RecursionError) else str(problem)[:80]
                return _Wrong(f"this is no JSON of a feed: {words}")
            else:
                if end == len(self.text) and self.fill():
                    continue  # a number may go on
                if end - self.at > LARGEST_ENTRY:
                    self.at = end
                    return _Wrong(f"this entry is longer than {LARGEST_ENTRY:,} characters", passed=True)
                self.at = end
                return found

    def skip(self) -> bool:
        """Behind the broken value that begins here, by its brackets; False when the file ends first.

        Nothing of it is kept, however long it is. A bracket that was never closed ends with the one around.
        """
        opened: list[str] = []
        quoted = False
        while True:
            found = (_IN_TEXT if quoted else _SIGN).search(self.text, self.at)
            if found is None:
                self.at = len(self.text)
                if not self.fill():
                    return False
                continue
            sign = found[0]
            if quoted and sign == "\\" and found.end() == len(self.text):
                self.at = found.start()
                if not self.fill():
                    return False
                continue
            self.at = found.end() + (quoted and sign == "\\")
            if sign == '"':
                quoted = not quoted
            elif not quoted and self._is_behind(sign, opened):
                return True

    def _is_behind(self, sign: str, opened: list[str]) -> bool:
        """Whether the value is over with this sign outside of quotation marks; keeps what is open."""
        if sign in "[{":
            opened.append(sign)
            return False
        if sign == ",":
            return not opened
        partner = "[" if sign == "]" else "{"
        if partner in opened:
            while opened.pop() != partner:
                pass
            return not opened
        if sign == "]":  # the end of the list around it, which is read next
            self.at -= 1
            return True
        return False


_ENDS = "the file ends in the middle"


@dataclass(frozen=True, slots=True)
class _Wrong:
    words: str
    ends: bool = False
    passed: bool = False
