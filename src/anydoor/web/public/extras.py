"""What a person may tell after asking, each on its own page, none of it needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from anydoor.care import own_words
from anydoor.care.models import Referral, Story
from anydoor.directory.models import Area
from anydoor.ui.forms import (
    Choice,
    ChoiceOfMany,
    ChoiceOfOne,
    DayField,
    Form,
    FormKeyField,
    LongTextField,
    TextField,
)
from anydoor.web.public.frame import page
from anydoor.web.public.received import holder_of, opened, shut
from anydoor.web.shell import AnydoorRequest, attempt

USES = [
    Choice("call", "Call me"),
    Choice("voicemail", "Leave a voice message"),
    Choice("text", "Text me"),
    Choice("email", "Email me"),
]
COMMUNICATION = {
    "large_print": ("Large print", "Send things in large print."),
    "easy_read": ("Easy Read: short words and pictures", "Send things in Easy Read."),
    "read_aloud": ("Someone to read things out to me", "Read things out; do not rely on letters."),
    "bsl": ("British Sign Language", "Book a British Sign Language interpreter."),
    "lip_reading": ("I lip-read", "Face them and speak clearly: they lip-read."),
    "relay": ("Text or Relay UK, not voice calls", "Use text or Relay UK, not voice calls."),
    "more_time": ("More time to talk and think", "Give more time to talk and think."),
    "someone_with_me": ("Someone with me when we talk", "They want somebody with them when you talk."),
}


class SafeForm(Form):
    """Whether the way they gave is safe, for what, and when."""

    form_key = FormKeyField()
    safe = ChoiceOfOne(
        label="Is it safe for us to use?",
        options=[
            Choice("yes", "Yes"),
            Choice("no", "No, or not always", "We will not use it, unless you say so."),
        ],
        missing="Choose yes or no.",
    )
    another = TextField(
        label="Is there a safer way?",
        hint="Another number or email address. It can be a friend’s, if they know.",
        limit=254,
        required=False,
        hide_optional=True,
        spellcheck=False,
    )
    uses = ChoiceOfMany(
        label="What may we do there?",
        hint="Choose all that are safe.",
        options=USES,
        required=False,
        hide_optional=True,
    )
    hours = TextField(
        label="When is it safe?",
        hint="For example: weekdays before 3pm.",
        required=False,
        hide_optional=True,
    )


class NeedsForm(Form):
    """Language, interpreter, reading and hearing."""

    form_key = FormKeyField()
    language = TextField(
        label="Which language do you like to speak?",
        limit=60,
        width=20,
        required=False,
        hide_optional=True,
    )
    interpreter = ChoiceOfOne(
        label="Would you like an interpreter?",
        hint="It is free. We do not ask family or friends to interpret.",
        look="inline",
        options=[Choice("yes", "Yes"), Choice("no", "No")],
        required=False,
        hide_optional=True,
    )
    communication = ChoiceOfMany(
        label="What helps you read, hear or follow us?",
        options=[Choice(key, label) for key, (label, _) in COMMUNICATION.items()],
        required=False,
        hide_optional=True,
    )
    other = TextField(
        label="Anything else we should know to talk with you",
        limit=300,
        required=False,
        hide_optional=True,
    )


class AboutForm(Form):
    """What to call them, who they are, and where they are. Nothing is presumed."""

    form_key = FormKeyField()
    name = TextField(
        label="What would you like us to call you?",
        hint="A first name is fine.",
        width=30,
        required=False,
        hide_optional=True,
        autocomplete="name",
    )
    role = ChoiceOfOne(
        label="Who are you?",
        options=[
            Choice("mother", "A mother, or going to be"),
            Choice("father", "A father, or going to be"),
            Choice("co_parent", "A co-parent or partner"),
            Choice("carer", "A grandparent, foster carer or other carer"),
            Choice("other", "Someone else, or I would rather not say"),
        ],
        required=False,
        hide_optional=True,
    )
    where = ChoiceOfOne(
        label="Which of these is nearest?",
        hint="Choose one, or none.",
        options=[
            Choice("expecting", "A baby is on the way", reveals="due_on"),
            Choice("born", "There is a baby or young child", reveals="baby_born_on"),
            Choice("loss", "After a loss", "You need not say more here."),
            Choice("trying", "Trying for a baby"),
        ],
        required=False,
        hide_optional=True,
    )
    due_on = DayField(
        label="When is the baby due?",
        hint="Leave it empty if you do not know.",
        required=False,
        hide_optional=True,
    )
    baby_born_on = DayField(
        label="When was the youngest born?",
        hint="Leave it empty if you like.",
        required=False,
        hide_optional=True,
    )


class MoreForm(Form):
    """More in their own words."""

    form_key = FormKeyField()
    words = LongTextField(label="Would you like to add something?", missing="Write what you want to add.")


class CorrectForm(Form):
    """The same words, put right."""

    form_key = FormKeyField()
    words = LongTextField(
        label="What you wrote",
        rows=8,
        missing="Write what it should say. To take it back, call us: we do it with you.",
    )


Save = Callable[[Any, Referral, AnydoorRequest], object]


def _save_safe(form: Form, referral: Referral, request: AnydoorRequest) -> object:
    said = form.cleaned_data
    return own_words.tell_safe(
        referral=referral,
        safe=said["safe"],
        uses=said["uses"],
        hours=said["hours"],
        another=said["another"],
        by=own_words.themselves(referral),
        at=request.at,
    )


def _save_needs(form: Form, referral: Referral, request: AnydoorRequest) -> object:
    said = form.cleaned_data
    return own_words.tell_needs(
        referral=referral,
        language=said["language"],
        interpreter=said["interpreter"] or "not_asked",
        communication=[*(COMMUNICATION[key][1] for key in said["communication"]), said["other"]],
        by=own_words.themselves(referral),
        at=request.at,
    )


def _save_about(form: Form, referral: Referral, request: AnydoorRequest) -> object:
    said = form.cleaned_data
    due_on: date | None = said["due_on"]
    return own_words.tell_about(
        referral=referral,
        name=said["name"],
        role=said["role"],
        where=said["where"],
        due_on=due_on,
        baby_born_on=said["baby_born_on"],
        by=own_words.themselves(referral),
        at=request.at,
    )


def _one_page(
    request: AnydoorRequest, slug: str, token: str, kind: type[Form], save: Save, words: dict[str, Any]
) -> HttpResponse:
    """Show a page of more questions, or save it and go back to where they were."""
    area, referral, _ = opened(request, slug, token)
    if referral is None:
        return shut(request, area)
    form = kind(request.POST) if request.method == "POST" else kind()
    # The verbs answer with what they made, or with nothing: True tells the two apart from a refusal.
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, lambda: (save(form, referral, request), True)) is not None
    ):
        return redirect("public:received", slug=slug, token=token)
    context = {"form": form, "token": token, "holder": holder_of(referral), **words}
    return page(request, "public/more.jinja", area, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def safe(request: AnydoorRequest, slug: str, token: str) -> HttpResponse:
    """When and how it is safe to reach you."""
    _area, referral, _ = opened(request, slug, token)
    point = own_words.point_of(referral) if referral is not None else None
    lead = ""
    if point is not None:
        gave = (
            "the email address you gave" if point.kind == "email" else f"the number ending {point.value[-3:]}"
        )
        lead = f"This is about {gave}. Until you tell us, we speak only to you and leave no message."
    return _one_page(
        request,
        slug,
        token,
        SafeForm,
        _save_safe,
        {"heading": "When and how is it safe to reach you?", "lead": lead},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: AnydoorRequest, slug: str, token: str) -> HttpResponse:
    """Language, hearing, reading."""
    words = {
        "heading": "Language, hearing, reading",
        "lead": "Tell us what you need. Everyone who helps you follows it.",
    }
    return _one_page(request, slug, token, NeedsForm, _save_needs, words)


@require_http_methods(["GET", "HEAD", "POST"])
def about_you(request: AnydoorRequest, slug: str, token: str) -> HttpResponse:
    """About you, and a baby if there is one."""
    words = {"heading": "About you", "lead": "Answer what you like and leave out the rest."}
    return _one_page(request, slug, token, AboutForm, _save_about, words)


@require_http_methods(["GET", "HEAD", "POST"])
def words(request: AnydoorRequest, slug: str, token: str) -> HttpResponse:
    """What you wrote, to read again and to add to."""
    area, referral, _ = opened(request, slug, token)
    if referral is None:
        return shut(request, area)
    form = MoreForm(request.POST) if request.method == "POST" else MoreForm()
    if request.method == "POST" and form.is_valid():
        by = own_words.themselves(referral)
        added = attempt(
            form,
            lambda: own_words.say_more(
                referral=referral, words=form.cleaned_data["words"], by=by, at=request.at
            ),
        )
        if added is not None:
            return redirect("public:words", slug=slug, token=token)
    return _words_page(request, area, referral, token, form)


def _words_page(
    request: AnydoorRequest, area: Area, referral: Referral, token: str, form: MoreForm
) -> HttpResponse:
    context = {
        "form": form,
        "token": token,
        "now": request.at,
        "stories": list(own_words.stories_of(referral)),
        "holder": holder_of(referral),
        "in_danger": bool(referral.danger_words),
        "crisis_moved": bool(referral.danger_words),
    }
    return page(request, "public/words.jinja", area, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: AnydoorRequest, slug: str, token: str, story_id: int) -> HttpResponse:
    """Put right something you wrote."""
    area, referral, _ = opened(request, slug, token)
    story: Story | None = None
    if referral is not None:
        story = own_words.stories_of(referral).filter(pk=story_id).first()
    if referral is None or story is None:
        return shut(request, area)
    form = (
        CorrectForm(request.POST) if request.method == "POST" else CorrectForm(initial={"words": story.words})
    )
    if request.method == "POST" and form.is_valid():
        by = own_words.themselves(referral)
        done = attempt(
            form,
            lambda: own_words.correct(story=story, words=form.cleaned_data["words"], by=by, at=request.at),
        )
        if done is not None:
            return redirect("public:words", slug=slug, token=token)
    context = {
        "form": form,
        "token": token,
        "heading": "Change what you wrote",
        "lead": "We keep what you wrote first as well, so that nothing is lost.",
        "holder": holder_of(referral),
    }
    return page(request, "public/more.jinja", area, context, status=422 if form.errors else 200)
