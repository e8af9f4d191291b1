"""The manifest of telephone sales: it sits in the centre and reports to marketing."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="sales",
    name=_("Telephone sales"),
    host="management",
    supervised_by="marketing",
    seeds=("D05", "D06"),
    roles=(
        Role(
            key="sales_agent",
            name=_("Sales agent"),
            duties=(
                "sales.sell",
                "sales.take_orders",
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
            key="sell",
            name=_("Sell by telephone, and offer more only where it fits the customer"),
            kpis=("conversion", "customer_satisfaction"),
            lessons=("products", "consent"),
            skills=("persuading",),
            seeds=("U07",),
            planned="F13",
        ),
        Duty(
            key="take_orders",
            name=_("Take orders and see them through to delivery"),
            kpis=("deadlines_kept",),
            skills=("computer",),
            seeds=("U05",),
            planned="F14",
        ),
        Duty(
            key="approve_discounts",
            name=_("Approve discounts beyond the usual limit"),
            kpis=("conversion",),
            skills=("judgment", "figures"),
            seeds=("D06",),
            planned="F13",
            decides="discount",
        ),
    ),
)
