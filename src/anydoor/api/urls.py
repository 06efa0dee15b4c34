"""Addresses of machines."""

from django.urls import path

from anydoor.api.rest import api

urlpatterns = [path("v1/", api.urls)]
