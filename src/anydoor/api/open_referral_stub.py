"""The feed's own address without a slash at its end: the same answer, and nobody is sent on."""

from django.urls import path

from anydoor.api.open_referral import root

app_name = "open_referral_stub"
urlpatterns = [path("", root, name="root")]
