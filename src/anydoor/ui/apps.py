from django.apps import AppConfig


class UiConfig(AppConfig):
    """Here so that Django finds the static files of the room; it has no models."""

    name = "anydoor.ui"
    label = "ui"
