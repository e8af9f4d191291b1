import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import callfloor.kernel.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("people", "0001_initial"),
        ("people", "__first__"),
        ("routing", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("kind", models.CharField(default="time", max_length=8)),
                ("origin", models.CharField(blank=True, max_length=80)),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("place", models.PositiveSmallIntegerField()),
                ("language", models.CharField(blank=True, max_length=12)),
                ("number", callfloor.kernel.fields.EncryptedTextField(null=True)),
                ("about", callfloor.kernel.fields.EncryptedTextField(null=True)),
                ("booked_at", models.DateTimeField()),
                ("state", models.CharField(default="booked", max_length=16)),
                ("reason", models.CharField(blank=True, max_length=32)),
                ("item", models.CharField(blank=True, max_length=64)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "booked_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="customers.customer",
                    ),
                ),
                (
                    "preferred",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="routing.queue",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "begins_at"], name="appointment_due"),
                    models.Index(fields=["client", "-begins_at"], name="appointment_listed"),
                    models.Index(
                        condition=models.Q(("origin", ""), _negated=True),
                        fields=["origin", "-booked_at"],
                        name="appointment_origin",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "cancelled"), _negated=True),
                        fields=("queue", "kind", "begins_at", "place"),
                        name="appointment_place_once",
                    )
                ],
            },
        ),
    ]
