"""
A reader says that he has read a version.

Refuses: to say it for somebody else, and of what does not hold.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.records.articles.models import Acknowledgement, ArticleVersion
from callfloor.records.articles.queries import rows


class NotHolding(Refusal):
    """Another version holds now."""

    code = "articles.not_holding"
    message = _("This version does not hold any more. Read the one that does.")


@transaction.atomic
def acknowledge(*, person: Someone, version: str, now: datetime) -> None:
    """
    Keep that the person has read a version; a second time changes nothing.

    Raises NotFound, Forbidden, NotHolding.
    """
    row = ArticleVersion.objects.filter(id=version).first()
    if row is None:
        raise access.NotFound
    rows.require(person, "articles.read", row.article_id)
    if row.state != "approved":
        raise NotHolding
    Acknowledgement.objects.get_or_create(version=row, person_id=person.key, defaults={"at": now})
