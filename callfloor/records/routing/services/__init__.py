"""
What changes queues, flows and numbers.

    taking    a plan and its people come into the records; an emergency is switched
    shaping   what the file of the centre says of queues, opening hours and flows
"""

from callfloor.records.routing.services.taking import (
    CentreNames,
    DispositionData,
    FileData,
    Overtaken,
    apply_centre,
    current_plan,
    ensure_known,
    switch_emergency,
)

__all__ = [
    "CentreNames",
    "DispositionData",
    "FileData",
    "Overtaken",
    "apply_centre",
    "current_plan",
    "ensure_known",
    "switch_emergency",
]
