"""Addresses of families and referrers. The areas come last: their names must not hide a page."""

from django.urls import path

from anydoor.web.public import ask, extras, outside, plain, received, refer

app_name = "public"
urlpatterns = [
    path("", ask.home, name="home"),
    path("exit", plain.leave, name="exit"),
    path("bank-holidays", plain.holidays, name="holidays"),
    path("privacy", plain.privacy, name="privacy"),
    path("accessibility", plain.accessibility, name="accessibility"),
    path("hide-your-visit", plain.hide, name="hide"),
    path("crisis", plain.crisis, name="crisis"),
    path("other-languages", plain.languages, name="languages"),
    path("h/done", outside.outside_done, name="outside_done"),
    path("h/<str:secret>", outside.outside, name="outside"),
    path("refer/", refer.refer, name="refer"),
    path("refer/carry-on/", refer.carry_on, name="refer_carry_on"),
    path("refer/delete/", refer.delete, name="refer_delete"),
    path("refer/check/", refer.check, name="refer_check"),
    path("refer/sent/", refer.sent, name="refer_sent"),
    path("refer/<slug:key>/", refer.part, name="refer_part"),
    path("<slug:slug>/", ask.ask, name="ask"),
    path("<slug:slug>/hubs/", plain.hubs, name="hubs"),
    path("<slug:slug>/received/<str:token>/", received.received, name="received"),
    path("<slug:slug>/received/<str:token>/safe/", extras.safe, name="safe"),
    path("<slug:slug>/received/<str:token>/needs/", extras.needs, name="needs"),
    path("<slug:slug>/received/<str:token>/about/", extras.about_you, name="about_you"),
    path("<slug:slug>/received/<str:token>/words/", extras.words, name="words"),
    path("<slug:slug>/received/<str:token>/words/<int:story_id>/", extras.correct, name="correct"),
]
