"""Every address, room by room."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from anydoor.config import health

handler400 = "anydoor.web.public.expired.unreadable"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
if find_spec("anydoor.api") and find_spec("anydoor.api.urls"):
    urlpatterns.append(path("api/", include("anydoor.api.urls")))
    urlpatterns.append(path("openreferral/v3/", include("anydoor.api.open_referral")))
    urlpatterns.append(path("openreferral/v3", include("anydoor.api.open_referral_stub")))
if find_spec("anydoor.web") and find_spec("anydoor.web.urls"):
    urlpatterns.append(path("", include("anydoor.web.urls")))
