"""The noun as a Django app."""

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    """Gives the tables the prefix `routing`."""

    name = "callfloor.records.routing"
    label = "routing"
    default_auto_field = "django.db.models.BigAutoField"
