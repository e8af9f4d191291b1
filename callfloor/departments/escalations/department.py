"""The manifest of escalations."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="escalations",
    name=_("Escalations"),
    host="customer_service",
    seeds=("D18",),
    roles=(
        Role(
            key="escalation_specialist",
            name=_("Escalation specialist"),
            duties=(
                "escalations.take_over",
                "customer_service.solve_problems",
                "customer_service.decide_complaints",
                "inbound.take_calls",
                "customer_service.document_contacts",
                "inbound.follow_scripts",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
        ),
    ),
    duties=(
        Duty(
            key="take_over",
            name=_("Take over problems that need more knowledge or more authority"),
            may=("cases.assign", "cases.read", "cases.write", "interactions.read"),
            kpis=("deadlines_kept",),
            articles=("complaints",),
            skills=("problem_solving", "calm"),
            seeds=("U45",),
        ),
    ),
)
