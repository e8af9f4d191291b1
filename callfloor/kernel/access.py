"""
The one way to another's record: what a person may see, by client and by duty.

A record of a foreign client does not exist for a person; a record of his clients that his duties
do not open is forbidden. Nor does what is hidden from him by name exist: a model says with
`hidden_way` where it stands from whom a row is hidden, and here alone it is asked.
Refuses: to guess. Without a right the answer is no.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import quick
from callfloor.kernel.errors import Refusal

Row = TypeVar("Row", bound=Model)


class Forbidden(Refusal):
    """The person's duties do not open this."""

    code = "access.forbidden"
    message = _("Your duties do not include this.")


class NotFound(Refusal):
    """There is no such thing among what the person may know of."""

    code = "access.not_found"
    message = _("This does not exist, or not for you.")


class OwnMatter(Refusal):
    """Somebody would decide what is about himself."""

    code = "access.own_matter"
    message = _("Nobody decides a matter of his own. Somebody else who may decide it must do so.")


@dataclass(frozen=True, kw_only=True)
class Rights:
    """What a person may do and whose work he may see, at this moment."""

    person: str
    clients: frozenset[str]
    permissions: frozenset[str]
    team: str | None = None

    def may(self, permission: str) -> bool:
        """Say whether a duty of the person opens this."""
        return permission in self.permissions

    def sees(self, client: str | None) -> bool:
        """Say whether the person may know of this client's work; what has no client is free."""
        return client is None or client in self.clients


class Someone(Protocol):
    """Whoever asks: a person, or a fake in a test."""

    @property
    def key(self) -> str:
        """The person's key."""
        ...

    @property
    def rights(self) -> Rights:
        """What he may do."""
        ...


def check(person: Someone, permission: str, *, client: str | None = None) -> None:
    """
    Let pass who may do this for this client.

    Raises NotFound for a foreign client, Forbidden without the duty.
    """
    if not person.rights.sees(client):
        raise NotFound
    if not person.rights.may(permission):
        raise Forbidden


def check_any(person: Someone, *permissions: str, client: str | None = None) -> None:
    """Let pass who may do at least one of these; raises as `check` does."""
    if not person.rights.sees(client):
        raise NotFound
    if not any(person.rights.may(permission) for permission in permissions):
        raise Forbidden


def not_ones_own(person: Someone, of: str) -> None:
    """
    Let pass whoever decides a matter of somebody else; `of` is the key of the person it is about.

    Raises OwnMatter. Every duty with `decides` asks this at the moment of the decision.
    """
    if person.key == of:
        raise OwnMatter


def visible(
    person: Someone, permission: str, queryset: QuerySet[Row], *, client_field: str = "client_id"
) -> QuerySet[Row]:
    """
    Limit a queryset to the person's clients.

    Raises Forbidden without the duty.
    """
    check(person, permission)
    return within(person, queryset, client_field=client_field)


def within(
    person: Someone, queryset: QuerySet[Row], *, client_field: str = "client_id"
) -> QuerySet[Row]:
    """
    Limit a queryset to what may exist for a person, where a check has gone before.

    That is what is of his clients and not hidden from him.
    """
    found = counted(person, queryset, client_field=client_field)
    way = _hidden_way(queryset.model)
    return found.exclude(**{way: person.key}) if way else found


def limit(person: Someone, model: type[Model]) -> tuple[str, list[str]]:
    """Give what `within` asks of a model's rows, and its values, for statements that are text."""
    clients, table = sorted(person.rights.clients), quick.table(model)
    text, way = f"{table}.client_id IN {quick.marks(clients)}", _hidden_way(model)
    if not way:
        return text, clients
    return f"{text} AND {table}.id NOT IN ({_hidden_sql(model, way)})", [*clients, person.key]


def read(
    person: Someone, model: type[Row], where: str, values: Sequence[Any] = (), *, then: str = ""
) -> list[Row]:
    """
    Give the rows that `within` leaves, by one short statement, where a check has gone before.

    `where` says which are wanted, `then` in which order and how many.
    """
    text, limits = limit(person, model)
    return quick.models(model, f"WHERE ({where}) AND {text} {then}", [*values, *limits])


def count(person: Someone, model: type[Model], where: str, values: Sequence[Any] = ()) -> int:
    """Say how many rows `read` gives."""
    text, limits = limit(person, model)
    sql = f"SELECT COUNT(*) FROM {quick.table(model)} WHERE ({where}) AND {text}"
    return int(quick.fetch(sql, [*values, *limits])[0][0])


def counted(
    person: Someone, queryset: QuerySet[Row], *, client_field: str = "client_id"
) -> QuerySet[Row]:
    """Limit a queryset to the person's clients, for figures alone: they show no single row."""
    return queryset.filter(**{f"{client_field}__in": sorted(person.rights.clients)})


def hidden_ids(person: Someone, model: type[Model]) -> list[str]:
    """Name the rows that are hidden from a person, for whoever writes his statements as text."""
    way = _hidden_way(model)
    assert way, f"nobody says from whom {model.__name__} is hidden"
    return [id_ for (id_,) in quick.fetch(_hidden_sql(model, way), [person.key])]


def _hidden_way(model: type[Model]) -> str:
    """Give the lookup of the people from whom a model's rows are hidden; empty if of none."""
    way: str = getattr(model, "hidden_way", "")
    return way


@functools.cache
def _hidden_sql(model: type[Model], way: str) -> str:
    """Give the statement that names hidden rows, with a place for the person."""
    rows = model._default_manager.filter(**{way: ""}).order_by("pk").values("pk").distinct()
    sql, _values = rows.query.sql_with_params()
    return sql


def clients_of(person: Someone, permission: str) -> list[str]:
    """
    Give the clients to whose rows a statement must be limited.

    Raises Forbidden without the duty.
    """
    check(person, permission)
    return sorted(person.rights.clients)


def require_key(person: Someone, permission: str, model: type[Row], key: str) -> Row:
    """
    Give the row of a key, as `require` does, by one short statement.

    Raises NotFound if there is none for this person, Forbidden without the duty.
    """
    found = read(person, model, f"{quick.table(model)}.id = %s", [key])
    if not found:
        raise NotFound
    check(person, permission)
    return found[0]


def require(
    person: Someone, permission: str, queryset: QuerySet[Row], *, client_field: str = "client_id"
) -> Row:
    """
    Give the only row of a queryset.

    Raises NotFound if there is none for this person, Forbidden without the duty. A foreign row
    and a missing one cannot be told apart.
    """
    row = within(person, queryset, client_field=client_field).first()
    if row is None:
        raise NotFound
    check(person, permission)
    return row
