"""Messages: what was said to the reader, on his desk and on a page, and what he has said."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from callfloor.desk import listing
from callfloor.desk.messages import words
from callfloor.kernel.pages import Page
from callfloor.records.people import services
from callfloor.records.people.queries import leading, notices
from callfloor.ui.requests import Request


@login_required
@require_safe
def messages(request: Request) -> HttpResponse:
    """Show what was said to the reader, and with receipts what he has said."""
    inbox = notices.inbox(person=request.user, page=listing.page_asked(request))
    may_write = request.user.rights.may(leading.LEAD)
    context = {
        "here": "messages",
        "now": timezone.now(),
        "page": listing.pager(inbox),
        "rows": _said(inbox),
        "may_write": may_write,
        "sent": notices.sent(person=request.user).rows if may_write else (),
    }
    return render(request, "desk/mailbox.html", context)


@login_required
@require_safe
def unread(request: Request) -> HttpResponse:
    """Return what the reader has not read, for his desk."""
    rows = [(row, words.say(row)) for row in notices.unread(person=request.user)]
    return render(request, "desk/notices.html", {"rows": rows, "now": timezone.now()})


@login_required
@require_POST
def read(request: Request, notice: str) -> HttpResponse:
    """Note that the reader has read one."""
    services.read(person=request.user, notice=notice, now=timezone.now())
    if request.headers.get("accept", "").startswith("application/json"):
        return JsonResponse({"read": True})
    return redirect("messages")


def _said(page: Page[notices.NoticeRow]) -> list[tuple[notices.NoticeRow, str]]:
    return [(row, words.say(row)) for row in page.rows]
