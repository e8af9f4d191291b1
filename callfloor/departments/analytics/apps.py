"""Django's name for data analysis: its templates and styles are found through it."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """The figures of days, queues and agents."""

    name = "callfloor.departments.analytics"
    label = "analytics"
