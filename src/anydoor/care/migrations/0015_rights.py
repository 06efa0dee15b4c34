"""Rights over a record, and the one path by which a family's words leave its happenings."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import anydoor.care.models.rights

FORWARD = """
-- A family's words leave its happenings by one path only: emptied, all else as it was, while an erasure that
-- two people decided runs in this very transaction.
CREATE FUNCTION care_happenings_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.headline = 'Erased' AND NEW.words = '' AND NEW.by_words = ''
        AND NEW.facts = '{}'::jsonb
        AND (NEW.id, NEW.family_id, NEW.referral_id, NEW.handover_id, NEW.episode_id, NEW.contact_id, NEW.kind,
             NEW.from_stage, NEW.to_stage, NEW.moved_holding, NEW.by_id, NEW.at)
            IS NOT DISTINCT FROM
            (OLD.id, OLD.family_id, OLD.referral_id, OLD.handover_id, OLD.episode_id, OLD.contact_id, OLD.kind,
             OLD.from_stage, OLD.to_stage, OLD.moved_holding, OLD.by_id, OLD.at)
        AND EXISTS (SELECT 1 FROM care_erasure e WHERE e.family_id = OLD.family_id AND e.state = 'erasing')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER happenings_only_grow ON care_happening;
CREATE TRIGGER happenings_only_grow BEFORE UPDATE OR DELETE ON care_happening
    FOR EACH ROW EXECUTE FUNCTION care_happenings_only_grow();

CREATE FUNCTION care_erasure_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM care_erasure e WHERE e.id = NEW.id AND e.state = 'erasing') THEN
        RAISE EXCEPTION 'an erasure is done in the transaction that begins it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER erasure_ends AFTER INSERT OR UPDATE OF state ON care_erasure
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION care_erasure_ends();
-- What was erased stays erased, and its certificate as it was written.
CREATE FUNCTION care_erased_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a certificate of erasure is kept as it is' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER erased_for_good BEFORE UPDATE OR DELETE ON care_erasure
    FOR EACH ROW WHEN (OLD.state = 'done') EXECUTE FUNCTION care_erased_for_good();
"""
BACKWARD = """
DROP TRIGGER erased_for_good ON care_erasure;
DROP FUNCTION care_erased_for_good();
DROP TRIGGER erasure_ends ON care_erasure;
DROP FUNCTION care_erasure_ends();
DROP TRIGGER happenings_only_grow ON care_happening;
CREATE TRIGGER happenings_only_grow BEFORE UPDATE OR DELETE ON care_happening
    FOR EACH ROW EXECUTE FUNCTION anydoor_refuse_change();
DROP FUNCTION care_happenings_only_grow();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0014_referrers_by_code"),
        ("people", "0004_consent"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                ("sent", models.JSONField(blank=True, default=list)),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_requests",
                        to="people.family",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_requests",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="AccessChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="choices",
                        to="care.accessrequest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                ("counts", models.JSONField(blank=True, default=dict)),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasures",
                        to="people.family",
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(choices=anydoor.care.models.rights.hold_reasons, max_length=10)),
                ("words", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                ("until", models.DateField(blank=True, null=True)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_words", models.CharField(blank=True, default="", max_length=500)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="legal_holds",
                        to="people.family",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("about", models.CharField(max_length=300)),
                ("words", models.CharField(max_length=1000)),
                ("why_kept", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="people.family",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="accessrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "sent", "closed"])),
                name="access_request_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("asked_as", "self"),
                    ("asked_as", "parent"),
                    models.Q(("authority", ""), _negated=True),
                    _connector="OR",
                ),
                name="access_for_another_has_authority",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("state", "open")),
                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("state", "sent"),
                        models.Q(("digest", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="access_sent_has_its_digest",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gt", models.F("asked_on"))), name="access_due_after_asked"
            ),
        ),
        migrations.AddConstraint(
            model_name="accessrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("person",), name="one_open_access_request"
            ),
        ),
        migrations.AddConstraint(
            model_name="accesschoice",
            constraint=models.UniqueConstraint(fields=("request", "key"), name="one_choice_an_entry"),
        ),
        migrations.AddConstraint(
            model_name="accesschoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("choice__in", ["in", "part", "out"])), name="access_choice_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="accesschoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("choice", "in"),
                    models.Q(
                        (
                            "reason__in",
                            [
                                "third_party",
                                "confidential",
                                "serious_harm",
                                "privilege",
                                "crime",
                                "social_work",
                            ],
                        ),
                        models.Q(("words", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="left_out_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "erasing", "done", "turned_down"])),
                name="erasure_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis__in", ["over", "asked", "mistake", "court"])),
                name="erasure_basis_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.CheckConstraint(
                condition=models.Q(("why", ""), _negated=True), name="erasure_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["erasing", "done"]), _negated=True),
                    models.Q(
                        ("decided_by__isnull", False),
                        models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="erased_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), _negated=True),
                    models.Q(models.Q(("digest", ""), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="erased_has_a_certificate",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "turned_down"), _negated=True),
                fields=("family",),
                name="one_erasure_a_family",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reason__in", ["claim", "inquiry", "complaint", "police", "review", "other"])
                ),
                name="hold_reason_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(("words", ""), _negated=True), name="hold_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True)),
                fields=("family",),
                name="one_legal_hold_a_family",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("words", ""), _negated=True),
                    models.Q(("why_kept", ""), _negated=True),
                    models.Q(("about", ""), _negated=True),
                ),
                name="objection_in_words",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
