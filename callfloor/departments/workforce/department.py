"""The manifest of workforce management."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, MenuEntry, Role

department = Department(
    key="workforce",
    name=_("Workforce management"),
    host="management",
    seeds=("D12",),
    menu=(
        MenuEntry(
            key="try",
            name=_("Try a change"),
            url_name="try",
            icon="twin",
            permission="twin.try",
            order=120,
        ),
    ),
    roles=(
        Role(
            key="resource_analyst",
            name=_("Resource analyst"),
            duties=(
                "workforce.forecast",
                "workforce.staff_enough",
                "workforce.try_changes",
                "workforce.schedule",
                "workforce.hold_service_level",
                "inbound.shape_flows",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
            seeds=("R06",),
        ),
    ),
    duties=(
        Duty(
            key="forecast",
            name=_("Forecast how many contacts come, and when"),
            kpis=("forecast_error", "call_volume"),
            skills=("figures",),
            seeds=("U25",),
            planned="F28",
        ),
        Duty(
            key="staff_enough",
            name=_("Find how many people are needed to reach the objectives"),
            may=("floor.see", "queues.read", "reports.see", "twin.try", "wallboard.see"),
            kpis=("staffing_level", "occupancy", "cost_per_contact"),
            lessons=("twin",),
            skills=("figures", "planning"),
            seeds=("U26",),
        ),
        Duty(
            key="try_changes",
            name=_("Try changes of lines, hours and people before they are made"),
            may=("queues.read", "twin.try"),
            kpis=("service_level", "cost_per_contact"),
            lessons=("twin",),
            skills=("figures",),
            seeds=("U26", "S06"),
        ),
        Duty(
            key="schedule",
            name=_("Plan legal and fair shifts, and give out the attendance plan"),
            kpis=("adherence", "staffing_level"),
            articles=("working_time",),
            skills=("planning",),
            seeds=("U24",),
            planned="F30",
        ),
        Duty(
            key="hold_service_level",
            name=_(
                "Have people there when they are needed, and hold the service level through the day"
            ),
            may=("floor.see", "reports.see", "wallboard.see"),
            kpis=("service_level", "staffing_level"),
            skills=("planning", "calm"),
            seeds=("U27", "U28"),
            planned="F30",
        ),
        Duty(
            key="decide_leave",
            name=_("Decide requests for leave"),
            kpis=("staffing_level", "job_satisfaction"),
            articles=("working_time",),
            skills=("judgment",),
            seeds=("U24",),
            planned="F30",
            decides="leave",
        ),
    ),
)
