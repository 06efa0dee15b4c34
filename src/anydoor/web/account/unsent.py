"""What somebody sent when their sign-in had ended: shown once they are back, to send or to throw away."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_http_methods

from anydoor.care import drafts
from anydoor.rules.errors import NotFound
from anydoor.web.account.session_limits import UNSENT
from anydoor.web.shell import AnydoorRequest, signed_in

LONG = 12  # shorter answers are marks and choices, which say little by themselves


@require_http_methods(["GET", "POST"])
@signed_in
def unsent(request: AnydoorRequest, code: str) -> HttpResponse:
    """GET shows what was typed with a button that sends it; POST throws it away. Only to who typed it."""
    draft = drafts.find(kind=UNSENT, code=code)
    if draft is None or draft.user_id != request.user.pk:
        raise NotFound("There is no such page, or it is not yours to see.")
    if request.method == "POST":
        drafts.remove(draft=draft)
        return redirect("desk:home")
    path = str(draft.data["path"])
    try:
        resolve(path.partition("?")[0])
    except Resolver404:
        raise NotFound("The page this was typed on is not there any more.") from None
    pairs = [(name, value) for name, values in draft.data["typed"].items() for value in values]
    return render(
        request,
        "account/unsent.jinja",
        {
            "path": path,
            "pairs": pairs,
            "words": [value for _, value in pairs if len(value) > LONG],
            "code": code,
        },
    )
