"""Page: send one person a link to one or more questionnaires, by text or e-mail, where that is safe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse

from anydoor.access.policy import Facts
from anydoor.care.measures import links, reading
from anydoor.care.measures.taking import Plan
from anydoor.care.measures.wording import name_of, tag_of
from anydoor.care.models import FamilyCare
from anydoor.care.models.measure import WHY_TAKEN
from anydoor.care.picture import Member, Way, members_of, stage_of
from anydoor.care.scope import facts_of
from anydoor.messages import texts
from anydoor.rules.instruments import choosing
from anydoor.rules.instruments.registry import PRESENT
from anydoor.ui.forms import Choice, ChoiceOfMany, ChoiceOfOne, Form, FormKeyField, SelectField
from anydoor.ui.times import calendar_day
from anydoor.ui.words import given_name
from anydoor.web.desk.acting import form_page, saved, sending, tried
from anydoor.web.desk.measures import team_of
from anydoor.web.desk.people import member_in
from anydoor.web.desk.safety import shown_way
from anydoor.web.shell import AnydoorRequest, signed_in

SENT_BY_TEXT = frozenset({"mobile", "foreign"})


class SendForm(Form):
    """What to ask, where to send it, in which language."""

    form_key = FormKeyField()
    instrument = ChoiceOfMany(
        label="Which questions?",
        hint=f"Up to {links.MOST_AT_ONCE}. They come one after the other, by the same link.",
        missing="Choose at least one.",
        look="small",
    )
    contact_point = ChoiceOfOne(
        label="Where is it safe to send it?",
        hint="Only numbers and addresses they said are safe for this.",
        missing="Choose where to send it.",
        look="small",
    )
    language = SelectField(label="In which language?", required=False, nothing="English")
    why = ChoiceOfOne(
        label="Why is it asked?",
        options=list(WHY_TAKEN.items()),
        missing="Choose why it is asked.",
        look="small",
    )


@signed_in
def send_questions(request: AnydoorRequest, family_id: int, person_id: int) -> HttpResponse:
    """Choose the questions and the safe place, see the very words that go out, send."""
    care, one = member_in(request, family_id, person_id, "take_measure")
    name = given_name(one.person.called)
    form = SendForm(request.POST or None)
    where = stage_of(care, members_of(family_id), calendar_day(request.at))
    offered = _offered(care, where)
    _fit(form, one, offered)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        result = tried(form, lambda: _send(request, care, one, facts_of(care), form.cleaned_data))
        if result.ok:
            return saved(request, "The link is on its way.", "desk:trend", family_id, person_id)
        conflict = result.conflict
    ways = _safe_ways(one)
    return form_page(
        request,
        form,
        title=f"Send {name} some questions",
        lead="They answer on their own phone, without an account. The link works for two weeks.",
        back=(f"How {name} has been", reverse("desk:trend", args=[family_id, person_id])),
        button="Send the link",
        conflict=conflict,
        template="desk/send_questions.jinja",
        name=name,
        care=care,
        person=one.person,
        may_send=bool(ways),
        unsafe=[shown_way(way) for way in one.ways if way not in ways],
        words=texts.questions(
            door=care.area.door_name,
            link="(the link)",
            until=request.at + timedelta(days=links.LINK_DAYS),
            phone=care.area.phone,
        )[1],
    )


def _offered(care: FamilyCare, where: Any) -> Mapping[str, set[str]]:
    """What fits this moment and has words to show, with the languages of each; after a loss no baby."""
    shown = reading.can_be_shown(care.area)
    fitting = [
        name
        for group in choosing.fitting(where)
        for choice in group.names
        for name in choosing.names_in(choice)
    ]
    return {name: shown[name] for name in dict.fromkeys(fitting) if name in shown}


def _fit(form: Form, one: Member, offered: Mapping[str, set[str]]) -> None:
    fields: dict[str, Any] = form.fields
    fields["instrument"].options = [
        Choice(name, PRESENT[name].title, _hint(offered[name])) for name in offered
    ]
    fields["contact_point"].options = [Choice(str(way.id), shown_way(way)) for way in _safe_ways(one)]
    tags = sorted({tag for known in offered.values() for tag in known} - {"en"})
    if tags:
        fields["language"].options = [(tag, name_of(tag)) for tag in tags]
        if tag_of(one.person.language) in tags:
            form.initial["language"] = tag_of(one.person.language)
    else:
        del fields["language"]


def _hint(tags: set[str]) -> str:
    others = sorted(name_of(tag) for tag in tags if tag != "en")
    return f"Also in {', '.join(others)}" if others else ""


def _safe_ways(one: Member) -> Sequence[Way]:
    """Numbers that take texts and addresses, said to be safe for that."""
    return [
        way
        for way in one.ways
        if way.safe == "yes"
        and (
            (way.kind in SENT_BY_TEXT and "text" in way.uses) or (way.kind == "email" and "email" in way.uses)
        )
    ]


def _send(
    request: AnydoorRequest, care: FamilyCare, one: Member, facts: Facts, data: Mapping[str, Any]
) -> links.Sent:
    plan = Plan(
        data["instrument"][0],
        why=data["why"],
        language=data.get("language") or "en",
        thing=reading.thing_for(care.pk, one.person.pk, request.user.pk),
    )
    return links.send_link(
        family_id=care.pk,
        person_id=one.person.pk,
        plans=links.plans(data["instrument"], plan),
        contact_point_id=int(data["contact_point"]),
        by=request.user,
        team=team_of(request, facts),
        at=request.at,
        form_key=sending(request),
    )


urls = [
    path(
        "family/<int:family_id>/person/<int:person_id>/send-questions/", send_questions, name="send_questions"
    )
]
