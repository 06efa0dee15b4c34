"""A story as somebody tells it, and what one must know of it to carry it on."""

from __future__ import annotations

from dataclasses import dataclass

# When a story can be told: the stage, and its window in days. Pregnancy is told in days since its start,
# a child in days of age, a loss in days since.
WINDOWS: dict[str, tuple[str, int, int]] = {
    "trying": ("trying", 0, 0),
    "ivf": ("ivf", 0, 0),
    "early": ("pregnant", 49, 97),
    "mid": ("pregnant", 98, 189),
    "late": ("pregnant", 196, 266),
    "newborn": ("born", 3, 27),
    "young": ("born", 28, 180),
    "older": ("born", 200, 650),
    "toddler": ("born", 740, 1300),
    "neonatal": ("born", 3, 30),
    "loss": ("loss", 8, 200),
}


@dataclass(frozen=True, slots=True)
class Story:
    """What one parent, carer or worker says. `{baby}` and `{partner}` stand for names.

    `role` is who it is about. `needs` are keys of `rules.profile`. `severity` is what a worker finds out
    later (mild, moderate, severe or empty). `marks` say what else is special: `twins`, `under_20`, `danger`,
    `apart`, `refuge`, `no_fixed_abode`, `neonatal`, `removed`, `stillbirth` and the like.
    `teller` is the profession when somebody else tells it.
    """

    role: str
    when: str
    needs: tuple[str, ...]
    strand: str
    severity: str
    words: str
    language: str = ""
    marks: frozenset[str] = frozenset()
    doors: tuple[str, ...] = ()
    teller: str = ""
    asks_for: str = ""
    partner: str = ""  # role of the other parent; empty when there is none in the story

    @property
    def in_danger(self) -> bool:
        return "danger" in self.marks


def own(
    role: str,
    when: str,
    needs: str,
    strand: str,
    severity: str,
    words: str,
    *,
    language: str = "",
    marks: str = "",
    doors: str = "",
    asks_for: str = "",
    partner: str = "",
) -> Story:
    """A story somebody tells of themselves; lists are given as words with blanks between."""
    return Story(
        role=role,
        when=when,
        needs=tuple(needs.split()),
        strand=strand,
        severity=severity,
        words=words,
        language=language,
        marks=frozenset(marks.split()),
        doors=tuple(doors.split()),
        asks_for=asks_for,
        partner=partner,
    )


def told(
    teller: str,
    role: str,
    when: str,
    needs: str,
    strand: str,
    severity: str,
    words: str,
    *,
    language: str = "",
    marks: str = "",
    doors: str = "professional",
    partner: str = "",
) -> Story:
    """A story a professional tells of somebody."""
    return Story(
        role=role,
        when=when,
        needs=tuple(needs.split()),
        strand=strand,
        severity=severity,
        words=words,
        language=language,
        marks=frozenset(marks.split()),
        doors=tuple(doors.split()),
        teller=teller,
        partner=partner,
    )
