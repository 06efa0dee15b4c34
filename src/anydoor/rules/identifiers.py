"""What people type to say who they are and how to reach them, read tolerantly and refused kindly.

Each reader gives the *normalised* form, used to compare and to send. What was typed is kept elsewhere,
as it was typed: nothing here changes a name or a number that somebody sees again. A `BadInput` message
says what to type instead and never repeats the input.

Sources
- NHS number: ten digits, the last a modulus 11 check (NHS Data Dictionary, "NHS NUMBER"). Babies under
  six weeks often have none, so a number is never required.
- Telephone numbers: Ofcom's National Telephone Numbering Plan (01 and 02 geographic, 03 and 08
  non-geographic, 055/056 corporate and VoIP, 070 personal, 071-075 and 077-079 mobile, 076 pagers except
  07624, 09 premium); ITU-T E.164 (at most 15 digits after the +).
- Postcodes: the shape in the NHS Data Dictionary, "POSTCODE", with GIR 0AA and the ZZ99 pseudo-postcodes
  (ZZ99 3VZ stands for no fixed abode).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from anydoor.rules.errors import BadInput

PhoneKind = Literal["mobile", "landline", "foreign"]
ContactKind = Literal["mobile", "landline", "foreign", "email"]

FREE_TEXT_LIMIT = 20_000
ONE_LINE_LIMIT = 200

# For use inside a regular expression's [ ].
_DASHES = r"\-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_APOSTROPHES = "'\u2018\u2019\u02bc\u02bb`\u00b4\u2032"


def _with_ascii_digits(text: str) -> str:
    """Digits of every script as 0-9, so that an Arabic or full-width keyboard works too."""
    return "".join(str(unicodedata.decimal(mark)) if mark.isdecimal() else mark for mark in text)


# --- NHS number -------------------------------------------------------------------------------------


def nhs_number(text: str) -> str:
    """The ten digits of an NHS number, its check digit proved. Spaces and dashes are fine.

    Raises BadInput. Ten equal digits are refused: some pass the arithmetic, none was ever issued.
    """
    digits = re.sub(rf"[\s{_DASHES}]", "", _with_ascii_digits(text))
    if not re.fullmatch(r"[0-9]*", digits) or not digits:
        raise BadInput("An NHS number has only digits. Leave it empty if you do not have it.")
    if len(digits) != 10:
        raise BadInput(f"An NHS number has 10 digits. This one has {len(digits)}.")
    if len(set(digits)) == 1 or nhs_check_digit(digits[:9]) != int(digits[9]):
        raise BadInput("This is not an NHS number: its last digit does not fit the others. Check each digit.")
    return digits


def nhs_check_digit(first_nine: str) -> int | None:
    """The tenth digit that fits nine digits, or None when no number can begin with these nine."""
    total = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), first_nine, strict=True))
    check = (11 - total % 11) % 11
    return None if check == 10 else check


def is_nhs_number(text: str) -> bool:
    """Whether `nhs_number` would take it."""
    try:
        nhs_number(text)
    except BadInput:
        return False
    return True


# --- telephone --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that can be dialled: E.164 (`+447700900123`) and whether it can take a text here."""

    normalised: str
    kind: PhoneKind

    @property
    def shown(self) -> str:
        """In groups, as people in the United Kingdom read it: `07700 900123`, `020 7946 0123`."""
        if not self.normalised.startswith("+44"):
            return self.normalised
        national = "0" + self.normalised[3:]
        if national.startswith("02"):
            groups = (3, 4, 4)
        elif re.match(r"0(3|8|11|1\d1)", national):
            groups = (4, 3, 4)
        else:
            groups = (5, 6, 0)
        first, second = groups[0], groups[0] + groups[1]
        return " ".join(
            part for part in (national[:first], national[first:second], national[second:]) if part
        )


_UK_MOBILE = re.compile(r"7[1-57-9]\d{8}|7624\d{6}")
_UK_OTHER = re.compile(r"[123]\d{9}|1\d{8}|5[56]\d{8}|7[06]\d{8}|8\d{9}|800\d{6}")


def phone(text: str) -> Phone:
    """A telephone number: UK as 0…, +44… or 0044…, with or without (0); others as + or 00 and country.

    A spreadsheet that ate the leading 0 is understood (7700900123), as is 44… without its +. Numbers that
    are personal or pagers (070, 076) count as "landline": ring them, do not text. Raises BadInput.
    """
    plain = _with_ascii_digits(text).strip()
    dialled = re.sub(rf"[\s().\u200e\u200f\u202a-\u202e\u2066-\u2069/{_DASHES}]", "", plain)
    if not re.fullmatch(r"\+?[0-9]+", dialled):
        raise BadInput("Enter one phone number, with digits only, like 07700 900123 or +48 600 000 000.")
    if dialled.startswith("00"):
        dialled = "+" + dialled[2:]
    if dialled.startswith("+44"):
        return _uk_phone(dialled[3:].removeprefix("0"))
    if dialled.startswith("+"):
        return _foreign_phone(dialled)
    if dialled.startswith("0"):
        return _uk_phone(dialled[1:])
    if re.fullmatch(r"44[1237]\d{9}", dialled):
        return _uk_phone(dialled[2:])
    if re.fullmatch(r"[17]\d{9}", dialled):
        return _uk_phone(dialled)
    raise BadInput("Start the phone number with 0, or with + and the country code if it is from abroad.")


