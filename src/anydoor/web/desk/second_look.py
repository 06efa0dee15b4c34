"""Page: the coordinator's second look after a decline, and the decision of an interface meeting."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse

from anydoor.access.policy import Facts, check
from anydoor.care import coordination, scope
from anydoor.care.models import Handover
from anydoor.care.proposing import Agreement
from anydoor.directory.models import Service
from anydoor.rules import working_time
from anydoor.rules.pathway import HandoverStage
from anydoor.rules.sharing import AUTHORITIES
from anydoor.ui.forms import Choice, ChoiceOfOne, Form, LongTextField, SelectField, TextField
from anydoor.ui.words import given_name
from anydoor.web.desk.acting import form_page, saved, today, tried
from anydoor.web.desk.handover_page import decline_facts
from anydoor.web.shell import AnydoorRequest, signed_in


class LookForm(Form):
    """Three ways on, and none that leaves the family without a holder."""

    look = ChoiceOfOne(label="What do you decide?", look="cards", missing="Choose what you decide.")
    service = SelectField(
        label="Which service, if another?", required=False, nothing="Choose a service", hide_optional=True
    )
    words = LongTextField(
        label="Because",
        hint="In words the service and the family could read.",
        required=False,
        limit=500,
        rows=2,
        hide_optional=True,
    )
    agreed_words = TextField(
        label="What does the family say to the new service?",
        hint="In their words. Leave it empty if they were not asked; then the reason above is why you share.",
        required=False,
        limit=500,
        hide_optional=True,
    )
    authority = SelectField(
        label="If they were not asked: on whose authority?",
        options=list(AUTHORITIES.items()),
        required=False,
        nothing="Choose",
        hide_optional=True,
    )

    def fit(self, handover: Handover, on: date | None = None) -> dict[str, Service]:
        """Offer what is possible now. Returns the services that can be chosen, by slug."""
        who = given_name(handover.from_user.name)
        name = handover.service.name
        options = []
        if handover.alternative is not None:
            options.append(
                Choice(
                    "take",
                    "Take the alternative",
                    f"{handover.alternative.name} is asked at once, with the same story. "
                    f"{who} holds until they have met.",
                )
            )
        options.append(
            Choice("other", "Ask another service", f"You choose it below. {who} holds until they have met.")
        )
        if handover.stage == HandoverStage.DECLINED:
            if handover.round == 1:
                options.append(
                    Choice(
                        "back",
                        f"Put it back to {name}, once, with a reason",
                        f"They answer within {handover.area.answer_days} working days. "
                        "A second no goes to the meeting.",
                    )
                )
            options.append(
                Choice("together", "Decide together", "It goes on the agenda of the next interface meeting.")
            )
        self.fields["look"].options = options
        services = (
            Service.objects.serving(handover.area).receiving().exclude(pk=handover.service_id).in_order()
        )
        found = {one.slug: one for one in (services.live(on) if on else services)}
        self.fields["service"].options = [(slug, one.name) for slug, one in found.items()]
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("look") == "other" and not data.get("service") and "service" not in self.errors:
            self.add_error("service", "Choose the service to ask.")
        if data.get("look") == "back" and not (data.get("words") or "").strip():
            self.add_error("words", "Say why it fits after all.")
        return data


@signed_in
def look(request: AnydoorRequest, handover_id: int) -> HttpResponse:
    """Take the alternative or another service, put it back once, or decide together."""
    handover = scope.handover_for(request.standing, handover_id)
    check(request.standing, "second_look", Facts(area_team_id=handover.area.front_door_id))
    form = LookForm(request.POST or None)
    found = form.fit(handover, today(request))
    conflict = ""
    if request.method == "POST" and form.is_valid():
        result = tried(
            form,
            lambda: _decide(request, handover, form.cleaned_data, found),
            {"reason": "words", "sharing_reason": "words", "agreement": "words"},
        )
        if result.done is not None:
            return saved(request, _said(handover, result.done), "desk:handover", result.done.pk)
        conflict = result.conflict
    at_meeting = handover.stage == HandoverStage.AT_MEETING
    return form_page(
        request,
        form,
        title="Decide together" if at_meeting else "Second look",
        lead=f"{handover.person.called}, to {handover.service.name}. {handover.from_user.name} holds.",
        back=(f"Handover to {handover.service.name}", reverse("desk:handover", args=[handover.pk])),
        button="Record the decision" if at_meeting else "Record second look",
        conflict=conflict,
        facts=decline_facts(handover, request.at) if handover.decline_reason else None,
    )


def _decide(
    request: AnydoorRequest, handover: Handover, data: dict[str, Any], found: dict[str, Service]
) -> Handover:
    by, at = request.user, request.at
    if data["look"] == "together":
        return coordination.decide_together(handover=handover, by=by, at=at)
    if data["look"] == "back":
        return coordination.put_back(handover=handover, reason=data["words"], by=by, at=at)
    said = data["agreed_words"].strip()
    agreement = Agreement("agreed", by=handover.person.called, words=said, at=at) if said else None
    return coordination.take_alternative(
        handover=handover,
        service=found[data["service"]] if data["look"] == "other" else None,
        words=data["words"],
        agreement=agreement,
        authority=data["authority"],
        by=by,
        at=at,
    )


def _said(handover: Handover, now: Handover) -> str:
    if now.pk != handover.pk:
        who = given_name(now.from_user.name)
        return f"{now.service.name} is asked instead. {who} holds until they have met."
    if now.stage == HandoverStage.AT_MEETING and now.meeting is not None:
        day = working_time.in_london(now.meeting.starts_at)
        return f"It is on the agenda of the interface meeting on {day:%A} {day.day} {day:%B}."
    return f"{now.service.name} is asked once more."


urls = [path("handover/<int:handover_id>/look/", look, name="second_look")]
