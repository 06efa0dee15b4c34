"""Two narrow roles of the database, and how a policy asks whose eyes it is: the ground of row security.

`anydoor_pages` answers requests and sees what the policies of the tables let through; `anydoor_work` does the
work of a verb and sees every row. Neither signs in, owns a table or may change one. Roles belong to a whole
server, so another database of it may have made them already.
"""

from django.db import migrations

FORWARD = """
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['anydoor_pages', 'anydoor_work'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', name);
                -- Who makes a role may not yet act as it.
                EXECUTE format('GRANT %I TO CURRENT_USER', name);
            END IF;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'this account may not make the role %', name USING
                    HINT = 'Have the owner of the server run: CREATE ROLE ' || name || ' NOLOGIN; GRANT '
                        || name || ' TO ' || quote_ident(current_user) || ';';
        END;
    END LOOP;
END $$;

CREATE FUNCTION anydoor_ids(of_what text) RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('anydoor.' || of_what, true), '')::bigint[];
"""
BACK = "DROP FUNCTION anydoor_ids(text);"


class Migration(migrations.Migration):
    dependencies = [("access", "0009_first_link_by_console")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
