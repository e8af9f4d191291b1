"""
Why a call, or what was written, went to this agent, as a sentence and a table, from the explain
record of the core.

Refuses: to decide again. It says what was decided then, with the names of today.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callfloor.ui.templatetags.ui import clock, day, duration, number


@dataclass(frozen=True)
class Candidate:
    """One row of the table."""

    name: str
    is_chosen: bool
    reason: str


@dataclass(frozen=True)
class Reasons:
    """What the page shows of one decision."""

    sentence: str
    candidates: tuple[Candidate, ...]
    eligible: int
    idle: int
    left_out: tuple[str, ...] = ()
    """Who lacked nothing but a proof, a sentence for each, and how many more."""


def reasons(why: dict[str, Any]) -> Reasons:
    """Return a decision in words."""
    idle, eligible = _total(why.get("idle")), _total(why.get("eligible"))
    if why.get("rule") == "callbacks_place":
        return Reasons(_callbacks_place(why), (), eligible, idle)
    if not why.get("chosen"):
        return Reasons(_nobody(why), (), eligible, idle, _left_out(why))
    name = str(why.get("chosen_name") or why["chosen"])
    runners = tuple(
        Candidate(str(each.get("name") or each.get("agent")), False, _runner_up(why))
        for each in why.get("runners_up") or ()
    )
    sentence = f"{_tier(why)} {_chosen(why, name=name, idle=idle)}"
    candidates = (Candidate(name, True, _reason(why)), *runners)
    return Reasons(sentence, candidates, eligible, idle, _left_out(why))


def _left_out(why: dict[str, Any]) -> tuple[str, ...]:
    unproven = why.get("unproven") or {}
    named = unproven.get("agents") or ()
    texts = {
        "over": _("%(name)s was not considered: the proof that this queue asks for is over."),
        "missing": _(
            "%(name)s was not considered: this queue asks for a proof, and there is none."
        ),
    }
    told = [texts[each["proof"]] % {"name": each.get("name") or each["agent"]} for each in named]
    more = int(unproven.get("count") or 0) - len(told)
    if more > 0:
        told.append(
            ngettext(
                "%(count)s person was not considered for want of a proof that holds.",
                "%(count)s people were not considered for want of a proof that holds.",
                more,
            )
            % {"count": number(more)}
        )
    return tuple(told)


def _total(counts: Any) -> int:
    if isinstance(counts, dict):
        counts = counts.values()
    return sum(counts) if counts and not isinstance(counts, int) else int(counts or 0)


def _tier(why: dict[str, Any]) -> str:
    waited = duration(why.get("waited_seconds") or 0)
    if not why.get("tier"):
        return _("It had waited for %(waited)s.") % {"waited": waited}
    tier = number(why["tier"] + 1)
    return _("After %(waited)s tier %(tier)s was open.") % {"waited": waited, "tier": tier}


def _chosen(why: dict[str, Any], *, name: str, idle: int) -> str:
    values = {"name": name, "count": number(idle)}
    if why.get("rule") == "preferred":
        return _("%(name)s is the agent this customer usually talks to.") % values
    if why.get("rule") == "first_in_line":
        return _("%(name)s became free, and this was first in line.") % values
    if idle <= 1:
        return _("%(name)s was the only one ready.") % values
    sentences = {
        "least_occupied": _("Of %(count)s who were ready, %(name)s had worked least."),
        "best_skilled": _("Of %(count)s who were ready, %(name)s had the highest skill."),
    }
    longest = _("Of %(count)s who were ready, %(name)s had been ready longest.")
    return sentences.get(str(why.get("rule")), longest) % values


def _reason(why: dict[str, Any]) -> str:
    ready = duration(why.get("ready_seconds") or 0)
    if why.get("level"):
        values = {"ready": ready, "level": number(why["level"])}
        return _("chosen: ready for %(ready)s, level %(level)s") % values
    return _("chosen: ready for %(ready)s") % {"ready": ready}


def _runner_up(why: dict[str, Any]) -> str:
    reason = {
        "least_occupied": _("had worked more"),
        "best_skilled": _("lower skill, or ready for a shorter time"),
        "preferred": _("not the preferred agent"),
    }
    return reason.get(str(why.get("rule")), _("ready for a shorter time"))


def _callbacks_place(why: dict[str, Any]) -> str:
    since = dt.datetime.fromtimestamp(float(why.get("since") or 0), dt.UTC)
    return _("The caller waits to be called back since %(day)s, %(time)s; this is his place.") % {
        "day": day(since),
        "time": clock(since),
    }


def _nobody(why: dict[str, Any]) -> str:
    reason = str(why.get("nobody") or "")
    sentences = {
        "nobody_signed_in": _("Nobody who is signed in may take it yet."),
        "waits_for_preferred": _("It waited for the agent this customer usually talks to."),
        "customer_calls": _("The customer is on the line himself, so nobody calls him."),
        "declined": _("Those who were ready had declined or missed it."),
    }
    return sentences.get(reason, _("All who may take it were busy."))
