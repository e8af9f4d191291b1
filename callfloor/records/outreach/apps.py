"""The noun as a Django app."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """Gives the tables the prefix `outreach`."""

    name = "callfloor.records.outreach"
    label = "outreach"
    default_auto_field = "django.db.models.BigAutoField"
