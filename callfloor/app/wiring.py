"""
Who is joined to whom: departments, roles, reactions. Ports are joined by each process's main.

Refuses: to know what any of them does.
"""

from django.utils.translation import gettext_lazy as _

from callfloor.departments.inbound.department import department as inbound
from callfloor.departments.it_support.department import department as it_support
from callfloor.departments.management.department import department as management
from callfloor.departments.quality.department import department as quality
from callfloor.kernel import department, duties, events
from callfloor.kernel.department import Role

DEPARTMENTS = (inbound, quality, management, it_support)

ROLES = (
    Role(key="agent", name=_("Agent"), duties=("inbound.take_calls",)),
    Role(
        key="team_leader",
        name=_("Team leader"),
        duties=(
            "inbound.take_calls",
            "inbound.lead_team",
            "inbound.hear_into_calls",
            "quality.listen_to_contacts",
        ),
    ),
    Role(
        key="manager",
        name=_("Manager"),
        duties=(
            "inbound.lead_team",
            "quality.listen_to_contacts",
            "management.run_centre",
            "management.protect_data",
        ),
    ),
    Role(key="it_support", name=_("IT support"), duties=("it_support.keep_running",)),
)


def join() -> None:
    """Join what this centre has; called once per process, when Django is ready."""
    assert not (unknown := duties.unknown_permissions(DEPARTMENTS)), f"no such: {unknown}"
    department.join(departments=DEPARTMENTS, roles=ROLES)
    events.join(reaction for manifest in DEPARTMENTS for reaction in manifest.reactions)
