"""Django's name for the look and the pieces of every page."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The look and the pieces of every page."""

    name = "callfloor.ui"
    label = "ui"
