"""Parents that go in a circle: a term or an organisation that is its own ancestor. Plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from anydoor.directory.open_referral.faults import Fault

IN_A_CIRCLE = "goes in a circle: by its parents it is its own ancestor"
Parents = dict[str, str]


@dataclass(frozen=True, slots=True)
class Circles:
    """Ids of terms and organisations of a feed that are part of a circle."""

    terms: frozenset[str] = field(default=frozenset())
    organisations: frozenset[str] = field(default=frozenset())

    @classmethod
    def among(cls, documents: Iterable[Mapping[str, Any]]) -> Circles:
        """Goes through all entries once, keeping ids alone."""
        terms: Parents = {}
        organisations: Parents = {}
        for document in documents:
            told = document.get("organization")
            if isinstance(told, Mapping):
                _add(organisations, told.get("id"), told.get("parent_organization_id"))
            for _, term in _terms(document):
                _add(terms, term.get("id"), term.get("parent_id"))
        return cls(_circular(terms), _circular(organisations))

    def faults_of(self, document: Mapping[str, Any]) -> list[Fault]:
        """Where an entry stands on something that goes in a circle."""
        found = []
        told = document.get("organization")
        if isinstance(told, Mapping) and _in(told.get("id"), self.organisations):
            found.append(Fault("organization.parent_organization_id", IN_A_CIRCLE))
        found += [
            Fault(f"attributes[{at}].taxonomy_term.parent_id", IN_A_CIRCLE)
            for at, term in _terms(document)
            if _in(term.get("id"), self.terms)
        ]
        return found


def _in(uid: Any, ids: frozenset[str]) -> bool:
    return isinstance(uid, str) and uid in ids


def _add(parents: Parents, uid: Any, parent: Any) -> None:
    if isinstance(uid, str) and isinstance(parent, str):
        parents.setdefault(uid, parent)


def _terms(document: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    attributes = document.get("attributes")
    for at, attribute in enumerate(attributes if isinstance(attributes, list) else []):
        term = attribute.get("taxonomy_term") if isinstance(attribute, Mapping) else None
        if isinstance(term, Mapping):
            yield at, term


def _circular(parents: Parents) -> frozenset[str]:
    """Those that come back to themselves; what only leads into a circle is sound."""
    found: set[str] = set()
    done: set[str] = set()
    for start in parents:
        way: list[str] = []
        here: str | None = start
        while here is not None and here not in done:
            done.add(here)
            way.append(here)
            here = parents.get(here)
        if here in way:
            found.update(way[way.index(here) :])
    return frozenset(found)
