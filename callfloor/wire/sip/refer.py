"""
Moving a call by REFER, and taking another one's place (RFC 3515, RFC 3891, RFC 3892, RFC 4488).

What a REFER asks is read into one value, and the NOTIFY requests that tell how it goes are made
here. Refuses: to call anybody; to judge who may refer whom where.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import quote

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import headers as heads
from callfloor.wire.sip import message as messages
from callfloor.wire.sip import uri as uris
from callfloor.wire.sip.dialog import Dialog, DialogId
from callfloor.wire.sip.headers import Address, Via
from callfloor.wire.sip.message import Header, Request
from callfloor.wire.sip.uri import Uri

SIPFRAG = "message/sipfrag;version=2.0"
PROGRESS_SECONDS = 180  # Said in Subscription-State: longer than anything may ring here.


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaces:
    """The dialog whose place a new call takes, as its receiver sees it (RFC 3891 section 3)."""

    dialog: DialogId
    """`to-tag` is the receiver's own tag, `from-tag` the far side's."""
    is_early_only: bool = False
    """Whether it must not have been answered yet."""

    def __str__(self) -> str:
        """Write the header's value."""
        tags = f"to-tag={self.dialog.local_tag};from-tag={self.dialog.remote_tag}"
        early = ";early-only" if self.is_early_only else ""
        return f"{self.dialog.call_id};{tags}{early}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refer:
    """What a REFER asks."""

    target: Uri
    """Whom to call, without the headers that the call shall carry."""
    replaces: Replaces | None
    """Whose place the call shall take there: an attended transfer."""
    referred_by: Address | None
    """Who says that he asks."""
    wants_progress: bool
    """Whether NOTIFYs are awaited; `Refer-Sub: false` says no (RFC 4488)."""


def read(request: Request) -> Refer:
    """
    Read a REFER; PeerError if it is owed a 400.

    There must be exactly one Refer-To (RFC 3515 section 2.4.1), and it must ask for an INVITE.
    """
    values = request.values("Refer-To")
    if len(values) != 1:
        raise PeerError("Refer-To is missing or comes twice")
    target = heads.parse_address(values[0]).uri
    if (target.params.get("method") or "INVITE").upper() != "INVITE":
        raise PeerError("only a call can be referred to")
    carried = _carried(target)
    by = request.get("Referred-By")
    said = (request.get("Refer-Sub") or "").partition(";")[0].strip().lower()
    return Refer(
        target=replace(target, headers="", params=_without_method(target)),
        replaces=parse_replaces(carried["replaces"]) if "replaces" in carried else None,
        referred_by=heads.parse_address(by) if by is not None else None,
        wants_progress=said != "false",
    )


def replaced(invite: Request) -> Replaces | None:
    """
    Read whose place an INVITE takes, None if nobody's; PeerError if it is owed a 400.

    More than one Replaces is an error (RFC 3891 section 3).
    """
    values = invite.all("Replaces")
    if len(values) > 1:
        raise PeerError("Replaces comes twice")
    return parse_replaces(values[0]) if values else None


def parse_replaces(text: str) -> Replaces:
    """Read a Replaces value; PeerError if it names no dialog."""
    call_id, semicolon, rest = text.strip().partition(";")
    params = uris.parse_params(semicolon + rest) if semicolon else {}
    to_tag, from_tag = params.get("to-tag"), params.get("from-tag")
    if not call_id.strip() or not to_tag or from_tag is None:
        raise PeerError(f"Replaces names no dialog: {text[:80]!r}")
    # A tag of "0" is how an end older than RFC 3261 is named, which has none (RFC 3891 section 3).
    remote = "" if from_tag == "0" else from_tag
    dialog = DialogId(call_id=call_id.strip(), local_tag=to_tag, remote_tag=remote)
    return Replaces(dialog=dialog, is_early_only="early-only" in params)


def refer_to(target: Uri, *, replaces: Replaces | None = None) -> Header:
    """Write a Refer-To header."""
    if replaces is not None:
        target = replace(target, headers=f"Replaces={quote(str(replaces), safe='')}")
    return ("Refer-To", str(Address(uri=target)))


class Progress:
    """Tells whoever referred how it goes: an implicit subscription (RFC 3515 section 2.4.4)."""

    def __init__(self, dialog: Dialog, request: Request, *, via: Callable[[], Via]) -> None:
        """Begin with nothing told; `request` is the REFER, which came in `dialog`."""
        self.is_over = False
        self._dialog = dialog
        self._id = request.cseq.number
        self._via = via

    def tell(self, status: int) -> Request | None:
        """
        Make the NOTIFY of a status: the first is a 100, a final one is the last.

        None if the last has been told, or the dialog is gone.
        """
        if self.is_over or self._dialog.state == "ended":
            return None
        self.is_over = status >= 200
        state = "terminated;reason=noresource"
        if not self.is_over:
            state = f"active;expires={PROGRESS_SECONDS}"
        line = f"{messages.VERSION} {status} {messages.REASONS.get(status, '')}\r\n"
        return self._dialog.request(
            "NOTIFY",
            via=self._via(),
            headers=(
                ("Event", f"refer;id={self._id}"),
                ("Subscription-State", state),
                ("Contact", str(self._dialog.contact)),
            ),
            body=line.encode(),
            content_type=SIPFRAG,
        )


def status_of(notify: Request) -> int:
    """Read the status that a NOTIFY of a REFER tells; PeerError if it tells none."""
    version, _, rest = notify.body.partition(b" ")
    digits = rest[:3]
    if not version.upper().startswith(b"SIP/") or len(digits) != 3 or not digits.isdigit():
        raise PeerError("a sipfrag without a status line")
    return int(digits)


def _carried(target: Uri) -> dict[str, str]:
    """Read the headers that a URI carries; one that comes twice is one too many."""
    carried: dict[str, str] = {}
    for piece in target.headers.split("&") if target.headers else []:
        name, _, value = piece.partition("=")
        name = uris.unescape(name).strip().lower()
        if name in carried:
            raise PeerError(f"{name[:40]} comes twice in Refer-To")
        carried[name] = uris.unescape(value)
    return carried


def _without_method(target: Uri) -> dict[str, str | None]:
    return {name: value for name, value in target.params.items() if name != "method"}
