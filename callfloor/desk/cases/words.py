"""What cases are called on pages: kinds, stages, priorities, fields, and what happened."""

from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Any] = {
    "query": _("Question"),
    "request": pgettext_lazy("case", "Request"),
    "complaint": _("Complaint"),
    "technical_fault": _("Technical fault"),
    "billing_dispute": _("Disputed bill"),
    "incident": _("Incident"),
    "alert": pgettext_lazy("case", "Alert"),
}
STAGES: dict[str, Any] = {
    "new": pgettext_lazy("case", "New"),
    "working": pgettext_lazy("case", "In work"),
    "answered": _("Answer given"),
    "ordered": pgettext_lazy("case", "Ordered"),
    "done": pgettext_lazy("case", "Done"),
    "acknowledged": _("Acknowledged"),
    "examined": _("Under examination"),
    "decided": _("Decided"),
    "appealed": _("Appealed"),
    "diagnosed": _("Cause found"),
    "repaired": _("Repaired"),
    "confirmed": _("Confirmed"),
    "contained": _("Contained"),
    "corrected": _("Corrected"),
    "closed": pgettext_lazy("case", "Closed"),
}
PRIORITIES: dict[str, Any] = {
    "urgent": _("Urgent"),
    "high": pgettext_lazy("priority", "High"),
    "normal": pgettext_lazy("priority", "Normal"),
    "low": pgettext_lazy("priority", "Low"),
}
PRIORITY_TONES = {"urgent": "bad", "high": "warn", "normal": "neutral", "low": "neutral"}
WAITS_FOR: dict[str, Any] = {
    "customer": _("Waiting for the customer"),
    "supplier": _("Waiting for a supplier"),
}
FIELDS: dict[str, Any] = {
    "wish": _("What the customer wants"),
    "product": _("Product or device"),
    "invoice": _("Invoice number"),
    "amount": _("Disputed amount"),
    "cause": _("Cause"),
    "solution": _("Solution"),
}
CAUSES: dict[str, Any] = {
    "product": _("The product"),
    "service": _("The service"),
    "bill": _("The bill"),
    "delivery": _("The delivery"),
    "information": _("Wrong information"),
    "person": _("Somebody's behavior"),
    "other": _("Something else"),
}
DECISIONS: dict[str, Any] = {
    "upheld": _("Upheld"),
    "partly": _("Partly upheld"),
    "rejected": _("Rejected"),
}
GOALS: dict[str, Any] = {"answer": _("First answer"), "solve": _("Solution")}
LISTS: dict[str, Any] = {
    "mine": _("Mine"),
    "team": _("My team"),
    "nobody": _("Without owner"),
    "late": _("Overdue"),
    "all": _("All open"),
}
STATES: dict[str, Any] = {
    "open": pgettext_lazy("cases", "Open"),
    "late": _("Overdue"),
    "resting": _("Clock rests"),
    "closed": pgettext_lazy("case", "Closed"),
    "": _("All"),
}

HAPPENED: dict[str, tuple[Any, str, str]] = {
    "opened": (_("Opened"), "case", "accent"),
    "assigned": (_("Given to somebody"), "person", "neutral"),
    "offered": (_("Offered to others: the owner is away"), "transfer", "warn"),
    "offered_about": (_("Offered to others: it is about its owner"), "transfer", "warn"),
    "paused": (_("The clock rests"), "pause", "neutral"),
    "resumed": (_("The clock runs again"), "play", "neutral"),
    "priority": (_("Priority changed"), "flag", "neutral"),
    "stage": (_("Next stage"), "next", "neutral"),
    "filled": (_("Filled in"), "check", "neutral"),
    "noted": (_("Note"), "note", "neutral"),
    "tried": (_("Tried"), "engine", "neutral"),
    "said": (_("Written to the customer"), "send", "good"),
    "told": (_("The customer was told"), "send", "neutral"),
    "wrote": (_("The customer wrote"), "mail", "accent"),
    "answered": (_("Answered by word of mouth"), "phone", "good"),
    "filed": (_("File added"), "download", "neutral"),
    "escalated": (_("Escalated"), "flag", "warn"),
    "acknowledged": (_("Complaint acknowledged"), "check", "good"),
    "decided": (_("Complaint decided"), "quality", "good"),
    "appealed": (_("The customer appeals"), "undo", "warn"),
    "named": (_("Who is complained about"), "person", "warn"),
    "released": (_("Shown to the person complained about"), "person", "neutral"),
    "linked": (_("Part of an incident"), "join", "warn"),
    "unlinked": (_("No part of the incident"), "close", "neutral"),
    "switched": (_("Message for callers switched"), "ring", "warn"),
    "warned": (_("Soon due"), "clock", "warn"),
    "breached": (_("Overdue"), "warn", "bad"),
    "reopened": (_("Opened again"), "undo", "accent"),
    "closed": (pgettext_lazy("case", "Closed"), "good", "good"),
    "contact": (_("Interaction"), "phone", "neutral"),
}
"""Kind of event (or kind and why): what it is called, its icon, its tone."""

CHANNELS: dict[str, Any] = {
    "call": (_("Call"), "phone"),
    "chat": (_("Chat"), "chat"),
    "mail": (_("E-mail"), "mail"),
    "case": (_("Case in the queue"), "case"),
}


def word(words: dict[str, Any], key: str) -> str:
    """Give a word, the key itself if this version has none for it."""
    return str(words.get(key, key))


def happened(kind: str, data: dict[str, Any]) -> tuple[Any, str, str]:
    """Give what an event is called, its icon and its tone."""
    why = f"{kind}_{data.get('why')}"
    return HAPPENED.get(why) or HAPPENED.get(kind, (kind, "neutral", "neutral"))


def field_value(field: str, value: str) -> str:
    """Give what is shown of a field: the word of a choice, else what was written."""
    return word(CAUSES, value) if field == "cause" else value


def detail(kind: str, data: dict[str, Any]) -> str:
    """Say what an event is about beside its name."""
    match kind:
        case "assigned" | "offered":
            return str(data.get("owner_name") or data.get("was_name") or gettext("Nobody"))
        case "named":
            return str(data.get("about_name") or gettext("Nobody in particular"))
        case "paused":
            return word(WAITS_FOR, data["waits_for"])
        case "priority":
            return word(PRIORITIES, data["priority"])
        case "stage":
            return word(STAGES, data["stage"])
        case "filled":
            return word(FIELDS, data["field"])
        case "tried":
            return gettext("It helped") if data.get("worked") else gettext("It did not help")
        case "decided":
            return word(DECISIONS, data["decision"])
        case "warned" | "breached":
            return word(GOALS, data["goal"])
        case "escalated":
            return str(data.get("leader_name") or "")
        case "opened":
            return word(KINDS, data["kind"])
        case _:
            return ""
