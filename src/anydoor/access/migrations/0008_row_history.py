"""Histories of who may see, by triggers; and audit rows that know the transaction they were written in."""

import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.db.models.functions.comparison
from django.db import migrations, models
from pgtrigger.compiler import Trigger, UpsertTriggerSql
from pgtrigger.migrations import AddTrigger

import anydoor.access.models
import anydoor.access.roles

AUDIT_FORWARD = """
-- Without a default at first: what was written before stays empty, and no row is written anew.
ALTER TABLE access_auditentry ADD COLUMN transaction bigint, ADD COLUMN written_at timestamptz;
ALTER TABLE access_auditentry ALTER COLUMN transaction SET DEFAULT pg_current_xact_id()::text::bigint,
    ALTER COLUMN written_at SET DEFAULT CURRENT_TIMESTAMP;
"""
AUDIT_BACKWARD = "ALTER TABLE access_auditentry DROP COLUMN transaction, DROP COLUMN written_at"
# Those of no family are for good; of the others `care` says when they go.
KEPT_FOR_GOOD = ("organisation", "team", "user", "membership", "apitoken", "declaration")
ONLY_GROW = "".join(
    f"CREATE TRIGGER changes_only_grow BEFORE UPDATE OR DELETE ON access_{name}change"
    " FOR EACH ROW EXECUTE FUNCTION anydoor_refuse_change();"
    for name in KEPT_FOR_GOOD
)
MAY_SHRINK = "".join(f"DROP TRIGGER changes_only_grow ON access_{name}change;" for name in KEPT_FOR_GOOD)

