import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import callfloor.kernel.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("interactions", "0001_initial"),
        ("people", "0001_initial"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseCounter",
            fields=[
                ("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="CaseRule",
            fields=[
                ("kind", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("stages", models.JSONField(default=list)),
                ("answer", models.JSONField(default=dict)),
                ("solve", models.JSONField(default=dict)),
                ("warn_share", models.FloatField(default=0.8)),
                ("escalates", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=16, unique=True)),
                ("kind", models.CharField(max_length=32)),
                ("language", models.CharField(blank=True, max_length=12)),
                ("origin", models.CharField(blank=True, max_length=64)),
                ("code", models.CharField(blank=True, max_length=64)),
                ("subject", callfloor.kernel.fields.EncryptedTextField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("events", models.PositiveIntegerField(default=0)),
                ("simulated", models.BooleanField(default=False)),
                ("stage", models.CharField(max_length=32)),
                ("priority", models.CharField(default="normal", max_length=8)),
                ("level", models.PositiveSmallIntegerField(default=1)),
                ("waits_for", models.CharField(blank=True, max_length=16)),
                ("emergency", models.CharField(blank=True, max_length=64)),
                ("answered_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("solved_at_once", models.BooleanField(default=False)),
                ("decision", models.CharField(blank=True, max_length=16)),
                ("appealed", models.BooleanField(default=False)),
                ("promised_at", models.DateTimeField(null=True)),
                ("answer_due_at", models.DateTimeField(null=True)),
                ("solve_due_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("look_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.client",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="customers.customer",
                    ),
                ),
                (
                    "hidden_from",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="linked",
                        to="cases.case",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["client", "-opened_at"], name="case_listed"),
                    models.Index(fields=["customer", "-opened_at"], name="case_customer"),
                    models.Index(fields=["owner", "closed_at"], name="case_owner"),
                    models.Index(fields=["team", "closed_at"], name="case_team"),
                    models.Index(
                        condition=models.Q(("closed_at", None)), fields=["due_at"], name="case_due"
                    ),
                    models.Index(
                        condition=models.Q(("look_at", None), _negated=True),
                        fields=["look_at"],
                        name="case_look",
                    ),
                    models.Index(fields=["client", "code", "-opened_at"], name="case_code"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("owner", models.F("hidden_from")), _negated=True),
                            ("hidden_from", None),
                            ("owner", None),
                            _connector="OR",
                        ),
                        name="case_not_ones_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_at", None), ("due_at", None), _connector="OR"),
                        name="case_closed_owes_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseCalendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("calendar", models.CharField(max_length=64)),
                (
                    "client",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.client",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=16)),
                ("data", models.JSONField(default=dict)),
                ("text", callfloor.kernel.fields.EncryptedTextField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="cases.case",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.client",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="case_event_numbered")
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseFile",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=32)),
                ("size_bytes", models.PositiveIntegerField()),
                ("is_public", models.BooleanField(default=False)),
                ("name", callfloor.kernel.fields.EncryptedTextField(null=True)),
                ("body", models.BinaryField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="cases.case",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.client",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseInteraction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("attached_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="cases.case",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.client",
                    ),
                ),
                (
                    "interaction",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="case_rows",
                        to="interactions.interaction",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["interaction"], name="case_contact_of")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "interaction"), name="case_contact_once"
                    )
                ],
            },
        ),
    ]
