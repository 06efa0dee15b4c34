"""Addresses of our own account pages. Those the sign-in library names are in `signing_in`."""

from django.urls import path

from anydoor.web.account import pages, unsent

app_name = "account"
urlpatterns = [
    path("", pages.security, name="security"),
    path("left/", pages.left, name="left"),
    path("unsent/<str:code>/", unsent.unsent, name="unsent"),
]
