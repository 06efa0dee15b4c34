"""The routine contacts of each pregnancy and baby, and the partner's own assessment."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import anydoor.care.models.partner
import anydoor.care.models.schedule


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0010_agreements_become_consents"),
        ("access", "0002_kept_by_triggers"),
        ("directory", "0002_what_else_must_hold"),
        ("people", "0003_statistics_of_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PartnerAssessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(choices=anydoor.care.models.partner.partner_states, max_length=10),
                ),
                (
                    "how",
                    models.CharField(
                        blank=True, choices=anydoor.care.models.partner.how_offered, default="", max_length=12
                    ),
                ),
                ("offered_on", models.DateField(blank=True, null=True)),
                ("agreed_words", models.CharField(blank=True, default="", max_length=500)),
                ("agreed_at", models.DateTimeField(blank=True, null=True)),
                ("taken_on", models.DateField(blank=True, null=True)),
                ("declined_on", models.DateField(blank=True, null=True)),
                ("words", models.CharField(blank=True, default="", max_length=500)),
                ("signpost_words", models.CharField(blank=True, default="", max_length=500)),
                ("recorded_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.area"
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partner_assessments",
                        to="care.episode",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partner_assessments",
                        to="people.family",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partner_assessments",
                        to="people.person",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.team",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["family"], name="partner_by_family")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("episode", "partner"), name="partner_once_in_an_episode", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["offered", "agreed", "taken", "declined", "no_partner", "not_safe"],
                            )
                        ),
                        name="partner_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["no_partner", "not_safe"]),
                            ("partner__isnull", False),
                            _connector="OR",
                        ),
                        name="partner_is_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["agreed", "taken"]), _negated=True),
                            models.Q(
                                ("agreed_at__isnull", False), models.Q(("agreed_words", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="partner_agreed_in_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "taken"), _negated=True),
                            ("taken_on__isnull", False),
                            _connector="OR",
                        ),
                        name="partner_taken_has_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScheduledChild",
            fields=[
                (
                    "child",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="scheduled",
                        serialize=False,
                        to="people.person",
                    ),
                ),
                ("known_from", models.DateField()),
                ("left_on", models.DateField(blank=True, null=True)),
                ("told_lost_on", models.DateField(blank=True, null=True)),
                (
                    "first_baby",
                    models.CharField(
                        choices=anydoor.care.models.schedule.first_baby, default="not_asked", max_length=10
                    ),
                ),
                ("stays", models.JSONField(blank=True, default=list)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.area"
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scheduled_children",
                        to="people.family",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["family"], name="scheduled_child_by_family")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first_baby__in", ["yes", "no", "not_asked"])),
                        name="first_baby_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ScheduledContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=12)),
                ("provider", models.CharField(choices=anydoor.care.models.schedule.providers, max_length=16)),
                ("opens_on", models.DateField()),
                ("closes_on", models.DateField()),
                ("counts_from", models.DateField()),
                ("lapses_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=anydoor.care.models.schedule.scheduled_states, default="open", max_length=10
                    ),
                ),
                ("counted", models.BooleanField(default=True)),
                ("by_hand", models.BooleanField(default=False)),
                ("why", models.CharField(blank=True, default="", max_length=20)),
                ("why_words", models.CharField(blank=True, default="", max_length=500)),
                ("since", models.DateField(blank=True, null=True)),
                ("done_on", models.DateField(blank=True, null=True)),
                ("done_by_words", models.CharField(blank=True, default="", max_length=200)),
                ("done_words", models.CharField(blank=True, default="", max_length=2000)),
                (
                    "wellbeing_asked",
                    models.CharField(
                        choices=anydoor.care.models.schedule.wellbeing, default="not_asked", max_length=10
                    ),
                ),
                ("asked", models.JSONField(blank=True, default=dict)),
                (
                    "action",
                    models.CharField(
                        blank=True, choices=anydoor.care.models.schedule.actions, default="", max_length=12
                    ),
                ),
                ("action_words", models.CharField(blank=True, default="", max_length=500)),
                ("recorded_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.area"
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scheduled_contacts",
                        to="people.person",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scheduled",
                        to="care.contact",
                    ),
                ),
                (
                    "done_by",
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
                        related_name="scheduled_contacts",
                        to="people.family",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.team",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["area", "closes_on", "id"],
                        name="scheduled_open_by_area",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["team", "closes_on", "id"],
                        name="scheduled_open_by_team",
                    ),
                    models.Index(fields=["area", "closes_on"], name="scheduled_by_closing"),
                    models.Index(fields=["family"], name="scheduled_by_family"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("child", "key", "area"), name="scheduled_once_in_an_area"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "done")),
                        fields=("child", "key"),
                        name="scheduled_done_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "done", "declined", "excluded", "not_needed"])
                        ),
                        name="scheduled_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("provider__in", ["midwife", "health_visitor", "gp", "sonographer"])
                        ),
                        name="provider_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes_on__lte", models.F("lapses_on")),
                            ("opens_on__lte", models.F("closes_on")),
                        ),
                        name="scheduled_window_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("done_on__isnull", False), ("recorded_at__isnull", False), ("state", "done")
                            ),
                            models.Q(models.Q(("state", "done"), _negated=True), ("done_on__isnull", True)),
                            _connector="OR",
                        ),
                        name="scheduled_done_has_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "done"]),
                            models.Q(("why", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="scheduled_closed_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("wellbeing_asked__in", ["yes", "no", "not_asked"])),
                        name="wellbeing_answer_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "action__in",
                                ["", "longer_form", "plan", "gp", "referred", "specialist", "in_hand"],
                            )
                        ),
                        name="scheduled_action_known",
                    ),
                ],
            },
        ),
    ]
