"""
The shared places of the menu; a manifest takes them in, so that the composition root joins them.

Refuses: places of a single department. Those stand in its own manifest.
"""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import MenuEntry

PLACES = tuple(
    MenuEntry(key=key, name=name, url_name=key, icon=icon, permission=permission, order=order * 10)
    for order, (key, name, icon, permission) in enumerate(
        (
            ("desk", _("Desk"), "desk", "calls.take"),
            ("floor", _("Floor"), "floor", "floor.see"),
            ("wallboard", _("Wallboard"), "board", "wallboard.see"),
            ("interactions", _("Interactions"), "list", "interactions.read"),
            ("customers", _("Customers"), "person", "customers.read"),
            ("cases", _("Cases"), "case", "cases.read"),
            ("promises", _("Callbacks"), "phone", "promises.read"),
            ("queues", _("Queues"), "clock", "queues.read"),
            ("people", _("People"), "consult", "people.read"),
            ("organisation", _("Organization"), "transfer", "organisation.see"),
            ("direction", _("Direction"), "target", "direction.see"),
            ("emergency", _("Emergency"), "warn", "emergency.switch"),
        ),
        start=1,
    )
)
