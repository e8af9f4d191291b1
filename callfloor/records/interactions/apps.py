"""The noun as a Django app."""

from django.apps import AppConfig


class InteractionsConfig(AppConfig):
    """Gives the tables the prefix `interactions`."""

    name = "callfloor.records.interactions"
    label = "interactions"
    default_auto_field = "django.db.models.BigAutoField"