# Installed together: one operation each would have Django draw up every table anew, dozens of times.
TRIGGERS = (
    (
        "apitoken",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."team_id" IS DISTINCT FROM (NEW."team_id") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id"))',
                func='INSERT INTO "access_apitokenchange" ("created_at", "ended_at", "id", "name", "pgh_created_at", "pgh_label", "team_id", "user_id") VALUES (OLD."created_at", OLD."ended_at", OLD."id", OLD."name", NOW(), \'changed\', OLD."team_id", OLD."user_id"); RETURN NULL;',
                hash="fc4a8d223717fbfcf8a9be92e5c94cd6740d9c32",
                operation="UPDATE",
                pgid="pgtrigger_changed_a3f97",
                table="access_apitoken",
                when="AFTER",
            ),
        ),
    ),
    (
        "apitoken",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "access_apitokenchange" ("created_at", "ended_at", "id", "name", "pgh_created_at", "pgh_label", "team_id", "user_id") VALUES (OLD."created_at", OLD."ended_at", OLD."id", OLD."name", NOW(), \'removed\', OLD."team_id", OLD."user_id"); RETURN NULL;',
                hash="bae9a7bc60b92c062459e913b8f67d2353827ad9",
                operation="DELETE",
                pgid="pgtrigger_removed_7cd30",
                table="access_apitoken",
                when="AFTER",
            ),
        ),
    ),
    (
        "apitoken",
        Trigger(
            name="added",
            sql=UpsertTriggerSql(
                func='INSERT INTO "access_apitokenchange" ("created_at", "ended_at", "id", "name", "pgh_created_at", "pgh_label", "team_id", "user_id") VALUES (NEW."created_at", NEW."ended_at", NEW."id", NEW."name", NOW(), \'added\', NEW."team_id", NEW."user_id"); RETURN NULL;',
                hash="67d7bc9909ec96aa2045ee7bb0648005432f64e4",
                operation="INSERT",
                pgid="pgtrigger_added_54cb4",
                table="access_apitoken",
                when="AFTER",
            ),
        ),
    ),
    (
        "declaration",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition='WHEN (OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."words" IS DISTINCT FROM (NEW."words"))',
                func='INSERT INTO "access_declarationchange" ("at", "ended_at", "id", "kind", "pgh_created_at", "pgh_label", "user_id", "words") VALUES (OLD."at", OLD."ended_at", OLD."id", OLD."kind", NOW(), \'changed\', OLD."user_id", OLD."words"); RETURN NULL;',
                hash="b95f373a29b502ddce0009b8ec7996cf6b04223e",
                operation="UPDATE",
                pgid="pgtrigger_changed_1783f",
                table="access_declaration",
                when="AFTER",
            ),
        ),
    ),
    (
        "declaration",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "access_declarationchange" ("at", "ended_at", "id", "kind", "pgh_created_at", "pgh_label", "user_id", "words") VALUES (OLD."at", OLD."ended_at", OLD."id", OLD."kind", NOW(), \'removed\', OLD."user_id", OLD."words"); RETURN NULL;',
                hash="c3838270fb8133ef903df64272406d31fa2186fe",
                operation="DELETE",
                pgid="pgtrigger_removed_c8b37",
                table="access_declaration",
                when="AFTER",
            ),
        ),
    ),
    (
        "membership",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                func='INSERT INTO "access_membershipchange" ("ended_by_id", "ended_on", "given_by_id", "id", "pgh_created_at", "pgh_label", "role", "started_on", "team_id", "user_id") VALUES (OLD."ended_by_id", OLD."ended_on", OLD."given_by_id", OLD."id", NOW(), \'changed\', OLD."role", OLD."started_on", OLD."team_id", OLD."user_id"); RETURN NULL;',
                hash="06b18a0c771716830eae056b081b12a10f3bada4",
                operation="UPDATE",
                pgid="pgtrigger_changed_4a9e1",
                table="access_membership",
                when="AFTER",
            ),
        ),
    ),
    (
        "membership",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "access_membershipchange" ("ended_by_id", "ended_on", "given_by_id", "id", "pgh_created_at", "pgh_label", "role", "started_on", "team_id", "user_id") VALUES (OLD."ended_by_id", OLD."ended_on", OLD."given_by_id", OLD."id", NOW(), \'removed\', OLD."role", OLD."started_on", OLD."team_id", OLD."user_id"); RETURN NULL;',
                hash="d2a72c716100548a72b7320b2798d839a6e0c513",
                operation="DELETE",
                pgid="pgtrigger_removed_df9d9",
                table="access_membership",
                when="AFTER",
            ),
        ),
    ),
    (
        "membership",
        Trigger(
            name="added",
            sql=UpsertTriggerSql(
                func='INSERT INTO "access_membershipchange" ("ended_by_id", "ended_on", "given_by_id", "id", "pgh_created_at", "pgh_label", "role", "started_on", "team_id", "user_id") VALUES (NEW."ended_by_id", NEW."ended_on", NEW."given_by_id", NEW."id", NOW(), \'added\', NEW."role", NEW."started_on", NEW."team_id", NEW."user_id"); RETURN NULL;',
                hash="5b00fa5c501877190fa2f376f3d5c992192c53ec",
                operation="INSERT",
                pgid="pgtrigger_added_cc116",
                table="access_membership",
                when="AFTER",
            ),
        ),
    ),
    (
        "organisation",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."ods_code" IS DISTINCT FROM (NEW."ods_code") OR OLD."slug" IS DISTINCT FROM (NEW."slug"))',
                func='INSERT INTO "access_organisationchange" ("id", "kind", "name", "ods_code", "pgh_created_at", "pgh_label", "slug") VALUES (OLD."id", OLD."kind", OLD."name", OLD."ods_code", NOW(), \'changed\', OLD."slug"); RETURN NULL;',
                hash="f3fc4bc987da8b4a3153459a344d840029aa4857",
                operation="UPDATE",
                pgid="pgtrigger_changed_53131",
                table="access_organisation",
                when="AFTER",
            ),
        ),
    ),
    (
        "organisation",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "access_organisationchange" ("id", "kind", "name", "ods_code", "pgh_created_at", "pgh_label", "slug") VALUES (OLD."id", OLD."kind", OLD."name", OLD."ods_code", NOW(), \'removed\', OLD."slug"); RETURN NULL;',
                hash="fea950d61e3b81eb557fb1099eceb01e77e401d5",
                operation="DELETE",
                pgid="pgtrigger_removed_01d20",
                table="access_organisation",
                when="AFTER",
            ),
        ),
    ),
    (
        "personalsight",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                func='INSERT INTO "access_personalsightchange" ("family_id", "id", "level", "pgh_created_at", "pgh_label", "until", "user_id", "why") VALUES (OLD."family_id", OLD."id", OLD."level", NOW(), \'changed\', OLD."until", OLD."user_id", OLD."why"); RETURN NULL;',
                hash="e131396d33dd285cdff85e918921606436c14905",
                operation="UPDATE",
                pgid="pgtrigger_changed_78b31",
                table="access_personalsight",
                when="AFTER",
            ),
        ),
    ),
    (
        "personalsight",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "access_personalsightchange" ("family_id", "id", "level", "pgh_created_at", "pgh_label", "until", "user_id", "why") VALUES (OLD."family_id", OLD."id", OLD."level", NOW(), \'removed\', OLD."until", OLD."user_id", OLD."why"); RETURN NULL;',
                hash="e0e634318d740536f1fafccb98ee319c16b27fd2",
                operation="DELETE",
                pgid="pgtrigger_removed_6cf8a",
                table="access_personalsight",
                when="AFTER",
            ),
        ),
    ),
    (
        "personalsight",
        Trigger(
            name="added",
            sql=UpsertTriggerSql(
                func='INSERT INTO "access_personalsightchange" ("family_id", "id", "level", "pgh_created_at", "pgh_label", "until", "user_id", "why") VALUES (NEW."family_id", NEW."id", NEW."level", NOW(), \'added\', NEW."until", NEW."user_id", NEW."why"); RETURN NULL;',
                hash="f3192af833101fb449cf6a8460322ed2e4af8a72",
                operation="INSERT",
                pgid="pgtrigger_added_c8b6a",
                table="access_personalsight",
                when="AFTER",
            ),
        ),
    ),
    (
        "team",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                func='INSERT INTO "access_teamchange" ("closes", "email", "fallback_id", "id", "kind", "lead_id", "name", "opens", "organisation_id", "pgh_created_at", "pgh_label", "phone", "slug", "text_number") VALUES (OLD."closes", OLD."email", OLD."fallback_id", OLD."id", OLD."kind", OLD."lead_id", OLD."name", OLD."opens", OLD."organisation_id", NOW(), \'changed\', OLD."phone", OLD."slug", OLD."text_number"); RETURN NULL;',
                hash="c17d5ab06ce8da94d05f8c46aea777a14e4c9eee",
                operation="UPDATE",
                pgid="pgtrigger_changed_45c47",
                table="access_team",
                when="AFTER",
            ),
        ),
    ),
    (
        "team",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "access_teamchange" ("closes", "email", "fallback_id", "id", "kind", "lead_id", "name", "opens", "organisation_id", "pgh_created_at", "pgh_label", "phone", "slug", "text_number") VALUES (OLD."closes", OLD."email", OLD."fallback_id", OLD."id", OLD."kind", OLD."lead_id", OLD."name", OLD."opens", OLD."organisation_id", NOW(), \'removed\', OLD."phone", OLD."slug", OLD."text_number"); RETURN NULL;',
                hash="5fee1dab3a6bc850047a3bae1d7c8b0df8e1127a",
                operation="DELETE",
                pgid="pgtrigger_removed_a9749",
                table="access_team",
                when="AFTER",
            ),
        ),
    ),
    (
        "user",
        Trigger(
            name="changed",
            sql=UpsertTriggerSql(
                condition='WHEN (OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."job_title" IS DISTINCT FROM (NEW."job_title") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."text_number" IS DISTINCT FROM (NEW."text_number"))',
                func='INSERT INTO "access_userchange" ("closed_at", "email", "id", "is_active", "job_title", "name", "pgh_created_at", "pgh_label", "phone", "text_number") VALUES (OLD."closed_at", OLD."email", OLD."id", OLD."is_active", OLD."job_title", OLD."name", NOW(), \'changed\', OLD."phone", OLD."text_number"); RETURN NULL;',
                hash="e045a124818f47f79423f5d97548385c1be8aefc",
                operation="UPDATE",
                pgid="pgtrigger_changed_69cea",
                table="access_user",
                when="AFTER",
            ),
        ),
    ),
    (
        "user",
        Trigger(
            name="removed",
            sql=UpsertTriggerSql(
                func='INSERT INTO "access_userchange" ("closed_at", "email", "id", "is_active", "job_title", "name", "pgh_created_at", "pgh_label", "phone", "text_number") VALUES (OLD."closed_at", OLD."email", OLD."id", OLD."is_active", OLD."job_title", OLD."name", NOW(), \'removed\', OLD."phone", OLD."text_number"); RETURN NULL;',
                hash="1864dfa3855cb36b547434fcca7ba8ef5155b38d",
                operation="DELETE",
                pgid="pgtrigger_removed_89376",
                table="access_user",
                when="AFTER",
            ),
        ),
    ),
    (
        "user",
        Trigger(
            name="added",
            sql=UpsertTriggerSql(
                func='INSERT INTO "access_userchange" ("closed_at", "email", "id", "is_active", "job_title", "name", "pgh_created_at", "pgh_label", "phone", "text_number") VALUES (NEW."closed_at", NEW."email", NEW."id", NEW."is_active", NEW."job_title", NEW."name", NOW(), \'added\', NEW."phone", NEW."text_number"); RETURN NULL;',
                hash="300d3aeb3437a082a8283bd3553af27d4cd3d51c",
                operation="INSERT",
                pgid="pgtrigger_added_acc48",
                table="access_user",
                when="AFTER",
            ),
        ),
    ),
)
INSTALL = "".join(str(trigger.install_sql) for _, trigger in TRIGGERS)
UNINSTALL = "".join(str(trigger.uninstall_sql) for _, trigger in TRIGGERS)


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_roles_one_at_a_time"),
    ]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE access_changes", "DROP SEQUENCE access_changes"),
        migrations.CreateModel(
            name="ApiTokenChange",
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
                ("user", models.BigIntegerField(db_column="user_id", db_index=True)),
                ("team", models.BigIntegerField(db_column="team_id")),
                ("name", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="DeclarationChange",
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
                ("user", models.BigIntegerField(db_column="user_id", db_index=True)),
                ("kind", models.CharField(max_length=10)),
                ("words", models.CharField(blank=True, default="", max_length=120)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="MembershipChange",
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
                ("user", models.BigIntegerField(db_column="user_id", db_index=True)),
                ("team", models.BigIntegerField(db_column="team_id")),
                ("given_by", models.BigIntegerField(db_column="given_by_id", null=True)),
                ("ended_by", models.BigIntegerField(db_column="ended_by_id", null=True)),
                ("role", models.CharField(choices=anydoor.access.roles.role_choices, max_length=20)),
                ("started_on", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="OrganisationChange",
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
                ("slug", models.SlugField(db_index=False, max_length=80)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(choices=anydoor.access.models.organisation_kinds, max_length=20)),
                ("ods_code", models.CharField(blank=True, default="", max_length=12)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PersonalSightChange",
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
                ("user", models.BigIntegerField(db_column="user_id")),
                ("family_id", models.BigIntegerField(db_column="family_id", db_index=True)),
                ("level", models.CharField(max_length=8)),
                ("why", models.CharField(max_length=12)),
                ("until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="TeamChange",
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
                ("organisation", models.BigIntegerField(db_column="organisation_id")),
                ("lead", models.BigIntegerField(db_column="lead_id", null=True)),
                ("fallback", models.BigIntegerField(db_column="fallback_id", null=True)),
                ("slug", models.SlugField(db_index=False, max_length=80)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(choices=anydoor.access.models.team_kinds, max_length=20)),
                ("phone", models.CharField(blank=True, default="", max_length=40)),
                ("text_number", models.CharField(blank=True, default="", max_length=40)),
                ("email", models.EmailField(blank=True, default="", max_length=254)),
                ("opens", models.TimeField(default="09:00")),
                ("closes", models.TimeField(default="17:00")),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="UserChange",
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
                ("email", models.EmailField(max_length=254)),
                ("name", models.CharField(max_length=120)),
                ("job_title", models.CharField(blank=True, default="", max_length=120)),
                ("phone", models.CharField(blank=True, default="", max_length=40)),
                ("text_number", models.CharField(blank=True, default="", max_length=40)),
                ("is_active", models.BooleanField(default=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField(
                    model_name="auditentry",
                    name="transaction",
                    field=models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(function="pg_current_xact_id"), models.TextField()
                            ),
                            models.BigIntegerField(),
                        ),
                        editable=False,
                        null=True,
                    ),
                ),
                migrations.AddField(
                    model_name="auditentry",
                    name="written_at",
                    field=models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow(),
                        editable=False,
                        null=True,
                    ),
                ),
            ],
            database_operations=[migrations.RunSQL(AUDIT_FORWARD, AUDIT_BACKWARD)],
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["written_at"], name="audit_by_writing", pages_per_range=16
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[AddTrigger(model, trigger) for model, trigger in TRIGGERS],
            database_operations=[migrations.RunSQL(INSTALL, UNINSTALL)],
        ),
        migrations.RunSQL(ONLY_GROW, MAY_SHRINK),
    ]
