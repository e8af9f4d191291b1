"""
What pages of cases show: rows, entries, clocks and fields with their words.

Refuses: to read a clock. `now` comes in.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from callfloor.desk import centre
from callfloor.desk.cases import words
from callfloor.kernel.access import Someone
from callfloor.records.cases import queries
from callfloor.records.cases.rules import kinds
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing


def row(found: queries.CaseRow, *, now: datetime) -> dict[str, Any]:
    """Return a case with its words, for a list and for the head of its page."""
    late = found.is_late(now)
    return {
        "row": found,
        "kind": words.word(words.KINDS, found.kind),
        "stage": words.word(words.STAGES, found.stage),
        "priority": words.word(words.PRIORITIES, found.priority),
        "priority_tone": words.PRIORITY_TONES.get(found.priority, "neutral"),
        "waits_for": words.word(words.WAITS_FOR, found.waits_for) if found.waits_for else "",
        "decision": words.word(words.DECISIONS, found.decision) if found.decision else "",
        "is_late": late,
        "tone": "bad" if late else "neutral",
    }


def entry(found: queries.Entry) -> dict[str, Any]:
    """Return one thing of the story with its words."""
    label, icon, tone = words.happened(found.kind, found.data)
    contact = found.interaction
    if contact is not None:
        label, icon = words.CHANNELS.get(contact.channel, (label, icon))
    text = found.text
    if found.kind == "filled":
        text = words.field_value(found.data["field"], text)
    return {
        "entry": found,
        "label": label,
        "icon": icon,
        "tone": tone,
        "detail": words.detail(found.kind, found.data),
        "text": text,
        "contact": contact,
        "who": found.by_name or ("" if found.by else _outside(found.kind)),
    }


def _outside(kind: str) -> str:
    return str(words.HAPPENED["wrote"][0]) if kind == "wrote" else ""


def clock(found: queries.ClockRow) -> dict[str, Any]:
    """Return a clock with its words and the share of its time that is used."""
    share = 0.0
    if found.target_seconds:
        share = min(1.0, found.used_seconds / found.target_seconds)
    tone = "bad" if found.is_breached else "warn" if share >= 0.8 else "good"
    return {
        "clock": found,
        "goal": words.GOALS[found.goal],
        "percent": round(share * 100),
        "tone": "neutral" if found.is_stopped and not found.is_breached else tone,
        "left": abs(found.left_seconds) if found.left_seconds is not None else None,
        "is_over": found.left_seconds is not None and found.left_seconds < 0,
    }


def fields(story: queries.Story) -> list[dict[str, Any]]:
    """Return the fields of a case's kind with what is known, in their order."""
    return [
        {
            "key": field.key,
            "name": words.FIELDS[field.key],
            "value": words.field_value(field.key, story.known.get(field.key, "")),
            "is_missing": field.key in story.missing,
            "choices": field.choices,
        }
        for field in kinds.KINDS[story.row.kind].fields
    ]


def files(story: queries.Story) -> list[dict[str, Any]]:
    """Return the files of a case and of its contacts, in the order of time."""
    own = [
        {
            "url": reverse("case_file", args=(story.row.id, each.id)),
            "name": each.name or gettext("File"),
            "icon": "case",
            "kilobytes": max(1, round(each.size_bytes / 1024)),
            "at": each.at,
        }
        for each in story.files
    ]
    sent = [
        {
            "url": _contact_file(each),
            "name": each.name or f"{gettext('File')} {each.kind}",
            "icon": "out" if each.is_ours else "in",
            "kilobytes": max(1, round(each.size_bytes / 1024)) if each.size_bytes else None,
            "at": each.at,
        }
        for each in story.contact_files
    ]
    return sorted([*own, *sent], key=lambda each: each["at"])


def _contact_file(found: queries.ContactFile) -> str:
    if found.in_mail:
        return reverse("letter_file", args=(found.message, found.number))
    return reverse("interaction_file", args=(found.interaction, found.number))


def fields_to_open(kind: str, given: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what must be known before a case of a kind is opened."""
    return [
        {
            "key": field.key,
            "name": words.FIELDS[field.key],
            "value": given.get(field.key, ""),
            "is_long": field.key == "wish",
        }
        for field in kinds.KINDS[kind].needed_to_open
    ]


def kinds_with_customer() -> list[tuple[str, Any]]:
    """Return the kinds that a customer can have."""
    used = queries.used_kinds()
    return [(key, words.KINDS[key]) for key in used if kinds.KINDS[key].has_customer]


def codes(*, person: Someone, client: str) -> list[tuple[str, str]]:
    """Return what a case of a client can be about: its wrap-up codes."""
    if not client:
        return []
    return [(row.key, row.name) for row in routing.dispositions(person=person, client=client)]


def colleagues(person: Someone) -> list[tuple[str, str]]:
    """Return the people who share a client with the person, by name."""
    names = people.names(person=person)
    return sorted(names.items(), key=lambda pair: (pair[1].casefold(), pair[0]))


def emergencies(person: Someone) -> list[tuple[str, str]]:
    """Return what the person may let callers hear."""
    if not person.rights.may("emergency.switch"):
        return []
    return [
        (row.key, centre.emergency_name(row.key))
        for row in routing.emergencies(person=person)
        if not row.ends
    ]
