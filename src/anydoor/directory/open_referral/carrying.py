"""What another directory says and our columns cannot, kept beside an entry so that it is passed on unchanged.

    kept = what_we_lack(ours, theirs)      # when an entry is read: our rendering of it, and what they sent
    carry(ours_now, kept)                  # when it is published: our rendering now, with theirs laid over

A value of theirs is passed on for as long as our own rendering of it is what it was when it was read. Once
somebody here has changed it, ours stands. Lists are one value. Terms of their taxonomies stand beside ours.
Pure: JSON in, JSON out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

Document = dict[str, Any]
TERMS = "attributes"


def digest(value: Any) -> str:
    """A fingerprint of a JSON value, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def pruned(value: Any) -> Any:
    """Without what says nothing: null, empty text, empty lists and empty objects, at every depth."""
    if isinstance(value, Mapping):
        kept = {key: pruned(each) for key, each in value.items()}
        return {key: each for key, each in kept.items() if each not in (None, "", [], {})}
    if isinstance(value, list):
        return [each for each in map(pruned, value) if each not in (None, "", [], {})]
    return value


def what_we_lack(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Document:
    """`{"values": {key: {"ours": digest or None, "theirs": value}}, "inside": {key: …}, "terms": […]}`."""
    values: Document = {}
    inside: Document = {}
    terms: list[Any] = []
    for key, value in theirs.items():
        mine = ours.get(key)
        if value == mine:
            continue
        if key == TERMS and isinstance(value, list):
            have = {_term(each) for each in mine or []}
            terms = [each for each in value if _term(each) not in have]
        elif isinstance(value, Mapping) and isinstance(mine, Mapping):
            deeper = what_we_lack(mine, value)
            if deeper:
                inside[key] = deeper
        else:
            values[key] = {"ours": None if mine is None else digest(mine), "theirs": value}
    parts = {"values": values, "inside": inside, "terms": terms}
    return {name: part for name, part in parts.items() if part}


def carry(ours: Mapping[str, Any], kept: Mapping[str, Any]) -> Document:
    """Our rendering with theirs laid over where ours is still what it was."""
    made = dict(ours)
    for key, each in kept.get("values", {}).items():
        mine = ours.get(key)
        if each["ours"] == (None if mine is None else digest(mine)):
            made[key] = each["theirs"]
    for key, deeper in kept.get("inside", {}).items():
        if isinstance(ours.get(key), Mapping):
            made[key] = carry(ours[key], deeper)
    if kept.get("terms"):
        have = {_term(each) for each in ours.get(TERMS, [])}
        made[TERMS] = [*ours.get(TERMS, []), *(each for each in kept["terms"] if _term(each) not in have)]
    return made


def _term(attribute: Any) -> str:
    """What an attribute is about: its term; an attribute without one is itself."""
    if isinstance(attribute, Mapping):
        term = attribute.get("taxonomy_term")
        found = term.get("id") if isinstance(term, Mapping) else attribute.get("taxonomy_term_id")
        if isinstance(found, str):
            return found
    return json.dumps(attribute, sort_keys=True)
