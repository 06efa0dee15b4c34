"""What was sent to one colleague is found without reading what was sent to everybody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("anydoor_messages", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                fields=["address", "-id"],
                condition=models.Q(("channel", "staff")),
                name="outbox_to_staff",
            ),
        )
    ]
