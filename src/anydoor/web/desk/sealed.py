"""Pages: seal a record, say who may open it, lift the seal; and whom a member of staff must not meet here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from anydoor.access.models import DECLARED, Membership, User
from anydoor.access.policy import Facts, check, may
from anydoor.care import conflict, scope, sealing
from anydoor.care.models import FamilyCare
from anydoor.care.models.sealing import SEAL_KINDS
from anydoor.rules.errors import NotFound
from anydoor.ui.forms import ChoiceOfMany, ChoiceOfOne, DayField, Form, FormKeyField, SelectField, TextField
from anydoor.ui.times import date_words
from anydoor.web.desk.acting import family_in_full, form_page, saved, sending, to_family, today, tried
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest, signed_in


class SealForm(Form):
    """Why a record is sealed, and who may open it beside its holder."""

    form_key = FormKeyField()
    kind = ChoiceOfOne(label="Why is it sealed?", options=list(SEAL_KINDS.items()), look="small")
    words = TextField(label="In a sentence, for those named", limit=300, missing="Say why, in a sentence.")
    names = ChoiceOfMany(
        label="Who may open it?",
        hint="You and whoever holds the family always may.",
        required=False,
        look="small",
    )


class NameForm(Form):
    """One more person who may open it."""

    user = SelectField(label="Name somebody", missing="Choose somebody.")


class LiftForm(Form):
    """Why the seal is lifted."""

    words = TextField(label="Why is the seal lifted?", limit=300, missing="Say why the seal is lifted.")


class NearForm(Form):
    """Somebody a member of staff must not meet here."""

    kind = ChoiceOfOne(label="Who is it?", options=list(DECLARED.items()), look="small")
    words = TextField(
        label="In a word, for yourself", hint="Like: my sister. No name is needed.", required=False, limit=120
    )
    nhs_number = TextField(label="NHS number, if you know it", required=False, limit=20, width=20)
    name = TextField(label="Whole name", required=False, limit=200, width=30, autocomplete="off")
    born_on = DayField(label="Birth date", required=False)
    contact = TextField(label="Private number or email", required=False, limit=254, width=30)
    address = TextField(label="First line of the address", required=False, limit=200)
    postcode = TextField(label="Postcode", required=False, limit=10, width=10)


@signed_in
def seal(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """Not sealed: the form. Sealed: why, since when, who may open it."""
    care, facts = family_in_full(request, family_id, "seal")
    if care.sealed:
        return _sealed(request, care, facts)
    form = SealForm(request.POST or None)
    people = _colleagues(request, care)
    form.fields["names"].options = [(key, one.label) for key, one in people.items()]
    conflict_words = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: sealing.seal(
                family_id=care.pk,
                kind=data["kind"],
                words=data["words"],
                names=[people[key].user for key in data["names"]],
                by=request.user,
                at=request.at,
                form_key=sending(request),
            ),
        )
        if result.ok:
            return saved(request, "This record is sealed.", "desk:seal", care.pk)
        conflict_words = result.conflict
    return form_page(
        request,
        form,
        title="Seal this record",
        lead="It leaves every list, search and count. To everybody who is not named it is not there.",
        back=to_family(care),
        button="Seal it",
        conflict=conflict_words,
    )


def _sealed(request: AnydoorRequest, care: FamilyCare, facts: Facts) -> HttpResponse:
    row = sealing.seal_of(care.pk)
    if row is None:
        raise NotFound(scope.NO_SUCH)
    people = _colleagues(request, care)
    if request.method == "POST":
        messages.info(request, "It was sealed already. Nothing was changed.")
    form = NameForm()
    form.fields["user"].options = [(key, one.label) for key, one in people.items()]
    scope.looked(
        what="see_seal",
        subject="family",
        subject_id=care.pk,
        family_id=care.pk,
        by=request.user,
        at=request.at,
        why="you are named, or hold the family",
    )
    context = {
        "care": care,
        "back": to_family(care),
        "kind": SEAL_KINDS[row.kind],
        "words": row.words,
        "by": row.by.name,
        "since": date_words(row.at, request.at),
        "names": [(one.user_id, one.user.name) for one in sealing.named_for(row)],
        "form": form,
        "may_lift": may(request.standing, "unseal", facts),
    }
    return page(request, "desk/seal.jinja", "families", context)


@signed_in
def name(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """POST: name one more person, or take a name away."""
    care, _ = family_in_full(request, family_id, "seal")
    if request.method == "POST":
        people = _colleagues(request, care)
        gone = request.POST.get("unname", "")
        chosen = people.get(request.POST.get("user", ""))
        form = NameForm(request.POST)
        form.fields["user"].options = [(key, one.label) for key, one in people.items()]
        if gone.isascii() and gone.isdigit() and len(gone) < 19:
            result = tried(
                form,
                lambda: sealing.unname(family_id=care.pk, user_id=int(gone), by=request.user, at=request.at),
            )
            messages.success(request, result.conflict or "They may no longer open it.")
        elif chosen is not None:
            tried(
                form,
                lambda: sealing.name(family_id=care.pk, user=chosen.user, by=request.user, at=request.at),
            )
            messages.success(request, f"{chosen.user.name} may open it now.")
    # Who took their own name away no longer sees the page of the seal.
    return HttpResponseRedirect(reverse("desk:seal", args=[care.pk]))


@signed_in
def lift(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """Open the record again to the teams that work with the family."""
    care, _ = family_in_full(request, family_id, "unseal")
    form = LiftForm(request.POST or None)
    conflict_words = ""
    if request.method == "POST" and form.is_valid():
        result = tried(
            form,
            lambda: sealing.lift(
                family_id=care.pk, words=form.cleaned_data["words"], by=request.user, at=request.at
            ),
        )
        if result.ok:
            return saved(request, "The seal is lifted.", "desk:family", care.pk)
        conflict_words = result.conflict
    return form_page(
        request,
        form,
        title="Lift the seal",
        lead="The teams that work with the family see it again at once.",
        back=("The seal", reverse("desk:seal", args=[care.pk])),
        button="Lift it",
        conflict=conflict_words,
    )


@dataclass(frozen=True, slots=True)
class _Colleague:
    user: User
    label: str  # name and team: two people may share a name


def _colleagues(request: AnydoorRequest, care: FamilyCare) -> Mapping[str, _Colleague]:
    """People who work with families today, by key: one's own teams first, then by name; not whoever asks."""
    rows = Membership.objects.current(today(request)).working_with_families().exclude(user=request.user)
    mine = request.standing.team_ids
    found: dict[str, _Colleague] = {}
    for row in sorted(
        rows.select_related("user", "team")[:1000],
        key=lambda row: (row.team_id not in mine, row.user.name, row.user_id, row.pk),
    ):
        found.setdefault(str(row.user_id), _Colleague(row.user, f"{row.user.name}, {row.team.name}"))
    return found


