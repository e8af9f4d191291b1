"""The noun as a Django app."""

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    """Gives the table the prefix `metrics`."""

    name = "callfloor.records.metrics"
    label = "metrics"
    default_auto_field = "django.db.models.BigAutoField"
