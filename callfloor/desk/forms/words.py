"""What faults, kinds and reasons of forms are called."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callfloor.records.forms.services import Line
from callfloor.records.people import queries as people

KINDS: dict[str, Any] = {"script": gettext_lazy("Script"), "guide": gettext_lazy("Guide")}
REASONS: dict[str, Any] = {
    "left": gettext_lazy("The customer has left"),
    "refused": gettext_lazy("The customer will not hear it"),
    "known": gettext_lazy("The customer has heard it before"),
    "unfit": gettext_lazy("It does not fit here"),
}
FAULTS: dict[str, Any] = {
    "no_yaml": gettext_lazy("This cannot be read as YAML."),
    "no_nodes": gettext_lazy("There are no nodes."),
    "unknown_key": gettext_lazy("A form has no %(what)s."),
    "no_text": gettext_lazy("A text is missing."),
    "no_list": gettext_lazy("Here stands a list."),
    "too_long": gettext_lazy("The text in %(language)s is too long."),
    "too_many_nodes": gettext_lazy("A form has at most 200 nodes."),
    "too_many_choices": gettext_lazy("A node has at most twelve choices."),
    "bad_key": gettext_lazy("%(what)s is no key: small letters, digits and _ only."),
    "bad_ask": gettext_lazy("A node asks for confirm, text or number, or it has choices."),
    "bad_weight": gettext_lazy("A weight is a number from 0 to 100."),
    "choice_twice": gettext_lazy("The choice %(what)s stands twice."),
    "unknown_node": gettext_lazy("There is no node %(what)s."),
    "never_reached": gettext_lazy("Nothing leads to %(what)s."),
    "no_end": gettext_lazy("From %(what)s no way leads to an end."),
    "unknown_queue": gettext_lazy("This client has no queue %(what)s."),
    "unknown_disposition": gettext_lazy("This client has no disposition %(what)s."),
    "not_said": gettext_lazy("It is not said in %(language)s, which customers speak."),
    "unknown_field": gettext_lazy("Nothing fills in %(what)s."),
    "field_lost": gettext_lazy("Other languages have %(what)s here, this one does not."),
}


def fault(line: Line) -> str:
    """Return what is wrong, in the language in force."""
    what = line.fault.what
    values = {"what": what, "language": people.language_name(what) if what else ""}
    return str(FAULTS[line.fault.code]) % values if line.fault.code in FAULTS else _("Wrong.")
