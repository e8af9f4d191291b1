"""One customer's personal data: who saw it, all of it in a file, erasing and holding it."""

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from callfloor.departments.management.queries import archive, periods, seen
from callfloor.departments.management.services import emptying
from callfloor.kernel import access
from callfloor.kernel.errors import Refusal
from callfloor.records.customers import queries as customers
from callfloor.records.customers import services
from callfloor.ui.requests import Request

ACTIONS = {
    "customer.read": _("Opened the customer's page"),
    "customer.listed": _("Had the customer in a list"),
    "customers.exported": _("Took a list of customers out"),
    "customer.answered": _("Took everything out for the customer"),
    "customer.access_read": _("Looked who had seen the customer"),
    "customer.renamed": _("Changed the name"),
    "customer.noted": _("Wrote a note"),
    "customer.consent": _("Wrote down what the customer allows"),
    "customer.merged": _("Merged two customers"),
    "customer.unmerged": _("Took a merge back"),
    "customer.erased": _("Erased the customer"),
    "customer.held": _("Put the customer under a hold"),
    "customer.released": _("Lifted the hold"),
    "interaction.read": _("Opened a contact"),
    "interaction.listed": _("Had a contact in a list"),
    "interaction.noted": _("Wrote the note of a contact"),
    "caller.read": _("Saw who calls"),
    "recording.heard": _("Heard a recording"),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def privacy(request: Request, customer_id: str) -> HttpResponse:
    """Show who saw what of a customer; erase, hold and release him."""
    now = timezone.now()
    access.check_any(request.user, "audit.read", "customers.answer", "customers.erase")
    customer = customers.detail(person=request.user, customer_id=customer_id, now=now)
    error = _done(request, customer.id, now=now) if request.method == "POST" else ""
    if request.method == "POST" and not error:
        return redirect("customer_privacy", customer_id=customer.id)
    rights = request.user.rights
    rows = []
    if rights.may("audit.read"):
        rows = seen.seen(person=request.user, customer_id=customer.id, now=now)
    context = {
        "here": "customers",
        "now": now,
        "customer": customer,
        "rows": [(row, ACTIONS.get(row.action, row.action)) for row in rows],
        "rows_max": seen.ROWS_MAX,
        "kept": periods.kept(),
        "may_see": rights.may("audit.read"),
        "may_answer": rights.may("customers.answer"),
        "may_erase": rights.may("customers.erase"),
        "error": error,
    }
    status = 400 if error else 200
    return render(request, "management/privacy.html", context, status=status)


def _done(request: Request, customer_id: str, *, now: dt.datetime) -> str:
    """Do what a form asks for, and return what is to be said if it was refused."""
    act, person = request.POST.get("act", ""), request.user
    try:
        if act == "hold":
            reason = request.POST.get("reason", "")
            services.hold(person=person, customer_id=customer_id, reason=reason, now=now)
        elif act == "release":
            services.release(person=person, customer_id=customer_id, now=now)
        elif act == "erase" and request.POST.get("sure") == "1":
            services.erase(person=person, customer_id=customer_id, now=now)
            emptying.empty_erased(now=now)
        else:
            return str(_("Say that you are sure."))
    except Refusal as refusal:
        if refusal.code.startswith("access."):
            raise
        return str(refusal.message)
    return ""


@login_required
@require_POST
def everything(request: Request, customer_id: str) -> HttpResponse:
    """Return everything about a customer as one file."""
    made = archive.archive(person=request.user, customer_id=customer_id, now=timezone.now())
    response = HttpResponse(made.content, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
