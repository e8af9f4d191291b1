"""The noun as a Django app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Gives the tables the prefix `cases`."""

    name = "callfloor.records.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
