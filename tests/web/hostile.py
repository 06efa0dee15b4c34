"""What odd and hostile visitors send, and how the fields of a page are filled with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

LONG = "I am so tired. " * 20_000  # 300,000 characters, under the limit of what is read at all

# Words that are kept as they are: read by somebody, and never run.
KEPT: dict[str, str] = {
    "markup": "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}${7*7}{% debug %}",
    "sql": "'; DROP TABLE care_referral; -- \\ %s %(id)s",
    "formula": "=cmd|' /C calc'!A0",
    "direction": "\u202egnp.exe\u202c \u2066x\u2069 \ufeff \u200b\u200d",
    "emoji": "I need help \U0001f9d1\u200d\U0001f37c\U0001f1ec\U0001f1e7 e\u0301\u0301\u0301 \U000e0041",
    "name": "O’Hara-Żółć",
    "one letter": "X",
    "sixty letters": "Nguyễn Thị Minh Khai d’Arc de la Fuente y Sánchez-Löwenherz-Ó",
    "foreign phone": "+48 601 234 567",
}
# Words that nothing can be done with; what may be said again is asked again.
REFUSED: dict[str, str] = {
    "control": "a\x00b\x1b[31mc\x08\x7f",
    "wrong number": "999 000 0001",
    "spaces": " \t\u00a0\u3000\n ",
}
GOOD_DAYS = (("10", "3", "2026"), ("16", "3", "2026"))
BAD_DAYS = (
    ("31", "2", "2026"),
    ("0", "0", "0"),
    ("1", "1", "99999999999999999999"),
    ("\u0661", "\u0663", "\u0662\u0660\u0662\u0666"),
    ("first", "Marchtember", "last year"),
    ("1", "1", "0001"),
    ("1", "1", "2999"),
    ("<b>", "'", "\x00"),
)
GOOD_NUMBERS = ("1", "2")
BAD_NUMBERS = ("-1", "0", "1e9", "99999999999999999999", "\u0663", "NaN", "")
NUMBERS_OF = {"babies", "minutes"}
# Boxes that take one shape only; without it nothing else of the form would be tried.
SHAPED: dict[str, str] = {
    "contact": "+48 601 234 567",
    "typed": "01632 960123",
    "referrer_contact": "o’hara@clinic.example",
    "nhs_number": "",
    "another": "",
    "clock": "11:00",
    "agreed_clock": "11:00",
    "introduction_clock": "11:00",
    "born_on-year": "1994",
    **{f"due_on-{part}": "" for part in ("day", "month", "year")},
    "starts": "08:00",
    "ends": "09:00",
}


@dataclass
class Box:
    """One control of a form: its kind, what it holds, and what it offers."""

    kind: str
    values: list[str] = field(default_factory=list)


@dataclass
class Form:
    """One form of a page that is posted: where to, and its boxes by name."""

    action: str
    boxes: dict[str, Box] = field(default_factory=dict)

    def holds(self, name: str, typed: str) -> bool:
        """Whether the box still has what was typed (a browser drops the first line break)."""
        plain = typed.replace("\r\n", "\n")
        return any(one.removeprefix("\n").replace("\r\n", "\n") == plain for one in self.boxes[name].values)

    def texts(self) -> list[str]:
        return [
            name for name, box in self.boxes.items() if box.kind in {"text", "textarea"} and not is_day(name)
        ]

    def answers(
        self, texts: list[str], day: tuple[str, ...], number: str, *, shaped: bool = False, offer: int = 0
    ) -> dict[str, object]:
        """An answer for every box: texts by turns, and of what is offered the one at place `offer`."""
        found: dict[str, object] = {}
        for place, (name, box) in enumerate(self.boxes.items()):
            offered = [value for value in box.values if value]
            if shaped and name in SHAPED:
                found[name] = SHAPED[name]
            elif is_day(name):
                found[name] = day[("day", "month", "year").index(name.rpartition("-")[2])]
            elif box.kind in {"hidden", "button", "checkbox"}:
                found[name] = offered[:3]
            elif box.kind in {"radio", "select"}:
                found[name] = [offered[offer]] if offered else []
            elif name in NUMBERS_OF:
                found[name] = number
            else:
                found[name] = texts[place % len(texts)]
        return found

    def made_up(self, text: str) -> dict[str, object]:
        """The same text for everything, also where nothing can be typed."""
        typed = set(self.texts())
        return {name: text if name in typed else [text, "x"] for name in self.boxes}


class Reader(HTMLParser):
    """The posted forms in the main part of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._inside = self._main = False
        self._list: Box | None = None
        self._area: Box | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._main = True
        elif tag == "form":
            self._inside = self._main and found.get("method", "").lower() == "post"
            if self._inside:
                self.forms.append(Form(found.get("action", "")))
        elif self._inside:
            self._box(tag, found)

    def _box(self, tag: str, found: dict[str, str]) -> None:
        name = found.get("name", "")
        if tag == "option" and self._list is not None:
            self._list.values.append(found.get("value", ""))
        elif tag in {"input", "select", "textarea", "button"} and name and name != "csrfmiddlewaretoken":
            kind = found.get("type", "text") if tag == "input" else tag
            box = self.forms[-1].boxes.setdefault(name, Box(kind))
            if tag in {"input", "button"}:
                box.values.append(found.get("value", ""))
            self._list = box if tag == "select" else None
            self._area = box if tag == "textarea" else None
            if tag == "textarea":
                box.values.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "main":
            self._main = False
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.values[-1] += data


def is_day(name: str) -> bool:
    return name.endswith(("-day", "-month", "-year"))
