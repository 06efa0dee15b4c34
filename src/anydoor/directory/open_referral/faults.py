"""What is wrong with an entry of somebody's feed: all of it, each with the path to the field."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

DEEPEST = 24
# Fields that hold an id, by the standard. Others may end in _id and hold what they like.
IDS = frozenset(
    {
        *("id", "organization_id", "service_id", "location_id", "service_at_location_id", "taxonomy_term_id"),
        *("taxonomy_id", "parent_id", "parent_organization_id", "link_id", "contact_id", "phone_id"),
    }
)
OBJECTS = frozenset({"organization", "location", "taxonomy_term"})
LISTS = frozenset(
    {
        *("schedules", "service_areas", "service_at_locations", "languages", "funding", "cost_options"),
        *("contacts", "phones", "attributes", "addresses", "accessibility", "organization_identifiers"),
    }
)
TEXTS = frozenset(
    {
        *("name", "description", "url", "email", "status", "fees", "accreditations", "assured_date", "alert"),
        *("assurer_email", "last_modified", "location_type", "address_1", "address_2", "city", "region"),
        *("state_province", "postal_code", "country", "address_type", "website", "number", "title", "option"),
        *("amount_description", "term", "taxonomy", "term_uri", "uri", "identifier", "identifier_type"),
        *("eligibility_description", "application_process", "extent", "extent_type", "service_area", "notes"),
        *("link_type", "external_identifier", "external_identifier_type", "attending_type", "source"),
    }
)
NUMBERS = frozenset({"minimum_age", "maximum_age", "latitude", "longitude", "amount"})
# Other people's own corners: only what can be stored at all is looked at.
OWN_CORNERS = frozenset({"anydoor", "metadata"})

_CANNOT_BE_STORED = re.compile("[\x00\ud800-\udfff]")
_CONTROL = re.compile("[\x01-\x08\x0b-\x1f\x7f]")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


@dataclass(frozen=True, slots=True)
class Fault:
    """A field, as the path of names and positions that leads to it, and what is wrong with it."""

    path: str
    words: str

    def __str__(self) -> str:
        return f"{self.path}: {self.words}" if self.path else self.words


class EntryFaults(Exception):
    """An entry that cannot be read. `faults` has all that was found."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)


def shape_faults(document: Mapping[str, Any]) -> list[Fault]:
    """Wrong ids, wrong types and what no database keeps, anywhere in an entry."""
    return list(_in(document, "", 0, own=False))


def _in(value: Any, path: str, depth: int, *, own: bool) -> Iterator[Fault]:
    if depth > DEEPEST:
        yield Fault(path, "is nested too deep")
    elif isinstance(value, str):
        if _CANNOT_BE_STORED.search(value):
            yield Fault(path, "has a character that cannot be kept (null, or half of one)")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            here = f"{path}.{key[:60]}" if path else key[:60]
            if _CANNOT_BE_STORED.search(key):
                yield Fault(path, "has a name that cannot be kept")
                continue
            if not own:
                yield from _type_faults(key, each, here)
            yield from _in(each, here, depth + 1, own=own or key in OWN_CORNERS)
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from _in(each, f"{path}[{at}]", depth + 1, own=own)


def _type_faults(key: str, value: Any, path: str) -> Iterator[Fault]:
    if key in IDS:
        if not is_uuid(value):
            yield Fault(path, f"{shown(value)} is no UUID")
    elif key in OBJECTS:
        if not isinstance(value, Mapping):
            yield Fault(path, "must be an object")
    elif key in LISTS and not path.endswith("].accessibility"):  # within its list the name means words
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            yield Fault(path, "must be a list of objects")
    elif key in TEXTS:
        if not isinstance(value, str):
            yield Fault(path, f"must be text, not {kind(value)}")
    elif key in NUMBERS and (isinstance(value, bool) or not isinstance(value, int | float)):
        yield Fault(path, f"must be a number, not {kind(value)}")


def is_uuid(value: Any) -> bool:
    """Whether it is a UUID as the standard writes one, with its hyphens."""
    if not isinstance(value, str) or len(value) != 36:
        return False
    try:
        return str(uuid.UUID(value)) == value.lower()
    except ValueError:
        return False


def kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    kinds: dict[type, str] = {str: "text", list: "a list", dict: "an object"}
    return kinds.get(type(value), "nothing")


def shown(value: Any) -> str:
    """The beginning of a value for a message on a terminal: no control characters, no bidirectional marks."""
    text = value if isinstance(value, str) else kind(value)
    plain = "".join(mark if mark.isprintable() else "?" for mark in text[:40])
    return f"“{plain}{'…' if len(text) > 40 else ''}”"


# ---------------------------------------------------------------- words


def plain(text: str) -> str:
    """Words without mark-up: many directories send descriptions as HTML. Line breaks and paragraphs stay."""
    words = text.replace("\r\n", "\n").replace("\r", "\n")
    if _TAG.search(words):
        reader = _Words()
        reader.feed(words)
        reader.close()
        words = "".join(reader.found)
    words = _CONTROL.sub(" ", words)
    lines = [" ".join(line.split()) for line in words.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    BLOCKS = frozenset(
        {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table"}
    )
    SILENT = frozenset({"script", "style", "head", "title", "template", "iframe", "object"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in self.SILENT:
            self.silent += 1
        elif tag in self.BLOCKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self.silent = max(self.silent - 1, 0)
        elif tag in self.BLOCKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)
