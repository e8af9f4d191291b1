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
            duties=(
                "outsourcing.serve_clients",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
            seeds=("R15",),
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
            key="serve_clients",
            name=_("Keep every client's work, people and data apart, and report to each"),
            may=("people.read", "queues.read", "reports.see", "wallboard.see"),
            kpis=("service_level", "cost_per_contact"),
            articles=("personal_data",),
            skills=("discretion", "writing"),
            seeds=("S05",),
            planned="F41",
        ),
        Duty(
            key="follow_contract",
            name=_("See how one's own customers are served"),
            may=("queues.read", "reports.see", "wallboard.see"),
            kpis=("service_level",),
            skills=("figures",),
            seeds=("S05",),
        ),
    ),
)
