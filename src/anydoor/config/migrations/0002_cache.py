"""The table of Django's database cache, where the sign-in limits are counted.

Unlogged: after a crash of the database the counts begin again, and a sign-in costs no extra write to disk.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("config", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE UNLOGGED TABLE config_cache (
                cache_key varchar(255) NOT NULL PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX config_cache_expires ON config_cache (expires);
            """,
            "DROP TABLE config_cache;",
        )
    ]
