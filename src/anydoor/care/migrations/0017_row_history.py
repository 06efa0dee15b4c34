"""Histories of who holds, who may open and of rights, by triggers; and how long a history is kept."""

import django.db.models.functions.comparison
from django.db import migrations, models
from pgtrigger.compiler import Trigger, UpsertTriggerSql
from pgtrigger.migrations import AddTrigger

import anydoor.care.models.rights

FORWARD = """
-- Histories only grow. What is of a family goes in the transaction of an erasure that two people decided,
-- and then alone: the second word of the trigger says how a row is a family's.
CREATE FUNCTION care_changes_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE whose bigint := to_jsonb(OLD) ->> TG_ARGV[0];
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM care_erasure e WHERE e.state = 'erasing' AND CASE TG_ARGV[1]
            WHEN 'family' THEN e.family_id = whose
            WHEN 'person' THEN EXISTS (
                SELECT 1 FROM people_familymember m WHERE m.family_id = e.family_id AND m.person_id = whose)
            WHEN 'seal' THEN EXISTS (SELECT 1 FROM care_seal s WHERE s.family_id = e.family_id AND s.id = whose)
            WHEN 'request' THEN EXISTS (
                SELECT 1 FROM care_accessrequest r WHERE r.family_id = e.family_id AND r.id = whose)
        END)
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
-- pgtrigger lets a setting of the session turn its triggers off, and asks for it in a block that costs more
-- than the row. Nobody turns a history off.
CREATE OR REPLACE FUNCTION "public"._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS 'SELECT false';
"""
BACKWARD = "DROP FUNCTION care_changes_only_grow()"
# By table: the column that says whose a row is, and what that column names.
ERASABLE = {
    "access_personalsightchange": ("family_id", "family"),
    "people_personchange": ("id", "person"),
    "people_contactpointchange": ("person_id", "person"),
    "people_instructionchange": ("person_id", "person"),
    "people_familychange": ("id", "family"),
    "people_familymemberchange": ("family_id", "family"),
    "people_consentchange": ("family_id", "family"),
    "people_sharedwithoutchange": ("family_id", "family"),
    "people_lawfulbasischange": ("family_id", "family"),
    "care_familycarechange": ("family_id", "family"),
    "care_sealchange": ("family_id", "family"),
    "care_sealnamechange": ("seal_id", "seal"),
    "care_breakglasschange": ("family_id", "family"),
    "care_legalholdchange": ("family_id", "family"),
    "care_accessrequestchange": ("family_id", "family"),
    "care_accesschoicechange": ("request_id", "request"),
    "care_objectionchange": ("family_id", "family"),
}
# Of no family, and what was decided about an erasure itself.
KEPT_FOR_GOOD = (
    "care_areasharingchange",
    "care_areacirclechange",
    "care_voucheddomainchange",
    "care_erasurechange",
)
ONLY_GROW = "".join(
    f"CREATE TRIGGER changes_only_grow BEFORE UPDATE OR DELETE ON {table}"
    f" FOR EACH ROW EXECUTE FUNCTION care_changes_only_grow('{column}', '{what}');"
    for table, (column, what) in ERASABLE.items()
) + "".join(
    f"CREATE TRIGGER changes_only_grow BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION anydoor_refuse_change();"
    for table in KEPT_FOR_GOOD
)
MAY_SHRINK = "".join(f"DROP TRIGGER changes_only_grow ON {table};" for table in (*ERASABLE, *KEPT_FOR_GOOD))

