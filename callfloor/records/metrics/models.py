"""
What was told of a day when it had closed.

A figure may move afterwards: a case is opened again, a fact comes late. Whoever has read the first
value is told that it was restated, and from what.
"""

from django.db import models

from callfloor.records.routing.models import Queue


class ToldDay(models.Model):
    """The sums of a queue's local day, as they stood when the day had closed."""

    day = models.DateField()
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="+", db_index=False)
    catalogue = models.PositiveIntegerField()
    """The version of the catalogue that told it."""
    sums = models.JSONField(default=dict)
    """Fields of `rules.Sums`; what is not in it was nothing."""
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "queue"], name="told_day_once")]
