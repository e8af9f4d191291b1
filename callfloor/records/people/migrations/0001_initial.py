import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import callfloor.kernel.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Client",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("names", models.JSONField(default=dict)),
                ("languages", models.JSONField(default=list)),
                ("is_active", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Department",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("names", models.JSONField(default=dict)),
                ("host", models.CharField(max_length=64, null=True)),
                ("supervised_by", models.CharField(max_length=64, null=True)),
                ("merges", models.JSONField(default=list)),
                ("duties", models.JSONField(default=list)),
                ("head", models.CharField(max_length=64, null=True)),
                ("order", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=32)),
                ("by", models.CharField(db_index=True, max_length=64)),
                ("team", models.CharField(blank=True, max_length=64, null=True)),
                ("text", callfloor.kernel.fields.EncryptedTextField(blank=True, null=True)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("detail", models.JSONField(blank=True, default=dict)),
                ("sent_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Role",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("names", models.JSONField(default=dict)),
                ("department", models.CharField(max_length=64, null=True)),
                ("duties", models.JSONField(default=list)),
                ("environment", models.CharField(max_length=16, null=True)),
                ("order", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Skill",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("names", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("names", models.JSONField(default=dict)),
                ("is_active", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("name", callfloor.kernel.fields.EncryptedTextField(null=True)),
                ("language", models.CharField(default="en", max_length=12)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True), name="person_has_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=64)),
                ("duties", models.JSONField()),
                ("clients", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_by", models.CharField(blank=True, max_length=64)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("used_from", callfloor.kernel.fields.EncryptedTextField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="token_expires",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeCopy",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("text", callfloor.kernel.fields.EncryptedTextField(blank=True, null=True)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="copies",
                        to="people.notice",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_copies",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at", None)),
                        fields=["person"],
                        name="notice_unread_of_person",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "person"), name="notice_once_each")
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonClient",
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
                        related_name="person_rows",
                        to="people.client",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="client_rows",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "client"), name="person_client_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonRole",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=64)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="role_rows",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "role"), name="person_role_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleDuty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("duty", models.CharField(max_length=129)),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duty_rows",
                        to="people.role",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("role", "duty"), name="role_duty_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonSkill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("proof", models.CharField(max_length=16, null=True)),
                ("proved_by", models.CharField(max_length=64, null=True)),
                ("proved_on", models.DateField(null=True)),
                ("proved_until", models.DateField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="skill_rows",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="person_rows",
                        to="people.skill",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "skill"), name="person_skill_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("proof", None),
                                ("proved_by", None),
                                ("proved_on", None),
                                ("proved_until", None),
                            ),
                            models.Q(
                                ("proof__isnull", False),
                                ("proved_by__isnull", False),
                                ("proved_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="person_skill_proof_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__gte", 1), ("level__lte", 5)),
                        name="person_skill_level",
                    ),
                ],
            },
        ),
    ]
