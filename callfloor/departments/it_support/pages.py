"""The engine room: how everything is, in words, and again every few seconds."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callfloor.departments.it_support import queries, rules
from callfloor.ui.requests import Request

FAULTS: dict[str, Any] = {
    "floor": gettext_lazy("The floor does not answer: no call can be taken."),
    "media": gettext_lazy("The audio process does not answer: nobody hears anybody."),
    "worker": gettext_lazy("The worker is silent: lists and reports stand still."),
    "journal": gettext_lazy("The journal cannot be written: new calls are refused."),
    "lag": gettext_lazy("The floor is late: callers wait in silence."),
    "disk": gettext_lazy("The disk is nearly full: soon nothing can be recorded."),
    "trunk": gettext_lazy("A trunk is down."),
    "probe": gettext_lazy("The last test call failed, or none has come for a while."),
    "certificate": gettext_lazy("The certificate of the pages ends soon."),
}
ALARMS: dict[str, Any] = {
    "callback_not_dialed": gettext_lazy("A callback could not be dialed"),
    "certificate_ends": gettext_lazy("The certificate ends soon"),
    "disk_full": gettext_lazy("The disk is nearly full"),
    "invariant": gettext_lazy("A rule that must always hold was broken"),
    "long_hold": gettext_lazy("A customer was on hold for long"),
    "loop_late": gettext_lazy("The floor was late"),
    "mail_in_doubt": gettext_lazy("Nobody knows whether a mail was sent"),
    "mail_not_fetched": gettext_lazy("A mailbox cannot be read"),
    "mail_quarantined": gettext_lazy("A mail could not be read and was put aside"),
    "media_lost": gettext_lazy("The audio of calls was lost"),
    "no_callback": gettext_lazy("Nobody could be called back as asked"),
    "no_such_address": gettext_lazy("Somebody wrote to an address that the center does not have"),
    "not_done": gettext_lazy("Something could not be done"),
    "notice_not_heard": gettext_lazy("A recording notice could not be played"),
    "one_way_audio": gettext_lazy("Only one side of a call was heard"),
    "parked": gettext_lazy("A call was put aside after a fault"),
    "probe_late": gettext_lazy("Test call: the prompt came late"),
    "probe_no_answer": gettext_lazy("Test call: nobody answered"),
    "probe_one_way": gettext_lazy("Test call: one-way audio"),
    "probe_recording": gettext_lazy("Test call: the recording is missing"),
    "probe_silence": gettext_lazy("Test call: silence"),
    "probe_step": gettext_lazy("Test call: the key did nothing"),
    "process_restarted": gettext_lazy("A process was restarted"),
    "prompt_missing": gettext_lazy("A prompt is missing"),
    "recording_partial": gettext_lazy("A recording has a gap"),
    "recording_refused": gettext_lazy("A call could not be recorded"),
    "trunk_down": gettext_lazy("A trunk went down"),
    "trunk_up": gettext_lazy("A trunk is up again"),
    "webhook_off": gettext_lazy("A webhook failed for days and was switched off"),
}
TRUNK_STATES: dict[str, Any] = {
    "up": gettext_lazy("Up"),
    "registered": gettext_lazy("Registered"),
    "registering": gettext_lazy("Registering"),
    "refused": gettext_lazy("Refused by the provider"),
    "down": gettext_lazy("Down"),
    "unknown": gettext_lazy("Not asked"),
}


@login_required
def engine(request: Request) -> HttpResponse:
    """Show how everything is; what moves is asked for again by again.js."""
    now = timezone.now()
    found = queries.engine(person=request.user, now=now)
    context = {
        "here": "engine",
        "now": now,
        "engine": found,
        "faults": [FAULTS[name] for name in found.faults],
        "figures": _figures(found),
        "trunks": [(row, TRUNK_STATES.get(row.state, row.state)) for row in found.trunks],
        "alarms": [(row, ALARMS.get(row.name, row.name)) for row in found.alarms],
        "probe": _probe(found.probe),
        "every_seconds": 3,
    }
    return render(request, "it_support/engine.html", context)


def _figures(found: queries.Engine) -> list[dict[str, Any]]:
    """Return the tiles: name, value with its kind, and tone."""
    floor = found.floor
    commit = rules.tone_of_commit(floor.commit_ms or 0, is_stuck=floor.journal_stuck)
    days = found.certificate_days
    return [
        _tile(_("Calls"), floor.calls, "number"),
        _tile(_("Audio connections"), floor.media_legs, "number"),
        _tile(_("Floor late by"), floor.lag_ms, "ms", rules.tone_of_lag(floor.lag_ms or 0)),
        _tile(_("Journal commit"), floor.commit_ms, "ms", commit),
        _tile(_("Disk used"), found.disk.used_share, "share", "bad" if found.disk.is_low else ""),
        _tile(_("Certificate"), days, "days", "bad" if "certificate" in found.faults else ""),
    ]


def _tile(name: str, value: float | None, kind: str, tone: str = "") -> dict[str, Any]:
    return {"name": name, "value": value, "kind": kind, "tone": tone if tone != "good" else ""}


def _probe(probe: queries.Probe | None) -> dict[str, Any] | None:
    if probe is None:
        return None
    is_well = probe.outcome == "ok"
    text = _("All was heard") if is_well else ALARMS.get(f"probe_{probe.outcome}", probe.outcome)
    return {"row": probe, "text": text, "tone": "good" if is_well else "bad"}
