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
            duties=(
                "it_support.keep_running",
                "it_support.help_colleagues",
                "it_support.choose_tools",
                "it_support.protect_systems",
                "it_support.let_grow",
                "it_support.look_after_assistants",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
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
            kpis=("availability",),
            articles=("disturbances",),
            skills=("technical",),
            seeds=("U31", "Q08", "T07"),
        ),
        Duty(
            key="help_colleagues",
            name=_("Help colleagues whose telephone, computer or line fails"),
            may=("engine.see", "people.read"),
            kpis=("availability",),
            articles=("disturbances",),
            skills=("technical", "calm"),
            seeds=("U29",),
        ),
        Duty(
            key="choose_tools",
            name=_("Recommend tools that fit the objectives"),
            may=("direction.see", "engine.see"),
            kpis=("cost_per_contact", "availability"),
            skills=("technical", "figures"),
            seeds=("U30",),
            planned="F38",
        ),
        Duty(
            key="protect_systems",
            name=_("Protect data by encryption, and systems by rights that follow from duties"),
            may=("engine.see", "organisation.see"),
            kpis=("availability",),
            articles=("personal_data",),
            lessons=("personal_data",),
            skills=("technical", "discretion"),
            seeds=("T18", "T19", "Q01", "Q02"),
        ),
        Duty(
            key="let_grow",
            name=_("Run the center on one machine of its own or in a cloud, and let it grow"),
            may=("engine.see",),
            kpis=("availability",),
            skills=("technical", "planning"),
            seeds=("T15", "S09"),
            planned="F43",
        ),
        Duty(
            key="look_after_assistants",
            name=_("Look after chatbots and other AI, and answer for what they say"),
            kpis=("first_contact_resolution",),
            skills=("technical", "judgment"),
            seeds=("T12", "T13"),
            planned="F42",
        ),
    ),
)
