"""Files of cases, to be saved; whatever one holds, no browser runs it as a page of ours."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from callfloor.kernel import access
from callfloor.records.cases.services import files
from callfloor.records.interactions.services import attachments
from callfloor.ui.requests import Request

SANDBOX = "default-src 'none'; sandbox"


@login_required
@require_safe
def file(request: Request, case_id: str, file_id: str) -> HttpResponse:
    """Give a file of a case to whoever may read the case."""
    now = timezone.now()
    try:
        found = files.give(person=request.user, case_id=case_id, file_id=file_id, now=now)
    except attachments.FileGone as error:
        raise access.NotFound from error
    response = HttpResponse(found.content, content_type=found.type)
    response["Content-Disposition"] = str(content_disposition_header(True, found.name))
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, no-store"
    return response
