"""References a person can say on the telephone: "NFK 7Q4 H2M".

Three letters for the area, then six characters of an alphabet without 0, 1, I, O (mistaken for each other)
and U (words nobody wants). The sixth checks the other five and the area, so that a slip is noticed. The
number behind it is scrambled, so that a reference does not tell how many there are.
"""

from __future__ import annotations

import hashlib
import hmac

from anydoor.rules.errors import BadInput

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"  # 31, a prime: a weighted sum notices every slip and swap
BODY = 5
SPACE = len(ALPHABET) ** BODY  # 28,629,151 references an area's prefix can carry
_HALF_BITS = 13
_ROUNDS = 4
WRONG = "That is not a reference of ours. It looks like NFK 7Q4 H2M: three letters, then two groups of three."


def make(prefix: str, number: int, key: bytes) -> str:
    """The reference of a number: the same for the same key, different for every number below `SPACE`.

    Raises ValueError for a number outside the space.
    """
    if not 0 <= number < SPACE:
        raise ValueError(f"references run from 0 to {SPACE - 1}")
    scrambled = _scramble(number, key)
    body = ""
    for _ in range(BODY):
        scrambled, digit = divmod(scrambled, len(ALPHABET))
        body += ALPHABET[digit]
    whole = body + _check(prefix, body)
    return f"{prefix} {whole[:3]} {whole[3:]}"


def read(text: str) -> str:
    """The reference in its usual form, from however somebody typed it. Raises BadInput."""
    squeezed = "".join(mark for mark in text.upper() if mark.isalnum())
    prefix, body = squeezed[:3], squeezed[3:]
    if len(body) != BODY + 1 or any(mark not in ALPHABET for mark in body) or not prefix.isalpha():
        raise BadInput(WRONG)
    if _check(prefix, body[:BODY]) != body[BODY]:
        raise BadInput("One letter or number of that reference is not right. Check it and try again.")
    return f"{prefix} {body[:3]} {body[3:]}"


def _check(prefix: str, body: str) -> str:
    total = sum((place + 2) * ALPHABET.index(mark) for place, mark in enumerate(body))
    total += sum((place + 11) * (ord(mark) - ord("A")) for place, mark in enumerate(prefix))
    return ALPHABET[total % len(ALPHABET)]


def _scramble(number: int, key: bytes) -> int:
    """A Feistel permutation of 26 bits, walked until it lands inside the space again."""
    while True:
        left, right = number >> _HALF_BITS, number & ((1 << _HALF_BITS) - 1)
        for turn in range(_ROUNDS):
            mixed = hmac.digest(key, bytes([turn]) + right.to_bytes(2, "big"), hashlib.sha256)
            left, right = right, left ^ (int.from_bytes(mixed[:2], "big") & ((1 << _HALF_BITS) - 1))
        number = (left << _HALF_BITS) | right
        if number < SPACE:
            return number
