"""
What a customer is told of his case: in his language, on his page, and as mail where he has one.

A mail goes out by the contact that he wrote to us in; `connectors` send what is `to_send`.
Refuses: to wait for a server.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from callfloor.kernel import references
from callfloor.records.cases.models import Case, CaseEvent, CaseInteraction
from callfloor.records.cases.services.change import Change
from callfloor.records.interactions.services import messages

LINK_DAYS = 90  # Longer than any case should last; each message brings a fresh one.
LOCAL = ("localhost", "127.0.0.1", "[::1]")

TEMPLATES: dict[str, Any] = {
    "opened": _("We have received your message. Your case has the number %(reference)s."),
    "acknowledged": _(
        "We have received your complaint and take it seriously. It has the number "
        "%(reference)s. You will get a decision with its reason."
    ),
    "decided": _(
        "We have decided your complaint %(reference)s. If you do not agree, answer this message: "
        "somebody else will look at it again."
    ),
    "appealed": _("We look at your complaint %(reference)s again. Somebody else decides it."),
    "escalated": _(
        "Your case %(reference)s is now with a specialist, who knows everything that was said "
        "and tried so far."
    ),
    "incident": _("Your case %(reference)s is part of a larger disturbance. We are working on it."),
    "incident_over": _(
        "The disturbance that your case %(reference)s was part of is over. If anything still does "
        "not work, answer this message."
    ),
    "call_promised": _("You asked to be called about your case %(reference)s. We call you:"),
    "call_cancelled": _("The call about your case %(reference)s is called off:"),
    "closed": _("Your case %(reference)s is closed. If it is not solved, answer this message."),
}
FOLLOW = _("You can follow it here: %(link)s")


def tell(change: Change, template: str, *, now: datetime, text: str = "") -> None:
    """
    Tell the customer of a case something in his language, once for each call.

    `text` follows upon the template, as the reason of a decision. A case without a customer, and
    one that the twin made, tells nobody.
    """
    case = change.case
    if case.customer_id is None or case.simulated:
        return
    parts = (_said(case, template), text, _follow(case, now))
    words = "\n\n".join(part for part in parts if part)
    event = change.add("told", {"template": template}, text=words)
    send(case, words, event=event, now=now, is_automatic=True)


def send(
    case: Case, text: str, *, event: CaseEvent, now: datetime, is_automatic: bool = False
) -> None:
    """Put a message into the mail contact of a case, if there is one; the event is its key."""
    contact = mail_contact(case)
    if contact is None:
        return
    data: dict[str, Any] = {"case": case.reference}
    if is_automatic:
        data["automatic"] = "case"
    messages.write(
        interaction_id=contact,
        direction="out",
        text=text,
        now=now,
        author=event.by_id,
        external=event.id,
        data=data,
        state="to_send",
    )


def mail_contact(case: Case) -> str | None:
    """Give the latest contact by mail of a case, by which the customer can be written to."""
    found = CaseInteraction.objects.filter(case_id=case.id, interaction__channel="mail")
    latest = found.order_by("-attached_at", "-id").values_list("interaction_id", flat=True)
    return latest.first()


def link_of(reference: str, *, now: datetime) -> str | None:
    """Give the address of a case's page for its customer; None if nobody outside reaches us."""
    hosts = [host for host in settings.ALLOWED_HOSTS if host not in LOCAL]
    if not hosts:
        return None
    until = now + timedelta(days=LINK_DAYS)
    token = references.link_token(reference=reference, until=until)
    scheme = "https" if settings.HTTPS else "http"
    return f"{scheme}://{hosts[0]}/case/{token}"


def _said(case: Case, template: str) -> str:
    with translation.override(case.language or settings.LANGUAGE_CODE):
        return str(TEMPLATES[template]) % {"reference": case.reference}


def _follow(case: Case, now: datetime) -> str:
    link = link_of(case.reference, now=now)
    if link is None:
        return ""
    with translation.override(case.language or settings.LANGUAGE_CODE):
        return str(FOLLOW) % {"link": link}