# ---- near


@signed_in
def near(request: AnydoorRequest) -> HttpResponse:
    """Whom I must not meet here: declare somebody, see what I declared, take it back."""
    check(request.standing, "declare")
    form = NearForm(request.POST if request.method == "POST" and "end" not in request.POST else None)
    gone = request.POST.get("end", "")
    if gone.isascii() and gone.isdigit() and len(gone) < 19:
        conflict.take_back(declaration_id=int(gone), by=request.user, at=request.at)
        return saved(request, "It is taken back.", "desk:near")
    if form.is_bound and form.is_valid():
        result = tried(
            form,
            lambda: conflict.declare(near=conflict.Near(**form.cleaned_data), by=request.user, at=request.at),
        )
        if result.ok:
            # The same words whether somebody was found or not: this page is no way to look for people.
            return saved(request, "It is recorded. You will not meet them here.", "desk:near")
    rows = [
        {
            "id": row.pk,
            "title": DECLARED[row.kind],
            "words": row.words,
            "when": date_words(row.at, request.at),
        }
        for row in conflict.declared_by(request.user)
    ]
    return page(
        request,
        "desk/near.jinja",
        "work",
        {"form": form, "rows": rows, "back": ("My work", reverse("desk:home"))},
        status=422 if form.is_bound and form.errors else 200,
    )


urls = [
    path("family/<int:family_id>/seal/", seal, name="seal"),
    path("family/<int:family_id>/seal/names/", name, name="seal_names"),
    path("family/<int:family_id>/seal/lift/", lift, name="lift_seal"),
    path("near/", near, name="near"),
]
