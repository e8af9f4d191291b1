"""
Promised calls: a customer is called within a slot, within a longer window, or as soon as can be.

Number and what it is about are encrypted under the customer's key.
"""

from django.db import models
from django.db.models import Q

from callfloor.kernel.fields import EncryptedTextField
from callfloor.records.customers.models import Customer
from callfloor.records.people.models import Client, Person
from callfloor.records.routing.models import Queue


class Appointment(models.Model):
    """One customer, one promised call; at its time it becomes a callback."""

    id = models.CharField(primary_key=True, max_length=64)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="appointments")
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, default="time")
    """time (a slot), window (some hours), soon (as soon as somebody is free)."""
    origin = models.CharField(max_length=80, blank=True)
    """Where the customer asked for it himself: `case:ID`, `chat:KEY`; empty if one of us did."""
    begins_at = models.DateTimeField()
    """When it begins: from then on he is called."""
    ends_at = models.DateTimeField()
    """By when he must have been reached, for the promise to be kept."""
    place = models.PositiveSmallIntegerField()
    """Which of the places of its time it takes, from 0; no two open ones have the same."""
    preferred = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False
    )
    """Who was promised to call, if anybody was."""
    language = models.CharField(max_length=12, blank=True)
    number = EncryptedTextField()
    about = EncryptedTextField()
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False
    )
    """None for the customer himself."""
    state = models.CharField(max_length=16, default="booked")
    """booked, handed (the floor calls), kept, late, broken, cancelled."""
    reason = models.CharField(max_length=32, blank=True)
    """Why it was broken: not_reached, erased, bad_number …"""
    item = models.CharField(max_length=64, blank=True)
    """The callback that it became."""
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "kind", "begins_at", "place"],
                condition=~Q(state="cancelled"),
                name="appointment_place_once",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "begins_at"], name="appointment_due"),
            models.Index(fields=["client", "-begins_at"], name="appointment_listed"),
            models.Index(
                fields=["origin", "-booked_at"], condition=~Q(origin=""), name="appointment_origin"
            ),
        ]
