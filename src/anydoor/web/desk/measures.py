"""Pages: the measures of a family, choosing one, and the plain page before the first question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.text import slugify

from anydoor.access.models import Team
from anydoor.access.policy import Facts
from anydoor.care import scope
from anydoor.care.measures import links, reading, taking
from anydoor.care.measures.taking import Plan
from anydoor.care.measures.wording import name_of, tag_of
from anydoor.care.models import FamilyCare, Measure, MeasureLink, Objection
from anydoor.care.models.measure import MODES_OF_TAKING, WHY_TAKEN
from anydoor.care.picture import Member, members_seen, stage_of
from anydoor.care.rights.objecting import beside
from anydoor.care.withheld import held_back, sentences
from anydoor.rules.errors import NotFound
from anydoor.rules.instruments import choosing
from anydoor.rules.instruments.definition import Instrument
from anydoor.rules.instruments.registry import PRESENT, find
from anydoor.rules.schedule_contacts import NATIONAL
from anydoor.rules.stage import Stage
from anydoor.ui.forms import Choice, ChoiceOfOne, Form, FormKeyField, SelectField
from anydoor.ui.times import calendar_day, date_words, day_time, time_words
from anydoor.ui.words import given_name, sentence
from anydoor.web.desk.acting import family_in_full, form_page, saved, to_family, tried
from anydoor.web.desk.frame import page
from anydoor.web.desk.safety import shown_way
from anydoor.web.desk.said_beside import marks_of, of_kinds
from anydoor.web.shell import AnydoorRequest, signed_in

BY_SLUG: Mapping[str, str] = {slugify(name): name for name in (*PRESENT, *choosing.TOGETHER)}
RISK_WORDS = {"raised": "Above 0", "not_raised": "Not at all", "not_answered": "Not answered: ask"}
MODE_HINTS = {
    "interview": "You read each question aloud, word for word",
    "interpreter": "With an interpreter; nobody from the family interprets",
    "self_here": "You hand over the screen, and take it back at the end",
    "self_link": "A link by text or email, to a number or address that is safe for it",
    "paper": "You copy the score of each question",
}


@signed_in
def measures(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """Everything one family has answered, person by person, newest first; what is begun; links in use."""
    care, facts = family_in_full(request, family_id)
    members = _open(request, facts)
    rows = reading.measures_of(request.standing, family_id)
    scope.looked(
        what="see_measures",
        subject="family",
        subject_id=family_id,
        family_id=family_id,
        by=request.user,
        at=request.at,
        why="your team works with the family",
    )
    known = {row.person_id for row in rows}
    people = [one for one in members if one.is_adult or one.person.pk in known]
    held = held_back(request.standing, facts)
    said = [row for row in beside(family_id) if row.of.startswith("measure:")]
    return page(
        request,
        "desk/measures.jinja",
        "families",
        {
            "care": care,
            "back": to_family(care),
            "people": [
                _person(one, rows, said, request.at) | {"shared": held.shows("measures", one.person.pk)}
                for one in people
            ],
            "held_back": sentences(held, [(one.person.pk, given_name(one.person.called)) for one in people]),
            "drafts": [_draft_row(row, request.at) for row in reading.drafts_of(request.standing, family_id)],
            "links": [_link_row(row, request.at) for row in reading.open_links(request.standing, family_id)],
        },
    )


def _open(request: AnydoorRequest, facts: Facts) -> list[Member]:
    """The people of the family whose record is shared with whoever looks."""
    return [one for one in members_seen(request.standing, facts) if not one.is_closed]


def _person(one: Member, rows: Sequence[Measure], said: Sequence[Objection], at: datetime) -> dict[str, Any]:
    mine = [row for row in rows if row.person_id == one.person.pk and row.state != "draft"]
    return {
        "id": one.person.pk,
        "name": one.person.called,
        "rows": [measure_row(row, at) for row in mine],
        "said": of_kinds(
            marks_of(
                (row for row in said if row.person_id == one.person.pk),
                {one.person.pk: given_name(one.person.called)},
                at,
            ),
            "measure",
        ),
    }


def measure_row(row: Measure, at: datetime) -> dict[str, Any]:
    """One answered measure as a list shows it."""
    how = "from a link" if row.mode == "self_link" else row.practitioner.name if row.practitioner else ""
    return {
        "name": row.instrument,
        "href": reverse("desk:measure", args=[row.pk]),
        "when": date_words(row.taken_at, at),
        "how": how,
        "result": "taken back" if row.state == "withdrawn" else reading.result_in_words(row),
        "risk": row.risk if row.state == "finished" else "",
        "at": contact_name(row.schedule_key),
        "withdrawn": row.state == "withdrawn",
    }


def measures_beside(care: FamilyCare, main: Member | None, at: datetime) -> list[tuple[str, str]]:
    """What stands at the side of a family page: the newest answers, and to the risk question."""
    if main is None or not main.is_adult:
        return []
    latest = reading.latest_of(care, main.person.pk)
    rows = [
        (f"{row.instrument}, {date_words(row.taken_at, at)}", reading.result_in_words(row)) for row in latest
    ]
    risky = next((row for row in latest if row.risk not in {"", "not_applicable"}), None)
    if risky is not None:
        items = " and ".join(str(item) for item in find(risky.rule).risk_items)
        rows.append((f"Question {items}, {risky.instrument}", RISK_WORDS[risky.risk]))
    return rows


def measure_fact(row: Measure, at: datetime) -> dict[str, Any]:
    """A measure among what is known of somebody: the result, the risk question, when and how."""
    items = find(row.rule).risk_items
    risk = f"Question {items[0]}: {RISK_WORDS[row.risk].lower()}" if items and row.risk in RISK_WORDS else ""
    how = "by link" if row.mode == "self_link" else row.get_mode_display().lower()
    return {
        "label": row.instrument,
        "bold": f"{reading.result_in_words(row).capitalize()}.",
        "value": risk,
        "meta": f"{how}, {day_time(row.taken_at, at)}".capitalize(),
        "href": reverse("desk:measure", args=[row.pk]),
        "link": "See it",
    }


def _draft_row(row: Measure, at: datetime) -> dict[str, Any]:
    answered = len(row.answers) + len(row.words)
    return {
        "name": row.instrument,
        "who": row.person.called,
        "href": reverse("desk:measure_questions", args=[row.pk]),
        "note": f"{answered} answered, {day_time(row.saved_at, at)}",
    }


def _link_row(link: MeasureLink, at: datetime) -> dict[str, Any]:
    if link.expires_at <= at:
        state = f"ran out {date_words(link.expires_at, at)}"
    elif link.opened_at is not None:
        state = f"opened {day_time(link.opened_at, at)}, works until {date_words(link.expires_at, at)}"
    else:
        state = f"not opened yet, works until {date_words(link.expires_at, at)}"
    state = state[:1].upper() + state[1:]
    return {
        "who": link.person.called,
        "sent": day_time(link.sent_at, at),
        "state": state,
        "href": reverse("desk:end_measure_link", args=[link.pk]),
    }


def contact_name(key: str) -> str:
    """The routine contact a measure belongs to, in words; "" for none."""
    contact = NATIONAL.contacts.get(key)
    return contact.name if contact is not None else key


# ---- which one


@signed_in
def choose(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """Which measure: those of the contact that is due first, then what fits the stage."""
    care, facts = family_in_full(request, family_id, "take_measure")
    members = _open(request, facts)
    where = stage_of(care, members, calendar_day(request.at))
    shown = reading.can_be_shown(care.area)
    asked = _query(request, members)
    return page(
        request,
        "desk/choose_measure.jinja",
        "families",
        {
            "care": care,
            "back": ("Measures", reverse("desk:measures", args=[family_id])),
            "lead": ". ".join(part for part in (care.title, where.words) if part),
            "groups": [
                {
                    "heading": group.heading,
                    "rows": [_choice_row(name, family_id, shown, asked) for name in group.names],
                }
                for group in _groups(asked.get("contact", ""), where)
            ],
            "drafts": [_draft_row(row, request.at) for row in reading.drafts_of(request.standing, family_id)],
        },
    )


def _query(request: AnydoorRequest, members: Sequence[Member]) -> dict[str, str]:
    """What a page that leads here may say: of whom, and at which routine contact."""
    asked = {}
    if request.GET.get("person", "") in {str(one.person.pk) for one in members if one.is_adult}:
        asked["person"] = request.GET["person"]
    if request.GET.get("contact", "") in NATIONAL.contacts:
        asked["contact"] = request.GET["contact"]
    return asked


def _groups(key: str, where: Stage) -> list[choosing.Group]:
    """What to choose from, each name once: what the contact asks for stands first."""
    groups: list[choosing.Group] = []
    named: set[str] = set()
    for group in (*_of_contact(key), *choosing.fitting(where)):
        left = tuple(name for name in group.names if name not in named)
        named |= set(left)
        if left:
            groups.append(choosing.Group(group.heading, left))
    return groups


def _of_contact(key: str) -> list[choosing.Group]:
    """What one routine contact asks of everybody, and what may follow."""
    contact = NATIONAL.contacts.get(key)
    if contact is None:
        return []
    names = [name for ask in contact.asks for name in ask.instruments]
    both = choosing.TOGETHER["Whooley and GAD-2"]
    if set(both) <= set(names):
        names = ["Whooley and GAD-2", *(name for name in names if name not in both)]
    return [choosing.Group(f"At this contact: {contact.name}", tuple(names))] if names else []


def _choice_row(
    name: str, family_id: int, shown: Mapping[str, set[str]], asked: Mapping[str, str]
) -> dict[str, Any]:
    instruments = [PRESENT[one] for one in choosing.names_in(name)]
    tags = sorted(set.intersection(*(shown.get(one.name, set()) for one in instruments)))
    scored = any(one.formats for one in instruments)
    where = "&".join(f"{key}={value}" for key, value in asked.items())
    return {
        "name": name,
        "href": reverse("desk:begin_measure", args=[family_id, slugify(name)])
        + (f"?{where}" if where else ""),
        "purpose": instruments[0].purpose
        if len(instruments) == 1
        else "Four short questions, asked together",
        "words": ""
        if tags == ["en"] or (not tags and not scored)
        else "In " + sentence([name_of(tag) for tag in tags])
        if tags
        else "Scores from paper: no words are loaded here",
    }


# ---- before the first question


class BeginForm(Form):
    """Of whom, how, at which contact, and why."""

    form_key = FormKeyField()
    person = ChoiceOfOne(label="Who answers?", look="small", missing="Choose who answers")
    mode = ChoiceOfOne(label="How?", look="small", missing="Choose how it is answered")
    contact_point = SelectField(
        label="Where to send the link", required=False, nothing="Choose where", hide_optional=True
    )
    language = SelectField(label="In which language?", required=False, nothing="English")
    contact = SelectField(
        label="At which routine contact?", required=False, hide_optional=True, nothing="At none of these"
    )
    why = ChoiceOfOne(
        label="Why is it asked?",
        look="small",
        options=list(WHY_TAKEN.items()),
        missing="Choose why it is asked",
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is about to be asked: the choice, its instruments, the languages all of them have words in."""

    name: str
    instruments: Sequence[Instrument]
    languages: Sequence[str]

    @property
    def modes(self) -> list[str]:
        if self.languages:
            return ["interview", "interpreter", "self_here", "self_link", "paper"]
        return ["paper"] if any(one.formats for one in self.instruments) else ["interview", "interpreter"]


