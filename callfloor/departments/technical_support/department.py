"""The manifest of technical support."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="technical_support",
    name=_("Technical support"),
    host="management",
    seeds=("D03",),
    roles=(
        Role(
            key="technician",
            name=_("Support technician"),
            duties=(
                "technical_support.solve_faults",
                "customer_service.register_cases",
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
            key="solve_faults",
            name=_("Find the cause of customers' technical faults and remove it"),
            may=("cases.incident", "cases.read", "cases.write", "interactions.read"),
            kpis=("first_contact_resolution",),
            lessons=("products",),
            skills=("technical", "problem_solving"),
            seeds=("D03",),
        ),
    ),
)
