"""
What is said of a product from a day on: its price, and whatever else agents are asked.

Refuses: to change what held on a day that has passed without leaving a trace; the audit has it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import audit
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.names import Names
from callfloor.records.articles.models import Article, ArticleVersion, ProductFact
from callfloor.records.articles.queries import rows
from callfloor.records.articles.services.index import put_in_index

ATTRIBUTES_MAX = 40  # More does not fit beside a caller.


class NotAProduct(Refusal):
    """Only products have prices and attributes."""

    code = "articles.not_a_product"
    message = _("Only a product has a price and facts.")


@dataclass(frozen=True, kw_only=True)
class AttributeData:
    """One thing that is said, language to text."""

    name: Names
    value: Names


@dataclass(frozen=True, kw_only=True)
class FactData:
    """What holds of a product from a day on."""

    valid_from: dt.date
    price_minor: int | None
    currency: str
    attributes: Sequence[AttributeData] = ()


@transaction.atomic
def say_fact(*, person: Someone, key: str, fact: FactData, now: dt.datetime) -> None:
    """
    Say what holds of a product from a day on; what was said for the same day is replaced.

    Raises NotFound, Forbidden, NotAProduct.
    """
    row = rows.require(person, "articles.write", key)
    keep_fact(row, fact, by=person.key, now=now)
    audit.note(
        by=person.key,
        action="product.said",
        about=f"article:{key}",
        client=row.client_id,
        now=now,
        detail={"valid_from": fact.valid_from.isoformat(), "price_minor": fact.price_minor},
    )


def keep_fact(row: Article, fact: FactData, *, by: str | None, now: dt.datetime) -> None:
    """Keep a fact of an article that has been checked; its words are found at once."""
    if row.kind != "product":
        raise NotAProduct
    values = {
        "price_minor": fact.price_minor,
        "currency": fact.currency,
        "attributes": [
            {"name": dict(each.name), "value": dict(each.value)}
            for each in fact.attributes[:ATTRIBUTES_MAX]
        ],
        "said_by_id": by,
        "said_at": now,
    }
    ProductFact.objects.update_or_create(article=row, valid_from=fact.valid_from, defaults=values)
    for version in ArticleVersion.objects.filter(article=row, state="approved"):
        put_in_index(version)
