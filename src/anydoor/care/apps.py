from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "anydoor.care"
    label = "care"
    verbose_name = "Care"
    default_auto_field = "django.db.models.BigAutoField"
