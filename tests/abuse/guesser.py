"""
A guesser of names and passwords, as scanners are: it asks, is challenged, answers, compares.

It sees only what comes back over the wire. Refuses: to know the password that it guesses.
"""

import itertools
import re
from collections.abc import Callable

from callfloor.wire.sip import auth
from callfloor.wire.sip import message as messages
from callfloor.wire.sip.message import Request, Response

Ask = Callable[[bytes], Response | None]
"""Sends a request and gives what came back, None for silence."""

SDP = (
    "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
)
_CHANGING = re.compile(r'nonce="[0-9a-f]+"')


class Guesser:
    """Somebody at one address."""

    def __init__(self, ask: Ask, *, method: str = "REGISTER") -> None:
        self._ask = ask
        self._method = method
        self._count = itertools.count(1)

    def request(self, *, proof: messages.Header | None = None) -> Request:
        """Write a request that names nobody but in its proof, so that only the answer can tell."""
        number = next(self._count)
        body = SDP if self._method == "INVITE" else ""
        kind = "Content-Type: application/sdp\r\n" if body else ""
        extra = f"{proof[0]}: {proof[1]}\r\n" if proof else ""
        text = (
            f"{self._method} sip:900@192.0.2.1 SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP 203.0.113.9:5060;branch=z9hG4bKg{number:09}\r\n"
            f"From: <sip:somebody@192.0.2.1>;tag=g\r\nTo: <sip:somebody@192.0.2.1>\r\n"
            f"Call-ID: g{number:09}@203.0.113.9\r\nCSeq: 1 {self._method}\r\nMax-Forwards: 70\r\n"
            f"Contact: <sip:somebody@203.0.113.9>\r\n{extra}{kind}"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        )
        read = messages.parse(text.encode())
        assert isinstance(read, Request)
        return read

    def challenge(self) -> Response | None:
        """Ask without a proof."""
        return self._ask(self.request().encode())

    def prove(
        self, challenge: Response, user: str, password: str, *, count: int = 1
    ) -> messages.Header:
        """Answer a challenge as somebody."""
        proof = auth.answer(
            challenge,
            request=self.request(),
            username=user,
            password=password,
            cnonce="c",
            count=count,
        )
        assert proof is not None, "a challenge that can be answered"
        return proof

    def send(self, proof: messages.Header) -> Response | None:
        """Send a request with a proof."""
        return self._ask(self.request(proof=proof).encode())

    def guess(self, user: str, password: str) -> Response | None:
        """Try one password of one name; None if nothing came back."""
        challenge = self.challenge()
        return None if challenge is None else self.send(self.prove(challenge, user, password))


def seen(answer: Response | None) -> str:
    """Give all that a guesser can compare: the whole answer, but what is new in every one."""
    if answer is None:
        return ""
    text = _CHANGING.sub('nonce=""', answer.encode().decode())
    return re.sub(r"g\d{9}|;tag=[0-9a-f]{16}|;received=[0-9.]+", "", text)
