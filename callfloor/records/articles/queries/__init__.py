"""
What articles say, for whoever may read them.

    rows      lists, one article with its versions, canned texts
    finding   search
    reading   what somebody still has to acknowledge, and who has
    gaps      what does not exist in a language that customers speak
"""

from callfloor.records.articles.queries.finding import FoundRow, search
from callfloor.records.articles.queries.gaps import Gap, gaps
from callfloor.records.articles.queries.reading import (
    Reader,
    ReadRow,
    asked_of,
    owed,
    readers,
)
from callfloor.records.articles.queries.rows import (
    ArticleDetail,
    ArticleRow,
    AttributeRow,
    CannedRow,
    FactRow,
    VersionRow,
    article,
    articles,
    canned,
    facts_on,
    titles,
    waiting,
)

__all__ = [
    "ArticleDetail",
    "ArticleRow",
    "AttributeRow",
    "CannedRow",
    "FactRow",
    "FoundRow",
    "Gap",
    "ReadRow",
    "Reader",
    "VersionRow",
    "article",
    "articles",
    "asked_of",
    "canned",
    "facts_on",
    "gaps",
    "owed",
    "readers",
    "search",
    "titles",
    "waiting",
]