def _uk_phone(national: str) -> Phone:
    if _UK_MOBILE.fullmatch(national):
        return Phone("+44" + national, "mobile")
    if _UK_OTHER.fullmatch(national):
        return Phone("+44" + national, "landline")
    if national.startswith("9"):
        raise BadInput("This is a number that costs the caller extra. Give another number.")
    if len(national) < 10:
        raise BadInput(f"A UK phone number has 11 digits with its 0. This one has {len(national) + 1}.")
    if len(national) > 10:
        raise BadInput("This phone number is too long. Enter one number, 11 digits starting with 0.")
    raise BadInput("This is not a UK phone number. Check the first digits, like 07 or 01.")


def _foreign_phone(dialled: str) -> Phone:
    if not re.fullmatch(r"\+[1-9]\d{6,14}", dialled):
        raise BadInput("A number from abroad starts with + and the country code: 7 to 15 digits in all.")
    return Phone(dialled, "foreign")


# --- e-mail -----------------------------------------------------------------------------------------

_LABEL = r"[^\W_](?:(?:[^\W_]|-)*[^\W_])?"
_EMAIL = re.compile(rf"[^\s@,;:<>()\[\]\"\\]+@(?:{_LABEL}\.)+(?!\d+$){_LABEL}")


def email(text: str) -> str:
    """An e-mail address in lower case, spaces around it dropped. Accents and other scripts may occur.

    It is checked for shape only; whether anybody reads there, a code sent to it must prove. Raises BadInput.
    """
    address = unicodedata.normalize("NFC", text.strip()).lower()
    local, _, domain = address.partition("@")
    dots_are_inside = ".." not in local and local.strip(".") == local
    printable = all(unicodedata.category(mark)[0] != "C" for mark in address)
    if not (_EMAIL.fullmatch(address) and dots_are_inside and printable):
        raise BadInput("Enter one email address, like name@example.com.")
    if len(local) > 64 or len(address) > 254 or any(len(label) > 63 for label in domain.split(".")):
        raise BadInput("This email address is too long to be right. Check it again.")
    return address


# --- postcode ---------------------------------------------------------------------------------------

_OUTWARD = r"[A-Z]{1,2}[0-9][A-Z0-9]?"
_POSTCODE = re.compile(rf"({_OUTWARD}|GIR)([0-9][A-Z]{{2}})")


def _squeezed(text: str) -> str:
    return re.sub(r"[\s.,]", "", unicodedata.normalize("NFKC", text)).upper()


def postcode(text: str) -> str:
    """A full postcode in capitals with its space: `nr13dd` gives `NR1 3DD`. Raises BadInput."""
    squeezed = _squeezed(text)
    found = _POSTCODE.fullmatch(squeezed)
    if found and (found[1] != "GIR" or found[2] == "0AA"):
        return f"{found[1]} {found[2]}"
    if re.fullmatch(_OUTWARD, squeezed):
        raise BadInput("This is the first half of a postcode. Enter all of it, like NR1 3DD.")
    raise BadInput("Enter a full UK postcode, like NR1 3DD.")


def outward(text: str) -> str:
    """The first half, from a whole postcode or from the half alone: `nr1` and `NR1 3DD` give `NR1`.

    Raises BadInput.
    """
    sector = re.fullmatch(rf"\s*({_OUTWARD})\s+[0-9][A-Z]?\s*", text.upper())  # "NR1 3" is in NR1, not NR13
    squeezed = _squeezed(sector[1] if sector else text)
    if re.fullmatch(_OUTWARD, squeezed):
        return squeezed
    try:
        return postcode(squeezed).split()[0]
    except BadInput:
        raise BadInput("Enter a UK postcode or its first half, like NR1 3DD or NR1.") from None


def says_no_place(full: str) -> bool:
    """Whether a normalised postcode is a pseudo one (ZZ99…): it must not be used to match people."""
    return full.startswith("ZZ99")


# --- one way to reach you ---------------------------------------------------------------------------


class Contact(NamedTuple):
    """What the public page's one box held: what kind of contact it is, and its comparable form."""

    kind: ContactKind
    normalised: str


def contact(text: str) -> Contact:
    """A mobile, a landline, a number from abroad or an e-mail address. Raises BadInput in plain words."""
    if not text.strip():
        raise BadInput("Give us one way to reach you: a phone number or an email address.")
    if "@" in text:
        return Contact("email", email(text))
    if any(mark.isdecimal() for mark in text):
        number = phone(text)
        return Contact(number.kind, number.normalised)
    raise BadInput("We need a phone number, like 07700 900123, or an email address, like name@example.com.")


# --- names ------------------------------------------------------------------------------------------

