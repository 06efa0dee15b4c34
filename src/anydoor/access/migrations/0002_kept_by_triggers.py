"""The audit only grows, and a front door's fall-back keeps an open account: both kept by triggers."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION anydoor_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE ON access_auditentry
    FOR EACH ROW EXECUTE FUNCTION anydoor_refuse_change();

CREATE FUNCTION access_fallback_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT NEW.is_active AND EXISTS (SELECT 1 FROM access_team WHERE fallback_id = NEW.id) THEN
        RAISE EXCEPTION 'this account is the fall-back of a team; name another first'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fallback_is_open AFTER UPDATE OF is_active
    ON access_user DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION access_fallback_is_open();
"""
BACKWARD = """
DROP TRIGGER fallback_is_open ON access_user;
DROP FUNCTION access_fallback_is_open();
DROP TRIGGER audit_only_grows ON access_auditentry;
DROP FUNCTION anydoor_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
