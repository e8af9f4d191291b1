import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Trial",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("state", models.CharField(default="QUEUED", max_length=8)),
                ("question", models.JSONField()),
                ("other", models.TextField(blank=True)),
                ("days", models.PositiveSmallIntegerField()),
                ("seed", models.PositiveIntegerField()),
                ("base_version", models.CharField(max_length=64)),
                ("progress", models.FloatField(default=0.0)),
                ("result", models.JSONField(blank=True, null=True)),
                ("fault", models.CharField(blank=True, max_length=32)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField(blank=True, null=True)),
                ("beaten_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("QUEUED", "RUNNING"))),
                        fields=["id"],
                        name="trial_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("QUEUED", "RUNNING", "DONE", "FAILED", "STOPPED"))
                        ),
                        name="trial_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "DONE"), ("result__isnull", True), _connector="OR"
                        ),
                        name="trial_result",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("progress__gte", 0), ("progress__lte", 1)),
                        name="trial_progress",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrialClient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.client",
                    ),
                ),
                (
                    "trial",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clients",
                        to="workforce.trial",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("trial", "client"), name="trial_client_once")
                ],
            },
        ),
    ]
