"""The manifest of social media support."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="social",
    name=_("Social media support"),
    host="customer_service",
    seeds=("D20",),
    roles=(
        Role(
            key="social_agent",
            name=_("Social media agent"),
            duties=(
                "social.answer_posts",
                "social.approve_posts",
                "customer_service.write_to_customers",
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
            key="answer_posts",
            name=_("Answer comments and messages on social platforms"),
            kpis=("deadlines_kept",),
            skills=("writing", "discretion"),
            seeds=("U43", "C05"),
            planned="F07",
        ),
        Duty(
            key="approve_posts",
            name=_("Approve public answers before they appear"),
            kpis=("customer_satisfaction",),
            skills=("judgment", "writing"),
            seeds=("U43",),
            planned="F07",
            decides="post",
        ),
    ),
)
