"""The noun as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Gives the tables the prefix `people`."""

    name = "callfloor.records.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
