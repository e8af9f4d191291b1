"""The manifest of outbound calls."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="outbound",
    name=_("Outbound calls"),
    host="management",
    seeds=("D02",),
    roles=(
        Role(
            key="outbound_agent",
            name=_("Outbound agent"),
            duties=(
                "outbound.call_out",
                "inbound.take_calls",
                "customer_service.document_contacts",
                "inbound.follow_scripts",
                "outbound.ask_surveys",
                "inbound.keep_promises",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
        ),
        Role(
            key="campaign_manager",
            name=_("Campaign manager"),
            duties=(
                "outbound.run_campaigns",
                "marketing.brief_campaigns",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
        ),
        Role(
            key="collections_agent",
            name=_("Collections agent"),
            duties=(
                "outbound.collect_debts",
                "outbound.call_out",
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
            key="call_out",
            name=_("Call customers, only at the hours and numbers that are allowed"),
            may=(
                "calls.take",
                "customers.document",
                "customers.read",
                "interactions.note",
                "interactions.read",
            ),
            kpis=("contacts_per_hour",),
            articles=("calling_out",),
            lessons=("consent",),
            skills=("clear_speech", "persuading"),
            seeds=("U02", "S03"),
        ),
        Duty(
            key="run_campaigns",
            name=_("Plan campaigns of calls: lists, consent and pace"),
            kpis=("silent_calls", "cost_per_contact"),
            articles=("calling_out",),
            skills=("planning", "figures"),
            seeds=("U16",),
            planned="F04",
        ),
        Duty(
            key="ask_surveys",
            name=_("Ask customers by survey, and report faithfully what they say"),
            kpis=("customer_satisfaction",),
            lessons=("consent",),
            skills=("listening",),
            seeds=("U15",),
            planned="F17",
        ),
        Duty(
            key="collect_debts",
            name=_("Talk about open debts with respect, and agree on payments"),
            kpis=("debts_paid",),
            articles=("collections",),
            skills=("calm", "judgment"),
            seeds=("U17",),
            planned="F16",
        ),
    ),
)
