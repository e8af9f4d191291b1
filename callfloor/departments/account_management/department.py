"""The manifest of account management."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="account_management",
    name=_("Account management"),
    host="management",
    seeds=("D07",),
    roles=(
        Role(
            key="account_manager",
            name=_("Account manager"),
            duties=(
                "account_management.look_after_customers",
                "account_management.handle_billing",
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
            key="handle_billing",
            name=_("Explain bills, and correct what is wrong in them"),
            kpis=("first_contact_resolution",),
            skills=("figures", "calm"),
            seeds=("U13",),
            planned="F15",
        ),
        Duty(
            key="look_after_customers",
            name=_("Keep up the relationship with customers, and see their needs before they call"),
            kpis=("customer_satisfaction",),
            skills=("customer_mind", "planning"),
            seeds=("U14", "U59"),
            planned="F15",
        ),
        Duty(
            key="approve_credits",
            name=_("Approve credits and refunds beyond the usual limit"),
            kpis=("cost_per_contact",),
            skills=("judgment", "figures"),
            seeds=("U13",),
            planned="F15",
            decides="credit",
            apart_from=("account_management.handle_billing",),
        ),
    ),
)
