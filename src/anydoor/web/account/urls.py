"""Addresses of our own account pages. Those the sign-in library names are in `signing_in`."""

from django.urls import path

from anydoor.web.account import pages

app_name = "account"
urlpatterns = [path("", pages.security, name="security")]
