"""Pages: team."""

from django.urls import URLPattern

urls: list[URLPattern] = []
