"""Pages: the partner's own assessment. Who it is due for, and what became of it, on his own record."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from anydoor.access.policy import check
from anydoor.care import partners as verbs
from anydoor.care import scope
from anydoor.care.models.partner import HOW_OFFERED
from anydoor.care.partners import STANDS, PartnerRow
from anydoor.care.scope import NO_SUCH
from anydoor.people.models import ROLES_IN_FAMILY
from anydoor.rules.errors import NotFound
from anydoor.rules.stage import day_in_words
from anydoor.ui.forms import (
    Choice,
    ChoiceOfOne,
    DayField,
    Form,
    FormKeyField,
    LongTextField,
    SelectField,
    TextField,
)
from anydoor.ui.times import calendar_day, date_words
from anydoor.web.desk.acting import family_in_full, form_page, saved, sending, today, tried
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest, signed_in

PAGE = 25
COLOURS = {
    "due": "due",
    "unknown": "due",
    "offered": "outline",
    "agreed": "due",
    "taken": "good",
    "declined": "grey",
    "no_partner": "grey",
    "not_safe": "danger",
}


class FilterForm(Form):
    """How it stands."""

    stands = SelectField(label="How it stands", required=False, hide_optional=True, nothing="All")


@signed_in
@require_safe
def partners(request: AnydoorRequest) -> HttpResponse:
    """The partners of those in specialist care, a page at a time, with how many stand how."""
    check(request.standing, "see_schedule")
    stands = request.GET.get("stands", "") if request.GET.get("stands") in STANDS else ""
    text = request.GET.get("after", "")
    after = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
    rows, following = verbs.partner_list(request.standing, most=PAGE, after=after, stands=stands)
    scope.looked_at_each(
        dict.fromkeys(row.episode.family_id for row in rows),
        what="see_partner_list",
        by=request.user,
        at=request.at,
        why="partner's own assessment",
    )
    counts = verbs.partner_counts(request.standing)
    form = FilterForm(initial={"stands": stands})
    form.fields["stands"].options = list(STANDS.items())  # type: ignore[attr-defined]  # the field is ours
    context = {
        "form": form,
        "rows": [_row(row, request) for row in rows],
        "counts": [(words, counts[key]) for key, words in STANDS.items() if counts[key]],
        "total": sum(counts.values()),
        "next": f"?after={following}" + (f"&stands={stands}" if stands else "") if following else "",
        "first": f"?stands={stands}" if after else "",
    }
    return page(request, "desk/partners.jinja", "schedule", context)


def _row(row: PartnerRow, request: AnydoorRequest) -> dict[str, Any]:
    """No name of the partner in a list: their own record may be kept from who looks."""
    partner = ROLES_IN_FAMILY[row.partner.role] if row.partner is not None else "Not known"
    return {
        "who": row.episode.person.called,
        "service": row.episode.service.name,
        "since": date_words(row.episode.opened_at, request.at),
        "partner": partner.capitalize() + (", lives apart" if row.partner and row.partner.apart else ""),
        "state": STANDS[row.stands],
        "colour": COLOURS[row.stands],
        "href": _href(row),
    }


def _href(row: PartnerRow) -> str:
    return reverse(
        "desk:partner",
        args=[row.episode.family_id, row.episode.pk, row.partner.person_id if row.partner else 0],
    )


# ---------------------------------------------------------------- one partner


class StepForm(Form):
    """What happened next, and only what belongs to it."""

    form_key = FormKeyField()
    step = ChoiceOfOne(label="What happened?", missing="Choose what happened")
    how = SelectField(label="How was it offered?", required=False, nothing="Choose how")
    agreed_words = TextField(label="Their own words of agreement", required=False, limit=500, width=30)
    day = DayField(label="On which day?", required=False)
    signpost = LongTextField(
        label="Where did you tell them they can turn?",
        hint="They may want it later, even when they do not want an assessment now.",
        required=False,
        limit=500,
        rows=2,
    )
    words = TextField(label="What should colleagues know?", required=False, limit=500, width=30)


def _steps(row: PartnerRow) -> list[Choice]:
    """Only the steps that fit how it stands."""
    if row.partner is None:
        return [
            Choice("no_partner", "There is no partner"),
            Choice("not_safe", "It is not safe to ask about one now"),
        ]
    all_steps = {
        "offered": Choice("offered", "It was offered", "They know what it is and that it is theirs", "how"),
        "agreed": Choice("agreed", "They said yes", "", "agreed_words"),
        "taken": Choice("taken", "It took place"),
        "declined": Choice("declined", "They said no to this"),
        "not_safe": Choice("not_safe", "It is not safe to ask now"),
    }
    fitting = {
        "due": ("offered", "agreed", "declined", "not_safe"),
        "offered": ("agreed", "declined", "not_safe"),
        "agreed": ("taken", "declined", "not_safe"),
        "taken": (),
        "declined": ("offered", "agreed", "not_safe"),
        "not_safe": ("offered", "agreed", "declined"),
        "no_partner": ("offered", "agreed", "declined", "not_safe"),
    }[row.stands]
    return [all_steps[step] for step in fitting]


@signed_in
def partner(request: AnydoorRequest, family_id: int, episode_id: int, person_id: int) -> HttpResponse:
    """One partner: how it stands, and the next step."""
    care, facts = family_in_full(request, family_id, "offer_partner")
    row = verbs.row_for(request.standing, episode_id, person_id or None)
    if row.episode.family_id != family_id or person_id in scope.hidden_people(request.standing, facts):
        raise NotFound(NO_SUCH)
    form = StepForm(request.POST or None)
    fields: Any = form.fields
    fields["step"].options = _steps(row)
    fields["how"].options = list(HOW_OFFERED.items())
    conflict = ""
    if request.method == "POST" and form.is_valid():
        result = tried(form, lambda: _step(request, row, form.cleaned_data))
        if result.ok:
            return saved(request, "It is recorded.", "desk:partner", family_id, episode_id, person_id)
        conflict = result.conflict
    scope.looked(
        what="see_partner",
        subject="person",
        subject_id=person_id or None,  # type: ignore[arg-type]  # none when nobody is known
        family_id=family_id,
        by=request.user,
        at=request.at,
        why="partner's own assessment",
    )
    who = row.partner.person.called if row.partner is not None else "Partner not known"
    return form_page(
        request,
        form,
        title=f"Own assessment: {who}",
        lead=f"Because {row.episode.person.called} is with {row.episode.service.name}",
        back=("Partners", reverse("desk:partners")),
        button="Save",
        current="schedule",
        conflict=conflict,
        template="desk/partner.jinja",
        state=STANDS[row.stands],
        colour=COLOURS[row.stands],
        steps=bool(fields["step"].options),
        told=_told(row, request),
        measures=[
            (
                reverse("desk:measure", args=[one.pk]),
                f"{one.instrument}, {date_words(one.taken_at, request.at)}",
            )
            for one in verbs.measures_of(row)
        ],
        take_href=reverse("desk:take_measure", args=[family_id])
        if row.assessment is not None and row.assessment.agreed_at is not None
        else "",
        person_href=reverse("desk:person", args=[family_id, person_id]) if row.partner is not None else "",
        add_href=reverse("desk:add_member", args=[family_id]) if row.partner is None else "",
        ask_name=row.episode.person.called,
        signposts=verbs.signposts(row.episode.area.slug),
        care=care,
    )


def _told(row: PartnerRow, request: AnydoorRequest) -> list[dict[str, str]]:
    """What is recorded, in the order it happened."""
    one = row.assessment
    if one is None:
        return []
    on = today(request)
    lines = [
        (
            "Offered",
            f"{day_in_words(one.offered_on, on)}. {HOW_OFFERED.get(one.how, '')}" if one.offered_on else "",
        ),
        (
            "Said yes",
            f"{day_in_words(calendar_day(one.agreed_at), on)}: {one.agreed_words}" if one.agreed_at else "",
        ),
        ("Took place", day_in_words(one.taken_on, on) if one.taken_on else ""),
        ("Said no", day_in_words(one.declined_on, on) if one.declined_on else ""),
        ("Told where to turn", one.signpost_words),
        ("Noted", one.words),
    ]
    return [{"label": label, "value": value} for label, value in lines if value]


def _step(request: AnydoorRequest, row: PartnerRow, data: dict[str, Any]) -> object:
    """Call the verb of this step."""
    more: dict[str, Any] = {"row": row, "by": request.user, "at": request.at, "form_key": sending(request)}
    day = data["day"] or today(request)
    if data["step"] == "offered":
        return verbs.offer_partner(how=data["how"], on=day, words=data["words"], **more)
    if data["step"] == "agreed":
        try:
            return verbs.agree_partner(words=data["agreed_words"], **more)
        except verbs.BadInput as fault:
            raise fault.at("agreed_words") from fault
    if data["step"] == "taken":
        return verbs.take_partner(on=day, signpost=data["signpost"], **more)
    if data["step"] == "declined":
        return verbs.decline_partner(words=data["words"], signpost=data["signpost"], **more)
    return verbs.no_partner(state=data["step"], words=data["words"], **more)


urls = [
    path("partners/", partners, name="partners"),
    path(
        "family/<int:family_id>/partner/<int:episode_id>/<int:person_id>/",
        partner,
        name="partner",
    ),
]
