"""The manifest of language support."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="language",
    name=_("Language support"),
    host="management",
    seeds=("D17",),
    roles=(
        Role(
            key="language_specialist",
            name=_("Language specialist"),
            duties=(
                "language.serve_in_language",
                "language.close_gaps",
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
            key="serve_in_language",
            name=_("Serve customers in their own language"),
            may=("calls.take",),
            kpis=("language_coverage", "customer_satisfaction"),
            skills=("languages",),
            seeds=("U44",),
        ),
        Duty(
            key="close_gaps",
            name=_("Find and close gaps in languages: people, announcements and texts"),
            may=(
                "articles.read",
                "articles.write",
                "organisation.see",
                "people.read",
                "queues.read",
            ),
            kpis=("language_coverage",),
            skills=("languages", "planning"),
            seeds=("U44",),
        ),
    ),
)
