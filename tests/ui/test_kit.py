"""Every component is in the kit, is shown in the gallery, and keeps what people typed as text."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.template import engines
from jinja2 import UndefinedError

from anydoor import ui
from anydoor.ui import gallery, icons

ROOM = Path(ui.__file__).parent
KIT = (ROOM / "templates/ui/kit.jinja").read_text(encoding="utf-8")
NAMES = sorted({name.strip() for line in re.findall(r"{% set (.*?) =", KIT) for name in line.split(",")})


def render(source: str, **context: object) -> str:
    return engines["jinja2"].from_string('{% import "ui/kit.jinja" as ui %}' + source).render(context)


def test_every_macro_is_in_the_kit() -> None:
    inner = {"frame"}
    written = {
        name
        for file in (ROOM / "templates/ui/components").glob("*.jinja")
        if file.name != "map.jinja"  # large, and worn by the two pages of the map alone
        for name in re.findall(r"{% macro ([a-z]\w*)\(", file.read_text(encoding="utf-8"))
    }
    assert written - inner == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_kit_gives_a_macro_that_the_readme_and_the_gallery_show(name: str) -> None:
    module = engines["jinja2"].env.get_template("ui/kit.jinja").module
    assert callable(getattr(module, name))
    shown = "".join(file.read_text(encoding="utf-8") for file in (ROOM / "templates/ui").rglob("*.jinja"))
    assert f"ui.{name}(" in shown or name == "any_field", (
        "no page of the gallery shows it"
    )  # any_form draws it
    assert f"ui.{name}(" in (ROOM / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", gallery.PAGES)
def test_every_page_of_the_gallery_is_whole(name: str) -> None:
    html = gallery.render(name)
    assert html.count("<h1") == 1
    assert html.count("<main") == 1
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids)), "an id stands twice"
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    main = levels[levels.index(1) :]
    assert all(after <= before + 1 for before, after in pairwise(main))
    for target in re.findall(r'(?:aria-describedby|aria-labelledby|for)="([^"]+)"', html):
        assert set(target.split()) <= set(ids)


def test_an_error_is_in_the_title_before_anything_else() -> None:
    assert "<title>Error: " in gallery.render("ask", wrong=True)
    assert "<title>Error: " not in gallery.render("ask")


def test_the_way_out_is_first_and_the_page_names_no_product_before_its_end() -> None:
    html = gallery.render("ask")
    first = re.search(r"<(?:a|button|input|select|textarea)\b[^>]*>", html)
    assert first
    assert "data-ad-exit" in first[0]
    body = html[html.index("<body") : html.index("<footer")]
    assert "Anydoor" not in body
    assert "NHS" not in body
    assert "Norfolk Family Hubs uses Anydoor" in html[html.index("<footer") :]


HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
    "source",
    [
        "{{ ui.holder_banner(x, x, phone=x, text=x, since=x) }}",
        "{{ ui.family_holder(x, x, phone=x, text=x, hours=x) }}{{ ui.holder_card(x, x, x, x) }}",
        "{{ ui.holder_small(x, x, before=x, after=x) }}{{ ui.disc(x) }}{{ ui.clock(x) }}{{ ui.tag(x) }}",
        "{{ ui.own_words(x, x, x, x, [(0, 3)]) }}{{ ui.worker_words(x, x) }}{{ ui.babys_line(x, x) }}",
        "{{ ui.safety_banner([{'icon': 'lock', 'bold': x, 'text': x}]) }}",
        "{{ ui.answers([{'label': x, 'value': x}]) }}{{ ui.page_head(x, x) }}{{ ui.conflict(x, [(x, x)]) }}",
        "{{ ui.facts([{'label': x, 'bold': x, 'value': x, 'meta': x}]) }}{{ ui.reasons([x], [x], [x]) }}",
        "{{ ui.timeline([{'when': x, 'title': x, 'text': x}]) }}",
        "{{ ui.work_row(ui.clock('x'), x, '#', x, x) }}{{ ui.notice(x) }}{{ ui.confirmation(x, x, x) }}",
        "{{ ui.handover_steps([{'name': x, 'who': x, 'text': x, 'state': 'done'}], x, x, x, x) }}",
        "{{ ui.inbox_row(row) }}",
        "{{ icon('lock', 20, x) }}",
    ],
)
def test_hostile_text_stays_text(source: str) -> None:
    row = dict.fromkeys(("door", "name", "href", "words", "clock", "age", "holder", "action"), HOSTILE)
    html = render(source, x=HOSTILE, row=row | {"door_icon": "text", "tags": [(HOSTILE, "grey", "")]})
    assert "<img" not in html
    assert "&lt;img" in html


def test_the_band_says_in_one_sentence_who_holds() -> None:
    steps = [{"name": name, "state": "done"} for name in ("Proposed", "Accepted", "Introduced")]
    going = render(
        "{{ ui.handover_steps(s, 'Ana Bo', 'Cy Do') }}", s=[*steps, {"name": "Met", "state": "later"}]
    )
    assert "Ana Bo holds until Cy Do has recorded a real contact, then Cy Do holds." in going
    over = render(
        "{{ ui.handover_steps(s, 'Ana Bo', 'Cy Do') }}", s=[*steps, {"name": "Met", "state": "done"}]
    )
    assert "Cy Do holds now. Ana Bo held until then." in over


def test_a_missing_name_is_loud_here_and_may_still_be_asked_about() -> None:
    assert render("{% if nobody %}x{% endif %}{% if nobody.name %}y{% endif %}") == ""
    with pytest.raises(UndefinedError):
        render("{{ nobody }}")
    with pytest.raises(UndefinedError):
        render("{% for one in nobody %}{% endfor %}")


def test_an_icon_nobody_drew_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        icons.icon("unicorn")
    assert len(icons.NAMES) >= 28


@pytest.mark.parametrize("used", [-1.0, 0.0, 0.5, 1.0, 7.0])
def test_a_ring_is_never_more_than_full(used: float) -> None:
    (gone,) = re.findall(r'stroke-dasharray="([\d.]+) ', icons.ring(used))
    assert 0 <= float(gone) <= 50.3


def test_other_peoples_forms_are_dressed_too() -> None:
    from django import forms

    class SignIn(forms.Form):
        login = forms.EmailField(label="Email", max_length=20)
        password = forms.CharField(widget=forms.PasswordInput, help_text="Twelve characters or more")
        remember = forms.BooleanField(required=False)
        after = forms.CharField(widget=forms.HiddenInput, required=False)

    html = render("{{ ui.any_form(form) }}", form=SignIn({"login": "x"}))
    assert html.count("nhsuk-form-group--error") == 2
    assert 'class="nhsuk-input nhsuk-input--error"' in html
    assert 'class="nhsuk-checkboxes__input"' in html
    assert "maxlength" not in html
