"""The noun as a Django app."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """Gives the tables the prefix `forms`."""

    name = "callfloor.records.forms"
    label = "forms"
    default_auto_field = "django.db.models.BigAutoField"
