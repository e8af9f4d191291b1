"""Django's name for management: its templates are found through it."""

from django.apps import AppConfig


class ManagementConfig(AppConfig):
    """Personal data: who saw it, what is given to the customer, what leaves."""

    name = "callfloor.departments.management"
    label = "management"
