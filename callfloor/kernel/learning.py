"""
What whoever has a duty must know: procedures to read and lessons to learn, by key.

A manifest names them; a centre's own file says which version holds and who answers for it.
Refuses: the texts themselves. Until a centre has written one, its name stands here.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

ARTICLES: dict[str, Any] = {
    "answering": _("Answering calls"),
    "calling_out": _("Whom we may call, and when"),
    "collections": _("Talking about debts"),
    "complaints": _("Handling complaints"),
    "disturbances": _("Disturbances and faults"),
    "documenting": _("Writing down a contact"),
    "evaluation": _("How people are evaluated"),
    "feedback": _("Giving feedback"),
    "monitoring": _("Listening to colleagues"),
    "personal_data": _("Personal data"),
    "scoring": _("Scoring, calibration and disputes"),
    "scripts": _("Words that are owed to everybody"),
    "working_time": _("Working time, leave and pay"),
}
"""Procedures by key."""

LESSONS: dict[str, Any] = {
    "coaching": _("Holding a coaching talk"),
    "consent": _("Consent and calling hours"),
    "first_calls": _("The first calls"),
    "leading_a_team": _("Leading a team"),
    "personal_data": _("Personal data"),
    "products": _("Products and services"),
    "scoring": _("Scoring by the form"),
    "terms": _("The words of the trade"),
    "twin": _("Trying a change in the twin"),
}
"""Lessons by key."""
