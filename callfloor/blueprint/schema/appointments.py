"""
Times that customers may choose to be called at: how many, and how long each is.
"""

from typing import Annotated

from pydantic import Field

from callfloor.blueprint.schema.parts import Part


class Appointments(Part):
    """How many customers may be promised a time."""

    at_once: Annotated[int, Field(ge=1, le=1000)]
    """How many in one slot: as many as there is somebody for, beside everything else."""
    minutes: Annotated[int, Field(ge=5, le=480)] = 30
    """How long a slot is; the first begins when the queue opens."""
