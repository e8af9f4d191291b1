"""Django's name for the workplaces that all departments share."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The workplaces that all departments share."""

    name = "callfloor.desk"
    label = "desk"
