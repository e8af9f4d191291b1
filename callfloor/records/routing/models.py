"""
The plan in rows: what was in force, and what each key is called.

Rows are never deleted, because interactions point to them; what left the plan is inactive.
"""

from django.db import models

from callfloor.records.people.models import Client


class CentreFile(models.Model):
    """The centre's file as it was applied, whole; every other row of a centre is read off it."""

    version = models.CharField(max_length=12)
    """Twelve hex digits of the SHA-256 of `body`; the same centre may hold several times."""
    parent = models.CharField(max_length=12, null=True)
    """The version that held before; none for the first."""
    body = models.TextField()
    """Canonical YAML (`callfloor.blueprint.canonical`), without `from_version`."""
    source = models.CharField(max_length=12, null=True)
    """Twelve hex digits of the SHA-256 of the author's own text; none from a page."""
    by_page = models.BooleanField(default=False)
    """Whether no file of an author says it: it was changed on a page, or merged with that."""
    applied_at = models.DateTimeField()
    applied_by = models.CharField(max_length=64)


class PlanVersion(models.Model):
    """A floor plan that was applied, whole."""

    version = models.CharField(primary_key=True, max_length=64)
    body = models.TextField()
    """core.codec JSON."""
    centre = models.CharField(max_length=200)
    """What the centre is called."""
    timezone = models.CharField(max_length=64)
    away_reasons = models.JSONField(default=list)
    """Key, names and whether it is paid, in the plan's order."""
    applied_at = models.DateTimeField()
    """When it last came into force."""
    applied_by = models.CharField(max_length=64)


class Queue(models.Model):
    """Where work items of one kind wait."""

    key = models.CharField(primary_key=True, max_length=64)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="queues")
    names = models.JSONField(default=dict)
    channel = models.CharField(max_length=16, default="call")
    goal_seconds = models.FloatField(default=20.0)
    goal_share = models.FloatField(default=0.8)
    short_abandon_seconds = models.FloatField(default=5.0)
    ring_seconds = models.FloatField(default=15.0)
    wrap_up_seconds = models.FloatField(default=30.0)
    choose = models.CharField(max_length=32, default="longest_idle")
    tiers = models.JSONField(default=list)
    """As in the plan: after_seconds, and requires as pairs of skill and level."""
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(goal_share__gt=0, goal_share__lte=1), name="queue_goal_share"
            ),
        ]


class Flow(models.Model):
    """One version of the steps before an agent."""

    key = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="flows", null=True)
    """None for a flow that numbers of several clients share."""
    steps = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="flow_version_once")]


class Number(models.Model):
    """A number of ours that customers dial."""

    number = models.CharField(primary_key=True, max_length=64)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="numbers")
    flow = models.CharField(max_length=64)
    language = models.CharField(max_length=12)
    is_active = models.BooleanField(default=True)


class Disposition(models.Model):
    """A wrap-up code of one client."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="dispositions")
    key = models.CharField(max_length=64)
    names = models.JSONField(default=dict)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="disposition_once")]
