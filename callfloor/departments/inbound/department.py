"""The manifest of inbound."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from callfloor.desk import places
from callfloor.kernel.department import Department, Duty, Panel, Role


def _script_panel(**given: Any) -> Any:
    from callfloor.desk.forms import script_pages

    return script_pages.panel(**given)


def _promises_of_item(**given: Any) -> Any:
    from callfloor.departments.inbound import queries

    return queries.of_item(**given)


def _promises_of_customer(**given: Any) -> Any:
    from callfloor.departments.inbound import queries

    return queries.of_customer(**given)


def _reactions() -> tuple[Any, ...]:
    from callfloor.departments.inbound import reactions

    return reactions.REACTIONS


department = Department(
    key="inbound",
    name=_("Inbound calls"),
    host="management",
    seeds=("D01",),
    menu=places.PLACES,
    reactions=_reactions,
    panels=(
        Panel(
            place="desk.item",
            query=_script_panel,
            template="desk/panel_script.html",
            permission="forms.fill",
        ),
        Panel(
            place="desk.item",
            query=_promises_of_item,
            template="desk/promises_beside.html",
            permission="promises.read",
        ),
        Panel(
            place="customer.side",
            query=_promises_of_customer,
            template="desk/promises_beside.html",
            permission="promises.read",
        ),
    ),
    roles=(
        Role(
            key="agent",
            name=_("Agent"),
            duties=(
                "inbound.take_calls",
                "customer_service.document_contacts",
                "inbound.follow_scripts",
                "customer_service.answer_questions",
                "customer_service.register_cases",
                "inbound.keep_promises",
                "language.serve_in_language",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
            seeds=("R01",),
        ),
        Role(
            key="supervisor",
            name=_("Supervisor"),
            duties=(
                "inbound.lead_team",
                "inbound.hear_into_calls",
                "workforce.hold_service_level",
                "quality.decide_disputes",
                "workforce.decide_leave",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
            seeds=("R02",),
        ),
        Role(
            key="team_leader",
            name=_("Team leader"),
            duties=(
                "inbound.take_calls",
                "inbound.lead_team",
                "inbound.hear_into_calls",
                "quality.listen_to_contacts",
                "quality.decide_disputes",
                "workforce.decide_leave",
                "customer_service.decide_complaints",
                "account_management.approve_credits",
                "sales.approve_discounts",
                "training.grant_skills",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
            seeds=("R03",),
        ),
    ),
    duties=(
        Duty(
            key="take_calls",
            name=_("Take calls and finish them with a disposition"),
            may=(
                "calls.take",
                "customers.read",
                "direction.see",
                "interactions.listen_own",
                "interactions.note",
                "interactions.read",
                "jobs.see",
                "organisation.see",
                "queues.read",
                "wallboard.see",
            ),
            kpis=("handling_time", "customer_satisfaction"),
            articles=("answering",),
            lessons=("first_calls",),
            skills=("listening", "clear_speech", "computer"),
            seeds=("U01", "C01", "T07"),
        ),
        Duty(
            key="follow_scripts",
            name=_("Follow the script where everybody is owed the same words"),
            may=("articles.read", "forms.fill"),
            kpis=("quality_score",),
            articles=("scripts",),
            seeds=("U08", "T08"),
        ),
        Duty(
            key="keep_promises",
            name=_("Call back when it was promised, and keep every promise in time"),
            may=("customers.read", "promises.read", "promises.write"),
            kpis=("promises_kept",),
            skills=("planning",),
            seeds=("U18", "X01", "X02", "X03"),
        ),
        Duty(
            key="lead_team",
            name=_("Lead a team through the day"),
            may=(
                "articles.read",
                "articles.write",
                "forms.read",
                "forms.write",
                "cases.assign",
                "cases.incident",
                "cases.read",
                "cases.write",
                "customers.document",
                "customers.merge",
                "customers.read",
                "customers.write",
                "direction.see",
                "emergency.switch",
                "floor.lead",
                "floor.see",
                "interactions.note",
                "interactions.read",
                "jobs.see",
                "organisation.see",
                "people.read",
                "promises.read",
                "queues.read",
                "reports.agents",
                "reports.see",
                "wallboard.see",
            ),
            kpis=("service_level", "goals_reached"),
            lessons=("leading_a_team",),
            skills=("leading", "calm"),
            seeds=("U53", "D08"),
        ),
        Duty(
            key="hear_into_calls",
            name=_("Hear into the team's calls, help in them and take them over"),
            may=("floor.see", "floor.supervise"),
            kpis=("quality_score",),
            articles=("monitoring",),
            skills=("listening", "leading"),
            seeds=("U19",),
        ),
        Duty(
            key="shape_flows",
            name=_("Design how callers are greeted, asked and brought to the right agent"),
            may=("queues.change", "queues.read"),
            kpis=("abandonment_rate", "answer_speed"),
            skills=("customer_mind", "planning"),
            seeds=("U60", "U61", "T02", "T03", "T04", "Q04"),
        ),
    ),
)
