"""Audit rows know whose they are, wait for the sealer in the transaction that writes them, and are sealed."""

import django.contrib.postgres.fields
from django.db import migrations, models

FORWARD = """
-- Whose row it is: the organisation of the account that acted, of the team it has belonged to longest.
CREATE FUNCTION access_audit_whose() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT team.organisation_id INTO NEW.organisation_id
        FROM access_membership membership JOIN access_team team ON team.id = membership.team_id
        WHERE membership.user_id = NEW.user_id
        ORDER BY membership.ended_on IS NOT NULL AND membership.ended_on <= NEW.at::date, membership.id LIMIT 1;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_whose BEFORE INSERT ON access_auditentry FOR EACH ROW
    WHEN (NEW.organisation_id IS NULL AND NEW.user_id IS NOT NULL) EXECUTE FUNCTION access_audit_whose();

CREATE FUNCTION access_audit_to_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO access_auditunsealed (entry_id) SELECT id FROM fresh;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_to_seal AFTER INSERT ON access_auditentry REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION access_audit_to_seal();

ALTER TABLE access_auditseal ADD CONSTRAINT seal_has_a_digest_for_each_row CHECK (
    octet_length(digests) = 32 * cardinality(entries) AND cardinality(entries) > 0
    AND octet_length(previous) = 32 AND octet_length(head) = 32);
CREATE TRIGGER seals_only_grow BEFORE UPDATE OR DELETE ON access_auditseal
    FOR EACH ROW EXECUTE FUNCTION anydoor_refuse_change();

-- What was written before there was a sealer.
INSERT INTO access_auditunsealed (entry_id) SELECT id FROM access_auditentry;
"""
BACKWARD = """
DROP TRIGGER seals_only_grow ON access_auditseal;
ALTER TABLE access_auditseal DROP CONSTRAINT seal_has_a_digest_for_each_row;
DROP TRIGGER audit_to_seal ON access_auditentry;
DROP FUNCTION access_audit_to_seal();
DROP TRIGGER audit_whose ON access_auditentry;
DROP FUNCTION access_audit_whose();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0004_personal_sights")]
    operations = [
        migrations.CreateModel(
            name="AuditUnsealed",
            fields=[("entry_id", models.BigIntegerField(primary_key=True, serialize=False))],
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("organisation_key", models.BigIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("form", models.PositiveSmallIntegerField()),
                (
                    "entries",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("digests", models.BinaryField()),
                ("previous", models.BinaryField()),
                ("head", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation_key", "number"), name="seals_in_one_line"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="seals_count_from_one"
                    ),
                ]
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
