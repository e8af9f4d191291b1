"""The manifest of IT support."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, MenuEntry, Role

department = Department(
    key="it_support",
    name=_("IT support"),
    host="management",
    seeds=("D13",),
    roles=(
        Role(
            key="it_support",
            name=_("IT support"),
            duties=("it_support.keep_running", "performance.work_to_objectives"),
            seeds=("R08",),
        ),
    ),
    menu=(
        MenuEntry(
            key="engine",
            name=_("Engine room"),
            url_name="engine",
            icon="engine",
            permission="engine.see",
            order=200,
        ),
    ),
    duties=(
        Duty(
            key="keep_running",
            name=_("Keep processes, lines and plans in order"),
            may=(
                "direction.see",
                "engine.see",
                "jobs.see",
                "organisation.see",
                "people.read",
                "plan.apply",
                "queues.read",
                "wallboard.see",
            ),
            seeds=("U31",),
        ),
    ),
)
