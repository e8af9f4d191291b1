"""The noun as a Django app."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Gives the tables the prefix `customers`."""

    name = "callfloor.records.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"
