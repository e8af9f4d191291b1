"""
References of cases where strangers carry them: in an address of ours, and in a link.

`CF-2026-000123` is said on the telephone and proves nothing. In an address it bears eight hex
digits (32 bits: whoever writes to a wrong one begins a new matter and learns nothing); in a link,
which opens something to read, 128 bits and the instant when it ends. Both are HMACs (RFC 2104)
under keys derived from the centre's. Refuses: to know whether there is such a case.
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime

from callfloor.kernel.keys import crypt, ring

ADDRESS = "case reference in an address"
LINK = "case link"
ADDRESS_HEX = 8
LINK_HEX = 32
NUMBER_MAX = 999_999  # In one year: one case every half minute, day and night.
_REFERENCE = re.compile(r"cf[- ]?(20\d{2})[- ]?(\d{6})", re.IGNORECASE | re.ASCII)
_TAG = re.compile(rf"cf(20\d{{2}})(\d{{6}})\.([0-9a-f]{{{ADDRESS_HEX}}})", re.IGNORECASE | re.ASCII)
_TOKEN = re.compile(
    rf"cf(20\d{{2}})(\d{{6}})-([0-9a-f]{{1,10}})-([0-9a-f]{{{LINK_HEX}}})", re.IGNORECASE | re.ASCII
)


def reference(*, year: int, number: int) -> str:
    """Give the reference of the case with a number in a year."""
    assert 0 < number <= NUMBER_MAX, "more cases in a year than a reference can tell apart"
    return f"CF-{year:04d}-{number:06d}"


def read(text: str) -> str | None:
    """Give the reference as it is written here, of what somebody typed; None if it is none."""
    found = _REFERENCE.fullmatch(text.strip())
    return f"CF-{found[1]}-{found[2]}" if found else None


def address_tag(*, reference: str) -> str:
    """Give what stands after the plus in an address of a case: `cf2026000123.1a2b3c4d`."""
    bare = _bare(reference)
    return f"{bare}.{_seal(ADDRESS, bare)[:ADDRESS_HEX]}"


def of_address_tag(tag: str) -> str | None:
    """
    Give the reference in an address, None if nobody here has signed it.

    `tag` is what stands after the plus, or a whole address that has it; letters of any case,
    because mail servers change them.
    """
    found = _TAG.search(tag)
    if found is None:
        return None
    bare = f"cf{found[1]}{found[2]}"
    if not hmac.compare_digest(_seal(ADDRESS, bare)[:ADDRESS_HEX], found[3].lower()):
        return None
    return f"CF-{found[1]}-{found[2]}"


def link_token(*, reference: str, until: datetime) -> str:
    """Give the last part of a link that opens a case to its customer until an instant."""
    bare, end = _bare(reference), f"{int(until.timestamp()):x}"
    return f"{bare}-{end}-{_seal(LINK, f'{bare}-{end}')[:LINK_HEX]}"


def of_link_token(token: str, *, now: datetime) -> str | None:
    """Give the reference that a link opens; None if it is wrong or its time is over."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    bare, end = f"cf{found[1]}{found[2]}", found[3].lower()
    sound = hmac.compare_digest(_seal(LINK, f"{bare}-{end}")[:LINK_HEX], found[4].lower())
    if not sound or now.astimezone(UTC).timestamp() >= int(end, 16):
        return None
    return f"CF-{found[1]}-{found[2]}"


def _bare(reference: str) -> str:
    return reference.replace("-", "").lower()


def _seal(purpose: str, text: str) -> str:
    key = crypt.derive(ring.centre().private, purpose=purpose)
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()
