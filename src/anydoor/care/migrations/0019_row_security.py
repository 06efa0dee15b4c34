"""Row security: a request sees the rows of families that somebody's teams, or they alone, have a sight of.

The second wall under the scopes of the rooms. It is coarser than they are: what of a family is shown, by
level, slice and purpose, is the policy's to say; here a family that is none of theirs does not exist, and of
one they are only asked about there is no story, measure, contact or letter. `care_sight` itself (numbers of
families and teams, no more) is what the policies read, so it has none; nor has `care_draft`, which hangs on
a secret of its own and may be gone on with by a colleague.
"""

from django.db import migrations

# Whose rows are seen as soon as a family is seen at all, by their column with the family.
SEEN = {
    "people_family": "id",
    "people_familymember": "family_id",
    "people_consent": "family_id",
    "people_sharedwithout": "family_id",
    "people_lawfulbasis": "family_id",
    "care_familycare": "family_id",
    "care_referral": "family_id",
    "care_episode": "family_id",
    "care_handover": "family_id",
    "care_holding": "family_id",
    "care_wait": "family_id",
    "care_scheduledchild": "family_id",
    "care_scheduledcontact": "family_id",
    "care_legalhold": "family_id",
    "care_seal": "family_id",
}
# Whose rows are not seen by who is only asked to take over.
READ = {
    "care_happening": "family_id",
    "care_story": "family_id",
    "care_contact": "family_id",
    "care_goal": "family_id",
    "care_measure": "family_id",
    "care_measurealert": "family_id",
    "care_measurelink": "family_id",
    "care_ownpagelink": "family_id",
    "care_partnerassessment": "family_id",
    "care_accessrequest": "family_id",
    "care_objection": "family_id",
    "care_erasure": "family_id",
    "care_breakglass": "family_id",
    # The histories of all of them.
    "people_familychange": "id",
    "people_familymemberchange": "family_id",
    "people_consentchange": "family_id",
    "people_sharedwithoutchange": "family_id",
    "people_lawfulbasischange": "family_id",
    "care_familycarechange": "family_id",
    "care_sealchange": "family_id",
    "care_breakglasschange": "family_id",
    "care_legalholdchange": "family_id",
    "care_accessrequestchange": "family_id",
    "care_objectionchange": "family_id",
    "care_erasurechange": "family_id",
}
# Whose rows are seen with the row they hang on, and its column here.
WITH = {
    "people_person": ("people_familymember", "person_id", "id"),
    "people_namekey": ("people_familymember", "person_id", "person_id"),
    "people_contactpoint": ("people_familymember", "person_id", "person_id"),
    "people_instruction": ("people_familymember", "person_id", "person_id"),
    "people_personchange": ("people_familymember", "person_id", "id"),
    "people_contactpointchange": ("people_familymember", "person_id", "person_id"),
    "people_instructionchange": ("people_familymember", "person_id", "person_id"),
    "care_accesschoicechange": ("care_accessrequest", "id", "request_id"),
    "care_sealnamechange": ("care_seal", "id", "seal_id"),
    "care_goalrating": ("care_goal", "id", "goal_id"),
    "care_decision": ("care_referral", "id", "referral_id"),
    "care_offer": ("care_referral", "id", "referral_id"),
    "care_possiblematch": ("care_referral", "id", "referral_id"),
    "care_grounds": ("care_decision", "id", "decision_id"),
    "care_accesschoice": ("care_accessrequest", "id", "request_id"),
    "care_sealname": ("care_seal", "id", "seal_id"),
}
ME = "user_id = NULLIF(current_setting('anydoor.user', true), '')::bigint"


def of_family(table: str, column: str, *, read: bool = False) -> str:
    family = f"{table}.{column}"
    level = " AND sight.level <> 'preview'" if read else ""
    mine = "families" if read else "seen"
    return f"""(
        EXISTS (SELECT FROM care_sight sight WHERE sight.family_id = {family}
            AND sight.team_id = ANY ((SELECT anydoor_ids('teams'))::bigint[]){level})
        OR {family} = ANY ((SELECT anydoor_ids('{mine}'))::bigint[])
    ) AND NOT {family} = ANY ((SELECT anydoor_ids('kept_from'))::bigint[])"""


def guarded(table: str, condition: str, *, anybody_adds: bool = False) -> str:
    check = "FOR SELECT" if anybody_adds else "FOR ALL"
    lines = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
        f"CREATE POLICY seen ON {table} {check} TO anydoor_pages USING ({condition});",
        f"CREATE POLICY work ON {table} FOR ALL TO anydoor_work USING (true) WITH CHECK (true);",
    ]
    if anybody_adds:
        lines.append(f"CREATE POLICY adds ON {table} FOR INSERT TO anydoor_pages WITH CHECK (true);")
    return "\n".join(lines)


def open_again(table: str) -> str:
    return f"""DROP POLICY seen ON {table}; DROP POLICY work ON {table};
        DROP POLICY IF EXISTS adds ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"""


CONDITIONS = {
    **{table: of_family(table, column) for table, column in SEEN.items()},
    **{table: of_family(table, column, read=True) for table, column in READ.items()},
    **{
        table: f"EXISTS (SELECT FROM {other} with_it WHERE with_it.{key} = {table}.{column})"
        for table, (other, key, column) in WITH.items()
    },
    "anydoor_messages_outboxmessage": "family_id IS NULL OR "
    + of_family("anydoor_messages_outboxmessage", "family_id"),
}
FORWARD = [
    *(guarded(table, condition) for table, condition in CONDITIONS.items()),
    # A look is recorded by whoever looks, also where they saw nothing.
    guarded(
        "access_auditentry",
        f"family_id IS NULL OR {ME} OR " + of_family("access_auditentry", "family_id", read=True),
        anybody_adds=True,
    ),
]
BACK = [open_again(table) for table in (*CONDITIONS, "access_auditentry")]


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0010_narrow_roles"),
        ("care", "0018_withheld_by_person"),
        ("anydoor_messages", "0002_messages_to_staff"),
        ("people", "0005_row_history"),
    ]
    operations = [migrations.RunSQL("\n".join(FORWARD), "\n".join(BACK))]
