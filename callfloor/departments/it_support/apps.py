"""Django's name for IT support: its templates and scripts are found through it."""

from django.apps import AppConfig


class ITSupportConfig(AppConfig):
    """Keeping the processes, lines and plans of the centre in order."""

    name = "callfloor.departments.it_support"
    label = "it_support"
