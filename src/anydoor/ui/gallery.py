"""Every component on a page, filled with invented people, so that eyes and tests can look at all of it.

No domain and no database: what the pages say is in `templates/ui/gallery/`. Served by nobody in
production; tests draw each page at several widths.
"""

from datetime import UTC, date, datetime
from typing import Any

from django import forms as django_forms
from django.template import engines
from django.utils import translation

from anydoor.ui import charts, forms
from anydoor.ui.icons import NAMES

NOW = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
PAGES = (
    "ask",
    "confirmation",
    "support",
    "home",
    "inbox",
    "family",
    "triage",
    "handover",
    "measures",
    "pieces",
    "fields",
)
NAV = ("My work", "Team inbox", "Families", "Directory", "Meetings", "Board")
PLACE_OF = {"home": 0, "inbox": 1, "triage": 1}
WORKER_OF = {"inbox": "Sunita Rao", "triage": "Tom Ardley", "handover": "Priya Sandhu"}


class AskForm(forms.Form):
    form_key = forms.FormKeyField()
    story = forms.LongTextField(
        label="What is going on?",
        hint="For you, your partner or someone you care for. With a baby, without one, or after a loss. "
        "One sentence is enough.",
        missing="Tell us in a few words what is going on",
    )
    reach = forms.TextField(
        label="How can we reach you?",
        hint="A mobile number or an email address. We speak only to you. "
        "We leave no message unless you tell us it is safe.",
        missing="Write a number or an email address, so that a person can answer you",
        autocomplete="tel",
    )
    place = forms.TextField(
        label="Where are you?",
        hint="A town or postcode is fine. It helps us find someone near you.",
        width=20,
        autocomplete="postal-code",
        missing="Write a town or a postcode",
    )


class EveryField(forms.Form):
    """One of each kind, for the page that shows all fields, empty and gone wrong."""

    form_key = forms.FormKeyField()
    name = forms.TextField(label="Your name", autocomplete="name", missing="Write your name")
    email = forms.EmailField(label="Email address", required=False)
    phone = forms.PhoneField(label="Telephone number", required=False, hint="A mobile or a landline")
    weeks = forms.NumberField(label="Weeks pregnant", required=False, width=2)
    story = forms.LongTextField(label="What happened", rows=3, limit=400)
    born = forms.DayField(label="Date of birth", hint="For example, 27 March 1994", latest=date(2026, 3, 10))
    at = forms.TimeField(label="At what time", required=False, hint="For example, 10:30 or 2pm")
    way = forms.ChoiceOfOne(
        label="How may we contact you?",
        options=[
            forms.Choice("text", "Text", "To a mobile"),
            forms.Choice("call", "Call", reveals="when"),
            forms.Choice("post", "Letter"),
        ],
    )
    when = forms.TextField(label="When is a good time to call?", required=False)
    look = forms.ChoiceOfOne(
        label="Second look",
        look="cards",
        options=[
            forms.Choice("take", "Take the alternative", "They are asked at once, with the same story."),
            forms.Choice("back", "Put it back, once, with a reason", "They answer within 5 working days."),
        ],
        initial="take",
    )
    help = forms.ChoiceOfMany(
        label="What would help?", options=[("talk", "Someone to talk to"), ("sleep", "Sleep")], required=False
    )
    area = forms.SelectField(label="Area", options=[("n", "Norwich"), ("b", "Breckland")], required=False)
    agreed = forms.TickField(label="They know that I am asking", missing="Ask them first, then tick this")


class LibraryForm(django_forms.Form):
    """Stands for a form we did not write, as the sign-in library brings."""

    login = django_forms.EmailField(label="Email address")
    password = django_forms.CharField(
        widget=django_forms.PasswordInput, help_text="Twelve characters or more"
    )
    remember = django_forms.BooleanField(label="Stay signed in here", required=False)


def render(name: str, language: str = "en-gb", wrong: bool = False) -> str:
    """The HTML of one page of the gallery; `wrong` fills its form badly."""
    with translation.override(language):
        return engines["jinja2"].get_template(f"ui/gallery/{name}.jinja").render(context(name, wrong))


def context(name: str, wrong: bool = False) -> dict[str, Any]:
    """What a page of the gallery is given: the frame's facts, a clock that stands still, a form."""
    return {
        "area_name": "Norfolk Family Hubs",
        "now": NOW,
        "languages_href": "#languages",
        "footer_links": [
            {"label": "Privacy", "href": "#privacy"},
            {"label": "Accessibility", "href": "#accessibility"},
            {"label": "How to hide your visit", "href": "#hide"},
        ],
        "nav": [
            {"label": label, "href": f"#{place}", "current": place == PLACE_OF.get(name, 2)}
            for place, label in enumerate(NAV)
        ],
        "me": WORKER_OF.get(name, "Leanne Mistry"),
        "account_links": [
            {"label": "My settings", "href": "#settings"},
            {"label": "Sign out", "href": "#out", "post": True},
        ],
        "csrf_input": "",
        "search_href": "#search",
        "form": form(name, wrong),
        "charts": SCORES if name == "measures" else None,
        "names": NAMES,
        "library_form": LibraryForm({"login": "rosie", "password": "x"}) if name == "pieces" else None,
    }


def form(name: str, wrong: bool) -> forms.Form | None:
    if name == "ask":
        return AskForm({"story": "", "reach": "x\0", "place": "Norwich"} if wrong else None)
    if name == "fields":
        return EveryField(BAD if wrong else None)
    return None


def _scores(scale: charts.Scale, *marks: charts.Mark, notes: tuple[date, ...] = ()) -> list[charts.Drawing]:
    return [charts.draw(marks, scale, size, notes) for size in (charts.WIDE, charts.NARROW)]


_PHQ_9 = charts.Scale(
    0,
    27,
    bands=((0, "minimal"), (5, "mild"), (10, "moderate"), (15, "mod. severe"), (20, "severe")),
    line=(10, "caseness, 10 or more"),
    index=6,
)
_GAD_7 = charts.Scale(
    0,
    21,
    bands=((0, "minimal"), (5, "mild"), (10, "moderate"), (15, "severe")),
    line=(8, "caseness, 8 or more"),
    index=4,
)
SCORES = {
    "mood": _scores(
        _PHQ_9,
        charts.Mark(date(2026, 1, 6), 17, risk="question 9"),
        charts.Mark(date(2026, 1, 20), 15),
        charts.Mark(date(2026, 2, 3), 16),
        charts.Mark(date(2026, 2, 17), 12),
        charts.Mark(date(2026, 3, 3), 8),
        notes=(date(2026, 2, 10),),
    ),
    "worry": _scores(
        _GAD_7,
        charts.Mark(date(2026, 1, 6), 14),
        charts.Mark(date(2026, 1, 20), None, "1 missing"),
        charts.Mark(date(2026, 2, 3), 13),
        charts.Mark(date(2026, 2, 17), 11),
        charts.Mark(date(2026, 3, 3), 9),
    ),
    "one": _scores(_GAD_7, charts.Mark(date(2026, 3, 3), None, "2 missing", risk="question 9")),
    "many": _scores(
        _PHQ_9,
        *(charts.Mark(date(2025, 9, 1 + day), 20 - day // 2) for day in range(0, 30, 2)),
        charts.Mark(date(2026, 3, 3), 27, risk="question 9"),
    ),
}
BAD = {
    "email": "rosie at home",
    "weeks": "eight",
    "story": "a" * 401,
    "born-day": "31",
    "born-month": "feb",
    "born-year": "1994",
    "at": "25:99",
    "way": "pigeon",
    "look": "back",
    "help": ["talk"],
}
