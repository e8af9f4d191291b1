"""
A leader puts a paragraph of an article onto the desk of somebody in his team, in mid-call.

It is what holds, as it stands there, with its place. Refuses: words of the leader's own (those are
messages), and texts of a client whom the agent does not work for.
"""

from datetime import datetime

from django.db import transaction

from callfloor.kernel import access, audit
from callfloor.kernel.access import Someone
from callfloor.records.articles.models import ArticleVersion
from callfloor.records.articles.queries import rows
from callfloor.records.people import queries as people
from callfloor.records.people.queries import leading
from callfloor.records.people.services import notices

KIND = "paragraph"
CHARACTERS_MAX = 2_000  # A long paragraph; more is no help to somebody who talks.


def paragraphs(body: str) -> list[str]:
    """Give the paragraphs of a text: what empty lines part, without marks of headings."""
    parts = (part.strip().lstrip("#").strip() for part in body.split("\n\n"))
    return [part[:CHARACTERS_MAX] for part in parts if part]


def push(
    *, person: Someone, key: str, article: str, language: str, number: int, now: datetime,
    chance: bytes,
) -> str:  # fmt: skip
    """
    Show the paragraph of that number, from 0, to one of the own team; give the notice's id.

    Raises NotFound for whoever is not of the own team and clients, for an article that is not
    there for one of the two, and for a paragraph that it has not; Forbidden without the duty.
    """
    agent = leading.require(person=person, key=key, permission=leading.LEAD)
    row = rows.require(person, "articles.read", article)
    check_reader(agent.key, row.client_id)
    versions = ArticleVersion.objects.filter(article=row, state="approved", language=language)
    version = versions.first()
    found = paragraphs(version.body) if version is not None else []
    if not 0 <= number < len(found) or version is None:
        raise access.NotFound
    with transaction.atomic():
        detail = {"article": row.key, "version": version.id, "paragraph": number}
        made = notices.tell(
            people=[agent.key], kind=KIND, by=person.key, text=found[number],
            place=f"/articles/{row.key}?language={language}", detail=detail, now=now,
            chance=chance,
        )  # fmt: skip
        assert made is not None, "somebody was named"
        audit.note(
            by=person.key,
            action="article.pushed",
            about=f"person:{agent.key}",
            client=row.client_id,
            now=now,
            detail={**detail, "notice": made},
        )
    return made


def check_reader(key: str, client: str | None) -> None:
    """Let pass an article that the agent himself may read. Raises NotFound."""
    rights = people.rights_of(key=key)
    if rights is None or not rights.sees(client) or not rights.may("articles.read"):
        raise access.NotFound
