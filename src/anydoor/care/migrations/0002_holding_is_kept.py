"""At every commit: what is open has one open row in the holding ledger, by an open account, and it agrees.

Three deferred constraint triggers say so, whatever code or hand wrote the rows. They run at commit, so a
verb may end one holding and begin the next in any order inside its transaction.
"""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE care_reference_seq;

CREATE FUNCTION care_holding_must_agree(what text, thing bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    is_open boolean; row_user bigint; row_team bigint; row_family bigint; row_found boolean;
    held integer; held_user bigint; held_team bigint; held_family bigint; account_open boolean;
BEGIN
    IF what = 'referral' THEN
        SELECT ended_at IS NULL, holder_id, holder_team_id, family_id, true
            INTO is_open, row_user, row_team, row_family, row_found FROM care_referral WHERE id = thing;
        SELECT count(*), min(user_id), min(team_id), min(family_id) INTO held, held_user, held_team, held_family
            FROM care_holding WHERE referral_id = thing AND to_at IS NULL;
    ELSE
        SELECT ended_at IS NULL, holder_id, holder_team_id, family_id, true
            INTO is_open, row_user, row_team, row_family, row_found FROM care_episode WHERE id = thing;
        SELECT count(*), min(user_id), min(team_id), min(family_id) INTO held, held_user, held_team, held_family
            FROM care_holding WHERE episode_id = thing AND to_at IS NULL;
    END IF;
    IF row_found IS NULL THEN
        RETURN;
    END IF;
    IF NOT is_open THEN
        IF held <> 0 THEN
            RAISE EXCEPTION 'the closed % % is still held', what, thing USING ERRCODE = 'check_violation';
        END IF;
        RETURN;
    END IF;
    IF held <> 1 OR held_user <> row_user OR held_team <> row_team OR held_family <> row_family THEN
        RAISE EXCEPTION 'the open % % has no holder of its own', what, thing USING ERRCODE = 'check_violation';
    END IF;
    -- FOR SHARE waits for somebody closing this account at the same moment, and then sees it closed.
    SELECT is_active INTO account_open FROM access_user WHERE id = held_user FOR SHARE;
    IF NOT account_open THEN
        RAISE EXCEPTION 'the holder of % % has a closed account', what, thing USING ERRCODE = 'check_violation';
    END IF;
END $$;

CREATE FUNCTION care_referral_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM care_holding_must_agree('referral', NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION care_episode_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM care_holding_must_agree('episode', NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION care_ledger_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' AND NEW.referral_id IS NOT NULL THEN
        PERFORM care_holding_must_agree('referral', NEW.referral_id);
    ELSIF TG_OP <> 'DELETE' THEN
        PERFORM care_holding_must_agree('episode', NEW.episode_id);
    END IF;
    IF TG_OP <> 'INSERT' AND OLD.referral_id IS NOT NULL THEN
        PERFORM care_holding_must_agree('referral', OLD.referral_id);
    ELSIF TG_OP <> 'INSERT' THEN
        PERFORM care_holding_must_agree('episode', OLD.episode_id);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION care_closed_account_holds_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE families integer;
BEGIN
    IF (SELECT is_active FROM access_user WHERE id = NEW.id) THEN
        RETURN NULL;
    END IF;
    SELECT count(DISTINCT family_id) INTO families FROM care_holding WHERE user_id = NEW.id AND to_at IS NULL;
    IF families > 0 THEN
        RAISE EXCEPTION 'this account holds % families and cannot be closed', families
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION care_open_family_has_lead() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE open_rows integer; lead_holds boolean; has_lead boolean;
BEGIN
    SELECT count(*) INTO open_rows FROM care_holding WHERE family_id = NEW.family_id AND to_at IS NULL;
    SELECT lead_id IS NOT NULL, EXISTS (
            SELECT 1 FROM care_holding h
            WHERE h.family_id = c.family_id AND h.to_at IS NULL
              AND h.user_id = c.lead_id AND h.team_id = c.lead_team_id)
        INTO has_lead, lead_holds FROM care_familycare c WHERE c.family_id = NEW.family_id;
    IF open_rows > 0 AND NOT coalesce(lead_holds, false) THEN
        RAISE EXCEPTION 'family % is open and has no lead holder', NEW.family_id USING ERRCODE = 'check_violation';
    END IF;
    IF open_rows = 0 AND coalesce(has_lead, false) THEN
        RAISE EXCEPTION 'family % has a lead and nothing open', NEW.family_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER referral_is_held AFTER INSERT OR UPDATE OF holder_id, holder_team_id, ended_at, stage, family_id
    ON care_referral DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION care_referral_held();
CREATE CONSTRAINT TRIGGER episode_is_held AFTER INSERT OR UPDATE OF holder_id, holder_team_id, ended_at, stage, family_id
    ON care_episode DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION care_episode_held();
CREATE CONSTRAINT TRIGGER ledger_agrees AFTER INSERT OR UPDATE OR DELETE
    ON care_holding DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION care_ledger_agrees();
CREATE CONSTRAINT TRIGGER family_has_lead AFTER INSERT OR UPDATE
    ON care_holding DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION care_open_family_has_lead();
CREATE CONSTRAINT TRIGGER lead_is_held AFTER INSERT OR UPDATE OF lead_id, lead_team_id, is_open
    ON care_familycare DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION care_open_family_has_lead();
CREATE CONSTRAINT TRIGGER closed_account_holds_nothing AFTER UPDATE OF is_active
    ON access_user DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION care_closed_account_holds_nothing();
CREATE TRIGGER happenings_only_grow BEFORE UPDATE OR DELETE ON care_happening
    FOR EACH ROW EXECUTE FUNCTION anydoor_refuse_change();
"""
BACKWARD = """
DROP TRIGGER happenings_only_grow ON care_happening;
DROP TRIGGER closed_account_holds_nothing ON access_user;
DROP TRIGGER lead_is_held ON care_familycare;
DROP TRIGGER family_has_lead ON care_holding;
DROP TRIGGER ledger_agrees ON care_holding;
DROP TRIGGER episode_is_held ON care_episode;
DROP TRIGGER referral_is_held ON care_referral;
DROP FUNCTION care_open_family_has_lead();
DROP FUNCTION care_closed_account_holds_nothing();
DROP FUNCTION care_ledger_agrees();
DROP FUNCTION care_episode_held();
DROP FUNCTION care_referral_held();
DROP FUNCTION care_holding_must_agree(text, bigint);
DROP SEQUENCE care_reference_seq;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0001_initial"),
        ("access", "0002_kept_by_triggers"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
