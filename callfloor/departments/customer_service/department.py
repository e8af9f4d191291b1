"""The manifest of customer service."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Panel, Role


def _of_item(**given: Any) -> Any:
    from callfloor.desk.cases import beside_pages

    return beside_pages.of_item(**given)


def _of_customer(**given: Any) -> Any:
    from callfloor.desk.cases import beside_pages

    return beside_pages.of_customer(**given)


def _of_interaction(**given: Any) -> Any:
    from callfloor.desk.cases import beside_pages

    return beside_pages.of_interaction(**given)


department = Department(
    key="customer_service",
    name=_("Customer service"),
    host="management",
    seeds=("D04", "D08"),
    panels=(
        Panel(
            place="desk.item",
            query=_of_item,
            template="desk/cases_beside.html",
            permission="cases.read",
        ),
        Panel(
            place="customer.side",
            query=_of_customer,
            template="desk/cases_beside.html",
            permission="cases.read",
        ),
        Panel(
            place="interaction.side",
            query=_of_interaction,
            template="desk/cases_beside.html",
            permission="cases.read",
        ),
    ),
    roles=(
        Role(
            key="service_agent",
            name=_("Customer service agent"),
            duties=(
                "customer_service.solve_problems",
                "customer_service.handle_complaints",
                "customer_service.register_cases",
                "customer_service.answer_questions",
                "customer_service.write_to_customers",
                "customer_service.keep_satisfied",
                "customer_service.receive_privacy_requests",
                "language.serve_in_language",
                "inbound.take_calls",
                "customer_service.document_contacts",
                "inbound.follow_scripts",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
            seeds=("D08",),
        ),
    ),
    duties=(
        Duty(
            key="answer_questions",
            name=_("Give correct information about products and services"),
            may=("articles.read",),
            kpis=("first_contact_resolution",),
            lessons=("products",),
            skills=("customer_mind",),
            seeds=("U04",),
        ),
        Duty(
            key="solve_problems",
            name=_("Solve customers' problems, in the first contact where it can be done"),
            may=("cases.read", "cases.write", "customers.read", "interactions.read"),
            kpis=("first_contact_resolution",),
            skills=("problem_solving",),
            seeds=("U03", "Q07"),
        ),
        Duty(
            key="document_contacts",
            name=_("Write down what was said and agreed, so that nobody must ask twice"),
            may=("customers.document", "customers.read", "interactions.note", "interactions.read"),
            kpis=("quality_score",),
            articles=("documenting",),
            lessons=("personal_data",),
            skills=("writing", "computer"),
            seeds=("U06", "T01", "Q06"),
        ),
        Duty(
            key="handle_complaints",
            name=_("Register complaints, take them seriously and see them through"),
            may=("cases.read", "cases.write", "customers.read", "interactions.read"),
            kpis=("deadlines_kept",),
            articles=("complaints",),
            skills=("calm", "listening"),
            seeds=("U12",),
        ),
        Duty(
            key="decide_complaints",
            name=_("Decide what is owed to customers who complain"),
            may=("cases.decide", "cases.read", "cases.write", "customers.read"),
            kpis=("deadlines_kept",),
            articles=("complaints",),
            skills=("judgment",),
            seeds=("U12",),
            decides="complaint",
        ),
        Duty(
            key="register_cases",
            name=_("Register every matter as a case that the customer can follow"),
            may=("cases.read", "cases.write", "customers.read", "interactions.read"),
            kpis=("deadlines_kept",),
            skills=("computer",),
            seeds=("U58", "T11", "C04"),
        ),
        Duty(
            key="write_to_customers",
            name=_("Answer chats and e-mails in the same thread as the calls"),
            kpis=("deadlines_kept",),
            skills=("writing",),
            seeds=("C02", "C03", "C06", "S04"),
            planned="F06",
        ),
        Duty(
            key="keep_satisfied",
            name=_("Keep customers satisfied, and ask them whether they are"),
            kpis=("customer_satisfaction",),
            skills=("customer_mind",),
            seeds=("U09",),
            planned="F37",
        ),
        Duty(
            key="receive_privacy_requests",
            name=_("Receive requests to see or erase personal data, and check who asks"),
            may=("customers.answer", "customers.read"),
            kpis=("requests_in_time",),
            articles=("personal_data",),
            lessons=("personal_data",),
            skills=("discretion",),
            seeds=("Q03",),
        ),
    ),
)
