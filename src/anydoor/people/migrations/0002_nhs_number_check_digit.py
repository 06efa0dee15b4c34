"""The check digit of an NHS number, modulus 11 (NHS Data Dictionary), is kept by the database too."""

from django.db import migrations

TERMS = " + ".join(f"{11 - i} * substr(nhs_number, {i}, 1)::int" for i in range(1, 11))

FORWARD = f"""
ALTER TABLE people_person ADD CONSTRAINT nhs_number_check_digit
    CHECK (nhs_number IS NULL OR nhs_number !~ '^[0-9]{{10}}$' OR ({TERMS}) % 11 = 0);
"""
BACKWARD = "ALTER TABLE people_person DROP CONSTRAINT nhs_number_check_digit;"


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
