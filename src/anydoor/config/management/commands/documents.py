"""`anydoor documents`: writes the reference pages that are made from code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from anydoor.config import asvs_page, parts_list, safety_page
from anydoor.config.environ import CHECKOUT
from anydoor.rules import pathway, retention
from anydoor.rules import schedule_page as schedule
from anydoor.rules.instruments import page as instruments

FOLDER = CHECKOUT / "docs" / "reference"


def pathway_page() -> str:
    """The stages of referral, handover and episode, with what moves each."""
    return (
        "# The pathway\n\n"
        "Made by `anydoor documents` from the one table of moves in `rules/pathway.py`; change it there.\n\n"
        + pathway.draw()
    )


def instruments_page() -> str:
    """Every instrument, every threshold with its source, and what a service must set for itself."""
    return (
        "# Instruments and their thresholds\n\n"
        "Made by `anydoor documents` from the data in `rules/instruments/`; change it there.\n\n"
        + instruments.draw()
    )


def schedule_page() -> str:
    """Every routine contact with its window and source, and what an area may set."""
    return (
        "# Routine contacts\n\n"
        "Made by `anydoor documents` from the data in `rules/schedule_contacts.py`; change it there.\n\n"
        + schedule.draw()
    )


def retention_page() -> str:
    """How long each kind of record is kept, with its source, and that nobody verified it yet."""
    return (
        "# How long records are kept\n\n"
        "Made by `anydoor documents` from the data in `rules/retention.py`; change it there.\n\n"
        "The longest period that applies to a family's record counts. When it has run out, a person "
        "decides; nothing is erased by itself, and nothing under a legal hold. An area may keep "
        "longer, never shorter: `care/rights/retention.toml`. A period is *unverified* until an "
        "area's records manager has read it against the code.\n\n" + retention.draw()
    )


def hazard_page() -> str:
    """Every hazard with its risk, its controls and the tests that prove them."""
    return safety_page.draw(CHECKOUT / "docs" / "safety" / "hazards.toml")


def asvs_table() -> str:
    """Every requirement of the security standard with what answers it."""
    return asvs_page.draw(CHECKOUT / "docs" / "safety" / "asvs.toml")


PAGES: dict[str, Callable[[], str]] = {
    "../safety/hazard-log.md": hazard_page,
    "../safety/asvs.md": asvs_table,
    "../safety/sbom.cdx.json": parts_list.draw,
    "schedule.md": schedule_page,
    "retention.md": retention_page,
    "pathway.md": pathway_page,
    "instruments.md": instruments_page,
}


class Command(BaseCommand):
    help = "Write the reference pages that are made from code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit 1 if a page is out of date"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stale = []
        for name, write in PAGES.items():
            page, text = FOLDER / name, write()
            if page.is_file() and page.read_text() == text:
                continue
            stale.append(name)
            if not options["check"]:
                FOLDER.mkdir(parents=True, exist_ok=True)
                page.write_text(text)
        if stale and options["check"]:
            raise CommandError(f"Out of date: {', '.join(stale)}. Run: anydoor documents")
