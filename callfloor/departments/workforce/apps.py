"""Django's name for workforce: its tables, templates and scripts are found through it."""

from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    """How much work will come, who is there for it, and what a change would do."""

    name = "callfloor.departments.workforce"
    label = "workforce"
