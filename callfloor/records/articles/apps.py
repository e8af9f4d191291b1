"""The noun as a Django app."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """Gives the tables the prefix `articles`."""

    name = "callfloor.records.articles"
    label = "articles"
    default_auto_field = "django.db.models.BigAutoField"
