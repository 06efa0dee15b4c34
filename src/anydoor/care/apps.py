from importlib import import_module

from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "anydoor.care"
    label = "care"
    verbose_name = "Care"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """The tables, and after them the histories of those that have one."""
        super().import_models()
        import_module("anydoor.care.history")
