"""
Writing, approving, reading and retiring articles, and what is said of products.

    texts     an article begins, its drafts, approval, retirement
    index     the words of what holds
    reading   acknowledgement
    products  facts with the day from which they hold
    headers   what the centre's file says of articles
"""

from callfloor.records.articles.services.headers import HeaderData, take_headers
from callfloor.records.articles.services.index import put_in_index, take_out_of_index
from callfloor.records.articles.services.products import (
    AttributeData,
    FactData,
    NotAProduct,
    say_fact,
)
from callfloor.records.articles.services.reading import NotHolding, acknowledge
from callfloor.records.articles.services.texts import (
    KeyTaken,
    NoDraft,
    NotComplete,
    OfTheFile,
    OwnText,
    approve,
    begin,
    discard,
    plan_review,
    retire,
    take_in,
    write,
)

__all__ = [
    "AttributeData",
    "FactData",
    "HeaderData",
    "KeyTaken",
    "NoDraft",
    "NotAProduct",
    "NotComplete",
    "NotHolding",
    "OfTheFile",
    "OwnText",
    "acknowledge",
    "approve",
    "begin",
    "discard",
    "plan_review",
    "put_in_index",
    "retire",
    "say_fact",
    "take_headers",
    "take_in",
    "take_out_of_index",
    "write",
]
