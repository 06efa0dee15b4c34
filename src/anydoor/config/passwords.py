"""How passwords are kept, and which are refused: what others have used, what is guessed here, nothing else.

Kept by argon2id at the least that OWASP's password storage cheat sheet advises: 19 MiB, two passes, one lane,
about 29 ms of CPU a sign-in, a ninth of Django's default, so that a county signing in at nine in the morning
does not take the machine.

There is no rule of composition (ASVS 5.0, 6.2.5): twelve characters of any kind. What is asked instead is
that nobody could guess them, from three lists: the commonest ones that came to light in breaches and what
people make of them to reach a length (Django ships 20,000), all that came to light where the site keeps that
list (`ANYDOOR_BREACHED_PASSWORDS`), and the words of this place. Nothing is asked of another system.
"""

from __future__ import annotations

import hashlib
import logging
import re
import unicodedata
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from anydoor.access.models import Organisation, Team
from anydoor.config.hash_list import ListUnusable, holds
from anydoor.directory.models import Area, District, Place, Service

log = logging.getLogger("anydoor.sign_in")

# Words that anybody would try here first. The names of areas, districts, places, services, teams and
# organisations are added from the database, so that each county's own count.
LOCAL_WORDS = re.findall(
    r"\w+",
    """
    anydoor password passwort welcome letmein changeme login secret admin parent parents infant baby babies
    mother father family families perinatal midwife midwifery maternity health visitor visiting nurse nursing
    doctor referral referrals support service services mental wellbeing children council hospital start life
    home county team staff england spring summer autumn winter monday tuesday wednesday thursday friday
    saturday sunday january february march april june july august september october november december
    """,
)
SHORTEST_WORD = 4
LETTERS_OF_ONES_OWN = 6  # what must be left of a password when the words of this place are taken out
INSTEAD_OF_LETTERS = str.maketrans("013457@$!|", "oieasta" + "sil")
RUNS = tuple(
    run * 2 + (run * 2)[::-1]
    for run in ("1234567890", "0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
)


class Argon2id(Argon2PasswordHasher):
    """argon2id with 19 MiB of memory, two passes and one lane."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class NotCommon(CommonPasswordValidator):
    """Not one of the common passwords, nor one of them with digits or marks around it, or repeated."""

    def validate(self, password: str, user: Any = None) -> None:
        super().validate(password, user)
        said = password.casefold()
        if any(said in run for run in RUNS) or self._repeats(said) or self._made_longer(said):
            raise ValidationError(
                "Many people use this password, or one like it. Three or four words that have nothing to do "
                "with each other are safer and easier to keep in mind.",
                code="password_too_common",
            )

    def _made_longer(self, said: str) -> bool:
        core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", said)
        bare = said.translate(INSTEAD_OF_LETTERS)
        return any(len(one) >= SHORTEST_WORD and one in self.passwords for one in (core, bare, letters(core)))

    def _repeats(self, said: str) -> bool:
        sizes = (size for size in range(1, len(said) // 2 + 1) if len(said) % size == 0)
        parts = (said[:size] for size in sizes if said == said[:size] * (len(said) // size))
        return any(len(part) <= LETTERS_OF_ONES_OWN or part in self.passwords for part in parts)


class NotBreached:
    """Not one of the passwords in the site's own copy of the breach list, where it keeps one."""

    def validate(self, password: str, user: Any = None) -> None:
        if not settings.BREACHED_PASSWORDS:
            return
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest()
        try:
            found = holds(Path(settings.BREACHED_PASSWORDS), digest)
        except (OSError, ListUnusable) as problem:
            log.error("the list of breached passwords cannot be read: %s", type(problem).__name__)
            raise ValidationError(
                "We cannot check new passwords at the moment, so nothing was changed. Try again later, or "
                "ask the person who looks after sign-ins.",
                code="password_not_checked",
            ) from None
        if found:
            raise ValidationError(
                "This password is known from a break-in somewhere else, so others may try it. Choose "
                "another, and do not use this one anywhere.",
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return "Your password must not be one that came to light in a break-in anywhere."


class NotOfThisPlace:
    """Not made of what anybody here would guess: Anydoor, the county, its towns and services, the season."""

    def validate(self, password: str, user: Any = None) -> None:
        left, found = letters(password), ""
        for word in sorted(words_of_this_place(), key=len, reverse=True):
            if word in left:
                left, found = left.replace(word, " "), found or word
        if found and len(left.replace(" ", "")) < LETTERS_OF_ONES_OWN:
            raise ValidationError(
                f"Anybody here could guess this password: it is little more than the word “{found}”. Add "
                "words that have nothing to do with this place or your work.",
                code="password_of_this_place",
            )

    def get_help_text(self) -> str:
        return "Your password must not be made of the names of places, services or the work here."


def words_of_this_place() -> set[str]:
    """The words that make no password: `LOCAL_WORDS` and those of every name in the directory."""
    named: Iterable[str] = chain.from_iterable(
        kind.objects.values_list("name", flat=True)
        for kind in (Area, District, Place, Service, Organisation, Team)
    )
    split = (letters(word) for name in named for word in re.split(r"[\W_]+", name))
    return {word for word in (*split, *LOCAL_WORDS) if len(word) >= SHORTEST_WORD}


def letters(typed: str) -> str:
    """Its letters in small, with digits and marks that stand for letters read as those."""
    folded = unicodedata.normalize("NFKD", typed).casefold().translate(INSTEAD_OF_LETTERS)
    return "".join(one for one in folded if one.isalpha())
