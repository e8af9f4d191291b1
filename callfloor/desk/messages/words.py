"""
What departments say to people, in the reader's own language, by the kind of notice.

Refuses: what a person wrote; that is shown as it was written.
"""

from typing import Any

from django.utils.translation import gettext as _

from callfloor.records.people import queries as people
from callfloor.records.people.queries.notices import NoticeRow


def say(row: NoticeRow) -> str:
    """Return what a notice says."""
    make = KINDS.get(row.kind)
    return make(row.detail) if make is not None else row.text


def _job(detail: dict[str, Any]) -> str:
    role = str(detail.get("role", ""))
    name = people.role_names().get(role, role)
    return _("Your job description has changed: %(role)s.") % {"role": name}


KINDS = {"job": _job}
