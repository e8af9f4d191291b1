"""
What the sums of a day were when it closed: the only numbers that are kept beside their rows.

A reply that comes the next day moves the day on which the customer wrote. What stands here is
never moved, so that both values can be shown. Nothing personal is in it.
"""

from django.db import models

from callfloor.records.people.models import Client, Person
from callfloor.records.routing.models import Queue


class Kept(models.Model):
    """One sum of one queue on one local day, as it was when the day had closed."""

    day = models.DateField()
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=32)
    """A field of `rules.Sums`; one that is missing was nothing."""
    value = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "queue", "key"], name="kept_once"),
        ]


class KeptWork(models.Model):
    """One sum of one agent's work for one client on one local day, as the day had closed."""

    day = models.DateField()
    agent = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=32)
    """A field of `rules.Sums`; one that is missing was nothing."""
    value = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "agent", "client", "key"], name="kept_work_once"
            ),
        ]
