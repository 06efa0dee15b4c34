"""Our own taxonomies: what a service says of itself in terms that others can filter by. The ids never change.

Each is a flat list: strand, level, need, audience, way in, way of giving, stage. A council maps these terms
to its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from anydoor.directory.models.entry import LEVELS, STRANDS
from anydoor.directory.models.places import NAMES_OF_ENTRIES
from anydoor.rules import eligibility_keys

VERSION = "1"

STAGES: Mapping[str, str] = {
    "trying_to_conceive": "Trying for a baby",
    "pregnancy": "Pregnancy",
    "after_birth": "After the birth",
    "after_loss": "After a loss",
}


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A list of terms: key to words. `field` is what of an entry's content holds the keys."""

    key: str
    name: str
    description: str
    field: str
    terms: Mapping[str, str]

    @property
    def uid(self) -> uuid.UUID:
        return uuid.uuid5(NAMES_OF_ENTRIES, f"taxonomy/{self.key}")

    def term_uid(self, term: str) -> uuid.UUID:
        return uuid.uuid5(NAMES_OF_ENTRIES, f"term/{self.key}/{term}")


TAXONOMIES: tuple[Taxonomy, ...] = (
    Taxonomy(
        "strand",
        "Strand of support",
        "Perinatal mental health, or the relationship of parent and baby. Wider needs have no strand.",
        "strand",
        {key: words for key, words in STRANDS.items() if key},
    ),
    Taxonomy(
        "level",
        "Level of support",
        "Universal: for everybody. Targeted: mild to moderate need. Specialist: moderate to severe need.",
        "level",
        LEVELS,
    ),
    Taxonomy("need", "Need", "What a service helps with.", "needs", eligibility_keys.NEED_CHOICES),
    Taxonomy("audience", "Audience", "Whom the help is for.", "audience", eligibility_keys.AUDIENCE),
    Taxonomy("way_in", "Way in", "Who may ask for the help.", "routes_in", eligibility_keys.ROUTES),
    Taxonomy("way_given", "Way of giving", "How the help is given.", "modes", eligibility_keys.MODES),
    Taxonomy(
        "stage",
        "Stage",
        "Where a family is in the first 1,001 days, and after a loss.",
        "",
        STAGES,
    ),
)
BY_UID: Mapping[str, Taxonomy] = {str(each.uid): each for each in TAXONOMIES}
TERMS: Mapping[str, tuple[Taxonomy, str]] = {
    str(each.term_uid(term)): (each, term) for each in TAXONOMIES for term in each.terms
}


def stages_of(content: Mapping[str, Any]) -> list[str]:
    """The stages in which an entry is offered."""
    told = {
        "trying_to_conceive": content["trying_to_conceive"],
        "pregnancy": content["pregnancy_weeks"],
        "after_birth": content["child_days"],
        "after_loss": content["after_loss"],
    }
    return [stage for stage, offered in told.items() if offered]


def terms_of(content: Mapping[str, Any]) -> Iterator[tuple[Taxonomy, str]]:
    """Every term an entry's content has, taxonomy by taxonomy."""
    for each in TAXONOMIES:
        value = content[each.field] if each.field else stages_of(content)
        for term in [value] if isinstance(value, str) else value:
            if term in each.terms:
                yield each, term


def term_document(each: Taxonomy, term: str) -> dict[str, Any]:
    """A term as the standard has it, with the `code` that the Department for Education's importer wants."""
    words = each.terms[term]
    return {
        "id": str(each.term_uid(term)),
        "code": f"{each.key}:{term}",
        "name": words,
        "description": f"{each.name}: {words}",
        "taxonomy": each.name,
        "taxonomy_id": str(each.uid),
        "term": words,
    }


def taxonomy_document(each: Taxonomy) -> dict[str, Any]:
    return {
        "id": str(each.uid),
        "name": each.name,
        "description": each.description,
        "version": VERSION,
    }
