"""
Forms, their versions, and what was answered in an interaction.

A version never changes. A run keeps the version that it began with, whatever is published later.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from callfloor.kernel.fields import EncryptedTextField
from callfloor.records.interactions.models import Interaction
from callfloor.records.people.models import Client, Person
from callfloor.records.routing.models import Queue


class Form(models.Model):
    """A script or a guide by its key, with the draft of its next version."""

    key = models.CharField(primary_key=True, max_length=64)
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="+")
    """None for a form of the whole centre."""
    kind = models.CharField(max_length=16)
    """One of rules.KINDS."""
    names = models.JSONField(default=dict)
    """Language to name, as the version published last says it."""
    draft = models.TextField(blank=True)
    """YAML; empty if nobody writes a new version."""
    draft_writers = models.JSONField(default=list)
    """The keys of all who wrote in it; none of them may publish it."""
    draft_at = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)


class FormVersion(models.Model):
    """A form as it was published; it never changes."""

    id = models.CharField(primary_key=True, max_length=64)
    form = models.ForeignKey(Form, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.TextField()
    """The YAML that was published."""
    writers = models.JSONField(default=list)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    """None for what came with the centre."""
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="form_version_number"),
        ]


class FormQueue(models.Model):
    """The script of a queue."""

    queue = models.OneToOneField(Queue, models.PROTECT, primary_key=True, related_name="+")
    form = models.ForeignKey(Form, models.CASCADE, related_name="queue_rows")


class FormRun(models.Model):
    """A form that was gone through in one interaction."""

    hidden_way: ClassVar[str] = "interaction__hidings__person"

    id = models.CharField(primary_key=True, max_length=64)
    form = models.ForeignKey(Form, models.PROTECT, related_name="+")
    version = models.ForeignKey(FormVersion, models.PROTECT, related_name="runs")
    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="form_runs")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    """Who began it."""
    language = models.CharField(max_length=12)
    begun_at = models.DateTimeField()
    node = models.CharField(max_length=40, blank=True)
    """The node that is open; empty at the end."""
    shown_at = models.DateTimeField()
    """Since when it is."""
    answered = models.PositiveIntegerField(default=0)
    """How many answers there are; the next one is numbered after it."""
    ended_at = models.DateTimeField(null=True)
    """When an end was reached."""
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interaction", "form"], name="form_run_once"),
            models.CheckConstraint(
                condition=Q(node="", ended_at__isnull=False) | (~Q(node="") & Q(ended_at=None)),
                name="form_run_open_or_ended",
            ),
        ]


class FormAnswer(models.Model):
    """What was answered at one node."""

    id = models.CharField(primary_key=True, max_length=64)
    run = models.ForeignKey(FormRun, models.CASCADE, related_name="answers")
    number = models.PositiveIntegerField()
    node = models.CharField(max_length=40)
    choice = models.CharField(max_length=40, blank=True)
    value = EncryptedTextField()
    """What was typed, under the customer's key."""
    reason = models.CharField(max_length=16, blank=True)
    """Why it was not said; empty if it was. One of rules.REASONS."""
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    answered_at = models.DateTimeField()
    seconds = models.FloatField()
    """How long the node was open."""
    undone = models.BooleanField(default=False)
    """Whether somebody went back over it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="form_answer_once"),
        ]
