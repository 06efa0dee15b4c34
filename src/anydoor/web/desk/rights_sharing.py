"""Pages of the governance lead: sharing without asking that nobody has confirmed yet."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from anydoor.access import wall
from anydoor.care import consenting, scope
from anydoor.care.rights import unconfirmed
from anydoor.care.rights.holds import governed
from anydoor.people.consent import SharedWithout
from anydoor.rules.errors import NotFound
from anydoor.rules.sharing import AUTHORITIES
from anydoor.ui.forms import Choice, ChoiceOfOne, DayField, Form, LongTextField, SelectField, TextField
from anydoor.ui.times import date_words
from anydoor.web.desk.acting import form_page, saved, tried
from anydoor.web.desk.frame import page
from anydoor.web.desk.rights import back, lead_only
from anydoor.web.shell import AnydoorRequest, signed_in


class LookForm(Form):
    """It goes on, with whom it was decided and until when; or it is over."""

    answer = ChoiceOfOne(
        label="Is it still right?",
        options=[
            Choice("goes_on", "Yes, it goes on"),
            Choice("over", "No, it is over", "From now on only what was agreed is shared."),
        ],
        missing="Choose if it is still right.",
    )
    authority = SelectField(
        label="If it goes on: on whose authority?", options=list(AUTHORITIES.items()), required=False,
        hide_optional=True,
    )  # fmt: skip
    decided_with = TextField(
        label="Decided with whom?", hint="Like the safeguarding lead, by name", limit=200, width=30,
        required=False, hide_optional=True,
    )  # fmt: skip
    until = DayField(label="Look at it again on", required=False)
    words = LongTextField(label="If it is over: why?", rows=2, limit=500, required=False, hide_optional=True)


@signed_in
@require_safe
@wall.behind("records somebody governs, which no team of theirs sees")
def to_confirm(request: AnydoorRequest) -> HttpResponse:
    """Everything that is shared without asking and names nobody it was decided with."""
    lead_only(request)
    rows = list(unconfirmed.unconfirmed(request.standing)[: unconfirmed.MOST])
    scope.looked_at_each(
        {row.family_id for row in rows}, what="see_unconfirmed", by=request.user, at=request.at,
        why="shared without asking",
    )  # fmt: skip
    return page(
        request,
        "desk/unconfirmed.jinja",
        "work",
        {
            "back": back(),
            "most": unconfirmed.MOST,
            "rows": [
                {
                    "href": reverse("desk:confirm_sharing", args=[row.pk]),
                    "name": row.person.called,
                    "to": row.to_words,
                    "why": f"{AUTHORITIES[row.authority]}. {row.reason}",
                    "when": date_words(row.at, request.at),
                    "by": row.recorded_by.name if row.recorded_by else "",
                }
                for row in rows
            ],
        },
    )


@signed_in
@wall.behind("records somebody governs, which no team of theirs sees")
def confirm_sharing(request: AnydoorRequest, row_id: int) -> HttpResponse:
    """Say that it goes on, or that it is over."""
    row = SharedWithout.objects.filter(pk=row_id).select_related("person", "recorded_by").first()
    if row is None:
        raise NotFound(scope.NO_SUCH)
    governed(request.standing, row.family_id, "answer_access")
    form, conflict = LookForm(request.POST or None, initial={"authority": row.authority}), ""
    if request.method == "POST" and form.is_valid():
        result = tried(form, lambda: _decide(request, row, form.cleaned_data))
        if result.ok:
            return saved(request, "Looked at, and written down.", "desk:to_confirm")
        conflict = result.conflict
    facts = [
        {"label": "About", "value": row.person.called},
        {"label": "Shared with", "value": row.to_words},
        {"label": "On what authority", "value": AUTHORITIES[row.authority]},
        {"label": "Why", "value": row.reason},
        {"label": "They were told", "value": row.family_told or "Nobody wrote down that they were told."},
        {
            "label": "Recorded by",
            "value": f"{row.recorded_by.name if row.recorded_by else 'Nobody named'}, "
            f"{date_words(row.at, request.at)}",
        },
    ]
    return form_page(
        request, form, title="Is it still right to share this?",
        lead="It was shared without asking, and nobody is named with whom that was decided.",
        back=("Shared without asking", reverse("desk:to_confirm")), button="Keep this", current="work",
        conflict=conflict, facts=facts,
    )  # fmt: skip


def _decide(request: AnydoorRequest, row: SharedWithout, data: dict[str, Any]) -> SharedWithout:
    if data["answer"] == "over":
        return consenting.end_shared_without(
            row_id=row.pk, family_id=row.family_id, words=data["words"], by=request.user, at=request.at
        )
    return unconfirmed.confirm(
        row_id=row.pk, family_id=row.family_id, authority=data["authority"],
        decided_with=data["decided_with"], until=data["until"], by=request.user, at=request.at,
    )  # fmt: skip


urls = [
    path("rights/sharing/", to_confirm, name="to_confirm"),
    path("rights/sharing/<int:row_id>/", confirm_sharing, name="confirm_sharing"),
]
