"""The manifest of work for client companies."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="outsourcing",
    name=_("Outsourced services"),
    host="management",
    roles=(
        Role(
            key="client_manager",
            name=_("Client manager"),
            duties=("performance.work_to_objectives",),
        ),
        Role(
            key="client_viewer",
            name=_("Client's representative"),
            duties=("outsourcing.follow_contract",),
            seeds=("R15",),
        ),
    ),
    duties=(
        Duty(
            key="follow_contract",
            name=_("See how one's own customers are served"),
            may=("queues.read", "wallboard.see"),
            seeds=("S05",),
        ),
    ),
)
