"""
Where users can be reached just now (RFC 3261 section 10.3).

A binding is a Contact as the telephone wrote it, together with where its REGISTER came from: the
Contact is what requests name, the source is where they are sent, for behind a translation of
addresses nothing else is reached. Who may register for whom has been asked before.

Refuses: to prove who somebody is (`auth`); q values (all telephones ring together); to be without
limits: a newcomer beyond a user's limit takes the place of the one that would end first.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import headers as heads
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.headers import Address
from callfloor.wire.sip.machines import Remote
from callfloor.wire.sip.message import Header, Request, Response
from callfloor.wire.sip.uri import Uri

SECONDS_MIN = 60  # A shorter life is only load.
# Bindings live in memory: after a start of ours every telephone is back within this. Ten thousand
# of them make 200 messages a second, which is a twentieth of a core.
SECONDS_MAX = 120
SECONDS_USUAL = 120  # For a telephone that does not say.
BINDINGS_PER_USER_MAX = 8  # A desk, a softphone, a mobile, and each once more after a restart.
BINDINGS_MAX = 10_000  # As many agents as the exchange is built for.
CONTACTS_MAX = 16  # In one REGISTER; one is usual.
CONTACT_CHARS_MAX = 512
RETRY_AFTER: Header = ("Retry-After", "60")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One telephone of a user."""

    contact: Address
    """As it was registered, without the parameters of the registration."""
    source: Remote
    """Where its REGISTER came from, and where requests to it go."""
    call_id: str
    """Of the REGISTER that wrote it last."""
    cseq: int
    """Likewise."""
    expires_at: float
    """When it ends by itself."""
    agent: str
    """The User-Agent, for people; may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a REGISTER is owed."""

    status: int
    """200, 400, 423, 500 or 503."""
    headers: tuple[Header, ...] = ()
    """Contact, Min-Expires, Retry-After."""

    def answer(self, request: Request, *, tag: str) -> Response:
        """Build the response."""
        return messages.respond(request, self.status, tag=tag, headers=self.headers)


Name = tuple[str, str | None, str, int | None, str]
Wanted = list[tuple[Address, int]]


