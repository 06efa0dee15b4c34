"""What must hold of roles whatever code or hand writes them.

One person has one role in one team once at a time: periods of the same role do not overlap. An administrator's
role that a colleague gave was given by an administrator of that organisation. Reviews are only added. And a
one-time link is used or ended, never both, and stays so.
"""

from django.db import migrations

# Ranges of one number stand for equality: a range index takes them without an extension.
FORWARD = """
ALTER TABLE access_membership ADD CONSTRAINT one_role_once_at_a_time EXCLUDE USING gist (
    int8range(user_id, user_id, '[]') WITH &&,
    int8range(team_id, team_id, '[]') WITH &&,
    int8range(hashtext(role)::bigint, hashtext(role)::bigint, '[]') WITH &&,
    daterange(started_on, ended_on) WITH &&
) DEFERRABLE INITIALLY IMMEDIATE;

CREATE FUNCTION access_admin_by_admin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.role = 'admin' AND NEW.given_by_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM access_membership m
        JOIN access_team theirs ON theirs.id = m.team_id
        JOIN access_team here ON here.id = NEW.team_id AND here.organisation_id = theirs.organisation_id
        WHERE m.user_id = NEW.given_by_id AND m.role = 'admin'
    ) THEN
        RAISE EXCEPTION 'only an administrator of the organisation makes another'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER admin_by_admin BEFORE INSERT OR UPDATE OF role, team_id, given_by_id ON access_membership
    FOR EACH ROW EXECUTE FUNCTION access_admin_by_admin();

CREATE TRIGGER access_reviews_only_grow BEFORE UPDATE OR DELETE ON access_accessreview
    FOR EACH ROW EXECUTE FUNCTION anydoor_refuse_change();

ALTER TABLE access_firstlink ADD CONSTRAINT first_link_used_in_time CHECK (
    used_at IS NULL OR (ended_at IS NULL AND used_at <= expires_at)
);
"""
BACKWARD = """
ALTER TABLE access_firstlink DROP CONSTRAINT first_link_used_in_time;
DROP TRIGGER access_reviews_only_grow ON access_accessreview;
DROP TRIGGER admin_by_admin ON access_membership;
DROP FUNCTION access_admin_by_admin();
ALTER TABLE access_membership DROP CONSTRAINT one_role_once_at_a_time;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0006_joiners_and_reviews")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
