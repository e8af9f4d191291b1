"""The manifest of IT support."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, MenuEntry

department = Department(
    key="it_support",
    name=_("IT support"),
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
            may=("engine.see", "people.read", "plan.apply", "queues.read", "wallboard.see"),
            seeds=("U31",),
        ),
    ),
)
