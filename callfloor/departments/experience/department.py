"""The manifest of customer experience."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="experience",
    name=_("Customer experience"),
    host="management",
    seeds=("D22",),
    roles=(
        Role(
            key="experience_analyst",
            name=_("Customer experience analyst"),
            duties=(
                "experience.study_customers",
                "experience.measure_satisfaction",
                "customer_service.keep_satisfied",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
            seeds=("R14",),
        ),
    ),
    duties=(
        Duty(
            key="study_customers",
            name=_("Study what customers do and how they feel about it"),
            may=("customers.read", "interactions.read"),
            kpis=("net_promoter_score",),
            skills=("customer_mind", "figures"),
            seeds=("U41",),
            planned="F37",
        ),
        Duty(
            key="measure_satisfaction",
            name=_("Measure satisfaction, and say what spoils it"),
            kpis=("customer_satisfaction", "net_promoter_score"),
            skills=("figures",),
            seeds=("U09", "R14"),
            planned="F37",
        ),
    ),
)
