"""The addresses of every page. The public ones are listed by name in tests/house."""

from django.urls import include, path

urlpatterns = [
    path("desk/", include("anydoor.web.desk.urls")),
    path("account/", include("anydoor.web.account.urls")),
    path("", include("anydoor.web.account.signing_in")),
    path("", include("anydoor.web.public.urls")),
]
