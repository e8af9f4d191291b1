"""
Making a certificate of our own: `prepare certificate` calls it in a process that then ends.

Browsers warn of it once, for nobody vouches for it; the fingerprint that is printed at the start
is what a careful person compares.
"""

import ipaddress
import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from callfloor.app import tls
from callfloor.app.folder import write_whole

DAYS = 397  # No longer: browsers refuse more than 398 (CA/Browser Forum, baseline 6.3.2).
CLOCK_SLACK = timedelta(hours=1)  # A browser whose clock is late takes it at once all the same.
ALWAYS = ("localhost", "127.0.0.1")


def make(*, data: Path, names: tuple[str, ...], now: datetime) -> tls.Pair:
    """Make key and certificate for these names and addresses."""
    pair = tls.self_made(data)
    pair.key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = ec.generate_private_key(ec.SECP256R1())
    ends = now + timedelta(days=DAYS)
    certificate = _certificate(key, names=names, begins=now - CLOCK_SLACK, ends=ends)
    _write_private(
        pair.key,
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
    write_whole(pair.certificate, certificate.public_bytes(serialization.Encoding.PEM).decode())
    noted = {"names": list(names), "not_after": ends.isoformat()}
    write_whole(pair.key.with_suffix(".json"), json.dumps(noted))
    return pair


def _certificate(
    key: ec.EllipticCurvePrivateKey, *, names: tuple[str, ...], begins: datetime, ends: datetime
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Callfloor at {names[0]}"[:64])])
    usage = x509.ExtendedKeyUsage(
        [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName(_names(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=False)
        .sign(key, hashes.SHA256())
    )


def _names(names: tuple[str, ...]) -> list[x509.GeneralName]:
    return [_name(each) for each in dict.fromkeys((*names, *ALWAYS))]


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _write_private(path: Path, content: bytes) -> None:
    half = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    half.replace(path)
