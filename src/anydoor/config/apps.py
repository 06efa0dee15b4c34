from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    name = "anydoor.config"
    label = "config"
    verbose_name = "House"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from anydoor.config import narrow_roles

        # Sent for each app after all of them are migrated: once is enough.
        post_migrate.connect(narrow_roles.grant, sender=self)
