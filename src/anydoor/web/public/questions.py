"""A parent answers questionnaires from a one-time link: one question a page, stopped and gone on with, sent.

The link is the only key, so a page shows nothing but questions, answers given by it, and first names of
workers. An answer that may mean danger is told in the very saving, and help is shown before what comes next.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe
from markupsafe import Markup

from anydoor.access import wall
from anydoor.care.measures import by_link, links
from anydoor.care.measures.by_link import Question
from anydoor.care.measures.taking import Answers
from anydoor.care.models import MeasureLink
from anydoor.rules.errors import NotFound, WrongMoment
from anydoor.ui import times
from anydoor.ui.forms import Choice, ChoiceOfOne, Form, LongTextField
from anydoor.ui.words import given_name
from anydoor.web.public.frame import page
from anydoor.web.public.limits import too_often
from anydoor.web.shell import AnydoorRequest, attempt

MISSES_AN_HOUR = 30
RIGHT_TO_LEFT = frozenset({"ar", "ur", "fa", "prs", "ps", "he"})
SECONDS_A_QUESTION = 12
DONE_COOKIE = "__Host-anydoor-answered" if settings.PRODUCTION else "anydoor-answered"
DONE_SALT = "anydoor.public.questions.done"
DONE_LASTS = 15 * 60
FREE_LIMIT = 5000
# What each questionnaire is about, as a family may read it; no diagnosis and nothing about a score.
ABOUT = {
    "Whooley": "how low you have felt",
    "PHQ-2": "how low you have felt",
    "PHQ-9": "how low you have felt",
    "EPDS": "how you have felt in the last week",
    "GAD-2": "how much you have worried",
    "GAD-7": "how much you have worried",
    "CORE-10": "how you have been in the last week",
    "PCL-5": "what a hard experience has left behind",
    "City BiTS": "how the birth was for you, and after",
    "IES-R": "what a hard experience has left behind",
    "PSWQ": "how you worry",
    "WSAS": "how your days are going",
}


class AnswerForm(Form):
    """One question with its options as printed. Nothing is chosen beforehand."""

    answer = ChoiceOfOne(label="", label_size="l", label_is_heading=True)


class WordsForm(Form):
    """One question answered in words."""

    answer = LongTextField(label="", label_size="l", label_is_heading=True, rows=5, limit=FREE_LIMIT)


MISSING = "Choose the answer that fits best, or leave this question out"


# ---- pages


@sensitive_variables("secret")
@require_safe
def start(request: AnydoorRequest, secret: str) -> HttpResponse:
    """One plain page before the first question: why, who sees it, what happens to it."""
    try:
        link = links.open_link(secret=secret, at=request.at)
    except NotFound:
        return _gone(request)
    measures = links.measures_of_link(link)
    questions = by_link.questions_of(measures)
    place = by_link.next_place(questions)
    about = list(dict.fromkeys(ABOUT.get(one.instrument, "how things are for you") for one in measures))
    context = {
        "about": about,
        "count": len(questions),
        "minutes": max(round(len(questions) * SECONDS_A_QUESTION / 60), 1),
        "sender": given_name(link.sent_by.name) if link.sent_by is not None else link.area.door_name,
        "until": link.expires_at,
        "begun": place > 1,
        "go_on": _address(secret, place, questions),
        "hours": _hours(link),
        "asks_of_danger": any(one.kind == "item" for one in questions),
    }
    return _page(request, "public/questions_start.jinja", link, context)


@sensitive_variables("secret")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: AnydoorRequest, secret: str, place: int) -> HttpResponse:
    """One question. Its answer is kept at once, and so is that one was left out."""
    try:
        link = links.find_link(secret, at=request.at)
    except NotFound:
        return _gone(request)
    questions = by_link.questions_of(links.measures_of_link(link))
    if not 1 <= place <= len(questions):
        return redirect("public:questions_check", secret=secret)
    asked = questions[place - 1]
    form = _form(asked, request)
    if request.method == "POST":
        answers = _answers(asked, form, leave_out=request.POST.get("act") == "leave_out")
        if answers is not None:
            try:
                saved = attempt(
                    form,
                    lambda: links.save_answer(
                        secret=secret, measure_id=asked.measure_id, answers=answers, at=request.at
                    ),
                )
            except NotFound:
                return _gone(request)
            if saved is not None:
                return _onward(secret, asked, questions, request, raised=bool(saved.raised))
    context = {
        "form": form,
        "asked": asked,
        "count": len(questions),
        "back": _address(secret, place - 1, questions) if place > 1 else _start_address(secret),
        "told": _told_words(link, request),
        "direction": "rtl" if asked.language.partition("-")[0] in RIGHT_TO_LEFT else "ltr",
        "changing": request.GET.get("from") == "check",
    }
    return _page(request, "public/question.jinja", link, context, status=422 if form.errors else 200)


@sensitive_variables("secret")
@require_safe
def help_now(request: AnydoorRequest, secret: str, place: int) -> HttpResponse:
    """Right after an answer that may mean danger: where help is now, and truly who reads it when."""
    try:
        link = links.find_link(secret, at=request.at)
    except NotFound:
        return _gone(request)
    questions = by_link.questions_of(links.measures_of_link(link))
    told = _told_words(link, request)
    if told is None:
        return redirect("public:questions", secret=secret)
    context = {
        "told": told,
        "go_on": _address(secret, place + 1, questions),
        "more": place < len(questions),
        "check": reverse("public:questions_check", args=[secret]),
        "crisis_moved": True,
    }
    return _page(request, "public/questions_help.jinja", link, context)


@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: AnydoorRequest, secret: str) -> HttpResponse:
    """All answers to look at again, change and send. What was left out stays left out."""
    try:
        link = links.find_link(secret, at=request.at)
        questions = by_link.questions_of(links.measures_of_link(link))
        refusal = ""
        if request.method == "POST":
            if any(one.given is not None for one in questions):
                links.finish_link(secret=secret, at=request.at)
                return _sent(link)
            refusal = "There is nothing to send yet. Answer one question, or close this page."
    except (NotFound, WrongMoment):
        return _gone(request)
    left_out = [one for one in questions if one.given is None]
    context = {
        "groups": _groups(secret, questions),
        "left_out": len(left_out),
        "answered": len(questions) - len(left_out),
        "refusal": refusal,
        "told": _told_words(link, request),
        "back": _address(secret, len(questions), questions),
    }
    return _page(request, "public/questions_check.jinja", link, context, status=422 if refusal else 200)


@require_safe
def done(request: AnydoorRequest) -> HttpResponse:
    """It has arrived, and who reads it. For a quarter of an hour, in this browser only."""
    link = _just_sent(request)
    if link is None:
        return page(
            request,
            "public/say.jinja",
            None,
            {"heading": "Thank you", "lines": ["If you have just sent your answers, they have arrived."]},
        )
    told = _told_words(link, request)
    context = {
        "holder": by_link.holder_of(link, request.at),
        "told": told,
        "crisis_moved": told is not None,
    }
    return _page(request, "public/questions_done.jinja", link, context)


# ---- one question


def _form(asked: Question, request: AnydoorRequest) -> Form:
    data = request.POST if request.method == "POST" else None
    form: Form
    if asked.kind == "words":
        form = WordsForm(data, initial={"answer": asked.given or ""})
    else:
        form = AnswerForm(data, initial={"answer": "" if asked.given is None else str(asked.given)})
        form.fields["answer"].options = [  # type: ignore[attr-defined]  # the field is ours
            Choice(str(index), words) for index, words in enumerate(asked.options)
        ]
    field = form.fields["answer"]
    stem = Markup('<span class="ad-stem">{}</span> ').format(asked.stem) if asked.stem else ""
    field.label = Markup("{}{}").format(stem, asked.text)
    field.missing = MISSING if asked.kind != "words" else "Write a few words, or leave this question out"  # type: ignore[attr-defined]  # the field is ours
    return form


def _answers(asked: Question, form: Form, *, leave_out: bool) -> Answers | None:
    """What to keep of what was sent; None when it is not an answer."""
    if leave_out:
        if asked.kind == "item":
            return Answers(ticked={asked.key: None})
        return Answers(words={asked.key: ""}) if asked.kind == "words" else Answers()
    if not form.is_valid():
        return None
    given = form.cleaned_data["answer"]
    if asked.kind == "words":
        return Answers(words={asked.key: given})
    if asked.kind == "extra":
        return Answers(difficulty=int(given))
    return Answers(ticked={asked.key: int(given)})


def _onward(
    secret: str, asked: Question, questions: Sequence[Question], request: AnydoorRequest, *, raised: bool
) -> HttpResponse:
    if raised:
        return redirect("public:questions_help", secret=secret, place=asked.place)
    if request.GET.get("from") == "check":
        return redirect("public:questions_check", secret=secret)
    return redirect(_address(secret, asked.place + 1, questions))


def _address(secret: str, place: int, questions: Sequence[Question]) -> str:
    """The page of a question; of all answers behind the last one."""
    if place > len(questions):
        return reverse("public:questions_check", args=[secret])
    return reverse("public:question", args=[secret, max(place, 1)])


def _start_address(secret: str) -> str:
    return reverse("public:questions", args=[secret])


def _groups(secret: str, questions: Sequence[Question]) -> list[dict[str, Any]]:
    """The answers, questionnaire by questionnaire, with a way to change each."""
    groups: dict[int, dict[str, Any]] = {}
    for one in questions:
        group = groups.setdefault(
            one.measure_id,
            {"stem": one.stem, "credit": one.credit, "language": one.language, "rows": []},
        )
        group["rows"].append(
            {
                "label": one.text,
                "value": one.given_words,
                "missing": "Left out",
                "href": f"{reverse('public:question', args=[secret, one.place])}?from=check",
            }
        )
    return list(groups.values())


# ---- what is said


def _hours(link: MeasureLink) -> str:
    door = link.area.front_door
    return f"{times.time_words(door.opens)} to {times.time_words(door.closes)}, Monday to Friday"


def _told_words(link: MeasureLink, request: AnydoorRequest) -> dict[str, Any] | None:
    """Who was told of an answer, in sentences that are true at this hour; None while nobody had to be."""
    told = by_link.told_of(link)
    if told is None:
        return None
    who = given_name(told.who)
    both = f"{who} and {given_name(told.also)}" if told.also else who
    if told.spoken:
        return {"who": who, "lines": ["A worker has read your answer and has written down what they did."]}
    if told.reads_at <= request.at:
        return {
            "who": who,
            "lines": [
                f"We have told {both} now. That is so even if you stop here.",
                f"Somebody tries to reach you by {_moment(told.by, request)}.",
            ],
        }
    when = f"{_day(told.reads_at, request)}, from {times.time_words(told.reads_at)}"
    return {
        "who": who,
        "lines": [
            "Nobody here reads messages at night or at the weekend.",
            f"{who} reads this {when}, and then tries to reach you. Please do not wait for that.",
        ],
    }


def _moment(moment: Any, request: AnydoorRequest) -> str:
    same = times.calendar_day(moment) == times.calendar_day(request.at)
    return f"{times.time_words(moment)} {'today' if same else 'on ' + times.day_words(moment)}"


def _day(moment: Any, request: AnydoorRequest) -> str:
    same = times.calendar_day(moment) == times.calendar_day(request.at)
    return "today" if same else f"on {times.day_words(moment)}"


# ---- opening and closing


def _page(
    request: AnydoorRequest, template: str, link: MeasureLink, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of this link. The name at its top leads nowhere personal."""
    return page(request, template, link.area, context, status=status)


