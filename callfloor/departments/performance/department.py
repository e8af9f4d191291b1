"""The manifest of performance management."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="performance",
    name=_("Performance management"),
    host="management",
    seeds=("D15", "D16"),
    roles=(
        Role(
            key="performance_analyst",
            name=_("Performance analyst"),
            duties=(
                "performance.set_measures",
                "performance.evaluate",
                "performance.follow_measures",
                "performance.run_contests",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
            seeds=("D16",),
        ),
    ),
    duties=(
        Duty(
            key="work_to_objectives",
            name=_("Work to the center's objectives and to one's own"),
            may=("direction.see", "jobs.see", "organisation.see"),
            kpis=("goals_reached",),
            skills=("teamwork",),
            seeds=("U53", "U11"),
        ),
        Duty(
            key="set_measures",
            name=_("Set measures and targets from job descriptions and objectives"),
            may=("direction.see", "jobs.see"),
            kpis=("goals_reached",),
            skills=("figures", "judgment"),
            seeds=("U57",),
            planned="F25",
        ),
        Duty(
            key="evaluate",
            name=_("Evaluate people by one known method, and help them to improve"),
            kpis=("goals_reached", "quality_score"),
            articles=("evaluation",),
            skills=("judgment", "leading"),
            seeds=("U37", "T21"),
            planned="F25",
        ),
        Duty(
            key="follow_measures",
            name=_("Follow the measures, and say what can be improved"),
            may=("queues.read", "reports.see", "wallboard.see"),
            kpis=("goals_reached", "contacts_per_hour"),
            skills=("figures",),
            seeds=("U36",),
            planned="F25",
        ),
        Duty(
            key="run_contests",
            name=_("Run contests that reward good work and that nobody has to join"),
            kpis=("job_satisfaction",),
            skills=("leading",),
            seeds=("T16",),
            planned="F26",
        ),
        Duty(
            key="decide_bonuses",
            name=_("Decide bonuses by the agreed figures"),
            kpis=("goals_reached",),
            articles=("evaluation",),
            skills=("judgment",),
            seeds=("U34",),
            planned="F25",
            decides="bonus",
            apart_from=("human_resources.pay_out",),
        ),
    ),
)
