"""A pack: the licensed words of an instrument as a FHIR R4 Questionnaire, and whether it fits the structure.

A pack carries words and nothing else; scores come from the definition. It fits when every item is there once,
in printed order, with every option in printed order and each option's score the one that the structure has.
One misfit and nothing of it is used: a shifted option would be a wrong score for every parent who ticks it.

What is read of a Questionnaire (https://hl7.org/fhir/R4/questionnaire.html):

    url, name or title   names the instrument, unless the caller says which
    language             of the words ("pl")
    version              of the pack
    copyright            the licence and the credit; shown beside the form
    item                 in printed order, groups opened; `type` choice, `linkId` the item's number ("3") or
                         scale and number ("warmth.3"), `text`, `answerOption` with `valueCoding.display` and
                         the score as the extension http://hl7.org/fhir/StructureDefinition/ordinalValue, or
                         code "na" for "does not apply". `display` items before the first are the stem.
                         A question that is asked and never scored has its name ("difficulty") as linkId.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from anydoor.rules.instruments.definition import NOT_APPLICABLE, Instrument
from anydoor.rules.instruments.registry import PRESENT
from anydoor.rules.instruments.wording import Extra, Wording

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
MOST_ITEMS = 300
MOST_DEPTH = 8
MOST_TEXT = 2000
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that fits: the words, and what it says of itself."""

    instrument: Instrument
    wording: Wording
    version: str
    title: str
    licence: str


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a pack fits: the pack, or every misfit in a sentence that names item and option."""

    pack: Pack | None
    misfits: tuple[str, ...]


def fit(document: object, name: str = "") -> Fit:
    """Read a Questionnaire and hold it against the structure; `name` says which instrument it is for."""
    if not isinstance(document, Mapping) or document.get("resourceType") != "Questionnaire":
        return Fit(None, ("This is not a FHIR Questionnaire: resourceType must say so.",))
    instrument = _instrument(document, name)
    if instrument is None:
        known = ", ".join(sorted(PRESENT))
        return Fit(
            None,
            (f"It is not clear which instrument this is. Say so in url, name or title, as one of: {known}.",),
        )
    misfits: list[str] = []
    language = _said(document, "language", misfits, "the language of its words")
    if language and not LANGUAGE.fullmatch(language):
        misfits.append('language must be a language tag, like "pl".')
    version = _said(document, "version", misfits, "which version of the pack this is", most=60)
    licence = _said(document, "copyright", misfits, "the licence you hold, and the credit to show", most=1000)
    if document.get("status") == "retired":
        misfits.append("status says that this pack is retired.")
    rows = list(_rows(document.get("item"), misfits))
    items, options, order = _items(instrument, rows, misfits)
    extras = _extras(instrument, rows, misfits)
    if misfits:
        return Fit(None, tuple(misfits))
    title = _text(document.get("title")) or instrument.title
    wording = Wording(
        of=instrument.key,
        language=language.lower(),
        stem=_stem(rows),
        items=tuple(items),
        options=(),
        own_options=tuple(options),
        order=tuple(order) if order != sorted(order) else (),
        extras=tuple(extras),
        copy=f"a pack: {title[:150]}, {version}",
        second="held against the structure when it was loaded",
        credit=licence,
    )
    return Fit(Pack(instrument, wording, version, title[:200], licence), ())


def blank(instrument: Instrument) -> dict[str, object]:
    """An empty pack of the right structure: a service puts in the words, the language and its licence."""
    items: list[dict[str, object]] = [{"linkId": "stem", "type": "display", "text": ""}]
    if not instrument.formats:
        items += [{"linkId": name, "type": "text", "text": ""} for name in instrument.unscored]
    for number, key in enumerate(instrument.item_keys() if instrument.formats else (), 1):
        options = [_blank_option(score) for score in instrument.option_scores(number)]
        items.append({"linkId": key, "type": "choice", "text": "", "answerOption": options})
    return {
        "resourceType": "Questionnaire",
        "name": instrument.name,
        "title": instrument.title,
        "status": "active",
        "language": "",
        "version": "",
        "copyright": "",
        "item": items,
    }


def _blank_option(score: int | str) -> dict[str, object]:
    if score == NOT_APPLICABLE:
        return {"valueCoding": {"code": NOT_APPLICABLE, "display": ""}}
    return {
        "extension": [{"url": ORDINAL, "valueDecimal": score}],
        "valueCoding": {"code": str(score), "display": ""},
    }


def _instrument(document: Mapping[str, object], name: str) -> Instrument | None:
    said = [name] if name else [_text(document.get(field)) for field in ("name", "title", "url")]
    by_mark = {_mark(known): instrument for known, instrument in PRESENT.items()}
    for text in said:
        found = by_mark.get(_mark(text)) or by_mark.get(_mark(text.rstrip("/").rsplit("/", 1)[-1]))
        if found is not None:
            return found
    return None


def _mark(text: str) -> str:
    """A name without what differs from writer to writer: "PHQ 9" and "phq-9" are one."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def _said(
    document: Mapping[str, object], field: str, misfits: list[str], what: str, most: int = MOST_TEXT
) -> str:
    text = _text(document.get(field))
    if not text:
        misfits.append(f"{field} is missing: {what}.")
    elif len(text) > most:
        misfits.append(f"{field} is longer than {most} characters.")
    return text


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class _Row:
    """One item of the Questionnaire, groups opened."""

    link: str
    kind: str
    text: str
    options: tuple[object, ...]


