"""Words to find services by, kept by triggers; and where an area's towns lie."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION directory_words_of(wanted bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO directory_servicewords (service_id, words)
    SELECT service.id,
        setweight(to_tsvector('english', service.name || ' ' || organisation.name), 'A')
        || setweight(to_tsvector('english', service.summary || ' ' || service.for_whom), 'B')
        || setweight(to_tsvector('english', array_to_string(service.offers, ' ') || ' ' || service."when"), 'C')
    FROM directory_service AS service
    JOIN access_organisation AS organisation ON organisation.id = service.organisation_id
    WHERE service.id = wanted
    ON CONFLICT (service_id) DO UPDATE SET words = EXCLUDED.words;
$$;
CREATE FUNCTION directory_service_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM directory_words_of(NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER service_words AFTER INSERT OR UPDATE OF name, summary, for_whom, offers, "when", organisation_id
    ON directory_service FOR EACH ROW EXECUTE FUNCTION directory_service_changed();
CREATE FUNCTION directory_organisation_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM directory_words_of(id) FROM directory_service WHERE organisation_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER service_words AFTER UPDATE OF name
    ON access_organisation FOR EACH ROW EXECUTE FUNCTION directory_organisation_changed();
SELECT directory_words_of(id) FROM directory_service;
"""
BACKWARD = """
DROP TRIGGER service_words ON access_organisation;
DROP TRIGGER service_words ON directory_service;
DROP FUNCTION directory_organisation_changed();
DROP FUNCTION directory_service_changed();
DROP FUNCTION directory_words_of(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0005_imports_and_deprivation")]

    operations = [
        migrations.AddField("area", "towns", models.JSONField(blank=True, default=dict)),
        migrations.CreateModel(
            name="ServiceWords",
            fields=[
                (
                    "service",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_words",
                        serialize=False,
                        to="directory.service",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["words"], name="service_words")],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
