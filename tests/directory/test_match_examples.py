"""The families in `examples/match/`, each with the verdicts a practitioner expects, from the data files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from anydoor.directory.area_files import area_slugs, entries, read_area
from anydoor.directory.matching import help_in_files
from anydoor.rules.match_answer import answer
from anydoor.rules.notes import notes
from anydoor.rules.profile_reading import read_profile

EXAMPLES = Path(__file__).parents[2] / "examples" / "match"
NAMES = sorted(file.stem for file in EXAMPLES.glob("*.json"))
KEYS = {
    *("area", "why", "emergency", "level", "suits", "possible", "not", "first", "near", "absent"),
    *("never_said", "phones", "note", "among_first"),
}


def told(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What Anydoor answers to an example, and what is expected of it."""
    expected = json.loads((EXAMPLES / "expected" / f"{name}.json").read_text())
    profile = read_profile(json.loads((EXAMPLES / f"{name}.json").read_text()))
    found = help_in_files(area=expected["area"], profile=profile)
    answered = answer(
        emergency=found.emergency,
        offers=found.offers,
        facts=found.facts,
        human_route=found.human_route,
        level=found.level,
        ordered_by=found.ordered_by,
        notes=notes(found.profile),
    )
    return json.loads(json.dumps(answered)), expected


@pytest.mark.parametrize("name", NAMES)
def test_a_practitioner_would_say_the_same(name: str) -> None:
    answered, expected = told(name)
    assert set(expected) <= KEYS
    offers = {offer["service_id"]: offer for offer in answered["offers"]}
    for verdict in ("suits", "possible", "not"):
        wrong = {
            slug: offers[slug] for slug in expected.get(verdict, ()) if offers[slug]["verdict"] != verdict
        }
        assert wrong == {}, f"expected {verdict}"
    if expected.get("suits") == []:
        assert not any(offer["verdict"] == "suits" for offer in offers.values())
    order = list(offers)
    assert order[: len(expected.get("first", ()))] == expected.get("first", [])
    for slug, most in expected.get("among_first", {}).items():
        assert slug in order[:most]
    for slug, words in expected.get("near", {}).items():
        assert (offers[slug]["near_miss"] or "") == words
    assert not set(expected.get("absent", ())) & set(order)
    said = json.dumps(answered).lower()
    assert [words for words in expected.get("never_said", ()) if words in said] == []
    if "level" in expected:
        assert answered["proposed_level"]["level"] == expected["level"]
    if "note" in expected:
        assert expected["note"] in " ".join(answered["notes"])


@pytest.mark.parametrize("name", NAMES)
def test_the_urgent_comes_first_and_somebody_is_always_there(name: str) -> None:
    answered, expected = told(name)
    assert next(iter(answered)) == "emergency"
    assert (answered["emergency"] is not None) == expected["emergency"]
    if answered["emergency"]:
        assert answered["emergency"]["text"]
        phones = [route["phone"] for route in answered["emergency"]["routes"]]
        assert [phone for phone in phones if phone in expected.get("phones", ())] == expected.get(
            "phones", []
        )
    assert answered["human_route"]["phone"].startswith("01632 960")
    assert any(offer["level"] == "universal" and offer["verdict"] != "not" for offer in answered["offers"])


def test_the_six_families_and_more_are_there() -> None:
    assert {
        "father-low-mood-norwich",
        "seventeen-pregnant-kettering",
        "after-stillbirth-great-yarmouth",
        "suspected-psychosis-norwich",
        "low-warmth-scunthorpe",
        "grandmother-bodmin",
    } <= set(NAMES)
    assert len(NAMES) >= 16
    assert sorted(file.stem for file in (EXAMPLES / "expected").glob("*.json")) == NAMES


@pytest.mark.parametrize("area", area_slugs())
def test_every_entry_of_an_area_has_its_verdict(area: str) -> None:
    profile = read_profile({"as_of": "2026-11-20"})
    offers = {offer.service_slug for offer in help_in_files(area=area, profile=profile).offers}
    assert {entry["slug"] for entry in entries(read_area(area), "service")} <= offers
