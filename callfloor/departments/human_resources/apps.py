"""Django's name for human resources: its models, templates and styles are found through it."""

from django.apps import AppConfig


class HumanResourcesConfig(AppConfig):
    """Job descriptions, and the policies that people work by."""

    name = "callfloor.departments.human_resources"
    label = "human_resources"
