"""Pages: what a family agreed to share, recording a yes or a kind no, changing one's mind, going without."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse

from anydoor.access.models import Organisation
from anydoor.care import consenting, scope
from anydoor.care.consent_words import family_paragraph, staff_paragraph
from anydoor.care.consenting import Receiver, Word
from anydoor.care.models import AreaSharing, FamilyCare, Holding
from anydoor.directory.models import Service
from anydoor.people.consent import (
    ARTICLE_6,
    ARTICLE_9,
    CONSENT_STATES,
    GIVEN_AS,
    USUAL_BASIS,
    WAYS_OF_SAYING,
    Consent,
    LawfulBasis,
)
from anydoor.people.models import Person
from anydoor.rules.errors import NotFound
from anydoor.rules.sharing import AUTHORITIES, PURPOSES, SLICES, in_words
from anydoor.ui.forms import (
    Choice,
    ChoiceOfMany,
    ChoiceOfOne,
    DayField,
    Form,
    FormKeyField,
    LongTextField,
    SelectField,
    TextField,
)
from anydoor.ui.times import date_words, full_date
from anydoor.web.desk.acting import family_in_full, form_page, moment, saved, sending, to_family, tried
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest, signed_in

CIRCLE = "circle"
COLOURS = {"given": "good", "said_no": "due", "withdrawn": "due"}


class WordForm(Form):
    """A yes or a kind no: who said it, of what, to whom, in what words."""

    form_key = FormKeyField()
    person = ChoiceOfOne(label="Whose word is it?", look="small")
    receiver = SelectField(label="Sharing with whom?", missing="Choose whom it is about.")
    answer = ChoiceOfOne(
        label="What did they say?",
        options=[
            Choice("yes", "Yes, share it", reveals="slices"),
            Choice("no", "No, not with these", "Nothing is shared with them from now on."),
        ],
    )
    slices = ChoiceOfMany(
        label="What may they know?",
        options=[(key, f"{words[:1].upper()}{words[1:]}") for key, words in SLICES.items()],
        required=False,
        look="small",
    )
    purpose = ChoiceOfOne(
        label="What for?",
        options=[(key, f"{words[:1].upper()}{words[1:]}") for key, words in PURPOSES.items()],
        look="small",
    )
    words = LongTextField(
        label="In what words?",
        hint="As they said it, like: Yes, if she has read it I don’t have to say it again.",
        rows=2,
        limit=500,
        missing="Write the words they said it in.",
    )
    given_by = TextField(label="Who said it?", limit=200, width=30, missing="Say who said it.")
    given_as = ChoiceOfOne(label="For whom?", options=list(GIVEN_AS.items()), look="small")
    how = SelectField(label="How?", options=list(WAYS_OF_SAYING.items()), missing="Choose how they said it.")
    day = DayField(label="On which day?", hint="Leave it empty if it was just now.", required=False)
    until = DayField(label="Until which day?", hint="Leave it empty if there is no end.", required=False)
    judged = LongTextField(
        label="If they are under 16: why do they understand enough to decide this themself?",
        required=False,
        rows=2,
        limit=500,
        hide_optional=True,
    )


class MindForm(Form):
    """Somebody changed their mind."""

    form_key = FormKeyField()
    given_by = TextField(label="Who changed their mind?", limit=200, width=30, missing="Say who it was.")
    words = LongTextField(
        label="In their words",
        hint="They need give no reason. Like: I would rather not.",
        rows=2,
        limit=500,
        missing="Write it in their words.",
    )


class WithoutForm(Form):
    """Sharing without asking, for a reason that others can look at."""

    form_key = FormKeyField()
    person = ChoiceOfOne(label="About whom?", look="small")
    receiver = SelectField(label="Who has to know?", missing="Choose who has to know.")
    authority = ChoiceOfOne(label="On whose authority?", options=list(AUTHORITIES.items()), look="small")
    reason = LongTextField(
        label="Why, in your own words",
        hint="The family may read this.",
        rows=3,
        limit=500,
        missing="Say why you share without their agreement.",
    )
    decided_with = TextField(
        label="Whom did you decide it with?",
        hint="Like the safeguarding lead, by name.",
        required=False,
        limit=200,
        width=30,
    )
    family_told = TextField(
        label="What were they told?",
        hint="Leave it empty if telling them would put somebody in danger.",
        required=False,
        limit=200,
    )
    until = DayField(label="Look at it again on", required=False)


class BasisForm(Form):
    """On what legal ground an organisation keeps the record."""

    organisation = SelectField(label="Which organisation?", missing="Choose the organisation.")
    article_6 = ChoiceOfOne(label="Ground (Article 6)", options=list(ARTICLE_6.items()), look="small")
    article_9 = ChoiceOfOne(
        label="Condition for health facts (Article 9)", options=list(ARTICLE_9.items()), look="small"
    )
    words = TextField(label="Note", required=False, limit=300)


class WordsForm(Form):
    """Why something is over."""

    words = TextField(label="Why is it over?", limit=300, missing="Say why it is over.")


# ---- the page


@signed_in
def consent(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """Everything said of sharing in a family, in one paragraph each, then row by row."""
    care, facts = family_in_full(request, family_id, "see_consent")
    hidden = scope.hidden_people(request.standing, facts)
    rows = [row for row in consenting.in_family(family_id) if row.person_id not in hidden]
    without = [row for row in consenting.without_in_family(family_id) if row.person_id not in hidden]
    adults = [one for one in consenting.adults_of(family_id) if one.person_id not in hidden]
    scope.looked(
        what="see_consent",
        subject="family",
        subject_id=family_id,
        family_id=family_id,
        by=request.user,
        at=request.at,
        why="your team works with the family",
    )
    opt_in = AreaSharing.objects.filter(area=care.area_id, opt_in=True).exists()
    context = {
        "care": care,
        "back": to_family(care),
        "people": [
            {
                "name": one.person.called,
                "staff": staff_paragraph(one.person, rows, without, request.at),
                "family": family_paragraph(rows, without, request.at, person_id=one.person_id),
            }
            for one in adults
        ],
        "rows": [word_row(row, request.at) for row in rows],
        "without": [
            {
                "id": row.pk,
                "to": row.to_words,
                "about": row.person.called,
                "authority": AUTHORITIES[row.authority],
                "reason": row.reason,
                "who": row.recorded_by.name if row.recorded_by else "",
                "when": date_words(row.at, request.at),
                "with": row.decided_with,
                "told": row.family_told,
                "ended": date_words(row.ended_at, request.at) if row.ended_at else "",
            }
            for row in without
        ],
        "bases": basis_rows(care, request.at),
        "opt_in": opt_in,
        "apart": any(one.apart for one in adults),
    }
    return page(request, "desk/consent.jinja", "families", context)


def word_row(row: Consent, at: datetime) -> dict[str, Any]:
    """One word about sharing, as a row of the table.

    A word that a newer one took the place of ends in the moment it began, and nobody changed their mind.
    """
    newer = row.state == "withdrawn" and row.ended_at == row.at
    ended = f"{date_words(row.ended_at, at)}, {row.ended_by}: {row.ended_words}" if row.ended_at else ""
    return {
        "id": row.pk,
        "about": row.person.called,
        "to": row.to_words,
        "what": in_words(row.slices),
        "state": row.ended_words.rstrip(".") if newer else CONSENT_STATES[row.state],
        "colour": "grey" if newer else COLOURS.get(row.state, "grey"),
        "live": row.state == "given",
        "quote": row.words,
        "who": row.given_by,
        "how": WAYS_OF_SAYING[row.how].lower(),
        "when": date_words(row.at, at),
        "until": full_date(row.until) if row.until else "",
        "judged": row.judged_words,
        "judge": row.judged_by.name if row.judged_by else "",
        "ended": "" if newer else ended,
    }


def basis_rows(care: FamilyCare, at: datetime) -> list[dict[str, Any]]:
    """The lawful basis of each organisation that works with the family: recorded, or usual for its kind."""
    recorded = {
        row.organisation_id: row for row in LawfulBasis.objects.filter(family=care.pk, ended_at__isnull=True)
    }
    rows = []
    for one in organisations_of(care.pk):
        found = recorded.get(one.pk)
        usual = USUAL_BASIS[one.kind]
        article_6, article_9 = (found.article_6, found.article_9) if found else usual
        rows.append(
            {
                "name": one.name,
                "words": f"{ARTICLE_6[article_6]}. {ARTICLE_9[article_9]}.",
                "note": f"Recorded {date_words(found.at, at)}. {found.words}".strip()
                if found
                else "Usual for its kind. Not recorded for this family.",
            }
        )
    return rows


def organisations_of(family_id: int) -> list[Organisation]:
    teams = Holding.objects.filter(family=family_id).values("team__organisation_id")
    return list(Organisation.objects.filter(pk__in=teams).order_by("name"))


# ---- the forms


@signed_in
def record(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """Record a yes, or a kind no."""
    care, facts = family_in_full(request, family_id, "record_consent")
    begun = {"purpose": "help", "given_as": "self", "answer": "", "slices": list(SLICES)}
    form = WordForm(request.POST or None, initial=begun)
    people = _fit_people(request, form, care, facts)
    receivers = _fit_receivers(form, care, circle=True)

    def work(data: dict[str, Any]) -> Consent:
        word = Word(
            given_by=data["given_by"],
            words=data["words"],
            how=data["how"],
            at=moment(data["day"], None, request.at) if data["day"] else request.at,
            given_as=data["given_as"],
            slices=frozenset(data["slices"]) if data["answer"] == "yes" else frozenset(SLICES),
            purpose=data["purpose"],
            until=data["until"],
            judged=data["judged"],
        )
        verb = consenting.say_yes if data["answer"] == "yes" else consenting.say_no
        return verb(
            person=people[data["person"]],
            family_id=care.pk,
            to=receivers[data["receiver"]],
            word=word,
            by=request.user,
            at=request.at,
            form_key=sending(request),
        )

    return _answer(
        request,
        form,
        care,
        title="What did they say about sharing?",
        lead="Asking to share is asking. They may say no, and change their mind on any day.",
        button="Record what they said",
        words="It is recorded. Who may see this family was worked out anew.",
        work=work,
    )


@signed_in
def change_mind(request: AnydoorRequest, family_id: int, consent_id: int) -> HttpResponse:
    """Somebody changed their mind: sharing stops at once."""
    care, facts = family_in_full(request, family_id, "record_consent")
    row = Consent.objects.filter(pk=consent_id, family=care.pk).select_related("person").first()
    if row is None or row.person_id in scope.hidden_people(request.standing, facts):
        raise NotFound(scope.NO_SUCH)
    form = MindForm(request.POST or None, initial={"given_by": row.person.called})
    return _answer(
        request,
        form,
        care,
        title="They changed their mind",
        lead=f"{row.to_words} sees nothing more from the moment you save. What is on its way there is taken "
        "back. Their record of their own work stays with them.",
        button="Stop sharing now",
        words=f"Nothing more is shared with {row.to_words}.",
        work=lambda data: consenting.withdraw(
            consent_id=consent_id,
            family_id=care.pk,
            given_by=data["given_by"],
            words=data["words"],
            by=request.user,
            at=request.at,
            form_key=sending(request),
        ),
    )


@signed_in
def without(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """Share without asking, for a recorded reason and on an authority."""
    care, facts = family_in_full(request, family_id, "share_without")
    form = WithoutForm(request.POST or None)
    people = _fit_people(request, form, care, facts)
    receivers = _fit_receivers(form, care, circle=False)
    return _answer(
        request,
        form,
        care,
        title="Share without asking",
        lead="Only where asking, or waiting, would leave somebody in danger, or the law says so. It stays "
        "visible on the family’s page.",
        button="Record and share",
        words="It is recorded, and visible on the family’s page.",
        work=lambda data: consenting.share_without(
            person=people[data["person"]],
            family_id=care.pk,
            to=receivers[data["receiver"]],
            reason=data["reason"],
            authority=data["authority"],
            decided_with=data["decided_with"],
            family_told=data["family_told"],
            until=data["until"],
            by=request.user,
            at=request.at,
            form_key=sending(request),
        ),
    )


@signed_in
def end_without(request: AnydoorRequest, family_id: int, row_id: int) -> HttpResponse:
    """The reason to share without asking is over."""
    care, _ = family_in_full(request, family_id, "share_without")
    return _answer(
        request,
        WordsForm(request.POST or None),
        care,
        title="The reason is over",
        lead="From now on only what they agreed to is shared.",
        button="End it",
        words="From now on only what they agreed to is shared.",
        work=lambda data: consenting.end_shared_without(
            row_id=row_id, family_id=care.pk, words=data["words"], by=request.user, at=request.at
        ),
    )


@signed_in
def basis(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """Record on what legal ground an organisation keeps this family's record."""
    care, _ = family_in_full(request, family_id, "record_basis")
    form = BasisForm(request.POST or None)
    found = {str(one.pk): one for one in organisations_of(care.pk)}
    form.fields["organisation"].options = [(key, one.name) for key, one in found.items()]
    return _answer(
        request,
        form,
        care,
        title="On what ground is this record kept?",
        lead="This is not consent to share. Ask your data protection adviser if you are not sure.",
        button="Record it",
        words="The lawful basis is recorded.",
        work=lambda data: consenting.record_basis(
            family_id=care.pk,
            organisation=found[data["organisation"]],
            article_6=data["article_6"],
            article_9=data["article_9"],
            words=data["words"],
            by=request.user,
            at=request.at,
        ),
    )


