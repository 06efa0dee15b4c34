"""Pages: hand over. First choose a service, then say who agreed and what the receiver should know."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.urls import path, reverse

from anydoor.access.policy import check
from anydoor.care import handover as handovers
from anydoor.care import scope
from anydoor.care.events import moving_to
from anydoor.care.holding import colleagues
from anydoor.care.models import Episode, Handover, Offer, Referral
from anydoor.care.proposing import Agreement, snapshot
from anydoor.care.standing import LEVEL_RANK
from anydoor.directory.models import LEVELS, STRANDS, Service, ServiceQuerySet
from anydoor.people.models import FamilyMember
from anydoor.rules.errors import NotFound
from anydoor.rules.sharing import AUTHORITIES
from anydoor.ui.fields import CONTROLS
from anydoor.ui.forms import (
    Choice,
    ChoiceOfOne,
    DayField,
    Form,
    HiddenField,
    LongTextField,
    SelectField,
    TextField,
    TimeField,
)
from anydoor.ui.words import given_name
from anydoor.web.desk.acting import (
    called,
    form_page,
    kind_of,
    looked_for,
    moment,
    saved,
    thing_of,
    to_family,
    today,
    tried,
)
from anydoor.web.desk.chips import level_words
from anydoor.web.desk.frame import page
from anydoor.web.desk.given import given_rows
from anydoor.web.desk.words import level_colour
from anydoor.web.shell import AnydoorRequest, signed_in

KINDS = {
    "handover": "Hand over: they take over, and this ends here",
    "step_up": "Step up: more intensive help takes over",
    "step_down": "Step down: less intensive help takes over",
    "alongside": "Alongside: they help as well, and you go on",
}
MOST = 60  # services on one page of the choice


class HandOverForm(Form):
    """Who agreed to what, and what the receiver should know."""

    service = HiddenField()
    kind = ChoiceOfOne(label="What is it?", look="small")
    agreement = ChoiceOfOne(label="Did they agree that the story goes there?", look="small")
    agreed_by = TextField(label="Who agreed?", required=False, limit=200, width=30, hide_optional=True)
    agreed_words = TextField(
        label="In what words?",
        hint="As they said it, like: Yes, if she has read it I don’t have to say it again.",
        required=False,
        limit=500,
        hide_optional=True,
    )
    agreed_day = DayField(label="On which day?", hint="Leave it empty if it was just now.", required=False)
    agreed_clock = TimeField(label="At what time?", required=False)
    sharing_reason = LongTextField(
        label="Why do you share without asking?",
        hint="Like a danger to somebody. They may read this.",
        required=False,
        limit=500,
        rows=2,
        hide_optional=True,
    )
    authority = SelectField(
        label="On whose authority?", options=list(AUTHORITIES.items()), required=False, nothing="Choose"
    )
    words = LongTextField(
        label="What should the receiver know first?",
        hint="They read this before they answer. Leave out whole names and the story: those come later.",
        required=False,
        limit=2000,
        rows=4,
    )
    to_user = SelectField(label="Ask somebody by name", required=False, nothing="Anybody in the team")
    introduction_day = DayField(label="When could you introduce them together?", required=False)
    introduction_clock = TimeField(label="Time", required=False)


@signed_in
def hand_over(request: AnydoorRequest, kind: str, thing_id: int) -> HttpResponse:
    """Without a service: the directory to choose from. With one: the form."""
    thing, facts = thing_of(request, kind, thing_id)
    check(request.standing, "propose_handover", facts)
    wanted = request.GET.get("as", "")
    slug = CONTROLS.sub("", request.POST.get("service") or request.GET.get("service", ""))
    if not slug:
        return _choose(request, thing, wanted if wanted in KINDS else "")
    service = (
        _askable(thing)
        .live(today(request))
        .receiving()
        .filter(slug=slug)
        .select_related("organisation", "team")
        .first()
    )
    if service is None:
        raise NotFound("That service cannot be asked now. Choose another.")
    return _propose(request, thing, service, wanted)


def _askable(thing: Referral | Episode) -> ServiceQuerySet:
    """The services of the area, and of the area the family said it moves to."""
    new_area = moving_to(thing.family_id)
    here = Q(footprint__in=thing.area.districts.all())
    return Service.objects.filter(here | Q(area_id=new_area) if new_area else here).distinct()


def _propose(
    request: AnydoorRequest, thing: Referral | Episode, service: Service, wanted: str
) -> HttpResponse:
    same = thing.holder_team is not None and service.organisation_id == thing.holder_team.organisation_id
    begun = {
        "service": service.slug,
        "kind": wanted if wanted in KINDS else _likely_kind(thing, service),
        "agreed_by": thing.person.called,
        "agreement": "",
    }
    form = HandOverForm(request.POST or None, initial=begun)
    _fit(form, thing, service, request.at, same=same)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        result = tried(
            form,
            lambda: _ask(request, form.cleaned_data, thing, service),
            {"agreed_at": "agreed_day", "introduction_at": "introduction_day"},
        )
        if result.done is not None:
            return _asked(request, result.done)
        conflict = result.conflict
    title = {"step_up": "Step up to", "step_down": "Step down to", "alongside": "Ask for help alongside from"}
    return form_page(
        request,
        form,
        title=f"{title.get(wanted, 'Hand over to')} {service.name}",
        lead=f"{given_name(thing.holder.name) if thing.holder else 'The holder'} holds {thing.person.called} "
        "until they have met.",
        back=to_family(scope.family_for(request.standing, thing.family_id)),
        button=f"Ask {service.name}",
        conflict=conflict,
        template="desk/hand_over.jinja",
        service=service,
        service_lines=service_lines(service),
        given=given_rows(snapshot(thing.person, thing.family_id), _others(request, thing)),
        same=same,
        other_href=reverse("desk:hand_over", args=[kind_of(thing), thing.pk])
        + (f"?as={wanted}" if wanted else ""),
    )


def _likely_kind(thing: Referral | Episode, service: Service) -> str:
    if isinstance(thing, Referral):
        return "handover"
    rank = LEVEL_RANK[service.level] - LEVEL_RANK[thing.level]
    return "step_up" if rank > 0 else "step_down" if rank < 0 else "handover"


def _fit(
    form: HandOverForm, thing: Referral | Episode, service: Service, at: datetime, *, same: bool
) -> None:
    kinds = ["handover"] if isinstance(thing, Referral) else list(KINDS)
    form.fields["kind"].options = [(kind, KINDS[kind]) for kind in kinds]
    if len(kinds) == 1:
        del form.fields["kind"]
    options = [
        Choice("agreed", "Yes, they agreed", "Say below who, when and in what words."),
        Choice("reason", "No. I share without asking, with a reason", "Say why below."),
    ]
    if same:
        options.insert(0, Choice("same", "It stays inside our organisation", f"{service.organisation.name}."))
    form.fields["agreement"].options = options
    if service.team is None:
        del form.fields["to_user"]
    else:
        form.fields["to_user"].options = [
            (str(one.pk), one.name)
            for one in colleagues(service.team, at, family_id=thing.family_id)
            if one.pk != thing.holder_id
        ]


def _ask(
    request: AnydoorRequest, data: dict[str, Any], thing: Referral | Episode, service: Service
) -> handovers.Proposed:
    by_name = {str(one.pk): one for one in colleagues(service.team, request.at)} if service.team else {}
    agreement = Agreement(
        data["agreement"],
        by=data["agreed_by"],
        words=data["agreed_words"],
        at=moment(data["agreed_day"], data["agreed_clock"], request.at),
        reason=data["sharing_reason"],
        authority=data["authority"],
    )
    return handovers.propose(
        thing=thing,
        service=service,
        agreement=agreement,
        words=data["words"],
        kind=data.get("kind") or "handover",
        to_user=by_name.get(data.get("to_user", "")),
        introduction_at=moment(data["introduction_day"], data["introduction_clock"], request.at)
        if data["introduction_day"]
        else None,
        by=request.user,
        at=request.at,
    )


def _asked(request: AnydoorRequest, done: handovers.Proposed) -> HttpResponse:
    if done.link:
        # Kept only until the next page has shown it; the database keeps its hash.
        request.session["one_time_link"] = {"handover": done.handover.pk, "secret": done.link}
    who = given_name(done.handover.from_user.name)
    words = f"{done.handover.service.name} is asked. {who} holds until they have met."
    return saved(request, words, "desk:handover", done.handover.pk)


def _others(request: AnydoorRequest, thing: Referral | Episode) -> list[str]:
    care = scope.family_for(request.standing, thing.family_id)
    hidden = scope.hidden_people(request.standing, scope.facts_of(care))
    members = FamilyMember.objects.filter(family=thing.family_id, left_at__isnull=True).select_related(
        "person"
    )
    return [
        one.person.called if one.person_id not in hidden else "another adult"
        for one in members
        if one.person_id != thing.person_id and one.role not in {"baby", "child"}
    ]


# ---- choosing


def _choose(request: AnydoorRequest, thing: Referral | Episode, wanted: str) -> HttpResponse:
    """The area's services that can be asked: offers they said yes to first, then by level and name."""
    find = looked_for(request)
    level, strand = request.GET.get("level", ""), request.GET.get("strand", "any")
    rows = _askable(thing).live(today(request)).receiving().select_related("organisation").in_order()
    if find:
        rows = rows.filter(Q(name__icontains=find) | Q(organisation__name__icontains=find))
    if level in LEVELS:
        rows = rows.filter(level=level)
    if strand in STRANDS:
        rows = rows.filter(strand=strand)
    if wanted in {"step_up", "step_down"} and isinstance(thing, Episode):
        here = LEVEL_RANK[thing.level]
        keep = [
            name
            for name in LEVELS
            if (LEVEL_RANK[name] > here) == (wanted == "step_up") and name != thing.level
        ]
        rows = rows.filter(level__in=keep)
    asked = dict(Handover.objects.open().filter(**{kind_of(thing): thing}).values_list("service_id", "pk"))
    said = _answers(thing)
    services = sorted(
        rows[: MOST + 1], key=lambda one: {"yes": 0, "thinking": 1}.get(said.get(one.pk, ""), 2)
    )
    context = {
        "heading": {
            "step_up": "Step up",
            "step_down": "Step down",
            "alongside": "Ask for help alongside",
        }.get(wanted, "Hand over"),
        "lead": f"{thing.person.called}, {called(thing)}. Choose whom to ask.",
        "back": to_family(scope.family_for(request.standing, thing.family_id)),
        "wanted": wanted,
        "find": find,
        "levels": [("", "Any level"), *LEVELS.items()],
        "level": level,
        "strands": [("any", "Any strand"), *STRANDS.items()],
        "strand": strand,
        "rows": [
            _choice_row(one, said.get(one.pk, ""), asked.get(one.pk), wanted) for one in services[:MOST]
        ],
        "more": len(services) > MOST,
    }
    return page(request, "desk/choose_service.jinja", "families", context)


