"""
What the kernel keeps: subjects' keys (in keys.db), the audit chain, the outbox, heartbeats.

Refuses: rows that say anything about a customer in clear.
"""

from django.db import models


class SubjectKey(models.Model):
    """The wrapped key of one customer or person. Lives in keys.db."""

    subject = models.CharField(primary_key=True, max_length=100)
    """`customer:ID` or `person:KEY`."""
    wrapped = models.BinaryField()
    """Empty after the key was destroyed."""
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)


class AuditEntry(models.Model):
    """One link of the chain: who did, saw, heard or exported what."""

    number = models.BigIntegerField(primary_key=True)
    """Counts without a gap from 1."""
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    """The person's key, or the name of a process."""
    action = models.CharField(max_length=64)
    about = models.CharField(max_length=100)
    """What it was done to, as `interaction:ID`."""
    client = models.CharField(max_length=64, blank=True)
    """The client's key; empty for what belongs to the whole centre."""
    detail = models.JSONField(default=dict)
    """Keys and numbers; no personal value."""
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["about", "number"], name="audit_about")]


class OutboxEvent(models.Model):
    """A domain event that was published and may not be delivered yet."""

    id = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=100)
    """Events of one subject are delivered in order."""
    name = models.CharField(max_length=64)
    body = models.JSONField()
    published_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    try_after = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)
    """The class of the last exception; never its text, which may quote a value."""

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(delivered_at=None), name="outbox_waiting"
            ),
            models.Index(fields=["delivered_at"], name="outbox_delivered"),
        ]


class Heartbeat(models.Model):
    """When a process last said that it is well."""

    name = models.CharField(primary_key=True, max_length=64)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)


class OnceAnswer(models.Model):
    """What a request with a key of its own was answered, so that it is done once."""

    owner = models.CharField(max_length=80)
    """Who asked, as `token:ID` or `person:KEY`."""
    key = models.CharField(max_length=255)
    """As whoever asks has chosen it."""
    digest = models.CharField(max_length=64)
    """Keyed digest of what was asked; another request under the same key is a mistake."""
    status = models.PositiveSmallIntegerField(default=0)
    """What the caller keeps beside the answer; 0 until there is one."""
    body = models.BinaryField(default=bytes)
    """The answer, encrypted: a secret may be in it that is shown once."""
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="once_of_owner")]
        indexes = [models.Index(fields=["at"], name="once_at")]
