"""Histories of people and of what they said of sharing, by triggers."""

import django.contrib.postgres.fields
import django.db.models.functions.comparison
from django.db import migrations, models
from pgtrigger.compiler import Trigger, UpsertTriggerSql
from pgtrigger.migrations import AddTrigger

import anydoor.people.models

# Installed together: one operation each would have Django draw up every table anew, dozens of times.
TRIGGERS = (
    (
        "consent",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                func='INSERT INTO "people_consentchange" ("at", "breadth", "ended_at", "ended_by", "ended_words", "family_id", "given_as", "given_by", "how", "id", "judged_by_id", "judged_words", "organisation_id", "person_id", "pgh_created_at", "pgh_label", "purpose", "recorded_at", "recorded_by_id", "service_id", "slices", "state", "to_words", "until", "words") VALUES (OLD."at", OLD."breadth", OLD."ended_at", OLD."ended_by", OLD."ended_words", OLD."family_id", OLD."given_as", OLD."given_by", OLD."how", OLD."id", OLD."judged_by_id", OLD."judged_words", OLD."organisation_id", OLD."person_id", NOW(), \'changed\', OLD."purpose", OLD."recorded_at", OLD."recorded_by_id", OLD."service_id", OLD."slices", OLD."state", OLD."to_words", OLD."until", OLD."words"); RETURN NULL;',
                hash="e48f832e9ac1f51507f7df46b4c2d8cfe38d7088",
                operation="UPDATE",
                pgid="pgtrigger_changed_418fa",
                table="people_consent",
                when="AFTER",
            ),
        ),
    ),
    (
        "consent",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "people_consentchange" ("at", "breadth", "ended_at", "ended_by", "ended_words", "family_id", "given_as", "given_by", "how", "id", "judged_by_id", "judged_words", "organisation_id", "person_id", "pgh_created_at", "pgh_label", "purpose", "recorded_at", "recorded_by_id", "service_id", "slices", "state", "to_words", "until", "words") VALUES (OLD."at", OLD."breadth", OLD."ended_at", OLD."ended_by", OLD."ended_words", OLD."family_id", OLD."given_as", OLD."given_by", OLD."how", OLD."id", OLD."judged_by_id", OLD."judged_words", OLD."organisation_id", OLD."person_id", NOW(), \'removed\', OLD."purpose", OLD."recorded_at", OLD."recorded_by_id", OLD."service_id", OLD."slices", OLD."state", OLD."to_words", OLD."until", OLD."words"); RETURN NULL;',
                hash="858b55cc344c2bb8037e2e59b376ef729b91cd00",
                operation="DELETE",
                pgid="pgtrigger_removed_5c6f7",
                table="people_consent",
                when="AFTER",
            ),
        ),
    ),
    (
        "contactpoint",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                func='INSERT INTO "people_contactpointchange" ("added_at", "ended_at", "hours", "id", "kind", "person_id", "pgh_created_at", "pgh_label", "proved_at", "safe", "typed", "uses", "value") VALUES (OLD."added_at", OLD."ended_at", OLD."hours", OLD."id", OLD."kind", OLD."person_id", NOW(), \'changed\', OLD."proved_at", OLD."safe", OLD."typed", OLD."uses", OLD."value"); RETURN NULL;',
                hash="c4a45a0acf2c18efb680f8a58f9341ce6c4ac5fe",
                operation="UPDATE",
                pgid="pgtrigger_changed_afa48",
                table="people_contactpoint",
                when="AFTER",
            ),
        ),
    ),
    (
        "contactpoint",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "people_contactpointchange" ("added_at", "ended_at", "hours", "id", "kind", "person_id", "pgh_created_at", "pgh_label", "proved_at", "safe", "typed", "uses", "value") VALUES (OLD."added_at", OLD."ended_at", OLD."hours", OLD."id", OLD."kind", OLD."person_id", NOW(), \'removed\', OLD."proved_at", OLD."safe", OLD."typed", OLD."uses", OLD."value"); RETURN NULL;',
                hash="a12f7d8b52a7b26b6c1d47d258aa989c1e29bbf6",
                operation="DELETE",
                pgid="pgtrigger_removed_6a99c",
                table="people_contactpoint",
                when="AFTER",
            ),
        ),
    ),
    (
        "family",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition='WHEN (OLD."assisted_conception" IS DISTINCT FROM (NEW."assisted_conception") OR OLD."chosen_lead_id" IS DISTINCT FROM (NEW."chosen_lead_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."trying_to_conceive" IS DISTINCT FROM (NEW."trying_to_conceive"))',
                func='INSERT INTO "people_familychange" ("assisted_conception", "chosen_lead_id", "id", "pgh_created_at", "pgh_label", "trying_to_conceive") VALUES (OLD."assisted_conception", OLD."chosen_lead_id", OLD."id", NOW(), \'changed\', OLD."trying_to_conceive"); RETURN NULL;',
                hash="b8c425cbcda918a69ff3a287f9ccfe8af9962cb6",
                operation="UPDATE",
                pgid="pgtrigger_changed_58079",
                table="people_family",
                when="AFTER",
            ),
        ),
    ),
    (
        "family",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "people_familychange" ("assisted_conception", "chosen_lead_id", "id", "pgh_created_at", "pgh_label", "trying_to_conceive") VALUES (OLD."assisted_conception", OLD."chosen_lead_id", OLD."id", NOW(), \'removed\', OLD."trying_to_conceive"); RETURN NULL;',
                hash="b8e49ec4294598c85a6b67a9308a39ca3ac95568",
                operation="DELETE",
                pgid="pgtrigger_removed_712e7",
                table="people_family",
                when="AFTER",
            ),
        ),
    ),
    (
        "familymember",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                func='INSERT INTO "people_familymemberchange" ("apart", "family_id", "id", "joined_at", "left_at", "person_id", "pgh_created_at", "pgh_label", "role") VALUES (OLD."apart", OLD."family_id", OLD."id", OLD."joined_at", OLD."left_at", OLD."person_id", NOW(), \'changed\', OLD."role"); RETURN NULL;',
                hash="9f42758e804706f165334c763f3548f0d15d6687",
                operation="UPDATE",
                pgid="pgtrigger_changed_a63be",
                table="people_familymember",
                when="AFTER",
            ),
        ),
    ),
    (
        "familymember",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "people_familymemberchange" ("apart", "family_id", "id", "joined_at", "left_at", "person_id", "pgh_created_at", "pgh_label", "role") VALUES (OLD."apart", OLD."family_id", OLD."id", OLD."joined_at", OLD."left_at", OLD."person_id", NOW(), \'removed\', OLD."role"); RETURN NULL;',
                hash="ccbab3d997d50f44036a119349b870a9c6e83cf1",
                operation="DELETE",
                pgid="pgtrigger_removed_a1218",
                table="people_familymember",
                when="AFTER",
            ),
        ),
    ),
    (
        "instruction",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                func='INSERT INTO "people_instructionchange" ("at", "ended_at", "id", "kind", "person_id", "pgh_created_at", "pgh_label", "recorded_by_id", "said_by", "words") VALUES (OLD."at", OLD."ended_at", OLD."id", OLD."kind", OLD."person_id", NOW(), \'changed\', OLD."recorded_by_id", OLD."said_by", OLD."words"); RETURN NULL;',
                hash="de6da42d84a0b2612b6fe1a1bfeff98076410f6a",
                operation="UPDATE",
                pgid="pgtrigger_changed_0586b",
                table="people_instruction",
                when="AFTER",
            ),
        ),
    ),
    (
        "instruction",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "people_instructionchange" ("at", "ended_at", "id", "kind", "person_id", "pgh_created_at", "pgh_label", "recorded_by_id", "said_by", "words") VALUES (OLD."at", OLD."ended_at", OLD."id", OLD."kind", OLD."person_id", NOW(), \'removed\', OLD."recorded_by_id", OLD."said_by", OLD."words"); RETURN NULL;',
                hash="d040a3e7776dd6536b6ccde5a07e58cbba53da9f",
                operation="DELETE",
                pgid="pgtrigger_removed_89485",
                table="people_instruction",
                when="AFTER",
            ),
        ),
    ),
    (
        "lawfulbasis",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                func='INSERT INTO "people_lawfulbasischange" ("article_6", "article_9", "at", "ended_at", "family_id", "id", "organisation_id", "pgh_created_at", "pgh_label", "recorded_by_id", "words") VALUES (OLD."article_6", OLD."article_9", OLD."at", OLD."ended_at", OLD."family_id", OLD."id", OLD."organisation_id", NOW(), \'changed\', OLD."recorded_by_id", OLD."words"); RETURN NULL;',
                hash="884003403a8c362bcfb048b8247941bc658f4aca",
                operation="UPDATE",
                pgid="pgtrigger_changed_91e3b",
                table="people_lawfulbasis",
                when="AFTER",
            ),
        ),
    ),
    (
        "lawfulbasis",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "people_lawfulbasischange" ("article_6", "article_9", "at", "ended_at", "family_id", "id", "organisation_id", "pgh_created_at", "pgh_label", "recorded_by_id", "words") VALUES (OLD."article_6", OLD."article_9", OLD."at", OLD."ended_at", OLD."family_id", OLD."id", OLD."organisation_id", NOW(), \'removed\', OLD."recorded_by_id", OLD."words"); RETURN NULL;',
                hash="eec221fde827f002d0b3e906db17bd2ff8c3f730",
                operation="DELETE",
                pgid="pgtrigger_removed_c8e97",
                table="people_lawfulbasis",
                when="AFTER",
            ),
        ),
    ),
    (
        "person",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition='WHEN (OLD."address" IS DISTINCT FROM (NEW."address") OR OLD."address_kind" IS DISTINCT FROM (NEW."address_kind") OR OLD."born_on" IS DISTINCT FROM (NEW."born_on") OR OLD."care_leaver" IS DISTINCT FROM (NEW."care_leaver") OR OLD."district_code" IS DISTINCT FROM (NEW."district_code") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."gp_practice" IS DISTINCT FROM (NEW."gp_practice") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."interpreter" IS DISTINCT FROM (NEW."interpreter") OR OLD."known_as" IS DISTINCT FROM (NEW."known_as") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."loss_kind" IS DISTINCT FROM (NEW."loss_kind") OR OLD."lost_on" IS DISTINCT FROM (NEW."lost_on") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."nhs_number" IS DISTINCT FROM (NEW."nhs_number") OR OLD."postcode" IS DISTINCT FROM (NEW."postcode"))',
                func='INSERT INTO "people_personchange" ("address", "address_kind", "born_on", "care_leaver", "district_code", "due_on", "gp_practice", "id", "interpreter", "known_as", "language", "loss_kind", "lost_on", "name", "nhs_number", "pgh_created_at", "pgh_label", "postcode") VALUES (OLD."address", OLD."address_kind", OLD."born_on", OLD."care_leaver", OLD."district_code", OLD."due_on", OLD."gp_practice", OLD."id", OLD."interpreter", OLD."known_as", OLD."language", OLD."loss_kind", OLD."lost_on", OLD."name", OLD."nhs_number", NOW(), \'changed\', OLD."postcode"); RETURN NULL;',
                hash="0d4fc53e5860ceccfcf4935f7d370095c75f9034",
                operation="UPDATE",
                pgid="pgtrigger_changed_15a48",
                table="people_person",
                when="AFTER",
            ),
        ),
    ),
    (
        "person",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "people_personchange" ("address", "address_kind", "born_on", "care_leaver", "district_code", "due_on", "gp_practice", "id", "interpreter", "known_as", "language", "loss_kind", "lost_on", "name", "nhs_number", "pgh_created_at", "pgh_label", "postcode") VALUES (OLD."address", OLD."address_kind", OLD."born_on", OLD."care_leaver", OLD."district_code", OLD."due_on", OLD."gp_practice", OLD."id", OLD."interpreter", OLD."known_as", OLD."language", OLD."loss_kind", OLD."lost_on", OLD."name", OLD."nhs_number", NOW(), \'removed\', OLD."postcode"); RETURN NULL;',
                hash="cd760c71c5408f4e42f1b3aca33cb7cb0a3c2a88",
                operation="DELETE",
                pgid="pgtrigger_removed_ab4f3",
                table="people_person",
                when="AFTER",
            ),
        ),
    ),
    (
        "sharedwithout",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                func='INSERT INTO "people_sharedwithoutchange" ("at", "authority", "breadth", "decided_with", "ended_at", "family_id", "family_told", "id", "organisation_id", "person_id", "pgh_created_at", "pgh_label", "reason", "recorded_by_id", "service_id", "to_words", "until") VALUES (OLD."at", OLD."authority", OLD."breadth", OLD."decided_with", OLD."ended_at", OLD."family_id", OLD."family_told", OLD."id", OLD."organisation_id", OLD."person_id", NOW(), \'changed\', OLD."reason", OLD."recorded_by_id", OLD."service_id", OLD."to_words", OLD."until"); RETURN NULL;',
                hash="abd9ae74095404f05214bbc29f015c59312c9201",
                operation="UPDATE",
                pgid="pgtrigger_changed_8ce4c",
                table="people_sharedwithout",
                when="AFTER",
            ),
        ),
    ),
    (
        "sharedwithout",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "people_sharedwithoutchange" ("at", "authority", "breadth", "decided_with", "ended_at", "family_id", "family_told", "id", "organisation_id", "person_id", "pgh_created_at", "pgh_label", "reason", "recorded_by_id", "service_id", "to_words", "until") VALUES (OLD."at", OLD."authority", OLD."breadth", OLD."decided_with", OLD."ended_at", OLD."family_id", OLD."family_told", OLD."id", OLD."organisation_id", OLD."person_id", NOW(), \'removed\', OLD."reason", OLD."recorded_by_id", OLD."service_id", OLD."to_words", OLD."until"); RETURN NULL;',
                hash="8fbcbc86ec8685ee89f50e6c329c0ebc7d63df9c",
                operation="DELETE",
                pgid="pgtrigger_removed_a1fcd",
                table="people_sharedwithout",
                when="AFTER",
            ),
        ),
    ),
    (
        "sharedwithout",
        Trigger(
            name="added",
            sql=UpsertTriggerSql(
                func='INSERT INTO "people_sharedwithoutchange" ("at", "authority", "breadth", "decided_with", "ended_at", "family_id", "family_told", "id", "organisation_id", "person_id", "pgh_created_at", "pgh_label", "reason", "recorded_by_id", "service_id", "to_words", "until") VALUES (NEW."at", NEW."authority", NEW."breadth", NEW."decided_with", NEW."ended_at", NEW."family_id", NEW."family_told", NEW."id", NEW."organisation_id", NEW."person_id", NOW(), \'added\', NEW."reason", NEW."recorded_by_id", NEW."service_id", NEW."to_words", NEW."until"); RETURN NULL;',
                hash="4999e752d6816c88dcf1e44e300dc7cbd9f54d26",
                operation="INSERT",
                pgid="pgtrigger_added_62edd",
                table="people_sharedwithout",
                when="AFTER",
            ),
        ),
    ),
)
INSTALL = "".join(str(trigger.install_sql) for _, trigger in TRIGGERS)
UNINSTALL = "".join(str(trigger.uninstall_sql) for _, trigger in TRIGGERS)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_consent"),
        ("access", "0008_row_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsentChange",
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
                ("person", models.BigIntegerField(db_column="person_id")),
                ("family", models.BigIntegerField(db_column="family_id", db_index=True)),
                ("organisation", models.BigIntegerField(db_column="organisation_id", null=True)),
                ("judged_by", models.BigIntegerField(db_column="judged_by_id", null=True)),
                ("recorded_by", models.BigIntegerField(db_column="recorded_by_id", null=True)),
                ("purpose", models.CharField(default="help", max_length=10)),
                ("breadth", models.CharField(max_length=12)),
                ("service_id", models.BigIntegerField(null=True)),
                ("to_words", models.CharField(max_length=200)),
                (
                    "slices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), size=None
                    ),
                ),
                ("state", models.CharField(default="given", max_length=10)),
                ("given_by", models.CharField(max_length=200)),
                ("given_as", models.CharField(default="self", max_length=10)),
                ("how", models.CharField(max_length=12)),
                ("words", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                ("until", models.DateField(blank=True, null=True)),
                ("judged_words", models.CharField(blank=True, default="", max_length=500)),
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.CharField(blank=True, default="", max_length=200)),
                ("ended_words", models.CharField(blank=True, default="", max_length=500)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ContactPointChange",
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
                ("person", models.BigIntegerField(db_column="person_id", db_index=True)),
                ("kind", models.CharField(choices=anydoor.people.models.contact_kinds, max_length=10)),
                ("typed", models.CharField(max_length=254)),
                ("value", models.CharField(max_length=254)),
                (
                    "safe",
                    models.CharField(
                        choices=anydoor.people.models.safe_choices, default="not_asked", max_length=10
                    ),
                ),
                (
                    "uses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), blank=True, default=list, size=None
                    ),
                ),
                ("hours", models.CharField(blank=True, default="", max_length=200)),
                ("proved_at", models.DateTimeField(blank=True, null=True)),
                ("added_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="FamilyChange",
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
                ("id", models.BigIntegerField(db_column="id", db_index=True)),
                ("chosen_lead", models.BigIntegerField(db_column="chosen_lead_id", null=True)),
                ("trying_to_conceive", models.BooleanField(default=False)),
                ("assisted_conception", models.BooleanField(default=False)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="FamilyMemberChange",
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
                ("role", models.CharField(choices=anydoor.people.models.family_roles, max_length=10)),
                ("apart", models.BooleanField(default=False)),
                ("joined_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="InstructionChange",
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
                ("person", models.BigIntegerField(db_column="person_id", db_index=True)),
                ("recorded_by", models.BigIntegerField(db_column="recorded_by_id", null=True)),
                ("kind", models.CharField(max_length=10)),
                ("words", models.CharField(max_length=300)),
                ("said_by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LawfulBasisChange",
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
                ("organisation", models.BigIntegerField(db_column="organisation_id")),
                ("recorded_by", models.BigIntegerField(db_column="recorded_by_id", null=True)),
                ("article_6", models.CharField(max_length=20)),
                ("article_9", models.CharField(max_length=20)),
                ("words", models.CharField(blank=True, default="", max_length=300)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PersonChange",
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
                ("id", models.BigIntegerField(db_column="id", db_index=True)),
                ("name", models.CharField(blank=True, default="", max_length=200)),
                ("known_as", models.CharField(blank=True, default="", max_length=100)),
                ("nhs_number", models.CharField(blank=True, max_length=10, null=True)),
                ("born_on", models.DateField(blank=True, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("lost_on", models.DateField(blank=True, null=True)),
                (
                    "loss_kind",
                    models.CharField(
                        blank=True, choices=anydoor.people.models.loss_kinds, default="", max_length=20
                    ),
                ),
                ("language", models.CharField(blank=True, default="", max_length=60)),
                (
                    "interpreter",
                    models.CharField(
                        choices=anydoor.people.models.yes_no_asked, default="not_asked", max_length=10
                    ),
                ),
                (
                    "care_leaver",
                    models.CharField(
                        choices=anydoor.people.models.yes_no_asked, default="not_asked", max_length=10
                    ),
                ),
                ("gp_practice", models.CharField(blank=True, default="", max_length=200)),
                (
                    "address_kind",
                    models.CharField(
                        choices=anydoor.people.models.address_kinds, default="not_asked", max_length=20
                    ),
                ),
                ("address", models.CharField(blank=True, default="", max_length=500)),
                ("postcode", models.CharField(blank=True, default="", max_length=8)),
                ("district_code", models.CharField(blank=True, default="", max_length=9)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SharedWithoutChange",
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
                ("person", models.BigIntegerField(db_column="person_id")),
                ("family", models.BigIntegerField(db_column="family_id", db_index=True)),
                ("organisation", models.BigIntegerField(db_column="organisation_id", null=True)),
                ("recorded_by", models.BigIntegerField(db_column="recorded_by_id", null=True)),
                ("breadth", models.CharField(max_length=12)),
                ("service_id", models.BigIntegerField(null=True)),
                ("to_words", models.CharField(max_length=200)),
                ("authority", models.CharField(max_length=14)),
                ("reason", models.CharField(max_length=500)),
                ("decided_with", models.CharField(blank=True, default="", max_length=200)),
                ("family_told", models.CharField(blank=True, default="", max_length=200)),
                ("at", models.DateTimeField()),
                ("until", models.DateField(blank=True, null=True)),
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
    ]