def _rows(items: object, misfits: list[str], depth: int = 0) -> Iterator[_Row]:
    if not isinstance(items, list) or not items:
        misfits.append("item is missing: there are no questions.")
        return
    if depth >= MOST_DEPTH or len(items) > MOST_ITEMS:
        misfits.append("There are more items, or deeper groups, than any instrument has.")
        return
    for row in items:
        if not isinstance(row, Mapping):
            misfits.append("An item is not an object.")
            continue
        link, kind, text = (_text(row.get(field)) for field in ("linkId", "type", "text"))
        if HIDDEN.search(text) or len(text) > MOST_TEXT:
            misfits.append(f"Item {link[:40] or '?'}: its text has hidden characters or is too long.")
        options = row.get("answerOption")
        yield _Row(link, kind, text, tuple(options) if isinstance(options, list) else ())
        if kind == "group":
            yield from _rows(row.get("item"), misfits, depth + 1)


def _stem(rows: list[_Row]) -> str:
    """What stands above the first question."""
    said: list[str] = []
    for row in rows:
        if row.kind not in {"group", "display"}:
            break
        if row.text:
            said.append(row.text)
    return "\n".join(said)


def _number(link: str, keys: tuple[str, ...]) -> int | None:
    """The number of the item a linkId names: its key, or a word and its number ("epds-3", "Q3")."""
    if link in keys:
        return keys.index(link) + 1
    tail = re.fullmatch(r"[A-Za-z][A-Za-z0-9]*?[-_./ ]?0*([1-9][0-9]{0,2})", link)
    if tail is None or "." in keys[0]:
        return None
    return int(tail[1]) if tail[1] in keys else None


def _items(
    instrument: Instrument, rows: list[_Row], misfits: list[str]
) -> tuple[list[str], list[tuple[str, ...]], list[int]]:
    """The words of every item and its options, in the order of the structure, and the order as printed."""
    keys = instrument.item_keys() if instrument.formats else instrument.unscored
    by_number: dict[int, _Row] = {}
    order: list[int] = []
    for row in rows:
        if row.kind in {"group", "display"} or (instrument.formats and row.link in instrument.unscored):
            continue
        number = _number(row.link, keys)
        if number is None:
            misfits.append(f'Item "{row.link[:40]}" is not one of {instrument.name}: {_keys_in_words(keys)}.')
        elif number in by_number:
            misfits.append(f"Item {keys[number - 1]} is there twice.")
        else:
            by_number[number] = row
            order.append(number)
    missing = [keys[number - 1] for number in range(1, len(keys) + 1) if number not in by_number]
    if missing:
        misfits.append(f"Missing: item {', '.join(missing)}.")
    scaled = bool(keys) and "." in keys[0] and bool(instrument.formats)
    if not missing and not scaled and order != sorted(order):
        misfits.append("The items are not in printed order.")
    for number, row in sorted(by_number.items()):
        if not row.text:
            misfits.append(f"Item {keys[number - 1]} has no text.")
    words = [by_number[number].text for number in sorted(by_number)]
    if not instrument.formats:
        return words, [], order
    options = [_options(instrument, number, by_number[number], misfits) for number in sorted(by_number)]
    return words, options, order


def _keys_in_words(keys: tuple[str, ...]) -> str:
    return f"they are {keys[0]} to {keys[-1]}"


def _options(instrument: Instrument, number: int, row: _Row, misfits: list[str]) -> tuple[str, ...]:
    """The words of each option of one item, each held against the score it must have."""
    key = instrument.key_of(number)
    wanted = instrument.option_scores(number)
    if row.kind != "choice":
        misfits.append(f"Item {key}: its type must be choice.")
    if len(row.options) != len(wanted):
        misfits.append(f"Item {key}: there are {len(row.options)} options where the form has {len(wanted)}.")
        return ()
    words = []
    for place, (option, score) in enumerate(zip(row.options, wanted, strict=True), 1):
        text, found = _option(option)
        if not text:
            misfits.append(f"Item {key}, option {place}: it has no words (valueCoding.display).")
        if found is None:
            misfits.append(f"Item {key}, option {place}: it has no score (the extension ordinalValue).")
        elif found != score:
            misfits.append(f"Item {key}, option {place}: its score is {found}, the structure has {score}.")
        words.append(text)
    twice = {word for word in words if word and words.count(word) > 1}
    if twice:
        misfits.append(f"Item {key}: two options have the same words.")
    return tuple(words)


def _option(option: object) -> tuple[str, int | str | None]:
    """The words and the score of one answerOption; no score when it cannot be read."""
    if not isinstance(option, Mapping):
        return "", None
    coding = option.get("valueCoding")
    if not isinstance(coding, Mapping):
        return "", None
    text = _text(coding.get("display"))
    if HIDDEN.search(text) or len(text) > MOST_TEXT:
        text = ""
    if _text(coding.get("code")).casefold() == NOT_APPLICABLE:
        return text, NOT_APPLICABLE
    for held in (option.get("extension"), coding.get("extension")):
        for extension in held if isinstance(held, list) else ():
            if isinstance(extension, Mapping) and extension.get("url") == ORDINAL:
                return text, _whole(extension.get("valueDecimal", extension.get("valueInteger")))
    return text, None


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not -1000 < value < 1000:  # also what is no number, or has no end
        return None
    return int(value) if int(value) == value else None


def _extras(instrument: Instrument, rows: list[_Row], misfits: list[str]) -> list[Extra]:
    """The questions that are asked and never scored; one that is missing is simply not asked."""
    if not instrument.formats:
        return []
    found = []
    for row in rows:
        if row.link not in instrument.unscored:
            continue
        words = tuple(_option(option)[0] for option in row.options)
        if not row.text or not all(words) or (row.link == "difficulty" and len(words) != 4):
            misfits.append(f"Item {row.link}: it needs a text and its options.")
        found.append(Extra(row.link, row.text, words))
    return found
