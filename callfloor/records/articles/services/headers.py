"""
What the centre's file says of its articles: name, kind, who answers, when it is looked at again.

The file is written once; here it only becomes rows that texts can hang on. Refuses: texts.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from callfloor.kernel.names import Names
from callfloor.records.articles.models import Article


@dataclass(frozen=True, kw_only=True)
class HeaderData:
    """An article as the file has it."""

    names: Names
    kind: str
    owner: str
    review_date: dt.date


def take_headers(headers: Mapping[str, HeaderData]) -> None:
    """Bring the rows to what the file says; what left it rests with its texts and readers."""
    for key, data in headers.items():
        values = {
            "names": dict(data.names),
            "kind": data.kind,
            "owner": data.owner,
            "review_date": data.review_date,
            "from_file": True,
            "is_active": True,
        }
        Article.objects.update_or_create(key=key, defaults=values)
    gone = Article.objects.filter(from_file=True).exclude(key__in=list(headers))
    gone.update(is_active=False)
