"""
The steps of a case as the page asks for them: a name, and the service that takes the step.

Refuses: to decide whether somebody may; the services do. What is possible is only what is shown.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from callfloor.desk.cases import shown, words
from callfloor.kernel import access
from callfloor.kernel.errors import Refusal
from callfloor.records.cases import queries
from callfloor.records.cases.rules import kinds
from callfloor.records.cases.services import complaints, escalation, files, incidents, work
from callfloor.records.interactions.services import attachments
from callfloor.ui.requests import Request

Act = Callable[[Request, str, datetime], Any]


class FileMissing(Refusal):
    """The form came without a file."""

    code = "cases.file_missing"
    message = _("Choose a file first.")


def _text(request: Request) -> str:
    return str(request.POST.get("text", ""))


def _write(request: Request, case_id: str, now: datetime) -> None:
    """Keep what was written, for whom it is: colleagues, the next who tries, the customer."""
    person, text = request.user, _text(request)
    match request.POST.get("for"):
        case "customer":
            work.say(person=person, case_id=case_id, text=text, now=now)
        case "tried":
            worked = request.POST.get("worked") == "1"
            work.write_try(person=person, case_id=case_id, text=text, worked=worked, now=now)
        case _:
            work.write_note(person=person, case_id=case_id, text=text, now=now)


def _assign(request: Request, case_id: str, now: datetime) -> None:
    owner = request.POST.get("owner") or None
    work.assign(person=request.user, case_id=case_id, owner=owner, team=None, now=now)


def _fill(request: Request, case_id: str, now: datetime) -> None:
    field, text = request.POST.get("field", ""), _text(request)
    work.fill(person=request.user, case_id=case_id, field=field, text=text, now=now)


def _close(request: Request, case_id: str, now: datetime) -> None:
    known = {key: request.POST[key] for key in words.FIELDS if request.POST.get(key)}
    at_once = request.POST.get("at_once") == "1"
    work.close(person=request.user, case_id=case_id, known=known, at_once=at_once, now=now)


def _end(request: Request, case_id: str, now: datetime) -> None:
    incidents.end(
        person=request.user,
        case_id=case_id,
        cause=request.POST.get("cause", ""),
        solution=request.POST.get("solution", ""),
        closes_linked=request.POST.get("closes_linked") == "1",
        now=now,
    )


def _file(request: Request, case_id: str, now: datetime) -> None:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise FileMissing
    if (file.size or 0) > attachments.BYTES_MAX:
        raise attachments.FileTooBig  # Before it is read.
    content = file.read()
    files.add(person=request.user, case_id=case_id, name=file.name or "", content=content, now=now)


def _name(request: Request, case_id: str, now: datetime) -> None:
    about = request.POST.get("about") or None
    complaints.name(person=request.user, case_id=case_id, about=about, now=now)


def _decide(request: Request, case_id: str, now: datetime) -> None:
    decision, reason = request.POST.get("decision", ""), _text(request)
    complaints.decide(
        person=request.user, case_id=case_id, decision=decision, reason=reason, now=now
    )


ACTS: dict[str, Act] = {
    "write": _write,
    "take": lambda r, case, now: work.take(person=r.user, case_id=case, now=now),
    "assign": _assign,
    "pause": lambda r, case, now: work.pause(
        person=r.user, case_id=case, waits_for=r.POST.get("waits_for", ""), now=now
    ),
    "resume": lambda r, case, now: work.resume(person=r.user, case_id=case, now=now),
    "priority": lambda r, case, now: work.set_priority(
        person=r.user, case_id=case, priority=r.POST.get("priority", ""), now=now
    ),
    "stage": lambda r, case, now: work.set_stage(
        person=r.user, case_id=case, stage=r.POST.get("stage", ""), now=now
    ),
    "fill": _fill,
    "file": _file,
    "answered": lambda r, case, now: work.answered(person=r.user, case_id=case, now=now),
    "close": _close,
    "reopen": lambda r, case, now: work.reopen(person=r.user, case_id=case, text=_text(r), now=now),
    "escalate": lambda r, case, now: escalation.escalate(
        person=r.user, case_id=case, reason=_text(r), now=now
    ),
    "acknowledge": lambda r, case, now: complaints.acknowledge(
        person=r.user, case_id=case, now=now
    ),
    "decide": _decide,
    "appeal": lambda r, case, now: complaints.appeal(
        person=r.user, case_id=case, text=_text(r), now=now
    ),
    "name": _name,
    "release": lambda r, case, now: complaints.release(person=r.user, case_id=case, now=now),
    "link": lambda r, case, now: incidents.link(
        person=r.user, case_id=case, incident_id=r.POST.get("incident", ""), now=now
    ),
    "unlink": lambda r, case, now: incidents.unlink(person=r.user, case_id=case, now=now),
    "end": _end,
}
"""Name of a step to what takes it."""


def act(request: Request, case_id: str, *, now: datetime, chance: bytes) -> None:
    """Take the step that a form asks for. Raises NotFound for an unknown one, and refusals."""
    found = ACTS.get(request.POST.get("act", ""))
    if found is None:
        raise access.NotFound
    found(request, case_id, now)


def declare(request: Request, *, now: datetime, chance: bytes) -> queries.CaseRow:
    """Declare an incident as the form says. Raises what `incidents.declare` raises."""
    given = request.POST
    return incidents.declare(
        person=request.user,
        client=given.get("client", ""),
        subject=given.get("subject", ""),
        code=given.get("code", ""),
        emergency=given.get("emergency", ""),
        cases=tuple(given.getlist("case")),
        now=now,
        chance=chance,
    )


def possible(request: Request, story: queries.Story) -> dict[str, Any]:
    """Return which steps the page offers: what the case can take and the person's duties open."""
    row, may = story.row, request.user.rights.may
    writes, is_open = may("cases.write"), row.closed_at is None
    is_complaint = row.kind == "complaint"
    told = {entry.kind for entry in story.entries}
    assigns, names = is_open and may("cases.assign"), is_complaint and writes
    colleagues = shown.colleagues(request.user) if assigns or names else []
    return {
        "write": writes,
        "works": writes and is_open,
        "take": writes and is_open and row.owner != request.user.key,
        "assign": colleagues if assigns else [],
        "waits": list(words.WAITS_FOR.items()) if not row.waits_for else [],
        "priorities": [each for each in words.PRIORITIES.items() if each[0] != row.priority],
        "stages": [
            (stage, words.STAGES[stage])
            for stage in work.stages_for(row.kind)
            if stage != row.stage
        ],
        "answered": row.answered_at is None and not is_complaint and row.customer,
        "close": row.kind != "incident" and (not is_complaint or row.stage == "decided"),
        "end": row.kind == "incident" and may("cases.incident"),
        "escalate": row.level < escalation.LEVEL_MAX and row.kind != "incident",
        "acknowledge": is_complaint and "acknowledged" not in told,
        "decide": is_complaint and may("cases.decide") and row.stage != "decided",
        "appeal": is_complaint and writes and bool(row.decision),
        "name": [each for each in colleagues if each[0] != request.user.key] if names else [],
        "release": is_complaint and may("cases.decide") and row.about and bool(row.decision),
        "incidents": _incidents(request, row) if is_open else [],
        "needs": [field for field in kinds.KINDS[row.kind].fields if field.key in story.missing],
        "decisions": words.DECISIONS.items(),
    }


def _incidents(request: Request, row: queries.CaseRow) -> list[queries.CaseRow]:
    """Return the incidents to which a case could belong."""
    if row.kind == "incident" or row.incident is not None or row.customer is None:
        return []
    return queries.incidents(person=request.user, clients=(row.client,))
