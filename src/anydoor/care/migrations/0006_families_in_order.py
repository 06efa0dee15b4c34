"""Lists of families, next contact first, are read in that order from an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("care", "0005_inbox_counts")]
    operations = [
        migrations.AddIndex(
            model_name="familycare",
            index=models.Index(fields=["is_open", "sort_key"], name="families_in_order"),
        )
    ]
