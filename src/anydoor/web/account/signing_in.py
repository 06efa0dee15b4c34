"""Addresses of signing in, at the names the library asks for, with its views and our templates.

There is no page to sign up: accounts are made by an organisation's own people.
"""

from allauth.account import views
from django.urls import include, path, re_path

from anydoor.web.account.first_password import by_link, first
from anydoor.web.account.own_directory import SignIn, from_directory, to_directory
from anydoor.web.account.sessions import own_sessions

urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="account_login"),
    path("sign-in/with/<slug:provider_id>/", to_directory, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back/", from_directory, name="openid_connect_callback"),
    path("sign-in/again/", views.reauthenticate, name="account_reauthenticate"),
    path("sign-in/closed/", views.account_inactive, name="account_inactive"),
    path("sign-out/", views.logout, name="account_logout"),
    path("account/password/", views.password_change, name="account_change_password"),
    path("account/password/first/", views.password_set, name="account_set_password"),
    path("sign-in/forgotten/", views.password_reset, name="account_reset_password"),
    path("sign-in/forgotten/sent/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^sign-in/forgotten/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "sign-in/forgotten/changed/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("sign-in/first/", first, name="account_first_password"),
    path("sign-in/first/<str:secret>/", by_link, name="account_first_password_link"),
    path("account/second-step/", include("allauth.mfa.urls")),
    path("account/sessions/", own_sessions, name="usersessions_list"),
]
