from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "anydoor.config"
    label = "config"
    verbose_name = "House"
    default_auto_field = "django.db.models.BigAutoField"
