"""The kernel as a Django app: it has tables of its own."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Gives the tables the prefix `kernel`."""

    name = "callfloor.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"
