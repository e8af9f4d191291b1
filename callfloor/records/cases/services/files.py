"""
Files that people put into a case: checked by what they are, encrypted under the case's key.

They go with the customer: without his key nobody opens them, and their bytes are removed with all
that is his. Refuses: to trust a name or a type that a browser says (`wire.filetype`).
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from callfloor.kernel import fields, ids
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.keys import crypt
from callfloor.records.cases.models import CaseFile
from callfloor.records.cases.queries import rows
from callfloor.records.cases.queries.known import key_of
from callfloor.records.cases.services.held import held, note
from callfloor.records.interactions.services import CallerErased, attachments
from callfloor.wire import filetype

FILES_MAX = 50  # Of one case: a claim with every picture; half a gigabyte at the most.


class CaseFull(Refusal):
    """So many files are there that nobody looks through them."""

    code = "cases.too_many_files"
    message = _("This case has fifty files. No more can be added.")


@dataclass(frozen=True, kw_only=True)
class Given:
    """A file in clear, for whoever may have it."""

    name: str
    type: str
    content: bytes


def add(*, person: Someone, case_id: str, name: str, content: bytes, now: datetime) -> str:
    """
    Put a file into a case and give its id.

    Raises NotFound, Forbidden, IsClosed, CaseFull, CallerErased, attachments.FileTooBig and
    attachments.FileNotAllowed.
    """
    if len(content) > attachments.BYTES_MAX:
        raise attachments.FileTooBig
    kind = filetype.file_type(content)
    with held(person, case_id, now=now) as change:
        if kind is None:
            raise attachments.FileNotAllowed
        case, key = change.case, key_of(change.case)
        if key is None:
            raise CallerErased
        if CaseFile.objects.filter(case_id=case.id).count() >= FILES_MAX:
            raise CaseFull
        source = f"{case.id}:{case.events + 1}"
        file = CaseFile(
            id=ids.derive(kind="case_file", source=source, at=now.timestamp()),
            case=case,
            client_id=case.client_id,
            at=now,
            by_id=person.key,
            kind=kind,
            size_bytes=len(content),
        )
        fields.encrypt(file, "name", filetype.file_name(name), key=key)
        bound = fields.place_of(CaseFile, "body", file.pk)
        file.body = crypt.encrypt(content, key=key, bound=bound)
        file.save(force_insert=True)
        change.add("filed", {"file": file.id}, text=filetype.file_name(name))
    return file.id


def give(*, person: Someone, case_id: str, file_id: str, now: datetime) -> Given:
    """
    Give a file of a case; that it was opened is noted.

    Raises NotFound, Forbidden, and attachments.FileGone if its key was destroyed.
    """
    case = rows.require(person, "cases.read", case_id)
    file = CaseFile.objects.filter(case_id=case.id, id=file_id).first()
    key = key_of(case)
    if file is None or key is None or not file.body:
        raise attachments.FileGone
    note(person, "file_opened", case.id, case.client_id, now=now)
    bound = fields.place_of(CaseFile, "body", file.pk)
    content = crypt.decrypt(bytes(file.body), key=key, bound=bound)
    return Given(name=fields.decrypt(file, "name", key=key) or "", type=file.kind, content=content)
