"""What is held back from a team is kept by person, and what a team calls a family it knows half of."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("care", "0017_row_history")]

    operations = [
        migrations.AlterField(
            model_name="sight",
            name="withheld",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), blank=True, db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="sight",
            name="title",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="sight",
            name="with_words",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        # Rows that would read otherwise now are worked out anew by the next sweep.
        migrations.RunSQL(
            "UPDATE care_sight SET until = '2000-01-01' WHERE withheld <> '{}' OR without <> '{}'",
            migrations.RunSQL.noop,
        ),
    ]
