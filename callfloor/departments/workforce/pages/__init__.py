"""Try a change: ask the twin, watch it think, see both variants side by side."""

from callfloor.departments.workforce.pages.trials import again, stop, trial, try_change

__all__ = ["again", "stop", "trial", "try_change"]
