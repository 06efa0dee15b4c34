from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "anydoor.people"
    label = "people"
    verbose_name = "People"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """The tables, and after them the histories of those that have one."""
        super().import_models()
        import_module("anydoor.people.history")
