"""
What agents were over time, offers that were missed, and sums by the quarter of an hour.

Quarters and not halves, because there are centres whose clocks are a quarter off the half hour.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

QUARTER_SECONDS = 900
BATCH = 2_000


def count_quarters(apps, schema_editor):
    """Give each row that is there its quarter hour."""
    for name, instant in (("QueueEntry", "queued_at"), ("AgentWork", "ended_at")):
        model = apps.get_model("interactions", name)
        rows = []
        for row in model.objects.exclude(**{instant: None}).only(instant, "quarter").iterator():
            row.quarter = int(getattr(row, instant).timestamp()) // QUARTER_SECONDS
            rows.append(row)
            if len(rows) == BATCH:
                model.objects.bulk_update(rows, ["quarter"], batch_size=100)
                rows = []
        model.objects.bulk_update(rows, ["quarter"], batch_size=100)


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0004_messages"),
        ("people", "0002_organisation"),
        ("routing", "0003_centre_file_source"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="queueentry", name="queue_entry_day"),
        migrations.RenameField(model_name="queueentry", old_name="half", new_name="quarter"),
        migrations.AddField(
            model_name="agentwork",
            name="quarter",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.RunPython(count_quarters, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="queueentry",
            index=models.Index(
                fields=[
                    "queue",
                    "quarter",
                    "simulated",
                    "outcome",
                    "short",
                    "within_goal",
                    "entry",
                    "waited_seconds",
                ],
                name="queue_entry_sums",
            ),
        ),
        migrations.AddIndex(
            model_name="agentwork",
            index=models.Index(
                fields=[
                    "quarter",
                    "client",
                    "queue",
                    "agent",
                    "role",
                    "simulated",
                    "talk_seconds",
                    "hold_seconds",
                    "wrap_seconds",
                ],
                name="agent_work_sums",
            ),
        ),
        migrations.CreateModel(
            name="AgentState",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("state", models.CharField(max_length=16)),
                ("reason", models.CharField(blank=True, max_length=64)),
                ("item", models.CharField(blank=True, max_length=64)),
                ("since_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(null=True)),
                ("simulated", models.BooleanField(default=False)),
                (
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.client",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["agent", "since_at"], name="agent_state_day"),
                    models.Index(
                        condition=models.Q(("until_at", None)),
                        fields=["simulated"],
                        name="agent_state_lasting",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgentDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("state", models.CharField(max_length=16)),
                ("reason", models.CharField(blank=True, max_length=64)),
                ("simulated", models.BooleanField(default=False)),
                ("spent_us", models.BigIntegerField()),
                (
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "agent", "state", "reason", "simulated"),
                        name="agent_day_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MissedOffer",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("outcome", models.CharField(max_length=16)),
                ("simulated", models.BooleanField(default=False)),
                (
                    "interaction",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="interactions.interaction",
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
                    "agent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="routing.queue",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["at", "agent"], name="missed_offer_day")],
            },
        ),
    ]
