"""What somebody says is not right: asked and answered by a clock. And one person's part of a record erased."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import anydoor.care.models.rights

# Until now only what was not changed was written down, with the reason.
ANSWERED = """
UPDATE care_objection o SET
    state = 'kept', said_by = coalesce(nullif(left(p.name, 200), ''), 'The person themself'),
    due_on = (o.at + interval '1 month')::date, answered_at = o.at, answered_by_id = o.by_id
FROM people_person p WHERE p.id = o.person_id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_audit_sealed"),
        ("care", "0015_rights"),
        ("directory", "0006_words_to_find_by"),
        ("people", "0004_consent"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="erasure",
            name="one_erasure_a_family",
        ),
        migrations.RemoveConstraint(
            model_name="objection",
            name="objection_in_words",
        ),
        migrations.RemoveConstraint(
            model_name="wait",
            name="wait_kind_known",
        ),
        migrations.RenameField(model_name="objection", old_name="why_kept", new_name="answer"),
        migrations.AddField(
            model_name="accessrequest",
            name="wait",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="access_request",
                to="care.wait",
            ),
        ),
        migrations.AddField(
            model_name="erasure",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="erasures",
                to="people.person",
            ),
        ),
        migrations.AlterField(
            model_name="objection",
            name="answer",
            field=models.CharField(blank=True, default="", max_length=1000),
        ),
        migrations.AddField(
            model_name="objection",
            name="answered_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="objection",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="due_on",
            field=models.DateField(default="2000-01-01"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="objection",
            name="how",
            field=models.CharField(
                choices=anydoor.care.models.rights.ways_of_saying, default="phone", max_length=12
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="objection",
            name="kind",
            field=models.CharField(
                choices=anydoor.care.models.rights.objections, default="wrong", max_length=6
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="longer_why",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
        migrations.AddField(
            model_name="objection",
            name="now_says",
            field=models.CharField(blank=True, default="", max_length=1000),
        ),
        migrations.AddField(
            model_name="objection",
            name="of",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.AddField(
            model_name="objection",
            name="said",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="objection",
            name="said_by",
            field=models.CharField(default="-", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="objection",
            name="should_be",
            field=models.CharField(blank=True, default="", max_length=1000),
        ),
        migrations.AddField(
            model_name="objection",
            name="state",
            field=models.CharField(
                choices=anydoor.care.models.rights.states_of_objection, default="open", max_length=10
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="wait",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="objection",
                to="care.wait",
            ),
        ),
        migrations.AlterField(
            model_name="objection",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(ANSWERED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("state", "turned_down"), _negated=True), ("person__isnull", True)
                ),
                fields=("family",),
                name="one_erasure_a_family",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("state", "turned_down"), _negated=True), ("person__isnull", False)
                ),
                fields=("family", "person"),
                name="one_erasure_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("words", ""), _negated=True),
                    models.Q(("about", ""), _negated=True),
                    models.Q(("said_by", ""), _negated=True),
                ),
                name="objection_in_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["wrong", "share", "use"])), name="objection_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "corrected", "stopped", "kept", "taken_back"])),
                name="objection_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("state", "open")),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    models.Q(("answered_at__isnull", False), ("state", "taken_back")),
                    _connector="OR",
                ),
                name="objection_answered_in_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open"), models.Q(("of", ""), _negated=True)),
                fields=("person", "of", "kind"),
                name="one_open_objection_a_fact",
            ),
        ),
        migrations.AddConstraint(
            model_name="wait",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "danger",
                            "danger_answer",
                            "read",
                            "decide",
                            "match",
                            "answer",
                            "introduce",
                            "first_contact",
                            "second_look",
                            "meeting",
                            "not_reached",
                            "say_what_happened",
                            "moved_to_you",
                            "after_event",
                            "message_not_delivered",
                            "objection",
                            "own_record",
                        ],
                    )
                ),
                name="wait_kind_known",
            ),
        ),
    ]