# Installed together: one operation each would have Django draw up every table anew, dozens of times.
TRIGGERS = (
    (
        "accesschoice",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                func='INSERT INTO "care_accesschoicechange" ("at", "by_id", "choice", "id", "key", "of", "passages", "pgh_created_at", "pgh_label", "reason", "request_id", "words") VALUES (OLD."at", OLD."by_id", OLD."choice", OLD."id", OLD."key", OLD."of", OLD."passages", NOW(), \'changed\', OLD."reason", OLD."request_id", OLD."words"); RETURN NULL;',
                hash="4d362c5df7ef67813ef5861f2e7441807cf689fb",
                operation="UPDATE",
                pgid="pgtrigger_changed_ceb2b",
                table="care_accesschoice",
                when="AFTER",
            ),
        ),
    ),
    (
        "accesschoice",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "care_accesschoicechange" ("at", "by_id", "choice", "id", "key", "of", "passages", "pgh_created_at", "pgh_label", "reason", "request_id", "words") VALUES (OLD."at", OLD."by_id", OLD."choice", OLD."id", OLD."key", OLD."of", OLD."passages", NOW(), \'removed\', OLD."reason", OLD."request_id", OLD."words"); RETURN NULL;',
                hash="26c1127928f616fd8e929105b9147a10a181980f",
                operation="DELETE",
                pgid="pgtrigger_removed_b418b",
                table="care_accesschoice",
                when="AFTER",
            ),
        ),
    ),
    (
        "accessrequest",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition='WHEN (OLD."asked_as" IS DISTINCT FROM (NEW."asked_as") OR OLD."asked_by" IS DISTINCT FROM (NEW."asked_by") OR OLD."asked_on" IS DISTINCT FROM (NEW."asked_on") OR OLD."authority" IS DISTINCT FROM (NEW."authority") OR OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."closed_by_id" IS DISTINCT FROM (NEW."closed_by_id") OR OLD."closed_words" IS DISTINCT FROM (NEW."closed_words") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."family_id" IS DISTINCT FROM (NEW."family_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."longer_why" IS DISTINCT FROM (NEW."longer_why") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."opened_by_id" IS DISTINCT FROM (NEW."opened_by_id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."proof" IS DISTINCT FROM (NEW."proof") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."words" IS DISTINCT FROM (NEW."words"))',
                func='INSERT INTO "care_accessrequestchange" ("asked_as", "asked_by", "asked_on", "authority", "closed_at", "closed_by_id", "closed_words", "digest", "due_on", "family_id", "id", "longer_why", "opened_at", "opened_by_id", "person_id", "pgh_created_at", "pgh_label", "proof", "state", "words") VALUES (OLD."asked_as", OLD."asked_by", OLD."asked_on", OLD."authority", OLD."closed_at", OLD."closed_by_id", OLD."closed_words", OLD."digest", OLD."due_on", OLD."family_id", OLD."id", OLD."longer_why", OLD."opened_at", OLD."opened_by_id", OLD."person_id", NOW(), \'changed\', OLD."proof", OLD."state", OLD."words"); RETURN NULL;',
                hash="3b096ed46a81f01064d62c77266bd60faf980a44",
                operation="UPDATE",
                pgid="pgtrigger_changed_f70b8",
                table="care_accessrequest",
                when="AFTER",
            ),
        ),
    ),
    (
        "accessrequest",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "care_accessrequestchange" ("asked_as", "asked_by", "asked_on", "authority", "closed_at", "closed_by_id", "closed_words", "digest", "due_on", "family_id", "id", "longer_why", "opened_at", "opened_by_id", "person_id", "pgh_created_at", "pgh_label", "proof", "state", "words") VALUES (OLD."asked_as", OLD."asked_by", OLD."asked_on", OLD."authority", OLD."closed_at", OLD."closed_by_id", OLD."closed_words", OLD."digest", OLD."due_on", OLD."family_id", OLD."id", OLD."longer_why", OLD."opened_at", OLD."opened_by_id", OLD."person_id", NOW(), \'removed\', OLD."proof", OLD."state", OLD."words"); RETURN NULL;',
                hash="5d4d8d2b284ca523472eed13db3c128631cb3669",
                operation="DELETE",
                pgid="pgtrigger_removed_522a8",
                table="care_accessrequest",
                when="AFTER",
            ),
        ),
    ),
    (
        "areasharing",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                func='INSERT INTO "care_areasharingchange" ("area_id", "opt_in", "past_days", "pgh_created_at", "pgh_label") VALUES (OLD."area_id", OLD."opt_in", OLD."past_days", NOW(), \'changed\'); RETURN NULL;',
                hash="98f88ac29f9764eb5f56d48031cc63a7c18ef281",
                operation="UPDATE",
                pgid="pgtrigger_changed_0fa1d",
                table="care_areasharing",
                when="AFTER",
            ),
        ),
    ),
    (
        "areasharing",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "care_areasharingchange" ("area_id", "opt_in", "past_days", "pgh_created_at", "pgh_label") VALUES (OLD."area_id", OLD."opt_in", OLD."past_days", NOW(), \'removed\'); RETURN NULL;',
                hash="5e6a1efcefa0a0669e3f2f52a2243669bd838c40",
                operation="DELETE",
                pgid="pgtrigger_removed_015b7",
                table="care_areasharing",
                when="AFTER",
            ),
        ),
    ),
    (
        "areasharing",
        Trigger(
            name="added",
            sql=UpsertTriggerSql(
                func='INSERT INTO "care_areasharingchange" ("area_id", "opt_in", "past_days", "pgh_created_at", "pgh_label") VALUES (NEW."area_id", NEW."opt_in", NEW."past_days", NOW(), \'added\'); RETURN NULL;',
                hash="392f6892973e05c547826e764ef955ab2961644e",
                operation="INSERT",
                pgid="pgtrigger_added_d29f0",
                table="care_areasharing",
                when="AFTER",
            ),
        ),
    ),
    (
        "breakglass",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                func='INSERT INTO "care_breakglasschange" ("at", "ended_at", "family_id", "id", "kind", "nudged_at", "outcome", "outcome_words", "pgh_created_at", "pgh_label", "reason", "review_due_at", "reviewed_at", "reviewed_by_id", "reviewer_id", "until", "user_id") VALUES (OLD."at", OLD."ended_at", OLD."family_id", OLD."id", OLD."kind", OLD."nudged_at", OLD."outcome", OLD."outcome_words", NOW(), \'changed\', OLD."reason", OLD."review_due_at", OLD."reviewed_at", OLD."reviewed_by_id", OLD."reviewer_id", OLD."until", OLD."user_id"); RETURN NULL;',
                hash="bfc6b870df85e214e6c50b8a971a4cb524965a68",
                operation="UPDATE",
                pgid="pgtrigger_changed_29214",
                table="care_breakglass",
                when="AFTER",
            ),
        ),
    ),
    (
        "breakglass",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "care_breakglasschange" ("at", "ended_at", "family_id", "id", "kind", "nudged_at", "outcome", "outcome_words", "pgh_created_at", "pgh_label", "reason", "review_due_at", "reviewed_at", "reviewed_by_id", "reviewer_id", "until", "user_id") VALUES (OLD."at", OLD."ended_at", OLD."family_id", OLD."id", OLD."kind", OLD."nudged_at", OLD."outcome", OLD."outcome_words", NOW(), \'removed\', OLD."reason", OLD."review_due_at", OLD."reviewed_at", OLD."reviewed_by_id", OLD."reviewer_id", OLD."until", OLD."user_id"); RETURN NULL;',
                hash="903faceac9ae2d4b6ef3168510f390330d09657a",
                operation="DELETE",
                pgid="pgtrigger_removed_c9df2",
                table="care_breakglass",
                when="AFTER",
            ),
        ),
    ),
    (
        "breakglass",
        Trigger(
            name="added",
            sql=UpsertTriggerSql(
                func='INSERT INTO "care_breakglasschange" ("at", "ended_at", "family_id", "id", "kind", "nudged_at", "outcome", "outcome_words", "pgh_created_at", "pgh_label", "reason", "review_due_at", "reviewed_at", "reviewed_by_id", "reviewer_id", "until", "user_id") VALUES (NEW."at", NEW."ended_at", NEW."family_id", NEW."id", NEW."kind", NEW."nudged_at", NEW."outcome", NEW."outcome_words", NOW(), \'added\', NEW."reason", NEW."review_due_at", NEW."reviewed_at", NEW."reviewed_by_id", NEW."reviewer_id", NEW."until", NEW."user_id"); RETURN NULL;',
                hash="1c791eafea1facefcda27e8ce330f59d7769d8e9",
                operation="INSERT",
                pgid="pgtrigger_added_0174e",
                table="care_breakglass",
                when="AFTER",
            ),
        ),
    ),
    (
        "erasure",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition='WHEN (OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."basis" IS DISTINCT FROM (NEW."basis") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."decided_words" IS DISTINCT FROM (NEW."decided_words") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."family_id" IS DISTINCT FROM (NEW."family_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."rule" IS DISTINCT FROM (NEW."rule") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."why" IS DISTINCT FROM (NEW."why"))',
                func='INSERT INTO "care_erasurechange" ("asked_at", "asked_by_id", "basis", "decided_at", "decided_by_id", "decided_words", "digest", "family_id", "id", "person_id", "pgh_created_at", "pgh_label", "rule", "state", "why") VALUES (OLD."asked_at", OLD."asked_by_id", OLD."basis", OLD."decided_at", OLD."decided_by_id", OLD."decided_words", OLD."digest", OLD."family_id", OLD."id", OLD."person_id", NOW(), \'changed\', OLD."rule", OLD."state", OLD."why"); RETURN NULL;',
                hash="e87fe60c3f1cb013ee2934823de43f3bb204cc88",
                operation="UPDATE",
                pgid="pgtrigger_changed_32165",
                table="care_erasure",
                when="AFTER",
            ),
        ),
    ),
    (
        "erasure",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "care_erasurechange" ("asked_at", "asked_by_id", "basis", "decided_at", "decided_by_id", "decided_words", "digest", "family_id", "id", "person_id", "pgh_created_at", "pgh_label", "rule", "state", "why") VALUES (OLD."asked_at", OLD."asked_by_id", OLD."basis", OLD."decided_at", OLD."decided_by_id", OLD."decided_words", OLD."digest", OLD."family_id", OLD."id", OLD."person_id", NOW(), \'removed\', OLD."rule", OLD."state", OLD."why"); RETURN NULL;',
                hash="7fe5a6d045818d6214f71031ec11c4c854aafe92",
                operation="DELETE",
                pgid="pgtrigger_removed_27968",
                table="care_erasure",
                when="AFTER",
            ),
        ),
    ),
    (
        "erasure",
        Trigger(
            name="added",
            sql=UpsertTriggerSql(
                func='INSERT INTO "care_erasurechange" ("asked_at", "asked_by_id", "basis", "decided_at", "decided_by_id", "decided_words", "digest", "family_id", "id", "person_id", "pgh_created_at", "pgh_label", "rule", "state", "why") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."basis", NEW."decided_at", NEW."decided_by_id", NEW."decided_words", NEW."digest", NEW."family_id", NEW."id", NEW."person_id", NOW(), \'added\', NEW."rule", NEW."state", NEW."why"); RETURN NULL;',
                hash="9b6daffb1920e5208d25e60ca11087940d95073a",
                operation="INSERT",
                pgid="pgtrigger_added_3217f",
                table="care_erasure",
                when="AFTER",
            ),
        ),
    ),
    (
        "familycare",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition='WHEN (OLD."area_id" IS DISTINCT FROM (NEW."area_id") OR OLD."family_id" IS DISTINCT FROM (NEW."family_id") OR OLD."is_open" IS DISTINCT FROM (NEW."is_open") OR OLD."lead_id" IS DISTINCT FROM (NEW."lead_id") OR OLD."lead_team_id" IS DISTINCT FROM (NEW."lead_team_id") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."sealed" IS DISTINCT FROM (NEW."sealed"))',
                func='INSERT INTO "care_familycarechange" ("area_id", "family_id", "is_open", "lead_id", "lead_team_id", "level", "pgh_created_at", "pgh_label", "sealed") VALUES (OLD."area_id", OLD."family_id", OLD."is_open", OLD."lead_id", OLD."lead_team_id", OLD."level", NOW(), \'changed\', OLD."sealed"); RETURN NULL;',
                hash="8b91361a0bda1541ed15e09ad87c63851db5feaa",
                operation="UPDATE",
                pgid="pgtrigger_changed_4f9d4",
                table="care_familycare",
                when="AFTER",
            ),
        ),
    ),
    (
        "familycare",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "care_familycarechange" ("area_id", "family_id", "is_open", "lead_id", "lead_team_id", "level", "pgh_created_at", "pgh_label", "sealed") VALUES (OLD."area_id", OLD."family_id", OLD."is_open", OLD."lead_id", OLD."lead_team_id", OLD."level", NOW(), \'removed\', OLD."sealed"); RETURN NULL;',
                hash="2ce7504025c9a2f8f4fbeaf8bb82700c9946af82",
                operation="DELETE",
                pgid="pgtrigger_removed_39509",
                table="care_familycare",
                when="AFTER",
            ),
        ),
    ),
    (
        "legalhold",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                func='INSERT INTO "care_legalholdchange" ("at", "by_id", "family_id", "id", "lifted_at", "lifted_by_id", "lifted_words", "pgh_created_at", "pgh_label", "reason", "until", "words") VALUES (OLD."at", OLD."by_id", OLD."family_id", OLD."id", OLD."lifted_at", OLD."lifted_by_id", OLD."lifted_words", NOW(), \'changed\', OLD."reason", OLD."until", OLD."words"); RETURN NULL;',
                hash="71e5f965509111b0eed8c616b0ae57698b739794",
                operation="UPDATE",
                pgid="pgtrigger_changed_43d0d",
                table="care_legalhold",
                when="AFTER",
            ),
        ),
    ),
    (
        "legalhold",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "care_legalholdchange" ("at", "by_id", "family_id", "id", "lifted_at", "lifted_by_id", "lifted_words", "pgh_created_at", "pgh_label", "reason", "until", "words") VALUES (OLD."at", OLD."by_id", OLD."family_id", OLD."id", OLD."lifted_at", OLD."lifted_by_id", OLD."lifted_words", NOW(), \'removed\', OLD."reason", OLD."until", OLD."words"); RETURN NULL;',
                hash="222f1c37d180b879065d555ec6a7f0c8c04c5ae9",
                operation="DELETE",
                pgid="pgtrigger_removed_2fde1",
                table="care_legalhold",
                when="AFTER",
            ),
        ),
    ),
    (
        "legalhold",
        Trigger(
            name="added",
            sql=UpsertTriggerSql(
                func='INSERT INTO "care_legalholdchange" ("at", "by_id", "family_id", "id", "lifted_at", "lifted_by_id", "lifted_words", "pgh_created_at", "pgh_label", "reason", "until", "words") VALUES (NEW."at", NEW."by_id", NEW."family_id", NEW."id", NEW."lifted_at", NEW."lifted_by_id", NEW."lifted_words", NOW(), \'added\', NEW."reason", NEW."until", NEW."words"); RETURN NULL;',
                hash="f9effbedcb69c71409158ebd44a3ee75cc05a18a",
                operation="INSERT",
                pgid="pgtrigger_added_7e22d",
                table="care_legalhold",
                when="AFTER",
            ),
        ),
    ),
    (
        "objection",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition='WHEN (OLD."about" IS DISTINCT FROM (NEW."about") OR OLD."answer" IS DISTINCT FROM (NEW."answer") OR OLD."answered_at" IS DISTINCT FROM (NEW."answered_at") OR OLD."answered_by_id" IS DISTINCT FROM (NEW."answered_by_id") OR OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."family_id" IS DISTINCT FROM (NEW."family_id") OR OLD."how" IS DISTINCT FROM (NEW."how") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."longer_why" IS DISTINCT FROM (NEW."longer_why") OR OLD."now_says" IS DISTINCT FROM (NEW."now_says") OR OLD."of" IS DISTINCT FROM (NEW."of") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."said" IS DISTINCT FROM (NEW."said") OR OLD."said_by" IS DISTINCT FROM (NEW."said_by") OR OLD."should_be" IS DISTINCT FROM (NEW."should_be") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."words" IS DISTINCT FROM (NEW."words"))',
                func='INSERT INTO "care_objectionchange" ("about", "answer", "answered_at", "answered_by_id", "at", "by_id", "due_on", "family_id", "how", "id", "kind", "longer_why", "now_says", "of", "person_id", "pgh_created_at", "pgh_label", "said", "said_by", "should_be", "state", "words") VALUES (OLD."about", OLD."answer", OLD."answered_at", OLD."answered_by_id", OLD."at", OLD."by_id", OLD."due_on", OLD."family_id", OLD."how", OLD."id", OLD."kind", OLD."longer_why", OLD."now_says", OLD."of", OLD."person_id", NOW(), \'changed\', OLD."said", OLD."said_by", OLD."should_be", OLD."state", OLD."words"); RETURN NULL;',
                hash="0af335f1cbb5b4324ab823ea561c81444c354761",
                operation="UPDATE",
                pgid="pgtrigger_changed_2b89d",
                table="care_objection",
                when="AFTER",
            ),
        ),
    ),
    (
        "objection",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "care_objectionchange" ("about", "answer", "answered_at", "answered_by_id", "at", "by_id", "due_on", "family_id", "how", "id", "kind", "longer_why", "now_says", "of", "person_id", "pgh_created_at", "pgh_label", "said", "said_by", "should_be", "state", "words") VALUES (OLD."about", OLD."answer", OLD."answered_at", OLD."answered_by_id", OLD."at", OLD."by_id", OLD."due_on", OLD."family_id", OLD."how", OLD."id", OLD."kind", OLD."longer_why", OLD."now_says", OLD."of", OLD."person_id", NOW(), \'removed\', OLD."said", OLD."said_by", OLD."should_be", OLD."state", OLD."words"); RETURN NULL;',
                hash="961730d3224c508991de67c28e211abbe60f10d3",
                operation="DELETE",
                pgid="pgtrigger_removed_c70ef",
                table="care_objection",
                when="AFTER",
            ),
        ),
    ),
    (
        "seal",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                func='INSERT INTO "care_sealchange" ("at", "by_id", "family_id", "id", "kind", "lifted_at", "lifted_by_id", "lifted_words", "pgh_created_at", "pgh_label", "words") VALUES (OLD."at", OLD."by_id", OLD."family_id", OLD."id", OLD."kind", OLD."lifted_at", OLD."lifted_by_id", OLD."lifted_words", NOW(), \'changed\', OLD."words"); RETURN NULL;',
                hash="44318c34bcf756d2a773404f8295bf9074efb882",
                operation="UPDATE",
                pgid="pgtrigger_changed_eb347",
                table="care_seal",
                when="AFTER",
            ),
        ),
    ),
    (
        "seal",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "care_sealchange" ("at", "by_id", "family_id", "id", "kind", "lifted_at", "lifted_by_id", "lifted_words", "pgh_created_at", "pgh_label", "words") VALUES (OLD."at", OLD."by_id", OLD."family_id", OLD."id", OLD."kind", OLD."lifted_at", OLD."lifted_by_id", OLD."lifted_words", NOW(), \'removed\', OLD."words"); RETURN NULL;',
                hash="50205f1a5185d9c576094ca159f940997194870f",
                operation="DELETE",
                pgid="pgtrigger_removed_53a71",
                table="care_seal",
                when="AFTER",
            ),
        ),
    ),
    (
        "seal",
        Trigger(
            name="added",
            sql=UpsertTriggerSql(
                func='INSERT INTO "care_sealchange" ("at", "by_id", "family_id", "id", "kind", "lifted_at", "lifted_by_id", "lifted_words", "pgh_created_at", "pgh_label", "words") VALUES (NEW."at", NEW."by_id", NEW."family_id", NEW."id", NEW."kind", NEW."lifted_at", NEW."lifted_by_id", NEW."lifted_words", NOW(), \'added\', NEW."words"); RETURN NULL;',
                hash="064f1e6222430893ce0704bd2eac522343d0f1f0",
                operation="INSERT",
                pgid="pgtrigger_added_2f6cd",
                table="care_seal",
                when="AFTER",
            ),
        ),
    ),
    (
        "sealname",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                func='INSERT INTO "care_sealnamechange" ("added_by_id", "at", "ended_at", "id", "pgh_created_at", "pgh_label", "seal_id", "user_id") VALUES (OLD."added_by_id", OLD."at", OLD."ended_at", OLD."id", NOW(), \'changed\', OLD."seal_id", OLD."user_id"); RETURN NULL;',
                hash="6453fa02f5b4128ea8b5a4666e12ac1521d62285",
                operation="UPDATE",
                pgid="pgtrigger_changed_9e08c",
                table="care_sealname",
                when="AFTER",
            ),
        ),
    ),
    (
        "sealname",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "care_sealnamechange" ("added_by_id", "at", "ended_at", "id", "pgh_created_at", "pgh_label", "seal_id", "user_id") VALUES (OLD."added_by_id", OLD."at", OLD."ended_at", OLD."id", NOW(), \'removed\', OLD."seal_id", OLD."user_id"); RETURN NULL;',
                hash="fdecae88b7ed933460c762365b5ac63d9bcf5e7e",
                operation="DELETE",
                pgid="pgtrigger_removed_11174",
                table="care_sealname",
                when="AFTER",
            ),
        ),
    ),
    (
        "sealname",
        Trigger(
            name="added",
            sql=UpsertTriggerSql(
                func='INSERT INTO "care_sealnamechange" ("added_by_id", "at", "ended_at", "id", "pgh_created_at", "pgh_label", "seal_id", "user_id") VALUES (NEW."added_by_id", NEW."at", NEW."ended_at", NEW."id", NOW(), \'added\', NEW."seal_id", NEW."user_id"); RETURN NULL;',
                hash="74afcf8a343b8645853ed9398d43a8432a1d9da3",
                operation="INSERT",
                pgid="pgtrigger_added_26668",
                table="care_sealname",
                when="AFTER",
            ),
        ),
    ),
    (
        "voucheddomain",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                func='INSERT INTO "care_voucheddomainchange" ("area_id", "at", "domain", "ended_at", "id", "pgh_created_at", "pgh_label", "vouched_by_id", "who_they_are") VALUES (OLD."area_id", OLD."at", OLD."domain", OLD."ended_at", OLD."id", NOW(), \'changed\', OLD."vouched_by_id", OLD."who_they_are"); RETURN NULL;',
                hash="54957e34a03b4e76de07a261b2ea4ede8720b7ee",
                operation="UPDATE",
                pgid="pgtrigger_changed_01013",
                table="care_voucheddomain",
                when="AFTER",
            ),
        ),
    ),
    (
        "voucheddomain",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "care_voucheddomainchange" ("area_id", "at", "domain", "ended_at", "id", "pgh_created_at", "pgh_label", "vouched_by_id", "who_they_are") VALUES (OLD."area_id", OLD."at", OLD."domain", OLD."ended_at", OLD."id", NOW(), \'removed\', OLD."vouched_by_id", OLD."who_they_are"); RETURN NULL;',
                hash="3d70184c1dc1836f39bca760fb6eab51ad1dcc63",
                operation="DELETE",
                pgid="pgtrigger_removed_4ca75",
                table="care_voucheddomain",
                when="AFTER",
            ),
        ),
    ),
    (
        "voucheddomain",
        Trigger(
            name="added",
            sql=UpsertTriggerSql(
                func='INSERT INTO "care_voucheddomainchange" ("area_id", "at", "domain", "ended_at", "id", "pgh_created_at", "pgh_label", "vouched_by_id", "who_they_are") VALUES (NEW."area_id", NEW."at", NEW."domain", NEW."ended_at", NEW."id", NOW(), \'added\', NEW."vouched_by_id", NEW."who_they_are"); RETURN NULL;',
                hash="d3c9abf1748a942386bf2f08947c4dd2bf2e1e0d",
                operation="INSERT",
                pgid="pgtrigger_added_e7fd3",
                table="care_voucheddomain",
                when="AFTER",
            ),
        ),
    ),
)
INSTALL = "".join(str(trigger.install_sql) for _, trigger in TRIGGERS)
UNINSTALL = "".join(str(trigger.uninstall_sql) for _, trigger in TRIGGERS)


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0016_what_is_not_right"),
        ("access", "0008_row_history"),
        ("people", "0005_row_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessChoiceChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_id",
                    models.BigIntegerField(
                        db_default=models.Func(models.Value("access_changes"), function="nextval"),
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(function="pg_current_xact_id"), models.TextField()
                            ),
                            models.BigIntegerField(),
                        )
                    ),
                ),
                ("id", models.BigIntegerField(db_column="id")),
                ("request", models.BigIntegerField(db_column="request_id", db_index=True)),
                ("by", models.BigIntegerField(db_column="by_id")),
                ("key", models.CharField(max_length=60)),
                ("of", models.CharField(max_length=64)),
                (
                    "choice",
                    models.CharField(choices=anydoor.care.models.rights.choices_of_line, max_length=4),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True, choices=anydoor.care.models.rights.reasons_out, default="", max_length=12
                    ),
                ),
                ("words", models.CharField(blank=True, default="", max_length=500)),
                ("passages", models.JSONField(blank=True, default=list)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AccessRequestChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_id",
                    models.BigIntegerField(
                        db_default=models.Func(models.Value("access_changes"), function="nextval"),
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(function="pg_current_xact_id"), models.TextField()
                            ),
                            models.BigIntegerField(),
                        )
                    ),
                ),
                ("id", models.BigIntegerField(db_column="id")),
                ("family", models.BigIntegerField(db_column="family_id", db_index=True)),
                ("person", models.BigIntegerField(db_column="person_id")),
                ("opened_by", models.BigIntegerField(db_column="opened_by_id")),
                ("closed_by", models.BigIntegerField(db_column="closed_by_id", null=True)),
                ("asked_by", models.CharField(max_length=200)),
                ("asked_as", models.CharField(choices=anydoor.care.models.rights.asked_as, max_length=10)),
                ("authority", models.CharField(blank=True, default="", max_length=500)),
                ("proof", models.CharField(max_length=300)),
                ("words", models.CharField(blank=True, default="", max_length=1000)),
                ("asked_on", models.DateField()),
                ("due_on", models.DateField()),
                ("longer_why", models.CharField(blank=True, default="", max_length=500)),
                ("opened_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=anydoor.care.models.rights.states_of_access, default="open", max_length=8
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_words", models.CharField(blank=True, default="", max_length=500)),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AreaCircleChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_id",
                    models.BigIntegerField(
                        db_default=models.Func(models.Value("access_changes"), function="nextval"),
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(function="pg_current_xact_id"), models.TextField()
                            ),
                            models.BigIntegerField(),
                        )
                    ),
                ),
                ("id", models.BigIntegerField(db_column="id")),
                ("areasharing", models.BigIntegerField(db_column="areasharing_id", db_index=True)),
                ("organisation", models.BigIntegerField(db_column="organisation_id")),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AreaSharingChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_id",
                    models.BigIntegerField(
                        db_default=models.Func(models.Value("access_changes"), function="nextval"),
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(function="pg_current_xact_id"), models.TextField()
                            ),
                            models.BigIntegerField(),
                        )
                    ),
                ),
                ("area", models.BigIntegerField(db_column="area_id", db_index=True)),
                ("opt_in", models.BooleanField(default=False)),
                ("past_days", models.PositiveSmallIntegerField(default=365)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="BreakGlassChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_id",
                    models.BigIntegerField(
                        db_default=models.Func(models.Value("access_changes"), function="nextval"),
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(function="pg_current_xact_id"), models.TextField()
                            ),
                            models.BigIntegerField(),
                        )
                    ),
                ),
                ("id", models.BigIntegerField(db_column="id")),
                ("family", models.BigIntegerField(db_column="family_id", db_index=True)),
                ("user", models.BigIntegerField(db_column="user_id")),
                ("reviewer", models.BigIntegerField(db_column="reviewer_id", null=True)),
                ("reviewed_by", models.BigIntegerField(db_column="reviewed_by_id", null=True)),
                ("kind", models.CharField(max_length=12)),
                ("reason", models.CharField(max_length=1000)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("review_due_at", models.DateTimeField()),
                ("nudged_at", models.DateTimeField(blank=True, null=True)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, default="", max_length=10)),
                ("outcome_words", models.CharField(blank=True, default="", max_length=1000)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ErasureChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_id",
                    models.BigIntegerField(
                        db_default=models.Func(models.Value("access_changes"), function="nextval"),
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(function="pg_current_xact_id"), models.TextField()
                            ),
                            models.BigIntegerField(),
                        )
                    ),
                ),
                ("id", models.BigIntegerField(db_column="id")),
                ("family", models.BigIntegerField(db_column="family_id", db_index=True)),
                ("person", models.BigIntegerField(db_column="person_id", null=True)),
                ("asked_by", models.BigIntegerField(db_column="asked_by_id")),
                ("decided_by", models.BigIntegerField(db_column="decided_by_id", null=True)),
                ("basis", models.CharField(choices=anydoor.care.models.rights.bases, max_length=8)),
                ("why", models.CharField(max_length=500)),
                ("rule", models.CharField(blank=True, default="", max_length=20)),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=anydoor.care.models.rights.states_of_erasure, default="asked", max_length=12
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_words", models.CharField(blank=True, default="", max_length=500)),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="FamilyCareChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_id",
                    models.BigIntegerField(
                        db_default=models.Func(models.Value("access_changes"), function="nextval"),
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(function="pg_current_xact_id"), models.TextField()
                            ),
                            models.BigIntegerField(),
                        )
                    ),
                ),
                ("family", models.BigIntegerField(db_column="family_id", db_index=True)),
                ("area", models.BigIntegerField(db_column="area_id")),
                ("lead", models.BigIntegerField(db_column="lead_id", null=True)),
                ("lead_team", models.BigIntegerField(db_column="lead_team_id", null=True)),
                ("is_open", models.BooleanField(default=False)),
                ("level", models.CharField(blank=True, default="", max_length=12)),
                ("sealed", models.BooleanField(db_default=False, default=False)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LegalHoldChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_id",
                    models.BigIntegerField(
                        db_default=models.Func(models.Value("access_changes"), function="nextval"),
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(function="pg_current_xact_id"), models.TextField()
                            ),
                            models.BigIntegerField(),
                        )
                    ),
                ),
                ("id", models.BigIntegerField(db_column="id")),
                ("family", models.BigIntegerField(db_column="family_id", db_index=True)),
                ("by", models.BigIntegerField(db_column="by_id")),
                ("lifted_by", models.BigIntegerField(db_column="lifted_by_id", null=True)),
                ("reason", models.CharField(choices=anydoor.care.models.rights.hold_reasons, max_length=10)),
                ("words", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                ("until", models.DateField(blank=True, null=True)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_words", models.CharField(blank=True, default="", max_length=500)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ObjectionChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_id",
                    models.BigIntegerField(
                        db_default=models.Func(models.Value("access_changes"), function="nextval"),
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(function="pg_current_xact_id"), models.TextField()
                            ),
                            models.BigIntegerField(),
                        )
                    ),
                ),
                ("id", models.BigIntegerField(db_column="id")),
                ("family", models.BigIntegerField(db_column="family_id", db_index=True)),
                ("person", models.BigIntegerField(db_column="person_id")),
                ("by", models.BigIntegerField(db_column="by_id", null=True)),
                ("answered_by", models.BigIntegerField(db_column="answered_by_id", null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=anydoor.care.models.rights.objections, default="wrong", max_length=6
                    ),
                ),
                ("of", models.CharField(blank=True, default="", max_length=60)),
                ("said", models.TextField(blank=True, default="")),
                ("about", models.CharField(max_length=300)),
                ("words", models.CharField(max_length=1000)),
                ("should_be", models.CharField(blank=True, default="", max_length=1000)),
                ("said_by", models.CharField(max_length=200)),
                ("how", models.CharField(choices=anydoor.care.models.rights.ways_of_saying, max_length=12)),
                ("at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("longer_why", models.CharField(blank=True, default="", max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=anydoor.care.models.rights.states_of_objection, default="open", max_length=10
                    ),
                ),
                ("answer", models.CharField(blank=True, default="", max_length=1000)),
                ("now_says", models.CharField(blank=True, default="", max_length=1000)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SealChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_id",
                    models.BigIntegerField(
                        db_default=models.Func(models.Value("access_changes"), function="nextval"),
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(function="pg_current_xact_id"), models.TextField()
                            ),
                            models.BigIntegerField(),
                        )
                    ),
                ),
                ("id", models.BigIntegerField(db_column="id")),
                ("family", models.BigIntegerField(db_column="family_id", db_index=True)),
                ("by", models.BigIntegerField(db_column="by_id")),
                ("lifted_by", models.BigIntegerField(db_column="lifted_by_id", null=True)),
                ("kind", models.CharField(max_length=10)),
                ("words", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_words", models.CharField(blank=True, default="", max_length=300)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SealNameChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_id",
                    models.BigIntegerField(
                        db_default=models.Func(models.Value("access_changes"), function="nextval"),
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(function="pg_current_xact_id"), models.TextField()
                            ),
                            models.BigIntegerField(),
                        )
                    ),
                ),
                ("id", models.BigIntegerField(db_column="id")),
                ("seal", models.BigIntegerField(db_column="seal_id", db_index=True)),
                ("user", models.BigIntegerField(db_column="user_id")),
                ("added_by", models.BigIntegerField(db_column="added_by_id")),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="VouchedDomainChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_id",
                    models.BigIntegerField(
                        db_default=models.Func(models.Value("access_changes"), function="nextval"),
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(function="pg_current_xact_id"), models.TextField()
                            ),
                            models.BigIntegerField(),
                        )
                    ),
                ),
                ("id", models.BigIntegerField(db_column="id")),
                ("area", models.BigIntegerField(db_column="area_id", db_index=True)),
                ("vouched_by", models.BigIntegerField(db_column="vouched_by_id")),
                ("domain", models.CharField(max_length=253)),
                ("who_they_are", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[AddTrigger(model, trigger) for model, trigger in TRIGGERS],
            database_operations=[migrations.RunSQL(INSTALL, UNINSTALL)],
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(ONLY_GROW, MAY_SHRINK),
    ]