def _sent(link: MeasureLink) -> HttpResponse:
    response = redirect("public:questions_done")
    response.set_cookie(
        DONE_COOKIE,
        signing.dumps(link.pk, salt=DONE_SALT),
        max_age=DONE_LASTS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _just_sent(request: AnydoorRequest) -> MeasureLink | None:
    try:
        key = signing.loads(request.COOKIES.get(DONE_COOKIE, ""), salt=DONE_SALT, max_age=DONE_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    with wall.lifted("the cookie finds the link; whose it is is known only then"):
        link = (
            MeasureLink.objects.filter(pk=key, finished_at__isnull=False)
            .select_related("area__front_door", "person")
            .first()
        )
    if link is not None:
        wall.see_also(link.family_id)
    return link


def _gone(request: AnydoorRequest) -> HttpResponse:
    """A link that is used up, too old, ended or mistyped: one answer for all, which tells nothing."""
    if too_often(request, "questions", MISSES_AN_HOUR):
        return page(
            request,
            "public/say.jinja",
            None,
            {
                "heading": "Please wait a little",
                "lines": ["There were many tries from where you are. Try again in an hour, or ring us."],
            },
            status=429,
        )
    return page(
        request,
        "public/say.jinja",
        None,
        {
            "heading": "This link is no longer in use",
            "lines": [
                "If you have just sent your answers, they have arrived. Thank you.",
                "A link works once, for two weeks. We gladly send you a new one.",
                "Ring the number in the message that brought it, and we go on from there.",
            ],
        },
        status=404,
    )
