"""
Mails that were fetched and how far each mailbox was read.

A mail is encrypted under a key of the centre until it is known whose it is; then its original
goes under the customer's key and the bytes here are emptied.
"""

from django.db import models
from django.db.models import Q

from callfloor.records.interactions.models import Interaction
from callfloor.records.people.models import Client


class Mailbox(models.Model):
    """How far a mailbox was read."""

    account = models.CharField(primary_key=True, max_length=64)
    validity = models.BigIntegerField(default=0)
    """UIDVALIDITY; with another one all UIDs mean other mails (RFC 9051 2.3.1.1)."""
    uid = models.BigIntegerField(default=0)
    """Everything up to here was fetched."""
    read_at = models.DateTimeField(null=True)
    """When it was last read to its end."""
    failing_since = models.DateTimeField(null=True)
    fault = models.CharField(max_length=64, blank=True)


class Spooled(models.Model):
    """A mail that was fetched."""

    account = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=32)
    """Keyed index of what tells it from others, whatever UID it has."""
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    body = models.BinaryField(null=True)
    """Encrypted; empty when the original is kept elsewhere."""
    fetched_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="new")
    """new, taken, quarantined (a contact, but unread), set_aside (no contact, with its reason)."""
    reason = models.CharField(max_length=40, blank=True)
    """Why it was set aside or could not be read."""
    tries = models.PositiveSmallIntegerField(default=0)
    """How often somebody began to read it; noted before, so that a crash counts."""
    interaction = models.ForeignKey(
        Interaction, models.SET_NULL, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "fingerprint"], name="spooled_once"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="new"), name="spooled_new"),
            models.Index(fields=["state", "fetched_at"], name="spooled_state"),
        ]
