"""Which instruments fit a moment, and what a positive screen asks for next. Proposals; a person chooses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from anydoor.rules.instruments.scoring import Screen
from anydoor.rules.stage import Stage, StageKind

# Asked together because guidance asks them together (NICE CG192 1.5.4 to 1.5.8).
TOGETHER: Mapping[str, tuple[str, ...]] = {"Whooley and GAD-2": ("Whooley", "GAD-2")}

MOOD_AND_WORRY = ("Whooley and GAD-2", "PHQ-9", "GAD-7", "EPDS", "CORE-10")
AFTER_A_BIRTH = ("City BiTS", "PCL-5")
PARENT_AND_BABY = ("PIR prompts", "LEAO", "MORS-SF", "KPCS", "PBQ")
IN_PREGNANCY = ("PIR prompts",)
ONE_WORRY = ("PCL-5", "IES-R", "OCI", "PDSS", "SPIN", "HAI", "PSWQ", "WSAS")
SHORT = ("Whooley", "GAD-2", "PHQ-2")


@dataclass(frozen=True, slots=True)
class Group:
    """Instruments to choose from under one heading; a name may be one of `TOGETHER`."""

    heading: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Next:
    """What a screen asks for: the form to offer at once, and why, with its source."""

    instrument: str
    why: str
    source: str


def names_in(choice: str) -> tuple[str, ...]:
    """The instruments a choice stands for."""
    return TOGETHER.get(choice, (choice,))


def fitting(where: Stage) -> tuple[Group, ...]:
    """Every choice there is at this stage, the usual first. After a loss nothing about a baby is offered."""
    groups = [Group("Mood and worry", MOOD_AND_WORRY)]
    with_baby = where.says_baby or where.ask_first
    if where.kind is StageKind.PREGNANT and with_baby:
        groups.append(Group("You and your baby", IN_PREGNANCY))
    if where.kind is StageKind.BORN and with_baby:
        groups.append(Group("Parent and baby", PARENT_AND_BABY))
    trauma = AFTER_A_BIRTH if where.kind in {StageKind.BORN, StageKind.LOSS} else AFTER_A_BIRTH[1:]
    groups.append(Group("After a hard birth or another trauma", trauma))
    groups.append(Group("One kind of worry", tuple(name for name in ONE_WORRY if name not in trauma)))
    groups.append(Group("One short form alone", SHORT))
    return tuple(groups)


_DEPRESSION = ("PHQ-9", "NICE CG192 1.5.4 to 1.5.6")
_ANXIETY = ("GAD-7", "NICE CG192 1.5.7 to 1.5.8")


def next_after(name: str, screen: str | None) -> Next | None:
    """The longer form to offer at once after a positive screen; None after any other result."""
    if screen != Screen.POSITIVE:
        return None
    if name in {"Whooley", "PHQ-2"}:
        return Next(_DEPRESSION[0], "A positive answer asks for a full look at mood.", _DEPRESSION[1])
    if name == "GAD-2":
        return Next(_ANXIETY[0], "A score of 3 or more asks for a full look at worry.", _ANXIETY[1])
    return None


def still_to_ask(name: str, screen: str | None) -> str:
    """A question a negative screen leaves open, for a worker who is concerned; empty where there is none."""
    if name == "GAD-2" and screen == Screen.NEGATIVE:
        return (
            "Below 3, and you or they are concerned? Ask if they avoid places or activities, and whether "
            "that causes problems. Yes counts like 3 or more (NICE CG192, not read in the source)."
        )
    return ""
