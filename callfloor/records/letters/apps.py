"""The noun as a Django app."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Gives the tables the prefix `letters`."""

    name = "callfloor.records.letters"
    label = "letters"
    default_auto_field = "django.db.models.BigAutoField"
