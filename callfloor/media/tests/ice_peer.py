"""A browser's audio without a browser: full ICE by aioice, DTLS as the active side, SRTP."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import aioice

from callfloor.media import dtls, sound
from callfloor.wire import rtp, sdp

HOST = "127.0.0.1"
SILENCE = sound.SILENCE[sound.PCMU]
SESSIONS = itertools.count(1)  # Each connection of a browser has a name of its own (RFC 8829).
IDENTITY_PER_PROCESS: list[dtls.Identity] = []


class LoopbackIce(aioice.Connection):
    """ICE on the loopback, whose data goes to a callback and not through a queue."""

    def __init__(self) -> None:
        super().__init__(ice_controlling=True)
        self.take: Any = None

    async def gather_candidates(self) -> None:
        """Use 127.0.0.1, which aioice leaves out."""
        self._local_candidates_start = True
        self._local_candidates = await self.get_component_candidates(1, [HOST])
        self._local_candidates_end = True

    def data_received(self, data: bytes, component: int) -> None:
        self.take(data)


class IcePeer:
    """One browser leg's far side."""

    def __init__(self, *, session: int | None = None) -> None:
        self.session = next(SESSIONS) if session is None else session
        if not IDENTITY_PER_PROCESS:
            IDENTITY_PER_PROCESS.append(dtls.Identity())
        self.identity = IDENTITY_PER_PROCESS[0]
        self.ice = LoopbackIce()
        self.ice.take = self._receive
        self.srtp: dtls.Srtp | None = None
        self.ready = asyncio.Event()
        self.closed = asyncio.Event()
        self.packets: list[rtp.Packet] = []
        self.rtcp = 0
        self.dtls: dtls.Dtls | None = None
        self.fingerprint = self.identity.fingerprint

    async def offer(self) -> sdp.Session:
        """Gather and describe."""
        await self.ice.gather_candidates()
        security = sdp.Security(
            ice_ufrag=self.ice.local_username,
            ice_pwd=self.ice.local_password,
            fingerprint=self.fingerprint,
            setup="actpass",
        )
        return sdp.offer(
            host=HOST, port=9, origin_id=self.session, security=security, event_payload=126
        )

    async def accept(self, answer: sdp.Session) -> None:
        """Connect as the answer says, and wait for the keys."""
        await self.nominated(answer)
        assert answer.audio is not None
        self.dtls = dtls.Dtls(
            identity=self.identity,
            remote_fingerprint=answer.audio.fingerprint or "",
            send=self.send_raw,
            ready=self._secured,
            closed=self.closed.set,
            is_server=False,
        )
        self.dtls.start()

    async def nominated(self, answer: sdp.Session) -> None:
        """Find a way that works."""
        media = answer.audio
        assert media is not None
        self.ice.remote_is_lite = answer.ice_lite
        self.ice.remote_username, self.ice.remote_password = media.ice_ufrag, media.ice_pwd
        for candidate in media.candidates:
            await self.ice.add_remote_candidate(aioice.Candidate.from_sdp(str(candidate)))
        await self.ice.add_remote_candidate(None)
        await self.ice.connect()
        pair = self.ice._nominated[1]
        self._send, self._to = pair.protocol.transport.sendto, pair.remote_addr

    def send_raw(self, data: bytes) -> None:
        self._send(data, self._to)

    def send(self, packet: bytes) -> None:
        """Send one RTP packet."""
        assert self.srtp is not None, "before the handshake"
        self._send(self.srtp.protect(packet), self._to)

    def _secured(self, srtp: dtls.Srtp) -> None:
        self.srtp = srtp
        self.ready.set()

    def _receive(self, data: bytes) -> None:
        kind = rtp.kind(data)
        if kind == "dtls" and self.dtls:
            self.dtls.receive(data)
        elif kind == "rtp" and self.srtp:
            self.take(self.srtp.unprotect(data))
        elif kind == "rtcp":
            self.rtcp += 1

    def take(self, packet: bytes) -> None:
        """Keep what was heard; a bench puts something faster here."""
        self.packets.append(rtp.parse(packet))

    def heard(self) -> list[bytes]:
        """Give the payloads that somebody said; a line without any is kept alive by silence."""
        return [packet.payload for packet in self.packets if packet.payload != SILENCE]

    async def close(self, *, politely: bool = True) -> None:
        if self.dtls and politely:
            self.dtls.close()
        await self.ice.close()
