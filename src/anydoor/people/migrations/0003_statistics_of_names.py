"""The planner knows how often the beginnings of names occur.

By its usual hundred samples it takes a common beginning for a rare one, and then looks up ten thousand
people one by one for a team that has a few hundred.
"""

from django.db import migrations

FORWARD = "ALTER TABLE people_namekey ALTER COLUMN key SET STATISTICS 1000"
BACKWARD = "ALTER TABLE people_namekey ALTER COLUMN key SET STATISTICS -1"


class Migration(migrations.Migration):
    dependencies = [("people", "0002_nhs_number_check_digit")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
