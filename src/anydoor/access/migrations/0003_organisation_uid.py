import uuid
from typing import Any

from django.db import migrations, models

# The name space of all published ids; `directory.models.places` has the same.
NAMES_OF_ENTRIES = uuid.UUID("6f7c2a0e-3f0b-5a52-9d0c-0a7d00000d1e")


def name_them(apps: Any, schema_editor: Any) -> None:
    """Organisations that are there get the id that loading their area file anew would give them."""
    model = apps.get_model("access", "organisation")
    for pk, slug in list(model.objects.values_list("pk", "slug")):
        model.objects.filter(pk=pk).update(uid=uuid.uuid5(NAMES_OF_ENTRIES, f"organisation/{slug}"))


class Migration(migrations.Migration):
    dependencies = [("access", "0002_kept_by_triggers")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="uid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        migrations.RunPython(name_them, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="organisation",
            name="uid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
