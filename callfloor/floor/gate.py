"""
What is looked at at all: the cheap "no" before anything is parsed, and the count of every "no".

Three kinds of sources. A *line* is the address of a configured trunk: never banned, but held to a
pace, and when much of what it sends is refused, only what can belong to a call passes. A *proven*
address has given a right password within a day. Everybody else is a *stranger*: heard only where
somebody may have a password, each at a slow pace and all of them together at a bounded one, so that
a flood from forged addresses leaves room for those who are known (TRUST.md R43; ASVS 17.3.1).

Refuses: to read more of a message than its first line and its Call-ID; to tell a stranger that he
is not heard.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection
from typing import Protocol

from callfloor.floor.buckets import Bucket, Pace
from callfloor.floor.guesses import Guesses

TELL_SECONDS = 60.0  # One line a minute for each reason: a flood must not fill the log.
SOURCES_MAX = 10_000  # Buckets kept; an evicted one begins full, which the bucket of all bounds.
DIALED_MAX = 1_000  # Spellings of our own numbers that were taken lately.
HEAD_BYTES = 2_000  # Where a Call-ID is looked for; one that stands later is not found in a flood.
_CALL_ID = re.compile(rb"\r\n(?:call-id|i)[ \t]*:[ \t]*([^ \t\r\n]+)", re.I)
_START = re.compile(rb"([A-Za-z]{3,12}) (?:[sS][iI][pP][sS]?:([^@;:> \r\n]{1,64})@)?")


# A call takes five or six datagrams, and 300 calls/s are promised: twice that.
LINE = Pace(burst=8_000, per_second=4_000)
# A trunk that proves itself by a password, or a big office behind one address.
PROVEN = Pace(burst=4_000, per_second=2_000)
# Fifty telephones behind one address that come back after a power cut.
STRANGER = Pace(burst=200, per_second=20)
# A quarter of a core at 0.25 ms each.
ALL_STRANGERS = Pace(burst=2_000, per_second=1_000)
# Refusals are spent from another bucket: who is right is not slowed by it. A trunk in a spike
# should hear its 503s, so that it can go elsewhere; they take a thirtieth of a core.
REFUSALS = Pace(burst=200, per_second=20)
REFUSALS_OF_LINE = Pace(burst=500, per_second=200)
FULL_SECONDS = 1.0  # So long a trunk that was refused for its limit brings no further new calls.


class Lines(Protocol):
    """What the gate asks about trunks (`trunks.Trunks`)."""

    guesses: Guesses

    def is_line(self, host: str) -> bool:
        """Say whether an address is a configured trunk's."""

    def takes_strangers(self) -> bool:
        """Say whether anybody may have a password."""


