"""The connector as a Django app."""

from django.apps import AppConfig


class WebhookConfig(AppConfig):
    """Gives the tables the prefix `webhook`."""

    name = "callfloor.connectors.webhook"
    label = "webhook"
    default_auto_field = "django.db.models.BigAutoField"
