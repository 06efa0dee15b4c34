"""The words of an instrument: those that are shipped, else those of a pack a service loaded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from anydoor.access import audit, wall
from anydoor.access.audit import Outsider
from anydoor.access.models import User
from anydoor.care.models import WordingPack
from anydoor.directory.models import Area
from anydoor.rules.errors import BadInput, NotFound
from anydoor.rules.instruments import pack as packs
from anydoor.rules.instruments.definition import Instrument
from anydoor.rules.instruments.registry import find
from anydoor.rules.instruments.wording import WORDINGS, Wording, wording_of

# The name of a language, as people say it, and its tag. A pack may bring any other.
TAGS: Mapping[str, str] = {
    "english": "en", "polish": "pl", "romanian": "ro", "lithuanian": "lt", "portuguese": "pt",
    "bulgarian": "bg", "arabic": "ar", "urdu": "ur", "bengali": "bn", "punjabi": "pa", "ukrainian": "uk",
    "russian": "ru", "spanish": "es", "french": "fr", "somali": "so", "turkish": "tr", "farsi": "fa",
    "persian": "fa", "dari": "prs", "pashto": "ps", "kurdish": "ku", "tigrinya": "ti", "chinese": "zh",
    "welsh": "cy", "hungarian": "hu", "latvian": "lv", "slovak": "sk", "czech": "cs", "german": "de",
    "italian": "it", "hindi": "hi", "gujarati": "gu", "tamil": "ta", "vietnamese": "vi", "albanian": "sq",
}  # fmt: skip


def tag_of(language: str) -> str:
    """The tag of a language as it is kept of a person ("Polish", "pl"); "en" where nothing is known."""
    said = language.strip().casefold()
    if said in TAGS:
        return TAGS[said]
    return said if said and len(said) <= 8 and said.replace("-", "").isascii() else "en"


def name_of(tag: str) -> str:
    """The language a tag stands for, in words; the tag itself where it has none here."""
    return next((name.capitalize() for name, known in TAGS.items() if known == tag.partition("-")[0]), tag)


def in_use(area: Area | None) -> QuerySet[WordingPack]:
    """The packs that hold for an area: its own before those of everywhere."""
    here = Q(area__isnull=True) | (Q(area=area) if area is not None else Q())
    return WordingPack.objects.filter(here, ended_at__isnull=True).order_by("area_id", "-loaded_at")


def words_for(instrument: Instrument, *, language: str, area: Area | None) -> Wording | None:
    """The words to show: shipped ones, else the area's pack, else the one of everywhere; None without any."""
    shipped = wording_of(instrument.key, language)
    if shipped is not None:
        return shipped
    row = in_use(area).filter(rule=instrument.key, language=language).first()
    return _of(row) if row is not None else None


def words_shown(rule: str, checksum: str) -> Wording | None:
    """The very words a stored measure was taken with, by their checksum; None for one from paper."""
    if not checksum:
        return None
    shipped = next((one for one in WORDINGS.values() if one.of == rule and one.checksum() == checksum), None)
    if shipped is not None:
        return shipped
    row = WordingPack.objects.filter(checksum=checksum).first()
    return _of(row) if row is not None else None


def languages(instrument: Instrument, area: Area | None) -> list[str]:
    """The tags of every language this instrument has words in here, English first."""
    found = {language for rule, language in WORDINGS if rule == instrument.key}
    found |= set(in_use(area).filter(rule=instrument.key).values_list("language", flat=True))
    return sorted(found, key=lambda tag: (tag != "en", tag))


def rules_with_words(area: Area | None) -> dict[str, set[str]]:
    """For each definition with words here, the languages it has them in. One query."""
    found: dict[str, set[str]] = {}
    for rule, language in WORDINGS:
        found.setdefault(rule, set()).add(language)
    for rule, language in in_use(area).values_list("rule", "language"):
        found.setdefault(rule, set()).add(language)
    return found


def _of(row: WordingPack) -> Wording:
    """The words of a pack as it was loaded, read again from the file as it came."""
    fit = packs.fit(row.questionnaire, find(row.rule).name)
    if fit.pack is None:
        raise NotFound("The pack of this instrument no longer fits. Ask whoever looks after Anydoor here.")
    return fit.pack.wording


def load_pack(
    *, document: Any, name: str = "", area: Area | None = None, by: User | Outsider, at: datetime
) -> tuple[WordingPack, bool]:
    """Keep a pack that fits, and use it from now on. Returns it and whether it is new.

    A pack in use for the same instrument, language and area is ended: what was taken with it keeps its
    words. Raises `BadInput` with every misfit, a line each, and then keeps nothing.
    """
    fit = packs.fit(document, name)
    if fit.pack is None:
        raise BadInput("\n".join(fit.misfits))
    found = fit.pack
    if wording_of(found.instrument.key, found.wording.language) is not None:
        raise BadInput(
            f"The words of {found.instrument.name} in this language are shipped; no pack is needed."
        )
    checksum = found.wording.checksum()
    with wall.working():
        same = WordingPack.objects.select_for_update().filter(checksum=checksum).first()
        if same is not None:
            return same, False
        WordingPack.objects.filter(
            rule=found.instrument.key, language=found.wording.language, area=area, ended_at__isnull=True
        ).update(ended_at=at)
        row = WordingPack.objects.create(
            rule=found.instrument.key,
            instrument=found.instrument.name,
            language=found.wording.language,
            version=found.version,
            title=found.title,
            licence=found.licence,
            questionnaire=document,
            checksum=checksum,
            area=area,
            loaded_at=at,
            loaded_by=audit.name_of(by)[:200],
        )
        audit.record(action="wording_loaded", subject="wordingpack", subject_id=row.pk, by=by, at=at)
        return row, True
