"""The manifest of marketing: outside of the centre, it says what telesales must reach."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="marketing",
    name=_("Marketing"),
    seeds=("D23",),
    roles=(
        Role(
            key="marketing_manager",
            name=_("Marketing manager"),
            duties=(
                "marketing.supervise_telesales",
                "marketing.brief_campaigns",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
            seeds=("D23",),
        ),
    ),
    duties=(
        Duty(
            key="supervise_telesales",
            name=_("Say what telephone sales must reach, and hear how it goes"),
            may=("wallboard.see",),
            kpis=("conversion",),
            skills=("figures", "leading"),
            seeds=("D06", "D23"),
            planned="F13",
        ),
        Duty(
            key="brief_campaigns",
            name=_("Say whom campaigns address, and what they offer"),
            kpis=("conversion",),
            articles=("calling_out",),
            skills=("writing", "customer_mind"),
            seeds=("U16",),
            planned="F04",
        ),
    ),
)
