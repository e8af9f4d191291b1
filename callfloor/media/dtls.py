"""
DTLS-SRTP as the passive side (RFC 5763, RFC 5764): from handshake records to two SRTP keys.

The far side proves itself by the fingerprint of its certificate, which came in its description.

Refuses: a socket, and the audio itself.
"""

from __future__ import annotations

import asyncio
import datetime
import hmac
import logging
from collections.abc import Callable, Iterator

import pylibsrtp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

log = logging.getLogger(__name__)

MTU = 1_200  # What browsers assume that every path carries.
RECORD_HEAD_BYTES = 13  # RFC 6347, section 4.1.
CERTIFICATE_DAYS = 30  # One per start of the worker; browsers do not look, but it should end.
EXPORT_LABEL = b"EXTRACTOR-dtls_srtp"  # RFC 5764, section 4.2.

# Name for OpenSSL -> (profile of libsrtp, bytes of key, bytes of salt); the first is preferred.
PROFILES = {
    b"SRTP_AEAD_AES_128_GCM": (pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12),
    b"SRTP_AES128_CM_SHA1_80": (pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14),
}
HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha-256": hashes.SHA256,
    "sha-384": hashes.SHA384,
    "sha-512": hashes.SHA512,
}  # RFC 8122 names more; SHA-1 and older prove nothing any more.

NEEDS_MORE = (SSL.WantReadError, SSL.WantX509LookupError)


class Identity:
    """One self-signed certificate for all browser legs of a worker."""

    def __init__(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = _certificate(key)
        self.fingerprint = fingerprint(self.certificate, "sha-256")
        self.context = SSL.Context(SSL.DTLS_METHOD)
        self.context.use_certificate(self.certificate)
        self.context.use_privatekey(key)
        self.context.set_tlsext_use_srtp(b":".join(PROFILES))
        # Anybody's certificate is taken here and compared with the fingerprint afterwards.
        required = SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT
        self.context.set_verify(required, lambda *_: True)


class Srtp:
    """The two directions after a handshake."""

    def __init__(self, *, profile: bytes, material: bytes, is_server: bool) -> None:
        number, key, salt = PROFILES[profile]
        client = material[:key] + material[2 * key : 2 * key + salt]
        server = material[key : 2 * key] + material[2 * key + salt :]
        inbound, outbound = (client, server) if is_server else (server, client)
        policy = pylibsrtp.Policy
        self._inbound = pylibsrtp.Session(
            policy(inbound, ssrc_type=policy.SSRC_ANY_INBOUND, srtp_profile=number)
        )
        self._outbound = pylibsrtp.Session(
            policy(outbound, ssrc_type=policy.SSRC_ANY_OUTBOUND, srtp_profile=number)
        )
        self.protect = self._outbound.protect
        self.protect_rtcp = self._outbound.protect_rtcp
        self.unprotect = self._inbound.unprotect
        self.unprotect_rtcp = self._inbound.unprotect_rtcp


class Dtls:
    """One handshake, and the alert that ends it all."""

    def __init__(
        self,
        *,
        identity: Identity,
        remote_fingerprint: str,
        send: Callable[[bytes], None],
        ready: Callable[[Srtp], None],
        closed: Callable[[], None],
        is_server: bool = True,
    ) -> None:
        self._remote_fingerprint = remote_fingerprint
        self._send = send
        self._ready = ready
        self._closed = closed
        self._is_server = is_server
        self._connection = SSL.Connection(identity.context)
        self._connection.set_ciphertext_mtu(MTU)
        if is_server:
            self._connection.set_accept_state()
        else:
            self._connection.set_connect_state()
        self._is_done = False
        self._is_over = False
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Say the first word; for the active side."""
        self._go_on()

    def receive(self, data: bytes) -> None:
        """Take one datagram of records."""
        if self._is_over or not data:
            return
        self._connection.bio_write(data)
        if self._is_done:
            self._read()
        else:
            self._go_on()

    def close(self) -> None:
        """Tell the far side that this is over."""
        self._stop_timer()
        if self._is_done and not self._is_over:
            self._is_over = True
            try:
                self._connection.shutdown()
            except SSL.Error:
                log.debug("dtls.shutdown")
            self._flush()
        self._is_over = True

    def _go_on(self) -> None:
        try:
            self._connection.do_handshake()
        except NEEDS_MORE:
            self._flush()
            self._set_timer()
            return
        except SSL.Error as error:
            log.warning("dtls.failed", extra={"reason": str(error)})
            self._flush()  # The alert.
            self._end()
            return
        self._flush()
        self._finish()

    def _finish(self) -> None:
        self._stop_timer()
        certificate = self._connection.get_peer_certificate(as_cryptography=True)
        profile = self._connection.get_selected_srtp_profile()
        if certificate is None or not matches(certificate, self._remote_fingerprint):
            log.warning("dtls.wrong_certificate")
            self._end()
            return
        if profile not in PROFILES:
            log.warning("dtls.no_srtp")
            self._end()
            return
        _, key, salt = PROFILES[profile]
        material = self._connection.export_keying_material(EXPORT_LABEL, 2 * (key + salt), None)
        self._is_done = True
        self._ready(Srtp(profile=profile, material=material, is_server=self._is_server))

    def _read(self) -> None:
        """Look for the alert that closes; there is no other data without a data channel."""
        try:
            self._connection.recv(MTU)
        except NEEDS_MORE:
            self._flush()  # A repeated flight of the far side is answered again.
        except SSL.Error:
            self._end()

    def _end(self) -> None:
        self._is_over = True
        self._stop_timer()
        self._closed()

    def _flush(self) -> None:
        try:
            data = self._connection.bio_read(65_536)
        except SSL.WantReadError:
            return
        for datagram in _datagrams(data):
            self._send(datagram)

    def _set_timer(self) -> None:
        self._stop_timer()
        seconds = self._connection.DTLSv1_get_timeout()
        if seconds is not None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._repeat)

    def _repeat(self) -> None:
        try:
            self._connection.DTLSv1_handle_timeout()
        except SSL.Error:
            self._end()
            return
        self._flush()
        self._set_timer()

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None


def fingerprint(certificate: x509.Certificate, name: str) -> str:
    """Give the attribute's value for a certificate (RFC 8122, section 5)."""
    digest = certificate.fingerprint(HASHES[name]())
    return f"{name} {digest.hex(':').upper()}"


def matches(certificate: x509.Certificate, expected: str) -> bool:
    """Say whether a certificate is the one of a description."""
    name, _, digest = expected.partition(" ")
    if name.lower() not in HASHES:
        return False
    own = fingerprint(certificate, name.lower()).partition(" ")[2]
    return hmac.compare_digest(own.encode(), digest.strip().upper().encode())


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "callfloor")])
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=CERTIFICATE_DAYS))
        .sign(key, hashes.SHA256())
    )


def _datagrams(data: bytes) -> Iterator[bytes]:
    """Cut a flight between its records, so that no datagram is longer than the MTU."""
    start = at = 0
    while at + RECORD_HEAD_BYTES <= len(data):
        end = at + RECORD_HEAD_BYTES + int.from_bytes(data[at + 11 : at + 13], "big")
        if end - start > MTU and at > start:
            yield data[start:at]
            start = at
        at = end
    if start < len(data):
        yield data[start:]