@signed_in
def begin(request: AnydoorRequest, family_id: int, choice: str) -> HttpResponse:
    """The plain page first: why, who sees it, what happens, and that an answer of danger is told at once."""
    care, facts = family_in_full(request, family_id, "take_measure")
    chosen = _chosen(choice, care)
    members = _open(request, facts)
    asked = _query(request, members)
    form = BeginForm(request.POST or None, initial=asked | {"why": "routine" if "contact" in asked else ""})
    _fit(form, chosen, members, stage_of(care, members, calendar_day(request.at)))
    conflict = ""
    if request.method == "POST" and form.is_valid():
        result = tried(form, lambda: _begin(request, care, facts, chosen, form.cleaned_data))
        if result.ok and isinstance(result.done, Measure):
            return HttpResponseRedirect(reverse("desk:measure_questions", args=[result.done.pk]))
        if result.ok:
            return saved(request, "The link is on its way.", "desk:measures", family_id)
        conflict = result.conflict
    return form_page(
        request,
        form,
        title=chosen.name,
        lead=" and ".join(one.title for one in chosen.instruments) if len(chosen.instruments) == 1 else "",
        back=("Choose another", reverse("desk:take_measure", args=[family_id]) + _again(asked)),
        button="Begin",
        conflict=conflict,
        template="desk/begin_measure.jinja",
        plain=_plain(care, chosen),
        may_link="self_link" in chosen.modes,
    )


