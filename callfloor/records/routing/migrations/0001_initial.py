import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CentreFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.CharField(max_length=12)),
                ("parent", models.CharField(max_length=12, null=True)),
                ("body", models.TextField()),
                ("source", models.CharField(max_length=12, null=True)),
                ("by_page", models.BooleanField(default=False)),
                ("applied_at", models.DateTimeField()),
                ("applied_by", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                ("version", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("body", models.TextField()),
                ("centre", models.CharField(max_length=200)),
                ("timezone", models.CharField(max_length=64)),
                ("away_reasons", models.JSONField(default=list)),
                ("applied_at", models.DateTimeField()),
                ("applied_by", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Number",
            fields=[
                ("number", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("flow", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=12)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="numbers",
                        to="people.client",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Disposition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("names", models.JSONField(default=dict)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dispositions",
                        to="people.client",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("client", "key"), name="disposition_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Flow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("version", models.PositiveIntegerField()),
                ("steps", models.JSONField(default=list)),
                (
                    "client",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flows",
                        to="people.client",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key", "version"), name="flow_version_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Queue",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("names", models.JSONField(default=dict)),
                ("channel", models.CharField(default="call", max_length=16)),
                ("goal_seconds", models.FloatField(default=20.0)),
                ("goal_share", models.FloatField(default=0.8)),
                ("short_abandon_seconds", models.FloatField(default=5.0)),
                ("ring_seconds", models.FloatField(default=15.0)),
                ("wrap_up_seconds", models.FloatField(default=30.0)),
                ("choose", models.CharField(default="longest_idle", max_length=32)),
                ("tiers", models.JSONField(default=list)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="queues",
                        to="people.client",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("goal_share__gt", 0), ("goal_share__lte", 1)),
                        name="queue_goal_share",
                    )
                ],
            },
        ),
    ]
