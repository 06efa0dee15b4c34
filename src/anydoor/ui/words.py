"""Text made ready for a page: escaped first, then dressed. Nothing here trusts what people typed."""

import re
from collections.abc import Iterable

from markupsafe import Markup, escape


def bidi(text: object) -> Markup:
    """Someone's own text kept apart, so that its direction cannot turn the words around it."""
    return Markup("<bdi>{}</bdi>").format(text)


def lines(text: str | None) -> Markup:
    """Several lines as typed: an empty line starts a paragraph, a new line stays one."""
    paragraphs = re.split(r"\n\s*\n", (text or "").replace("\r\n", "\n").replace("\r", "\n").strip("\n"))
    return Markup("").join(
        Markup('<p dir="auto">{}</p>').format(Markup("<br>").join(paragraph.split("\n")))
        for paragraph in paragraphs
    )


def highlight(text: str | None, spans: Iterable[tuple[int, int]]) -> Markup:
    """Underline the words at `spans` (start, end in characters of `text`); overlaps are joined."""
    text = text or ""
    parts, position = [], 0
    for start, end in sorted(spans):
        start, end = max(start, position), min(end, len(text))
        if start >= end:
            continue
        parts.append(escape(text[position:start]))
        parts.append(Markup('<mark class="ad-marked">{}</mark>').format(text[start:end]))
        position = end
    parts.append(escape(text[position:]))
    return Markup('<span dir="auto">{}</span>').format(Markup("").join(parts).replace("\n", Markup("<br>")))


def quoted(text: object) -> Markup:
    """Own words in quotation marks, kept apart from the text around."""
    return Markup("\u201c<bdi>{}</bdi>\u201d").format(text)


def initials(name: object) -> str:
    """ "LM" for Leanne Mistry: first letter of the first and of the last word; a dash when there is none."""
    words = [word for word in re.split(r"[\s-]+", str(name or "")) if word[:1].isalnum()]
    letters = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0].upper() for word in letters) or "\u2013"


def spoken_reference(reference: object) -> str:
    """A reference in groups of three that can be said aloud: "NFK 7Q4 H2M"."""
    plain = re.sub(r"[\s-]", "", str(reference or ""))
    return " ".join(plain[at : at + 3] for at in range(0, len(plain), 3))


def nhs_spaced(number: object) -> str:
    """ "999 412 0735"; anything that is not ten digits stays as it is."""
    plain = re.sub(r"\s", "", str(number or ""))
    return f"{plain[:3]} {plain[3:6]} {plain[6:]}" if re.fullmatch(r"\d{10}", plain) else str(number or "")


def phone_spaced(number: object) -> str:
    """A British number in the groups people say: "07700 900 482", "01632 960 214", else as it is."""
    plain = re.sub(r"[\s()-]", "", str(number or ""))
    plain = re.sub(r"^(\+44|0044)", "0", plain)
    if re.fullmatch(r"0\d{10}", plain):
        return f"{plain[:5]} {plain[5:8]} {plain[8:]}"
    return str(number or "")


def phone_link(number: object, way: str = "tel") -> str:
    """The address behind a call (`tel`) or text (`sms`) link: digits and one leading plus, nothing else."""
    plain = re.sub(r"[^\d+]", "", str(number or ""))
    return f"{'sms' if way == 'sms' else 'tel'}:{plain[:1]}{plain[1:].replace('+', '')}"


def plural(count: int, one: str, many: str = "") -> str:
    """ "1 request", "2 requests", "No requests"; `many` where adding an s is wrong."""
    number = f"{count:,}" if count else "No"
    return f"{number} {one if count == 1 else many or one + 's'}"


def sentence(parts: Iterable[object], last: str = "and") -> str:
    """ "a, b and c"."""
    words = [str(part) for part in parts if part]
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def given_name(name: object) -> str:
    """The first word of a name, for "Leanne holds" on the desk."""
    return str(name or "").split(" ")[0]


# What no keyboard means and no page may hold: controls but tab and line ends.
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160)], "\ufffd")


def list_of_rules(hint: object) -> Markup | str:
    """A hint of a form that Django made: its rules for a password come as HTML that lost its mark."""
    text = str(hint)
    return Markup(text) if text.startswith("<ul>") else text  # noqa: S704 - written by Django, not by people


def without_controls(drawn: str) -> Markup:
    """What another library's form drew, with a mark where a control character stood."""
    return escape(drawn).translate(_CONTROLS)
