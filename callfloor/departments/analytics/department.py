"""The manifest of data analysis."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, MenuEntry, Role

department = Department(
    key="analytics",
    name=_("Data analysis"),
    host="management",
    seeds=("D21",),
    roles=(
        Role(
            key="reporting_analyst",
            name=_("Reporting analyst"),
            duties=(
                "analytics.find_trends",
                "analytics.deliver_figures",
                "analytics.explain_objectives",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
            seeds=("R07",),
        ),
    ),
    menu=(
        MenuEntry(
            key="reports",
            name=_("Reports"),
            url_name="reports",
            icon="board",
            permission="reports.see",
            order=90,
        ),
    ),
    duties=(
        Duty(
            key="find_trends",
            name=_("Find trends in what happens and in what is said"),
            kpis=("call_volume",),
            skills=("figures",),
            seeds=("U38", "T14"),
            planned="F22",
        ),
        Duty(
            key="deliver_figures",
            name=_("Give every team the figures that it needs, from one source"),
            may=(
                "interactions.read",
                "queues.read",
                "reports.agents",
                "reports.see",
                "wallboard.see",
            ),
            kpis=("goals_reached",),
            skills=("figures",),
            seeds=("U39", "S06", "T06"),
        ),
        Duty(
            key="explain_objectives",
            name=_("Explain by statistics what moves the objectives"),
            may=("direction.see",),
            kpis=("driver_effect",),
            skills=("figures", "writing"),
            seeds=("U40",),
            planned="F36",
        ),
    ),
)
