"""Pages: handovers."""

from django.urls import URLPattern

urls: list[URLPattern] = []