def _answer(
    request: AnydoorRequest,
    form: Form,
    care: FamilyCare,
    *,
    title: str,
    lead: str,
    button: str,
    words: str,
    work: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    """Show a form, or do what it asks."""
    conflict = ""
    if request.method == "POST" and form.is_valid():
        result = tried(form, lambda: work(form.cleaned_data))
        if result.ok:
            # After a withdrawal the page itself may be closed to whoever recorded it: the family's answers.
            return saved(request, words, "desk:family", care.pk)
        conflict = result.conflict
    return form_page(
        request,
        form,
        title=title,
        lead=lead,
        back=("Sharing and agreement", reverse("desk:consent", args=[care.pk])),
        button=button,
        conflict=conflict,
    )


def _fit_people(request: AnydoorRequest, form: Form, care: FamilyCare, facts: Any) -> dict[str, Person]:
    hidden = scope.hidden_people(request.standing, facts)
    people = {
        str(one.person_id): one.person for one in consenting.adults_of(care.pk) if one.person_id not in hidden
    }
    form.fields["person"].options = [(key, one.called) for key, one in people.items()]
    if len(people) == 1:
        form.fields["person"].initial = next(iter(people))
        if "given_by" in form.fields:
            form.fields["given_by"].initial = next(iter(people.values())).called
    return people


def _fit_receivers(form: Form, care: FamilyCare, *, circle: bool) -> dict[str, Receiver]:
    services = list(
        Service.objects.filter(footprint__in=care.area.districts.all())
        .exclude(state="closed")
        .select_related("organisation")
        .order_by("name")
        .distinct()
    )
    organisations = {one.organisation_id: one.organisation for one in services}
    found = {CIRCLE: Receiver()} if circle else {}
    found |= {
        f"organisation-{key}": Receiver(organisation=one)
        for key, one in sorted(organisations.items(), key=lambda pair: pair[1].name)
    }
    found |= {f"service-{one.pk}": Receiver(service=one) for one in services}
    form.fields["receiver"].options = [
        (
            key,
            "Everybody who works together here"
            if key == CIRCLE
            else f"All of {one.words}"
            if one.organisation
            else one.words,
        )
        for key, one in found.items()
    ]
    return found


urls = [
    path("family/<int:family_id>/sharing/", consent, name="consent"),
    path("family/<int:family_id>/sharing/say/", record, name="record_consent"),
    path("family/<int:family_id>/sharing/<int:consent_id>/stop/", change_mind, name="withdraw_consent"),
    path("family/<int:family_id>/sharing/without/", without, name="share_without"),
    path("family/<int:family_id>/sharing/without/<int:row_id>/end/", end_without, name="end_without"),
    path("family/<int:family_id>/sharing/ground/", basis, name="lawful_basis"),
]
