"""A referral's answers in words, for the page on which they are checked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from anydoor.ui.times import full_date
from anydoor.ui.words import sentence
from anydoor.web.public.refer_forms import PARTS, Part


def lines_of(answers: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Each page with its answers: [{heading, rows: [{label, value, href}]}]. What was left empty says so."""
    return [
        {"heading": part.heading, "rows": _rows(part, answers[part.key])}
        if part.key in answers
        else {"heading": part.heading, "rows": [_nothing(part)]}
        for part in PARTS
    ]


def _rows(part: Part, said: dict[str, Any]) -> list[dict[str, Any]]:
    href = reverse("public:refer_part", args=[part.key])
    rows = []
    for name, field in part.form.base_fields.items():
        if name == "form_key" or (not field.required and not said.get(name)):
            continue
        rows.append({"label": field.label, "value": _words(field, said.get(name)), "href": href})
    return rows or [_nothing(part)]


def _nothing(part: Part) -> dict[str, Any]:
    return {"label": part.heading, "value": "", "href": reverse("public:refer_part", args=[part.key])}


def _words(field: Any, value: Any) -> str:
    if isinstance(value, date):
        return full_date(value)
    options = {one.value: str(one.label) for one in getattr(field, "options", ())}
    if isinstance(value, list):
        return sentence([options.get(one, one) for one in value])
    return options.get(str(value), str(value))
