"""The audit only grows: a row once written is neither changed nor taken away, whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION anydoor_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE ON access_auditentry
    FOR EACH ROW EXECUTE FUNCTION anydoor_refuse_change();
"""
BACKWARD = """
DROP TRIGGER audit_only_grows ON access_auditentry;
DROP FUNCTION anydoor_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
