"""
Where many contacts with one code look like one cause: proposed as an incident, never declared.

The contacts are counted by what agents said at the end of their part, and cases by what they were
opened for; a contact with its case counts once. A code that most contacts bear every day says
nothing: it must come twice as often among all as it did in the week before.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from callfloor.core.emergencies import MARK
from callfloor.kernel import access, lists, quick
from callfloor.kernel.access import Someone
from callfloor.records.cases.models import Case
from callfloor.records.cases.queries import rows
from callfloor.records.cases.queries.rows import CaseRow
from callfloor.records.interactions.models import AgentWork, TimelineEntry
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing

WINDOW = timedelta(minutes=10)
CONTACTS_MIN = 20
"""So many contacts with one code within the window (MISSION F12)."""
USUAL = timedelta(days=7)  # Each day of the week once: on Mondays other things are asked.
TIMES_USUAL = 2.0
ALIKE = timedelta(hours=12)  # Cases of an outage are of one day, mostly of its first hours.
ALIKE_MAX = 500
Pair = tuple[str, str]
"""Client and code."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A code that comes so often that one cause must be behind it."""

    client: str
    client_name: str
    code: str
    code_name: str
    contacts: int


def proposals(*, person: Someone, now: datetime) -> list[Proposal]:
    """
    Give the codes of the person's clients that came so often lately, without an open incident.

    Raises Forbidden without the duty.
    """
    access.check(person, "cases.incident")
    counted = _counted(sorted(person.rights.clients), since=now - WINDOW)
    limit, limits = access.limit(person, Case)
    going = f"kind = 'incident' AND closed_at IS NULL AND {limit}"
    sql = f"SELECT client_id, code FROM {quick.table(Case)} WHERE {going}"
    known = set(quick.fetch(sql, limits))
    many = {
        pair: len(found)
        for pair, found in counted.items()
        if len(found) >= CONTACTS_MIN and pair not in known
    }
    wanted = _unusual(many, counted, until=now - WINDOW)
    clients = people.client_names(person=person)
    names = routing.disposition_names_of(pairs=wanted)
    found = [
        Proposal(
            client=client,
            client_name=clients.get(client, client),
            code=code,
            code_name=names.get((client, code), code),
            contacts=contacts,
        )
        for (client, code), contacts in wanted.items()
    ]
    return sorted(found, key=lambda each: (-each.contacts, each.client, each.code))


def alike(*, person: Someone, client: str, code: str, now: datetime) -> list[CaseRow]:
    """
    Give the open cases with a code that are part of no incident, the latest first.

    Raises Forbidden without the duty.
    """
    if not code:
        return []
    found = rows.visible(person, "cases.incident").filter(
        client_id=client, code=code, closed_at=None, incident=None, opened_at__gte=now - ALIKE
    )
    wanted = found.exclude(kind="incident").order_by("-opened_at", "-id")
    return rows.build(list(wanted[:ALIKE_MAX]))


def deflected(*, client: str, emergency: str, since: datetime, until: datetime) -> int:
    """Count the callers who heard an emergency's message in a while, each once."""
    found = TimelineEntry.objects.filter(
        client_id=client,
        kind="StepEntered",
        data__step=MARK + emergency,
        at__gte=since,
        at__lte=until,
    )
    return found.values("interaction_id").distinct().count()


def _unusual(
    many: dict[Pair, int], counted: dict[Pair, set[str]], *, until: datetime
) -> dict[Pair, int]:
    """Leave out codes that are as frequent among all as they always are."""
    if not many:
        return {}
    clients = {client for client, _ in many}
    usual = _shares(clients, since=until - USUAL, until=until)
    now = dict.fromkeys(clients, 0)
    for (client, _), found in counted.items():
        if client in now:
            now[client] += len(found)
    return {
        pair: contacts
        for pair, contacts in many.items()
        if contacts >= TIMES_USUAL * usual.get(pair, 0.0) * now[pair[0]]
    }


def _shares(clients: set[str], *, since: datetime, until: datetime) -> dict[Pair, float]:
    """Give which part of a client's codes each was; a day that the twin played counts too."""
    works = AgentWork.objects.filter(
        client_id__in=clients, finished_at__gte=since, finished_at__lt=until
    ).exclude(disposition="")
    opened = Case.objects.filter(
        ~Q(code="") & ~Q(kind="incident"),
        client_id__in=clients,
        opened_at__gte=since,
        opened_at__lt=until,
    )
    sums: dict[Pair, int] = {}
    for found, field in ((works, "disposition"), (opened, "code")):
        grouped = found.values_list("client_id", field).annotate(Count("pk")).order_by()
        for client, code, count in grouped:
            sums[client, code] = sums.get((client, code), 0) + count
    all_of = {client: sum(n for (of, _), n in sums.items() if of == client) for client in clients}
    return {pair: count / all_of[pair[0]] for pair, count in sums.items()}


def _counted(clients: list[str], *, since: datetime) -> dict[Pair, set[str]]:
    """Give the contacts of each client and code, a case by the contact that it came from."""
    found: dict[Pair, set[str]] = {}
    of = f"client_id IN {quick.marks(clients)} AND NOT simulated"
    values = [*clients, lists.instant(since)]
    sql = (
        f"SELECT client_id, disposition, interaction_id FROM {quick.table(AgentWork)} "
        f"WHERE {of} AND finished_at >= %s AND disposition <> ''"
    )
    for client, code, item in quick.fetch(sql, values):
        found.setdefault((client, code), set()).add(item)
    sql = (
        f"SELECT client_id, code, origin, id FROM {quick.table(Case)} "
        f"WHERE {of} AND opened_at >= %s AND code <> '' AND kind <> 'incident'"
    )
    for client, code, origin, key in quick.fetch(sql, values):
        found.setdefault((client, code), set()).add(origin or key)
    return found
