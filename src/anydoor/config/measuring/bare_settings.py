"""The settings of the floor: the same database behind one bare page, with a session and a user."""

from __future__ import annotations

from anydoor.config.measuring.settings import *  # noqa: F403  # everything but what follows

ROOT_URLCONF = "anydoor.config.measuring.bare"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # will not start without; does nothing here
]