def _answers(thing: Referral | Episode) -> dict[int, str]:
    """What the family says to each service offered, from the latest decision."""
    referral_id = thing.pk if isinstance(thing, Referral) else thing.referral_id
    offers = Offer.objects.filter(referral_id=referral_id).order_by("decision__at", "decision_id")
    return {offer.service_id: offer.answer for offer in offers}


def _choice_row(service: Service, said: str, asked: int | None, wanted: str) -> dict[str, Any]:
    base = f"?as={wanted}&" if wanted else "?"
    return {
        "name": service.name,
        "href": reverse("desk:service", args=[service.slug]),
        "by": service.organisation.name,
        "level": level_words(service.level),
        "colour": level_colour(service.level, service.strand),
        "lines": service_lines(service),
        "said": {"yes": "They said yes", "thinking": "Thinking about it", "no": "They said no, for now"}.get(
            said, ""
        ),
        "said_colour": {"yes": "good", "thinking": "due"}.get(said, "grey"),
        "ask": "" if asked else f"{base}service={service.slug}",
        "asked": reverse("desk:handover", args=[asked]) if asked else "",
    }


def service_lines(service: Service) -> list[str]:
    """Wait and who answers, for somebody who chooses."""
    wait = "Wait not known" if service.wait_days is None else wait_words(service.wait_days)
    answers = (
        f"{service.team.name} answers here"
        if service.team is not None
        else "Answers by a link or by telephone"
    )
    return [wait, answers]


def wait_words(days: int) -> str:
    if days == 0:
        return "No wait"
    return (
        f"Wait about {days} {'day' if days == 1 else 'days'}"
        if days < 21
        else f"Wait about {days // 7} weeks"
    )


urls = [path("work/<str:kind>/<int:thing_id>/hand-over/", hand_over, name="hand_over")]