class Gate:
    """Decides about datagrams by where they come from, and counts what is dropped."""

    def __init__(
        self,
        *,
        lines: Lines,
        knows_call: Callable[[str], bool],
        note: Callable[[str, str], None],
    ) -> None:
        """Begin with every bucket full; `knows_call` is asked for Call-IDs, `note` is the log."""
        self.counts: Counter[str] = Counter()
        """What was dropped, by reason, since the start; a handful of reasons."""
        self._lines = lines
        self._knows_call = knows_call
        self._note = note
        self._paces: dict[str, Bucket] = {}
        self._refusals: dict[str, Bucket] = {}
        self._strangers = Bucket(pace=ALL_STRANGERS, at=0.0)
        self._numbers: frozenset[bytes] = frozenset()
        self._dialed: dict[bytes, None] = {}
        self._full: dict[str, float] = {}
        self._told: dict[str, tuple[float, int]] = {}

    def use(self, numbers: Collection[str]) -> None:
        """Let these be the numbers that can be called here."""
        self._numbers = frozenset(number.encode() for number in numbers)
        self._dialed.clear()

    def admits(self, data: bytes, host: str, now: float) -> bool:
        """Say whether a datagram is parsed; what is not has been counted."""
        reason = self._refusal(data, host, now)
        if reason is None:
            return True
        self.dropped(reason, now)
        return False

    def may_connect(self, host: str, now: float) -> bool:
        """Say whether a connection from an address is taken; what is not has been counted."""
        if self._lines.is_line(host):
            return True
        if self._lines.takes_strangers() and not self._lines.guesses.is_silenced(host, now):
            return True
        self.dropped("no_connection", now)
        return False

    def dropped(self, reason: str, now: float) -> None:
        """Count something that was dropped, and say so once a minute."""
        self.counts[reason] += 1
        at, count = self._told.get(reason, (-TELL_SECONDS, 0))
        if now - at >= TELL_SECONDS:
            self._told[reason] = (now, self.counts[reason])
            self._note("sip_dropped", f"{reason}: {self.counts[reason] - count}")

    def refused(self, host: str, now: float, *, challenged: bool = False) -> None:
        """Charge an address for what had to be refused; to be asked for proof is usual."""
        if challenged and self._lines.guesses.is_proven(host, now):
            return
        pace = REFUSALS_OF_LINE if self._lines.is_line(host) else REFUSALS
        bucket = self._refusals.get(host) or self._new(self._refusals, host, pace, now)
        bucket.take(now)

    def full(self, host: str, now: float) -> None:
        """Count a call that was refused because its trunk has too many."""
        if host not in self._full and len(self._full) >= SOURCES_MAX:
            del self._full[next(iter(self._full))]
        self._full[host] = now + FULL_SECONDS
        self.dropped("trunk_full", now)

    def dialed(self, user: str) -> None:
        """Remember how a number of ours was written in an INVITE that was taken."""
        raw = user.encode("utf-8", "surrogateescape")
        if raw not in self._numbers and len(self._dialed) < DIALED_MAX:
            self._dialed[raw] = None

    def sizes(self) -> dict[str, int]:
        """Count what is remembered, for health."""
        return {
            "paces": len(self._paces),
            "refusals": len(self._refusals),
            "dialed": len(self._dialed),
            "full": len(self._full),
        }

    # --- inside -----------------------------------------------------------------------------------

    def _refusal(self, data: bytes, host: str, now: float) -> str | None:
        if self._lines.is_line(host):
            return self._refusal_of_line(data, host, now)
        if not self._lines.takes_strangers():
            return "stranger"
        if self._lines.guesses.is_silenced(host, now):
            return "banned"
        is_proven = self._lines.guesses.is_proven(host, now)
        if self._is_spent(host, now) and not self._is_expected(data, host, now):
            return "flood"
        if not self._pace(host, PROVEN if is_proven else STRANGER, now).take(now):
            return "flood"
        if not is_proven and not self._strangers.take(now):
            return "strangers"
        return None

    def _refusal_of_line(self, data: bytes, host: str, now: float) -> str | None:
        if self._is_spent(host, now) and not self._is_expected(data, host, now):
            return "flood_of_line"
        if not self._pace(host, LINE, now).take(now):
            return "pace_of_line"
        return None

    def _is_spent(self, host: str, now: float) -> bool:
        bucket = self._refusals.get(host)
        return bucket is not None and not bucket.has(now)

    def _is_expected(self, data: bytes, host: str, now: float) -> bool:
        """Say by two glances whether a datagram can belong to a call of ours, or begin one."""
        if data[:8] == b"SIP/2.0 ":
            return True
        match = _START.match(data)
        if match is None:
            return False
        is_ours = match[2] in self._numbers or match[2] in self._dialed
        if match[1] == b"INVITE" and is_ours and self._full.get(host, 0.0) <= now:
            return True
        call_id = _CALL_ID.search(data, 0, HEAD_BYTES)
        return call_id is not None and self._knows_call(call_id[1].decode("utf-8", "replace"))

    def _pace(self, host: str, pace: Pace, now: float) -> Bucket:
        bucket = self._paces.get(host)
        if bucket is None or bucket.pace is not pace:
            bucket = self._new(self._paces, host, pace, now)
        return bucket

    def _new(self, table: dict[str, Bucket], host: str, pace: Pace, now: float) -> Bucket:
        if host not in table and len(table) >= SOURCES_MAX:
            del table[next(iter(table))]
        bucket = table[host] = Bucket(pace=pace, at=now)
        return bucket
