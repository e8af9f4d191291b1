"""
Who is told of what, what is on its way, who may say something, and what was said already.

Secrets lie encrypted under a key of the centre: both sides must know them, so no digest will do.
"""

from django.db import models
from django.db.models import Q

from callfloor.records.people.models import Client, Person


class Hook(models.Model):
    """Another system that is told of some kinds of event of a client."""

    id = models.CharField(primary_key=True, max_length=36)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, models.CASCADE, related_name="+")
    """Who made it; what he may not know any more is not told."""
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    kinds = models.JSONField()
    secret = models.BinaryField()
    """Encrypted."""
    made_at = models.DateTimeField()
    is_on = models.BooleanField(default=True)
    off_reason = models.CharField(max_length=16, blank=True)
    """person, failing, gone (the other side said so), rights (of the owner)."""
    off_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    """When it failed first since it last went well."""
    told_at = models.DateTimeField(null=True, blank=True)
    """When it last went well."""

    class Meta:
        indexes = [
            models.Index(fields=["client"], condition=Q(is_on=True), name="hook_on_of_client")
        ]


class Delivery(models.Model):
    """An event that one system is told."""

    hook = models.ForeignKey(Hook, models.CASCADE, related_name="deliveries", db_index=False)
    event = models.CharField(max_length=36)
    """The same for each try, so that the other side counts it once."""
    kind = models.CharField(max_length=40)
    body = models.TextField()
    """As it is sent and signed: ids, instants, numbers."""
    made_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="waiting")
    """waiting, told, given_up."""
    tries = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField()
    fault = models.CharField(max_length=40, blank=True)
    """Why the last try failed: a status, or a word of ours."""
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hook", "event"], name="delivery_once")]
        indexes = [
            models.Index(
                fields=["hook", "try_at"], condition=Q(state="waiting"), name="delivery_waiting"
            ),
            models.Index(fields=["state", "ended_at"], name="delivery_ended"),
        ]


class Source(models.Model):
    """Another system that may say something for a client."""

    id = models.CharField(primary_key=True, max_length=36)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    secret = models.BinaryField()
    """Encrypted."""
    made_at = models.DateTimeField()
    is_on = models.BooleanField(default=True)
    off_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    """When it last said something that was taken."""


class Heard(models.Model):
    """What a source has said; the same again is answered as it was."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="heard", db_index=False)
    key = models.CharField(max_length=64)
    """Digest of the message's id, which the source has chosen."""
    at = models.DateTimeField()
    answer = models.JSONField(default=dict)
    """Ids of what came of it."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="heard_once")]
        indexes = [models.Index(fields=["at"], name="heard_at")]
