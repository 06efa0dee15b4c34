"""References that can be said on the telephone: `NFK 7Q4 H2M`.

An area's prefix and six characters, the last a check character. The alphabet leaves out 0, O, 1 and I, which
look alike, and every vowel, so that no reference spells a word. Its 29 characters are a prime number, so the
weighted check finds each wrong character and each two swapped neighbours, the prefix included (the
mathematics of ISO/IEC 7064 and ISBN-10, with 29 for 11).

The number behind it, from a database sequence, is hidden by a keyed permutation: references neither follow
each other nor tell how many there are. It is a Feistel network (Luby and Rackoff, 1988) over 26 bits with
keyed BLAKE2b as its round function, walked until it lands inside the range (Black and Rogaway, 2002). A
reference is a name for a request, not a password: it opens nothing by itself.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from anydoor.rules.errors import BadInput

ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXYZ"
BASE = len(ALPHABET)
DIGITS = 5
CAPACITY = BASE**DIGITS

_HALF_BITS = 13
_HALF_MASK = (1 << _HALF_BITS) - 1
_ROUNDS = 8
_PREFIX = re.compile(r"[A-Z]{2,4}")


def make(prefix: str, number: int, *, key: bytes) -> str:
    """The reference of the `number`-th request of an area: the same for the same number and key, always.

    `prefix` is two to four capital letters; `number` from 0 to `CAPACITY` - 1 (20,511,148); `key` 16 bytes or
    more, secret and never changed, else a number would get a second reference (the database keeps the first).
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError("a prefix is two to four capital letters")
    if not 0 <= number < CAPACITY:
        raise ValueError("no more references under this prefix: give the area a new one")
    if len(key) < 16:
        raise ValueError("the key is too short to hide anything")
    hidden = _permuted(number, key, prefix)
    while hidden >= CAPACITY:
        hidden = _permuted(hidden, key, prefix)
    body = ""
    for _ in range(DIGITS):
        hidden, digit = divmod(hidden, BASE)
        body = ALPHABET[digit] + body
    return _spaced(prefix, body + _check_character(prefix, body))


def read(text: str) -> str:
    """The reference as `make` writes it, from however it was typed: `nfk7q4h2m`, `NFK-7Q4.H2M`.

    Raises BadInput when it cannot be one; whether such a request exists is for the database to say.
    """
    typed = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).upper()
    prefix, body = typed[: -DIGITS - 1], typed[-DIGITS - 1 :]
    if not _PREFIX.fullmatch(prefix) or not body.isascii():
        raise BadInput("A reference has three or so letters and then six more characters, like NFK 7Q4 H2M.")
    if any(mark not in ALPHABET for mark in body):
        raise BadInput("After its first letters a reference never has 0, 1 or the letters A, E, I, O or U.")
    if _check_character(prefix, body[:-1]) != body[-1]:
        raise BadInput("This reference has a character wrong, missing or swapped. Check each one.")
    return _spaced(prefix, body)


def _spaced(prefix: str, body: str) -> str:
    return f"{prefix} {body[:3]} {body[3:]}"


def _check_character(prefix: str, body: str) -> str:
    """Weights count from the right, from 2; they differ and are never 0 modulo 29, whatever the prefix."""
    values = [ord(letter) - ord("A") for letter in prefix] + [ALPHABET.index(mark) for mark in body]
    weighted = sum(weight * value for weight, value in enumerate(reversed(values), start=2))
    return ALPHABET[-weighted % BASE]


def _permuted(number: int, key: bytes, prefix: str) -> int:
    left, right = number >> _HALF_BITS, number & _HALF_MASK
    for turn in range(_ROUNDS):
        message = turn.to_bytes(1, "big") + right.to_bytes(2, "big") + prefix.encode("ascii")
        mixed = hashlib.blake2b(message, key=key[:64], digest_size=2).digest()
        left, right = right, left ^ (int.from_bytes(mixed, "big") & _HALF_MASK)
    return left << _HALF_BITS | right