def _again(asked: Mapping[str, str]) -> str:
    return "?" + "&".join(f"{key}={value}" for key, value in asked.items()) if asked else ""


def _chosen(choice: str, care: FamilyCare) -> Chosen:
    name = BY_SLUG.get(choice)
    if name is None:
        raise NotFound(scope.NO_SUCH)
    shown = reading.can_be_shown(care.area)
    instruments = [PRESENT[one] for one in choosing.names_in(name)]
    tags = set.intersection(*(shown.get(one.name, set()) for one in instruments))
    return Chosen(name, instruments, sorted(tags, key=lambda tag: (tag != "en", tag)))


def _plain(care: FamilyCare, chosen: Chosen) -> list[tuple[str, str]]:
    """What to tell them before they begin, in words to read aloud."""
    told = [
        ("Why", "The answers help us see together how you are, and what could help."),
        (
            "Who sees them",
            f"Only people who work with you: at {care.area.door_name}, and at services you said yes to.",
        ),
        (
            "What happens",
            (
                "We look at the answers together. They decide nothing by themselves. "
                "You can leave out any question, stop, and go on another day."
            ),
        ),
    ]
    if any(one.risk_items or not one.formats for one in chosen.instruments):
        door = care.area.front_door
        told.append(
            (
                "If you may not be safe",
                (
                    "An answer that says so is told to a worker at once, even if you do not finish. "
                    f"Somebody reads it on weekdays from {time_words(door.opens)} to "
                    f"{time_words(door.closes)}. At any hour ring 111, or 999 if life is at risk."
                ),
            )
        )
    return told


