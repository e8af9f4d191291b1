"""Django's name for the look and the pieces of every page."""

import logging

from django.apps import AppConfig

from callfloor.ui import messages

log = logging.getLogger(__name__)


class UiConfig(AppConfig):
    """The look and the pieces of every page."""

    name = "callfloor.ui"
    label = "ui"

    def ready(self) -> None:
        """Compile what is stale of the catalogs: no process may speak English by oversight."""
        try:
            messages.ensure_compiled()
        except PermissionError as error:  # Installed where this process may not write.
            log.warning("catalogs are not compiled %s", error.filename)
