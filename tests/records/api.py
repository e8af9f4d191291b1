"""Tokens and objects for tests that speak to the API."""

from typing import Any

from callfloor.kernel import ids
from callfloor.records.cases.queries import CaseRow
from callfloor.records.cases.services import opening
from callfloor.records.people.services import tokens
from tests.records import scenes

SECRET = "a" * 43
_numbers = iter(range(1, 10**9))


def chance() -> bytes:
    """Give ten bytes, other ones each time and the same in every run."""
    return next(_numbers).to_bytes(10, "big")


def token(key: str, *, duties: Any = None, clients: Any = None, now: Any = None) -> str:
    """Give a token of somebody with all that is his, or some of it; it holds in any test."""
    person = scenes.person(key)
    made = tokens.ApiToken(
        id=ids.make(now=scenes.START, chance=chance()),
        person=person,
        name="A program",
        digest=tokens.queries.digest(SECRET),
        duties=sorted(person.duty_keys if duties is None else duties),
        clients=sorted(person.rights.clients if clients is None else clients),
        made_at=scenes.NOW,
        expires_at=scenes.NOW.replace(year=2199),
    )
    made.save(force_insert=True)
    return tokens.queries.written(id_=made.id, secret=SECRET)


def case(*, client: str, customer: str) -> CaseRow:
    """Open a case."""
    return opening.open_case(
        client=client,
        kind="query",
        customer_id=customer,
        subject="A question",
        origin=None,
        by=None,
        now=scenes.NOW,
        chance=chance(),
    )


class EmptyFloor:
    """A floor on which nothing happens."""

    def command(self, *, by: str, event: Any, keys: Any = None) -> int:
        """Take a command."""
        return 1

    def board(self) -> dict[str, Any]:
        """Give what is on."""
        return {}
