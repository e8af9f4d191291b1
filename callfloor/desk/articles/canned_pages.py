"""
Ready answers beside a written contact, as its desk puts them into what the agent writes.

Refuses: to write or send anything; what is put in is the agent's own words from then on.
"""

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.views.decorators.http import require_safe

from callfloor.desk.articles import markup
from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.records.articles import queries
from callfloor.records.customers import queries as customers
from callfloor.records.forms.rules import shape
from callfloor.records.interactions.queries import chats
from callfloor.records.interactions.queries import messages as readings
from callfloor.records.people import queries as people
from callfloor.ui.requests import Request

NUMBER_MAX = 2**31 - 1  # After the last message: asks for the right to read, and for nothing else.


@login_required
@require_safe
def canned(request: Request, interaction_id: str) -> JsonResponse:
    """Return the ready answers of a contact's client in its language, with names filled in."""
    person = request.user
    readings.messages(person=person, interaction_id=interaction_id, after=NUMBER_MAX)
    access.check(person, "calls.take")
    contact = chats.chat(interaction_id=interaction_id)
    if contact is None:
        raise access.NotFound
    found = queries.canned(person=person, client=contact.client, language=contact.language)
    values = _values(person, contact)
    rows = [
        {
            "key": row.key,
            "title": row.title,
            "text": filled(row.body, values),
            "language": row.language,
            "direction": markup.direction(row.language),
        }
        for row in found
    ]
    return JsonResponse({"texts": rows, "fields": shape.FIELDS})


def filled(body: str, values: dict[str, str]) -> str:
    """Return a text with its fields filled in; one without a value stays in braces."""
    runs = shape.runs(body, values)
    return "".join(f"{{{part}}}" if kind == "empty" else part for kind, part in runs)


def _values(person: Someone, contact: chats.ChatRow) -> dict[str, str]:
    """Return what is known; a number is no name, so nobody is greeted by one."""
    names = people.client_names(person=person)
    known = customers.called(ids=[contact.customer])
    return {
        "agent": people.own_name(person=person),
        "client": names.get(contact.client, contact.client),
        "customer": known[contact.customer].name,
    }