def _fit(form: BeginForm, chosen: Chosen, members: Sequence[Member], where: Stage) -> None:
    """Offer only what there is: adults, ways to answer, languages, numbers, contacts of this stage."""
    adults = [one for one in members if one.is_adult]
    fields = form.fields
    fields["person"].options = [Choice(str(one.person.pk), one.person.called) for one in adults]
    if len(adults) == 1:
        form.initial["person"] = str(adults[0].person.pk)
    fields["mode"].options = [
        Choice(mode, MODES_OF_TAKING[mode], MODE_HINTS[mode], "contact_point" if mode == "self_link" else "")
        for mode in chosen.modes
    ]
    if len(chosen.modes) == 1:
        form.initial["mode"] = chosen.modes[0]
    if "self_link" in chosen.modes:
        fields["contact_point"].options = [
            (str(way.id), f"{one.person.called}: {shown_way(way)}")
            for one in adults
            for way in one.ways
            if way.kind != "landline" and way.safe != "no"
        ]
    else:
        del fields["contact_point"]
    if len(chosen.languages) > 1:
        fields["language"].options = [(tag, name_of(tag)) for tag in chosen.languages if tag != "en"]
        spoken = {tag_of(one.person.language) for one in adults if one.person.language}
        known = spoken & set(chosen.languages)
        if len(known) == 1 and known != {"en"}:
            form.initial["language"] = known.pop()
    else:
        del fields["language"]
    if where.says_baby or where.ask_first:
        fields["contact"].options = [
            (key, contact.name) for key, contact in NATIONAL.contacts.items() if contact.asks
        ]
    else:
        del fields["contact"]


def _begin(
    request: AnydoorRequest, care: FamilyCare, facts: Facts, chosen: Chosen, data: Mapping[str, Any]
) -> Measure | links.Sent:
    person_id = int(data["person"])
    plan = Plan(
        chosen.instruments[0].name,
        why=data["why"],
        schedule_key=data.get("contact", ""),
        language=data.get("language") or (chosen.languages[0] if chosen.languages else "en"),
        thing=reading.thing_for(care.pk, person_id, request.user.pk),
    )
    plans = links.plans([one.name for one in chosen.instruments], plan)
    team = team_of(request, facts)
    if data["mode"] == "self_link":
        return links.send_link(
            family_id=care.pk,
            person_id=person_id,
            plans=plans,
            contact_point_id=int(data.get("contact_point") or 0),
            by=request.user,
            team=team,
            at=request.at,
            form_key=data["form_key"],
        )
    return taking.begin_together(
        family_id=care.pk,
        person_id=person_id,
        plans=plans,
        mode=data["mode"],
        by=request.user,
        team=team,
        at=request.at,
        form_key=data["form_key"],
    )[0]


def team_of(request: AnydoorRequest, facts: Facts) -> Team | None:
    """The team somebody takes a measure in: one of theirs that works with the family, the lead's first."""
    mine = request.standing.family_team_ids & facts.full_team_ids
    wanted = facts.team_id if facts.team_id in mine else min(mine, default=None)
    return Team.objects.filter(pk=wanted).first() if wanted is not None else None


urls = [
    path("family/<int:family_id>/measures/", measures, name="measures"),
    path("family/<int:family_id>/measures/take/", choose, name="take_measure"),
    path("family/<int:family_id>/measures/take/<slug:choice>/", begin, name="begin_measure"),
]
