"""
Customers and what identifies them, encrypted under each customer's own key.

Real and simulated customers never meet: the mark is part of what makes an identity unique.
"""

from django.db import models
from django.db.models import Q

from callfloor.kernel.fields import EncryptedTextField
from callfloor.records.people.models import Client, Person


class Customer(models.Model):
    """A person or organisation outside, as one client knows him."""

    id = models.CharField(primary_key=True, max_length=64)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="customers")
    name = EncryptedTextField()
    language = models.CharField(max_length=12, blank=True)
    """Chosen by the customer; empty if never."""
    priority_seconds = models.FloatField(default=0.0)
    """Seconds of waiting that the customer is worth."""
    preferred_agent = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="preferred_by"
    )
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(name=None), name="erased_customer_has_no_name"
            ),
            models.CheckConstraint(
                condition=Q(priority_seconds__gte=0), name="customer_priority_positive"
            ),
        ]
        indexes = [
            # The mark is in them so that rows can be counted without being looked at.
            models.Index(fields=["client", "-last_seen_at", "simulated"], name="customer_last"),
            models.Index(fields=["client", "-first_seen_at", "simulated"], name="customer_first"),
        ]

    @property
    def subject(self) -> str:
        """The subject whose key encrypts what is personal here."""
        return f"customer:{self.id}"


class Identity(models.Model):
    """A number, address or handle of a customer, found by its blind index."""

    id = models.CharField(primary_key=True, max_length=64)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=16)
    """number; later address, handle."""
    index = models.CharField(max_length=32)
    value = EncryptedTextField()
    evidence = models.CharField(max_length=100)
    """How it is known, as `call:ITEM`."""
    added_at = models.DateTimeField()
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "kind", "index", "simulated"], name="identity_once"
            ),
        ]
        indexes = [models.Index(fields=["index"], name="identity_index")]
