"""
What the demo's people look up and say: articles, a script and a guide, in six languages.

Everything is there already when the first newcomer sits down. Refuses: to change what somebody has
written since, and texts of clients that a copied demo no longer has.
"""

import datetime as dt
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from callfloor.blueprint.schema import Blueprint
from callfloor.records.articles import services as articles
from callfloor.records.forms import services as forms

FOLDER = Path(__file__).parent / "knowledge"
FORMS = (("halden_billing", "script", "halden"), ("no_power", "guide", "halden"))


def take_in(blueprint: Blueprint, *, now: dt.datetime) -> None:
    """Take the demo's articles and forms into the records, once."""
    for key, said in texts().items():
        if said["client"] is None or said["client"] in blueprint.clients:
            _article(key, said, now=now)
    for key, kind, client in FORMS:
        if client in blueprint.clients and "halden_billing" in blueprint.queues:
            text = (FOLDER / f"{key}.yaml").read_text(encoding="utf-8")
            forms.take_in(key=key, kind=kind, client=client, text=text, now=now)


def texts() -> dict[str, Any]:
    """Give the demo's articles as their file has them."""
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(
        (FOLDER / "articles.yaml").read_text(encoding="utf-8")
    )
    return found


def _article(key: str, said: dict[str, Any], *, now: dt.datetime) -> None:
    fact = None
    if said["kind"] == "product":
        fact = articles.FactData(
            valid_from=said["valid_from"],
            price_minor=said["price_minor"],
            currency=said["currency"],
            attributes=tuple(articles.AttributeData(**each) for each in said["attributes"]),
        )
    articles.take_in(
        key=key,
        kind=said["kind"],
        client=said["client"],
        owner=said["owner"],
        review_date=said["review"],
        texts=[
            (language, text["title"], text.get("keywords", ""), text["body"])
            for language, text in said["texts"].items()
        ],
        fact=fact,
        now=now,
    )
