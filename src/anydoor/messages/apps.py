from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "anydoor.messages"
    # Django's own contrib app has the label "messages".
    label = "anydoor_messages"
    verbose_name = "Messages"
    default_auto_field = "django.db.models.BigAutoField"
