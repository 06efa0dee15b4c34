"""The first password of an account that a colleague made. The link opens a form once and signs nobody in.

The secret goes from the address into the session, so that it is in no address while the form is open.
"""

from __future__ import annotations

from allauth.account.forms import ResetPasswordKeyForm
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from anydoor.access.models import User
from anydoor.care import first_password
from anydoor.rules.errors import NotFound
from anydoor.web.shell import AnydoorRequest

KEPT = "first_link"


@sensitive_variables("secret")
@require_safe
def by_link(request: AnydoorRequest, secret: str) -> HttpResponse:
    """From the e-mail. Looking uses nothing up: mail programs look too."""
    request.session[KEPT] = secret[:200]
    return redirect("account_first_password")


@sensitive_variables("secret", "form")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: AnydoorRequest) -> HttpResponse:
    """The form, and what becomes of it. Then they sign in as everybody does, with a second step if asked."""
    secret = str(request.session.get(KEPT, ""))
    try:
        user = first_password.find_link(secret, at=request.at).user
        form = ResetPasswordKeyForm(request.POST or None, user=user, temp_key="")
        if request.method == "POST" and form.is_valid():
            first_password.set_first(secret=secret, password=form.cleaned_data["password1"], at=request.at)
            if isinstance(request.user, User):
                logout(request)  # somebody else's sign-in on a shared machine
            request.session.pop(KEPT, None)
            messages.success(request, "Your password is set. Sign in with it.")
            return redirect("account_login")
    except NotFound as gone:
        request.session.pop(KEPT, None)
        return render(request, "account/first_password.jinja", {"gone": gone.message}, status=404)
    status = 422 if form.is_bound else 200
    return render(request, "account/first_password.jinja", {"form": form, "whose": user}, status=status)
