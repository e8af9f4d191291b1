"""The manifest of human resources."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, MenuEntry, Role

department = Department(
    key="human_resources",
    name=_("Human resources"),
    host="management",
    seeds=("D14",),
    roles=(
        Role(
            key="hr_partner",
            name=_("HR partner"),
            duties=(
                "human_resources.write_job_descriptions",
                "human_resources.onboard",
                "human_resources.appraise",
                "human_resources.care_for_relations",
                "human_resources.keep_culture",
                "human_resources.pay_out",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
        ),
        Role(
            key="recruiter",
            name=_("Recruiter"),
            duties=(
                "human_resources.write_job_descriptions",
                "human_resources.recruit",
                "human_resources.choose_applicants",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
            seeds=("R09", "R13"),
        ),
    ),
    menu=(
        MenuEntry(
            key="jobs",
            name=_("Job descriptions"),
            url_name="jobs",
            icon="note",
            permission="jobs.see",
            order=90,
        ),
    ),
    duties=(
        Duty(
            key="write_job_descriptions",
            name=_("Choose and tailor job descriptions"),
            may=("direction.see", "jobs.see", "jobs.write", "organisation.see", "people.read"),
            kpis=("goals_reached",),
            skills=("writing",),
            seeds=("U54", "U55", "U57", "T09"),
        ),
        Duty(
            key="recruit",
            name=_("Find and hire the right people"),
            kpis=("hiring_days", "attrition"),
            skills=("judgment", "listening"),
            seeds=("U32", "S07", "Q05", "R13"),
            planned="F35",
        ),
        Duty(
            key="choose_applicants",
            name=_("Choose applicants by skills and proofs alone"),
            kpis=("hiring_days",),
            skills=("judgment",),
            seeds=("U56", "Q10"),
            planned="F35",
        ),
        Duty(
            key="onboard",
            name=_("Bring new people into the house and into their team"),
            kpis=("attrition",),
            skills=("teamwork",),
            seeds=("U33",),
            planned="F35",
        ),
        Duty(
            key="appraise",
            name=_("Hold appraisals, and keep what was agreed about development"),
            may=("jobs.see", "people.read", "reports.agents"),
            kpis=("goals_reached",),
            articles=("evaluation",),
            skills=("judgment", "listening"),
            seeds=("U34",),
            planned="F35",
        ),
        Duty(
            key="care_for_relations",
            name=_("Care for good relations between people and the house"),
            kpis=("attrition", "job_satisfaction"),
            skills=("discretion", "listening"),
            seeds=("U35",),
            planned="F35",
        ),
        Duty(
            key="keep_culture",
            name=_("Keep the values alive in hiring, in praise and in everyday work"),
            kpis=("job_satisfaction",),
            skills=("leading",),
            seeds=("U51",),
            planned="F34",
        ),
        Duty(
            key="pay_out",
            name=_("Have wages and bonuses paid out as they were decided"),
            kpis=("deadlines_kept",),
            articles=("working_time",),
            skills=("figures", "discretion"),
            seeds=("U35",),
            planned="F35",
            apart_from=("performance.decide_bonuses",),
        ),
    ),
)
