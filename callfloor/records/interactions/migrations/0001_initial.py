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
            name="ProjectionState",
            fields=[
                ("source", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Interaction",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("channel", models.CharField(max_length=16)),
                ("called", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=12)),
                ("flow", models.CharField(max_length=64)),
                ("flow_version", models.PositiveIntegerField()),
                ("trunk", models.CharField(blank=True, max_length=64)),
                ("arrived_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=32)),
                ("disposition", models.CharField(blank=True, max_length=64)),
                ("wait_seconds", models.FloatField(default=0.0)),
                ("talk_seconds", models.FloatField(default=0.0)),
                ("hold_seconds", models.FloatField(default=0.0)),
                ("wrap_seconds", models.FloatField(default=0.0)),
                ("message_seconds", models.FloatField(null=True)),
                ("short", models.BooleanField(default=False)),
                ("interrupted", models.BooleanField(default=False)),
                ("recording_refused", models.BooleanField(default=False)),
                ("recorded", models.BooleanField(default=False)),
                ("recording_open", models.BooleanField(default=False)),
                ("simulated", models.BooleanField(default=False)),
                ("direction", models.CharField(default="in", max_length=16)),
                ("answers", models.CharField(blank=True, max_length=64)),
                ("consult_seconds", models.FloatField(default=0.0)),
                ("dial_seconds", models.FloatField(default=0.0)),
                ("dial_outcome", models.CharField(blank=True, max_length=16)),
                ("note", callfloor.kernel.fields.EncryptedTextField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("written", models.PositiveIntegerField(default=0)),
                ("preferred", models.CharField(blank=True, max_length=64)),
                ("to_floor", models.BooleanField(default=False)),
                ("leaving", models.BooleanField(default=False)),
                ("seen_at", models.DateTimeField(null=True)),
                ("shared", models.BooleanField(default=False)),
                (
                    "agent",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interactions",
                        to="customers.customer",
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
                "indexes": [
                    models.Index(
                        fields=["client", "-arrived_at", "simulated"], name="interaction_listed"
                    ),
                    models.Index(
                        fields=["customer", "-arrived_at", "direction", "client", "simulated"],
                        name="interaction_customer",
                    ),
                    models.Index(fields=["agent", "-arrived_at"], name="interaction_agent"),
                    models.Index(
                        condition=models.Q(("recording_open", True)),
                        fields=["id"],
                        name="interaction_recording",
                    ),
                    models.Index(
                        condition=models.Q(("to_floor", True)),
                        fields=["id"],
                        name="interaction_to_floor",
                    ),
                    models.Index(
                        condition=models.Q(("leaving", True)),
                        fields=["id"],
                        name="interaction_leaving",
                    ),
                    models.Index(
                        condition=models.Q(("simulated", True)),
                        fields=["client", "arrived_at", "simulated"],
                        name="interaction_simulated",
                    ),
                    models.Index(
                        fields=[
                            "queue",
                            "direction",
                            "outcome",
                            "arrived_at",
                            "client",
                            "simulated",
                            "shared",
                            "customer",
                        ],
                        name="interaction_first",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("outcome", "")),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                models.Q(("ended_at", None), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="interaction_ends_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Hiding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("because_of", models.CharField(max_length=64)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "interaction",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hidings",
                        to="interactions.interaction",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "interaction"], name="hiding_from"),
                    models.Index(fields=["because_of"], name="hiding_because"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("interaction", "person", "because_of"), name="hiding_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Explanation",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("offer", models.CharField(blank=True, max_length=64)),
                ("why", models.JSONField(default=dict)),
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
                    "queue",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="routing.queue",
                    ),
                ),
                (
                    "interaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="explanations",
                        to="interactions.interaction",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AgentWork",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("part", models.PositiveIntegerField()),
                ("role", models.CharField(default="serves", max_length=16)),
                ("bridged_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("talk_seconds", models.FloatField(default=0.0)),
                ("hold_seconds", models.FloatField(default=0.0)),
                ("wrap_seconds", models.FloatField(default=0.0)),
                ("consult_seconds", models.FloatField(default=0.0)),
                ("dial_seconds", models.FloatField(default=0.0)),
                ("ended_by", models.CharField(blank=True, max_length=16)),
                ("disposition", models.CharField(blank=True, max_length=64)),
                ("quarter", models.PositiveIntegerField(null=True)),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.client",
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
                (
                    "interaction",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="work",
                        to="interactions.interaction",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["agent", "bridged_at"], name="agent_work_day"),
                    models.Index(
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
                    models.Index(
                        fields=[
                            "agent",
                            "quarter",
                            "client",
                            "role",
                            "simulated",
                            "talk_seconds",
                            "hold_seconds",
                            "wrap_seconds",
                        ],
                        name="agent_work_agent",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("interaction", "part"), name="agent_work_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="LineQuality",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("trunk", models.CharField(blank=True, max_length=64)),
                ("packets", models.PositiveBigIntegerField()),
                ("lost", models.PositiveBigIntegerField()),
                ("jitter_ms", models.FloatField()),
                ("mos", models.FloatField()),
                ("mos_worst", models.FloatField()),
                ("is_bad", models.BooleanField()),
                (
                    "agent",
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
                    "interaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="interactions.interaction",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["at"], name="line_quality_at"),
                    models.Index(
                        condition=models.Q(("is_bad", True)),
                        fields=["-at"],
                        name="line_quality_bad",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("direction", models.CharField(max_length=8)),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(default="text", max_length=16)),
                ("body", callfloor.kernel.fields.EncryptedTextField(null=True)),
                ("data", models.JSONField(default=dict)),
                ("external", models.CharField(blank=True, max_length=64)),
                ("state", models.CharField(default="kept", max_length=12)),
                ("simulated", models.BooleanField(default=False)),
                (
                    "author",
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
                    "interaction",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="interactions.interaction",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "to_send")),
                        fields=["id"],
                        name="message_to_send",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("interaction", "number"), name="message_numbered"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("external", ""), _negated=True),
                        fields=("interaction", "external"),
                        name="message_once",
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
                        related_name="+",
                        to="interactions.interaction",
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
        migrations.CreateModel(
            name="QueueEntry",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("entry", models.PositiveIntegerField()),
                ("queued_at", models.DateTimeField()),
                ("quarter", models.PositiveIntegerField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=32)),
                ("waited_seconds", models.FloatField(default=0.0)),
                ("short", models.BooleanField(default=False)),
                ("within_goal", models.BooleanField(default=False)),
                ("simulated", models.BooleanField(default=False)),
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
                        related_name="entries",
                        to="interactions.interaction",
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
                    models.Index(
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
                    models.Index(
                        condition=models.Q(("outcome", "abandoned_in_queue")),
                        fields=["client", "-queued_at", "-id", "queue", "simulated"],
                        name="queue_entry_abandoned",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("interaction", "entry"), name="queue_entry_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Recording",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("path", models.CharField(max_length=200)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("seconds", models.FloatField(null=True)),
                ("channels", models.PositiveSmallIntegerField(default=2)),
                ("partial", models.BooleanField(default=False)),
                ("missing", models.BooleanField(default=False)),
                ("wrapped_key", models.BinaryField(null=True)),
                ("simulated", models.BooleanField(default=False)),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recordings",
                        to="interactions.interaction",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TimelineEntry",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=32)),
                ("data", models.JSONField(default=dict)),
                ("value", callfloor.kernel.fields.EncryptedTextField(null=True)),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="timeline",
                        to="interactions.interaction",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WaitSum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quarter", models.PositiveIntegerField()),
                ("simulated", models.BooleanField(default=False)),
                ("outcome", models.CharField(blank=True, max_length=32)),
                ("short", models.BooleanField(default=False)),
                ("within_goal", models.BooleanField(default=False)),
                ("entry", models.PositiveIntegerField()),
                ("entries", models.PositiveIntegerField()),
                ("waited_seconds", models.FloatField()),
                ("longest_seconds", models.FloatField()),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "queue",
                            "quarter",
                            "simulated",
                            "outcome",
                            "short",
                            "within_goal",
                            "entry",
                        ),
                        name="wait_sum_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkSum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quarter", models.PositiveIntegerField()),
                ("simulated", models.BooleanField(default=False)),
                ("parts", models.PositiveIntegerField()),
                ("talk_seconds", models.FloatField()),
                ("hold_seconds", models.FloatField()),
                ("wrap_seconds", models.FloatField()),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("queue", "quarter", "client", "simulated"), name="work_sum_once"
                    )
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
                    )
                ],
            },
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
    ]
