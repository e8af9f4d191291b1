"""Job descriptions that were issued: what a role was said to be, and when."""

from django.db import models


class JobDescription(models.Model):
    """One version of a role's description; it never changes, for people were hired by it."""

    role = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    body = models.JSONField()
    """The sentences in order: section, kind, trace, about, values, proofs; in no language."""
    texts = models.JSONField()
    """Language to what each sentence said in it on that day, in the order of the body."""
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "version"], name="job_description_once"),
            models.CheckConstraint(
                condition=models.Q(version__gte=1), name="job_description_version"
            ),
        ]
