"""The composition root as a Django app: it joins everything when all models are there."""

from pathlib import Path
from typing import Any

from django.apps import AppConfig


class CallfloorConfig(AppConfig):
    """Joins departments, roles and reactions once per process."""

    name = "callfloor.app"
    label = "app"

    def ready(self) -> None:
        """Join; the imports are here because the departments need their models first."""
        from django.conf import settings

        from callfloor.app import changing, trials, wiring
        from callfloor.kernel import ports

        wiring.join()
        ports.join_twin(trials.Twin(Path(settings.DATA)))
        ports.join_centre(changing.Centre(Path(settings.DATA)))
        ports.join_standards(_standard)


def _standard(path: str) -> Any:
    """Give a standard of the schema, which is loaded only when somebody asks."""
    from callfloor.blueprint.left_out import standard_at

    return standard_at(path)
