"""A certificate of our own is made once, kept private, and made anew in time."""

import os
import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from callfloor.app import certificate, tls
from callfloor.web import renewal

pytestmark = pytest.mark.pure

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
NAMES = ("10.0.0.5", "desk.example")


def test_certificate_names_its_host_and_is_private(tmp_path: Path):
    """Names and addresses stand in it, the key is nobody else's to read, the print is its own."""
    pair = certificate.make(data=tmp_path, names=NAMES, now=NOW)
    made = x509.load_pem_x509_certificate(pair.certificate.read_bytes())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["desk.example", "localhost"]
    assert [str(a) for a in names.get_values_for_type(x509.IPAddress)] == ["10.0.0.5", "127.0.0.1"]
    assert stat.S_IMODE(pair.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(pair.key.parent.stat().st_mode) == 0o700
    from cryptography.hazmat.primitives import hashes

    assert tls.fingerprint(pair).replace(":", "").lower() == made.fingerprint(hashes.SHA256()).hex()
    tls.check(pair)


def test_certificate_is_made_anew_in_time(tmp_path: Path):
    """Two weeks before its end, under another name, or when a file is gone, it is not fresh."""
    certificate.make(data=tmp_path, names=NAMES, now=NOW)
    last = NOW + timedelta(days=certificate.DAYS - tls.RENEW_DAYS)
    assert tls.is_fresh(tmp_path, names=NAMES, now=last - timedelta(seconds=1))
    assert not tls.is_fresh(tmp_path, names=NAMES, now=last)
    assert not tls.is_fresh(tmp_path, names=("10.0.0.6",), now=NOW)
    tls.self_made(tmp_path).key.unlink()
    assert not tls.is_fresh(tmp_path, names=NAMES, now=NOW)
    (tmp_path / "tls" / "self.json").write_text("{}", encoding="utf-8")
    assert not tls.is_fresh(tmp_path, names=NAMES, now=NOW)


def test_pair_that_does_not_fit_is_told(tmp_path: Path):
    """A key of another certificate, or none at all, is refused before anything runs."""
    one = certificate.make(data=tmp_path / "one", names=NAMES, now=NOW)
    other = certificate.make(data=tmp_path / "other", names=NAMES, now=NOW)
    with pytest.raises(tls.BadPair, match="cannot be used"):
        tls.check(tls.Pair(certificate=one.certificate, key=other.key))
    with pytest.raises(tls.BadPair, match="No such file"):
        tls.check(tls.Pair(certificate=one.certificate, key=tmp_path / "none"))


def test_renewed_certificate_is_taken_without_a_restart(tmp_path: Path):
    """A changed file is loaded once; a torn one is not, and the old one holds on."""
    pair = certificate.make(data=tmp_path, names=NAMES, now=NOW)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    watched = renewal.Renewal(context, certificate=pair.certificate, key=pair.key)
    assert not watched.look()
    whole = pair.certificate.read_bytes()
    pair.certificate.write_bytes(whole[: len(whole) // 2])
    os.utime(pair.certificate, ns=(1, 1))
    assert not watched.look()
    certificate.make(data=tmp_path, names=NAMES, now=NOW)
    os.utime(pair.certificate, ns=(2, 2))
    assert watched.look()
    assert not watched.look()
