"""
Telephone numbers as they come from trunks, brought to E.164.

Refuses: to guess. What cannot be read as a number of the region stays as it was dialed, so that an
extension of a PBX is still the same caller tomorrow.
"""

import unicodedata

import phonenumbers

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import headers
from callfloor.wire.sip.headers import Address
from callfloor.wire.sip.message import Request

NUMBER_CHARS_MAX = 32  # E.164 has at most 15 digits; a PBX's names are a little longer.
E164_DIGITS_MAX = 15
_WRITTEN = str.maketrans("", "", " \t\u00a0\u202f-./()")
_WITHHELD = frozenset({"anonymous", "unavailable", "unknown", "restricted", "private", ""})


def normal(dialed: str, region: str | None) -> str:
    """
    Give a number in E.164, or as it was dialed.

    `region` is the country (ISO 3166) in which national numbers are read; None reads only
    international ones.
    """
    dialed = dialed[:NUMBER_CHARS_MAX]
    try:
        number = phonenumbers.parse(dialed, region)
    except phonenumbers.NumberParseException:
        return dialed
    return _e164(number) or dialed


def compact(typed: str) -> str:
    """
    Give what was typed without the signs that people write numbers with, in digits of ASCII.

    Whoever types 112 on a Persian or Arabic keyboard means the same emergency.
    """
    kept = typed.translate(_WRITTEN)[:NUMBER_CHARS_MAX]
    if kept.isascii():
        return kept
    return "".join(str(unicodedata.decimal(char, char)) for char in kept)


def to_dial(typed: str, region: str | None) -> str | None:
    """Give a number in E.164 that can be called; None for what is no number of any country."""
    try:
        number = phonenumbers.parse(compact(typed), region)
    except phonenumbers.NumberParseException:
        return None
    return None if number.extension else _e164(number)


def _e164(number: phonenumbers.PhoneNumber) -> str | None:
    if not phonenumbers.is_possible_number(number):
        return None
    text: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    # The tables have a few longer ones (+62 with fourteen digits), which E.164 does not.
    return text if len(text) <= 1 + E164_DIGITS_MAX else None


def caller_of(invite: Request, region: str | None) -> tuple[str | None, str | None]:
    """
    Give number and name of who is calling; None for what he keeps to himself.

    A trunk's own word (P-Asserted-Identity, RFC 3325) counts more than From.
    """
    if "id" in {value.strip().lower() for value in (invite.get("Privacy") or "").split(";")}:
        return None, None
    address = _asserted(invite) or invite.from_
    user = _user_of(address)
    if user.lower() in _WITHHELD or address.uri.host.lower() == "anonymous.invalid":
        return None, None
    return normal(user, region), address.display or None


def _asserted(invite: Request) -> Address | None:
    for value in invite.values("P-Asserted-Identity"):
        try:
            return headers.parse_address(value)
        except PeerError:
            continue
    return None


def _user_of(address: Address) -> str:
    if address.uri.scheme == "tel":
        return address.uri.opaque.partition(";")[0]
    return address.uri.user or ""
