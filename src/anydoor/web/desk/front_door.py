"""Pages: front_door."""

from django.urls import URLPattern

urls: list[URLPattern] = []
