"""Django's name for the metrics: their tables are found through it."""

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    """Figures, and what was told of them."""

    name = "callfloor.records.metrics"
    label = "metrics"
