"""The connector as a Django app."""

from django.apps import AppConfig


class ImapConfig(AppConfig):
    """Gives the tables the prefix `imap`."""

    name = "callfloor.connectors.imap"
    label = "imap"
    default_auto_field = "django.db.models.BigAutoField"