class Registrar:
    """All bindings of all users."""

    def __init__(self) -> None:
        """Begin with none."""
        self._users: dict[str, dict[Name, Binding]] = {}
        self._count = 0
        self._heap: list[tuple[float, int, str, Name]] = []
        self._writes = itertools.count()
        """Of two that end together the first written ends first: names have no order (a user may
        be missing)."""
        self._sources: Counter[Remote] = Counter()

    def __len__(self) -> int:
        """Count the bindings."""
        return self._count

    def bindings(self, user: str, now: float) -> list[Binding]:
        """Give a user's telephones, the one that registered first first."""
        return [b for b in self._users.get(user, {}).values() if b.expires_at > now]

    def knows_source(self, source: Remote) -> bool:
        """Say whether somebody is registered from exactly there."""
        return source in self._sources

    def register(self, user: str, request: Request, source: Remote, now: float) -> Outcome:
        """
        Do what a REGISTER asks for a user, wholly or not at all (RFC 3261 section 10.3).

        Without a Contact it only asks which there are.
        """
        self.fire(now)
        contacts = request.contacts
        if any(contact.is_star for contact in contacts):
            return self._clear(user, request, now)
        try:
            wanted = _wanted(request, contacts)
        except PeerError:
            return Outcome(status=400)
        if any(0 < seconds < SECONDS_MIN for _, seconds in wanted):
            return Outcome(status=423, headers=(("Min-Expires", str(SECONDS_MIN)),))
        if self._is_late(user, request, (_name_of(contact.uri) for contact, _ in wanted)):
            return Outcome(status=500)
        if self._count + self._newcomers(user, wanted) > BINDINGS_MAX:
            return Outcome(status=503, headers=(RETRY_AFTER,))
        for contact, seconds in wanted:
            self._write(user, contact, seconds, request, source, now)
        return Outcome(status=200, headers=self._contacts(user, now))

    def drop_source(self, source: Remote) -> list[str]:
        """Forget what was reached over a connection that has closed; give whose it was."""
        users = []
        for user in list(self._users):
            for name, binding in list(self._users[user].items()):
                if binding.source == source:
                    self._remove(user, name)
                    users.append(user)
        return users

    def drop_user(self, user: str) -> bool:
        """Forget all that a user has registered; say whether there was anything."""
        names = list(self._users.get(user, {}))
        for name in names:
            self._remove(user, name)
        return bool(names)

    def timer(self) -> float | None:
        """Say when `fire` must be called, None if there is nothing to wait for."""
        while self._heap:
            at, _, user, name = self._heap[0]
            binding = self._users.get(user, {}).get(name)
            if binding is not None and binding.expires_at == at:
                return at
            heapq.heappop(self._heap)
        return None

    def fire(self, now: float) -> list[str]:
        """Forget what was not refreshed; give whose it was."""
        users = []
        while (at := self.timer()) is not None and at <= now:
            _, _, user, name = heapq.heappop(self._heap)
            self._remove(user, name)
            users.append(user)
        return users

    # --- inside -----------------------------------------------------------------------------------

    def _clear(self, user: str, request: Request, now: float) -> Outcome:
        # RFC 3261 section 10.3 step 6: the star stands alone and only to remove.
        if len(request.contacts) > 1 or (request.get("Expires") or "").strip() != "0":
            return Outcome(status=400)
        known = self._users.get(user, {})
        if self._is_late(user, request, known):
            return Outcome(status=500)
        for name in list(known):
            self._remove(user, name)
        return Outcome(status=200, headers=self._contacts(user, now))

    def _newcomers(self, user: str, wanted: Wanted) -> int:
        known = self._users.get(user, {})
        return sum(seconds > 0 and _name_of(each.uri) not in known for each, seconds in wanted)

    def _is_late(self, user: str, request: Request, names: Iterable[Name]) -> bool:
        """Say whether a later REGISTER of the same telephone was here before (step 7)."""
        known = self._users.get(user, {})
        older = [known[name] for name in names if name in known]
        number, call_id = request.cseq.number, request.call_id
        return any(b.call_id == call_id and b.cseq >= number for b in older)

    def _write(
        self,
        user: str,
        contact: Address,
        seconds: int,
        request: Request,
        source: Remote,
        now: float,
    ) -> None:
        name = _name_of(contact.uri)
        self._remove(user, name)
        if seconds == 0:
            return
        known = self._users.setdefault(user, {})
        if len(known) >= BINDINGS_PER_USER_MAX:
            self._remove(user, min(known, key=lambda each: known[each].expires_at))
            known = self._users.setdefault(user, known)
        binding = known[name] = Binding(
            contact=contact.bare(),
            source=source,
            call_id=request.call_id,
            cseq=request.cseq.number,
            expires_at=now + seconds,
            agent=(request.get("User-Agent") or "")[:80],
        )
        self._count += 1
        self._sources[source] += 1
        heapq.heappush(self._heap, (binding.expires_at, next(self._writes), user, name))

    def _remove(self, user: str, name: Name) -> None:
        known = self._users.get(user, {})
        gone = known.pop(name, None)
        if gone is not None:
            self._count -= 1
            self._sources[gone.source] -= 1
            if not self._sources[gone.source]:
                del self._sources[gone.source]
            if not known:
                del self._users[user]

    def _contacts(self, user: str, now: float) -> tuple[Header, ...]:
        # Rounded up, so that whoever refreshes at the last second is not told "0".
        return tuple(
            ("Contact", f"{binding.contact};expires={int(binding.expires_at - now + 0.999)}")
            for binding in self.bindings(user, now)
        )


def _wanted(request: Request, contacts: tuple[Address, ...]) -> Wanted:
    """Read which contacts for how long; PeerError if one cannot be called back."""
    if len(contacts) > CONTACTS_MAX:
        raise PeerError("too many contacts")
    usual = _seconds_of(request.get("Expires"), SECONDS_USUAL)
    wanted: Wanted = []
    for contact in contacts:
        if not contact.uri.is_sip or contact.uri.headers or len(str(contact)) > CONTACT_CHARS_MAX:
            raise PeerError("a contact that nobody can call")
        wanted.append((contact, _seconds_of(contact.params.get("expires"), usual)))
    return wanted


def _seconds_of(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    try:
        return min(heads.parse_number(text.strip()), SECONDS_MAX)
    except PeerError:  # RFC 3261 section 20.19: as if it had not been said.
        return otherwise


def _name_of(uri: Uri) -> Name:
    """Give what two spellings of one contact have in common (RFC 3261 section 19.1.4)."""
    transport = (uri.params.get("transport") or "").lower()
    return (uri.scheme, uri.user, uri.host.lower(), uri.port, transport)
