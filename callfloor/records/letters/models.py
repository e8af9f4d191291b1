"""
Originals of mails, what became of those that went out, and who was answered by a machine.

The bytes are encrypted under the customer's key, message ids and addresses stand as keyed indexes.
"""

from django.db import models

from callfloor.records.interactions.models import Message
from callfloor.records.people.models import Client


class Letter(models.Model):
    """The mail that a message came or went as."""

    message = models.OneToOneField(Message, models.CASCADE, primary_key=True, related_name="letter")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    index = models.CharField(max_length=32, blank=True)
    """Of the Message-ID, by which an answer finds its thread; empty if it has none."""
    body = models.BinaryField(null=True)
    """Every byte of it, encrypted; bound to this row."""
    size = models.PositiveIntegerField()
    """Bytes in clear."""
    kept_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["client", "index"], name="letter_thread")]


class Sending(models.Model):
    """What was tried with a message that goes out."""

    message = models.OneToOneField(
        Message, models.CASCADE, primary_key=True, related_name="sending"
    )
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    tries = models.PositiveSmallIntegerField(default=0)
    try_after = models.DateTimeField(null=True)
    """When it may be tried again; None if nobody waits."""
    fault = models.CharField(max_length=40, blank=True)
    """What went wrong last, as `550` or `no_server`."""
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["try_after"], name="sending_again")]


class Answered(models.Model):
    """When an address was last answered by a machine about a case (RFC 3834 2)."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    address = models.CharField(max_length=32)
    """Keyed index of the address."""
    about = models.CharField(max_length=64)
    """The case."""
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "address", "about"], name="answered_once"),
        ]
        indexes = [models.Index(fields=["client", "address", "at"], name="answered_lately")]
