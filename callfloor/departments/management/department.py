"""The manifest of management."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Panel, Role


def _beside_customer_id(**given: Any) -> Any:
    from callfloor.departments.management.queries import beside

    return beside.customer_id(**given)


department = Department(
    key="management",
    name=_("Management"),
    panels=(
        Panel(
            place="customer.side",
            query=_beside_customer_id,
            template="management/beside.html",
            permission="customers.answer",
        ),
    ),
    roles=(
        Role(
            key="manager",
            name=_("Manager"),
            duties=(
                "management.run_centre",
                "management.agree_objectives",
                "management.name_drivers",
                "management.assign_duties",
                "management.write_policies",
                "management.protect_data",
                "inbound.lead_team",
                "inbound.shape_flows",
                "quality.listen_to_contacts",
                "quality.decide_disputes",
                "workforce.staff_enough",
                "workforce.try_changes",
                "workforce.decide_leave",
                "customer_service.decide_complaints",
                "account_management.approve_credits",
                "sales.approve_discounts",
                "social.approve_posts",
                "fraud.decide_frauds",
                "performance.decide_bonuses",
                "human_resources.write_job_descriptions",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
            seeds=("R05",),
        ),
        Role(
            key="senior_manager",
            name=_("Senior manager"),
            duties=(
                "management.set_mission",
                "management.set_objectives",
                "management.agree_objectives",
                "management.run_centre",
                "performance.decide_bonuses",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
            seeds=("R04",),
        ),
    ),
    duties=(
        Duty(
            key="run_centre",
            name=_("Run the center by its figures"),
            may=(
                "customers.read",
                "direction.see",
                "emergency.switch",
                "engine.see",
                "floor.see",
                "hooks.write",
                "interactions.read",
                "jobs.see",
                "organisation.see",
                "people.read",
                "promises.read",
                "queues.read",
                "reports.agents",
                "reports.see",
                "tokens.make",
                "wallboard.see",
            ),
            kpis=("service_level", "cost_per_contact", "goals_reached"),
            skills=("leading", "figures"),
            seeds=("S02",),
        ),
        Duty(
            key="protect_data",
            name=_("Answer for personal data: who saw it, and what must be erased"),
            may=(
                "audit.read",
                "customers.answer",
                "customers.document",
                "customers.erase",
                "customers.export",
                "customers.import",
                "customers.merge",
                "customers.read",
                "customers.write",
            ),
            kpis=("requests_in_time",),
            articles=("personal_data",),
            lessons=("personal_data",),
            skills=("discretion", "judgment"),
            seeds=("Q03",),
            apart_from=("customer_service.receive_privacy_requests",),
        ),
        Duty(
            key="set_mission",
            name=_("Set the mission and the vision"),
            may=("direction.see",),
            kpis=("goals_reached",),
            skills=("leading",),
            seeds=("U46",),
        ),
        Duty(
            key="set_objectives",
            name=_("Set the objectives of each year"),
            may=("direction.see",),
            kpis=("goals_reached",),
            skills=("judgment",),
            seeds=("U47",),
        ),
        Duty(
            key="agree_objectives",
            name=_("Agree on objectives that serve the mission"),
            may=("direction.see",),
            kpis=("goals_reached",),
            skills=("leading",),
            seeds=("U48",),
        ),
        Duty(
            key="name_drivers",
            name=_("Name what drives the objectives, and watch it"),
            may=("direction.see",),
            kpis=("driver_effect",),
            skills=("figures",),
            seeds=("U49",),
        ),
        Duty(
            key="assign_duties",
            name=_("Decide who answers for what, and leave no duty without an owner"),
            may=("organisation.see", "people.assign", "people.read"),
            kpis=("goals_reached",),
            skills=("leading", "judgment"),
            seeds=("U50", "S01", "S02", "S07", "S08"),
        ),
        Duty(
            key="write_policies",
            name=_("Write policies and procedures that serve the objectives"),
            may=(
                "articles.approve",
                "articles.read",
                "articles.write",
                "forms.approve",
                "forms.read",
                "forms.write",
            ),
            kpis=("procedures_known",),
            skills=("writing",),
            seeds=("U52", "U10", "U51", "T10"),
        ),
    ),
)