# Letters that carry no removable accent in Unicode but that people search for without it.
_PLAIN_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ə": "e"}
    | {"æ": "ae", "œ": "oe", "þ": "th"}
)
_JOINERS = re.compile(rf"[{_APOSTROPHES}{_DASHES}]+")


@lru_cache(maxsize=4096)
def _marks_are_accents(letter: str) -> bool:
    """Whether marks on this letter are left out when searching: not so in Hindi, Thai or Cyrillic (й)."""
    return unicodedata.name(letter, "").startswith(("LATIN", "GREEK", "ARABIC", "HEBREW"))


def without_accents(text: str) -> str:
    """Letters bare of accents (`Łęcka` gives `lecka` once casefolded), format characters dropped."""
    kept: list[str] = []
    base = ""
    for mark in unicodedata.normalize("NFKD", text):
        if unicodedata.combining(mark):
            if not _marks_are_accents(base):
                kept.append(mark)
        elif unicodedata.category(mark) != "Cf":
            base = mark
            kept.append(mark)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_PLAIN_LETTERS)


def name_keys(name: str) -> tuple[str, ...]:
    """The words a name can be found by, in order, each once: for prefix search, never for display.

    `O'Brien` gives `o, brien, obrien`; `Łucja Kowalska-Nowak` gives `lucja, kowalska, nowak,
    kowalskanowak`. Scripts without Latin letters keep their own. A name made of signs alone is its own key.
    """
    keys: dict[str, None] = {}
    folded = without_accents(_JOINERS.sub("-", name).casefold()).casefold()
    for word in folded.split():
        parts = [part for part in (_letters(piece) for piece in word.split("-")) if part]
        pieces = [piece for part in parts for piece in part.split()]
        keys.update(dict.fromkeys(pieces))
        if len(parts) > 1:
            keys.setdefault("".join(pieces))
    if not keys and folded.strip():
        return ("".join(folded.split()),)
    return tuple(keys)


def _letters(word: str) -> str:
    """Letters, digits and the marks that belong to them; any other sign parts words."""
    return "".join(mark if unicodedata.category(mark)[0] in "LNM" else " " for mark in word).strip()


def loosely_same_name(one: str, other: str) -> bool:
    """Whether two names could be one person's: a reason to ask, never enough to join two records.

    Order, accents, hyphens and spaces do not matter. A middle name may be missing when two words agree,
    an initial stands for its word when another word agrees, one slip is allowed in a word of five
    letters or more. An empty name is like no other. Symmetric.
    """
    ours, theirs = _name_words(one), _name_words(other)
    if not ours or not theirs:
        return False
    if sorted(ours) == sorted(theirs) or "".join(ours) == "".join(theirs):
        return True
    few, many = sorted((ours, theirs), key=lambda words: (len(words), words))
    left = list(many)
    whole = 0
    for word in sorted(few, key=lambda each: (-len(each), each)):
        match = next((each for each in left if each == word), None) or next(
            (each for each in left if _like(word, each)), None
        )
        if match is None:
            return False
        left.remove(match)
        whole += len(word) > 1 and len(match) > 1
    return whole >= 1 and (len(few) == len(many) or whole >= 2)


def _name_words(name: str) -> list[str]:
    folded = without_accents(_JOINERS.sub("-", name).casefold()).casefold()
    words = [word for part in folded.replace("-", " ").split() for word in _letters(part).split()]
    return words or folded.split()


def _like(one: str, other: str) -> bool:
    """The same word, its initial, or in a word of five letters or more one slip away from it."""
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return one == other or (min(len(one), len(other)) >= 5 and one_slip_apart(one, other))


def one_slip_apart(one: str, other: str) -> bool:
    """Whether one letter added, missing or wrong, or two neighbours swapped, makes the two words equal."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, tail = one[start:], other[start:]
    swapped = rest[:2] == tail[:2][::-1] and rest[2:] == tail[2:]
    return swapped or rest[1:] == tail[1:] or rest[1:] == tail or rest == tail[1:]


# --- words ------------------------------------------------------------------------------------------

_CANNOT_BE_KEPT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def free_text(text: str, limit: int = FREE_TEXT_LIMIT) -> str:
    """Somebody's own words, kept as they are but for line ends (CR LF and CR become LF).

    Refused, never mended: control characters other than tab and newline, and halves of characters (lone
    surrogates), which no database keeps; and more than `limit` characters. Emoji and right-to-left marks
    stay. Raises BadInput naming the line, so that the writer can find it.
    """
    words = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(words) > limit:
        raise BadInput(f"This is {len(words):,} characters long. Please keep it to {limit:,}.")
    bad = _CANNOT_BE_KEPT.search(words)
    if bad:
        line = words.count("\n", 0, bad.start()) + 1
        raise BadInput(f"Line {line} has a hidden character we cannot keep. Please type that line again.")
    return words


def one_line(text: str, limit: int = ONE_LINE_LIMIT) -> str:
    """A name, a street, a title: as `free_text`, and without tabs or line breaks. Kept exactly as typed."""
    words = free_text(text, limit)
    if "\n" in words or "\t" in words:
        raise BadInput("This must be on one line. Take out the line breaks and tabs.")
    return words
