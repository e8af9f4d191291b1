"""The composition root as a Django app: it joins everything when all models are there."""

from django.apps import AppConfig


class CallfloorConfig(AppConfig):
    """Joins departments, roles and reactions once per process."""

    name = "callfloor.app"
    label = "app"

    def ready(self) -> None:
        """Join; the import is here because the departments need their models first."""
        from callfloor.app import wiring

        wiring.join()
