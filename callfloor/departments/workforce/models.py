"""
What was tried in the twin: the question, how far it is, and what came out.

Refuses: figures of the real centre. Everything in a result is simulated.
"""

from django.conf import settings
from django.db import models

from callfloor.records.people.models import Client

STATES = ("QUEUED", "RUNNING", "DONE", "FAILED", "STOPPED")


class Trial(models.Model):
    """One question to the twin."""

    id = models.CharField(primary_key=True, max_length=36)
    state = models.CharField(max_length=8, default="QUEUED")
    question = models.JSONField()
    """As `rules` checks it: `kind`, and what the kind needs."""
    other = models.TextField(blank=True)
    """The text of the other file, if that is what is tried."""
    days = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField()
    base_version = models.CharField(max_length=64)
    """The version of the centre's file with which the change is compared."""
    progress = models.FloatField(default=0.0)
    """0 to 1."""
    result = models.JSONField(null=True, blank=True)
    """As `callfloor simulate --json` prints it, with `names` and `clients_of` beside."""
    fault = models.CharField(max_length=32, blank=True)
    """Why it failed, a key of `rules.FAULTS`."""
    tries = models.PositiveSmallIntegerField(default=0)
    """How often it was begun; whoever runs it proves with this that it is still his."""
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    beaten_at = models.DateTimeField(null=True, blank=True)
    """When whoever runs it last said so."""
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="trial_state"),
            models.CheckConstraint(
                condition=models.Q(state="DONE") | models.Q(result__isnull=True),
                name="trial_result",
            ),
            models.CheckConstraint(
                condition=models.Q(progress__gte=0, progress__lte=1), name="trial_progress"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=("QUEUED", "RUNNING")),
                name="trial_open",
            ),
        ]


class TrialClient(models.Model):
    """A client whose queues a question names; only who works for all of them sees the trial."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="clients")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "client"], name="trial_client_once")
        ]
