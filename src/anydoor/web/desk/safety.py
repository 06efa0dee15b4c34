"""What may be done to reach somebody, as instructions: the safety banner and the needs banner.

Not asked means: speak to the person only, leave no message. A line is something to do, never a history.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anydoor.care.picture import Member, Way
from anydoor.ui.words import given_name, phone_spaced, sentence

Line = dict[str, Any]
VERBS = {"call": "Call", "text": "text", "email": "email", "letter": "write to"}


def safety_lines(one: Member) -> list[Line]:
    """What keeps this person safe: their own sentences first, then each way to reach them."""
    lines: list[Line] = [
        {"icon": "lock", **_first_bold(rule.words)} for rule in one.rules if rule.kind == "safety"
    ]
    lines += way_lines(one)
    return lines


def way_lines(one: Member) -> list[Line]:
    """Each number and address: what it may be used for, or that nobody has asked."""
    name = given_name(one.person.called) if one.person.name or one.person.known_as else "them"
    not_asked = [way for way in one.ways if way.safe == "not_asked"]
    lines: list[Line] = [_safe(way) for way in one.ways if way.safe == "yes"]
    if not_asked:
        shown = sentence([shown_way(way) for way in not_asked], "or")
        lines.append(
            {
                "icon": "phone",
                "bold": f"Speak to {name} only. Leave no message.",
                "text": f"Nobody has asked yet what is safe on {shown}.",
            }
        )
    lines += [
        {"icon": "cross", "bold": f"Do not use {shown_way(way)}.", "text": way.hours}
        for way in one.ways
        if way.safe == "no"
    ]
    if not one.ways:
        lines.append(
            {"icon": "phone", "bold": f"No way to reach {name} is known.", "text": "Ask when you meet."}
        )
    return lines


def _safe(way: Way) -> Line:
    uses = [VERBS[use] for use in way.uses if use in VERBS]
    bold = f"{sentence(uses, 'or').capitalize() or 'Use'} {shown_way(way)}."
    rest = ["Leave no message."] if "call" in way.uses and "voicemail" not in way.uses else []
    rest += ["A message may be left."] if "voicemail" in way.uses else []
    rest += [_ended(way.hours)] if way.hours else []
    return {"icon": "text" if "text" in way.uses else "phone", "bold": bold, "text": " ".join(rest)}


def need_lines(one: Member) -> list[Line]:
    """What they need from us to take part: their own sentences, language and interpreter."""
    person = one.person
    lines: list[Line] = [
        {"icon": "document", **_first_bold(rule.words)} for rule in one.rules if rule.kind == "need"
    ]
    if person.interpreter == "yes":
        language = f"{person.language}." if person.language else "Ask which language."
        lines.append({"icon": "globe", "bold": "Book an interpreter.", "text": language})
    elif person.language and person.interpreter == "not_asked":
        lines.append(
            {
                "icon": "globe",
                "bold": f"Speaks {person.language}.",
                "text": "Ask if an interpreter would help.",
            }
        )
    elif person.language:
        lines.append(
            {"icon": "globe", "bold": f"Speaks {person.language}.", "text": "No interpreter wanted."}
        )
    return lines


def reach_words(one: Member) -> str:
    """One sentence for a list: how this person may be reached, and that there is more to read first."""
    name = given_name(one.person.called) if one.person.name or one.person.known_as else "them"
    if any(rule.kind == "safety" for rule in one.rules):
        return f"Read what keeps {name} safe before you call."
    if not one.ways:
        return ""
    if all(way.safe == "not_asked" for way in one.ways):
        return f"Speak to {name} only. Leave no message."
    return " ".join(f"{line['bold']} {line['text']}".strip() for line in way_lines(one)[:1])


def shown_way(way: Way) -> str:
    """A number as it is said, an address as it was typed."""
    return way.typed if way.kind in {"email", "foreign"} else phone_spaced(way.value)


def both_banners(people: Sequence[Member]) -> tuple[list[Line], list[Line]]:
    """Safety and needs of several people in one banner each; names stand in front when there are several."""
    safety: list[Line] = []
    needs: list[Line] = []
    for one in people:
        name = f"{given_name(one.person.called)}: " if len(people) > 1 else ""
        safety += [{**line, "bold": name + line["bold"]} for line in safety_lines(one)]
        needs += [{**line, "bold": name + line["bold"]} for line in need_lines(one)]
    return safety, needs


def _first_bold(words: str) -> dict[str, str]:
    """The first sentence is what the eye must catch; the rest follows it."""
    first, stop, rest = words.partition(". ")
    return {"bold": first + stop.strip(), "text": rest}


def _ended(text: str) -> str:
    return text if text[-1:] in ".!?" else f"{text}."
