"""
How what identifies a customer is read, compared and shown. Pure.

Refuses: to guess a country. A number without one is read in the centre's own.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

KIND_NUMBER, KIND_ADDRESS, KIND_HANDLE = "number", "address", "handle"
KIND_EXTERNAL, KIND_VISITOR = "external", "visitor"
CALLING_KINDS = (KIND_NUMBER, KIND_VISITOR)
"""By what a caller may be known: his number, or the chat that he calls out of."""
KINDS = (KIND_NUMBER, KIND_ADDRESS, KIND_HANDLE, KIND_EXTERNAL, KIND_VISITOR)

VALUE_CHARACTERS_MAX = 254
"""The longest address of mail that can be used (RFC 5321 section 4.5.3.1, RFC 3696 erratum)."""
NUMBER_CHARACTERS_MAX = 40
"""Fifteen digits (ITU-T E.164) and whatever people put between them."""
WORDS_MAX = 12
"""Words of a name that are found; the longest names of people have fewer."""
WORD_CHARACTERS_MAX = 64

_ADDRESS = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;]+\.[^@\s<>,;.]+")
_WORD = re.compile(r"\w+")
_SAME = str.maketrans({"\u064a": "\u06cc", "\u0643": "\u06a9", "\u200c": " "})
"""Arabic yeh and kaf as Persian ones, the non-joiner as a gap: people type either."""


def forms(*, kind: str, value: str, region: str | None = None) -> tuple[str, ...]:
    """
    Give the forms in which an identity may be known, first the one to keep; none if it is none.

    Addresses and handles are compared without regard to capitals: no provider tells two mailboxes
    apart by them, and people do not.
    """
    text = unicodedata.normalize("NFKC", value).strip()
    if not text or len(text) > VALUE_CHARACTERS_MAX:
        return ()
    if kind == KIND_NUMBER:
        return _number_forms(text, region=region)
    if kind == KIND_ADDRESS:
        return (text.casefold(),) if _ADDRESS.fullmatch(text) else ()
    if kind == KIND_HANDLE:
        return tuple(filter(None, (text.removeprefix("@").casefold(),)))
    return (text,)


def _number_forms(text: str, *, region: str | None) -> tuple[str, ...]:
    found = spellings(text, region=region)
    if not any(form.strip("+").isdecimal() for form in found):
        return ()
    if _e164(found[0], region=region) is None:
        # An internal number, of which the floor knows nothing but its digits.
        return tuple(sorted(found, key=lambda form: form.startswith("+")))
    return found


def name_words(name: str) -> tuple[str, ...]:
    """
    Give the words by which a name is found: without capitals and accents, each once.

    Whole words only: an index of beginnings would tell too much of a name that nobody may read.
    """
    plain = unicodedata.normalize("NFKD", name.translate(_SAME).casefold())
    bare = "".join(each for each in plain if not unicodedata.combining(each))
    words = (word[:WORD_CHARACTERS_MAX] for word in _WORD.findall(bare))
    return tuple(dict.fromkeys(words))[:WORDS_MAX]


def spellings(number: str, *, region: str | None = None) -> tuple[str, ...]:
    """
    Give the forms in which a number that somebody typed may have reached the floor.

    E.164 first; then its bare digits, because a trunk or an internal telephone may give a number
    without its country, and the floor's token was made of what came.
    """
    text = number.strip()
    if text.startswith("00"):
        text = f"+{text[2:]}"
    digits = "".join(each for each in text if each.isdecimal() and each.isascii())
    forms = [_e164(text, region=region), f"+{digits}" if digits else None, digits, text]
    return tuple(dict.fromkeys(form for form in forms if form))


@functools.lru_cache(maxsize=64)  # A number is asked about several times in a row, by its forms.
def _e164(text: str, *, region: str | None) -> str | None:
    import phonenumbers  # Its tables cost 0.1 s, so they come with the first number.

    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def dialable(text: str) -> str | None:
    """
    Give in E.164 the number at which a stranger wants to be called; None for any other.

    It must have its country, be in use by that country's plan, and cost the caller no premium: we
    are the caller.
    """
    import phonenumbers

    plain = "".join(
        str(unicodedata.decimal(each)) if each.isdecimal() else each
        for each in unicodedata.normalize("NFKC", text).strip()[:NUMBER_CHARACTERS_MAX]
    )
    international = f"+{plain[2:]}" if plain.startswith("00") else plain
    try:
        parsed = phonenumbers.parse(international, None)
    except phonenumbers.NumberParseException:
        return None
    dear = phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.PREMIUM_RATE
    if dear or parsed.extension or not phonenumbers.is_valid_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def shown(number: str) -> str:
    """Give a number as people write it, with spaces."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


ANY_CHANNEL = "any"


@dataclass(frozen=True, kw_only=True)
class Word:
    """What a customer said once about a purpose."""

    channel: str
    """One of them, or `any`."""
    given: bool
    at: datetime
    kept_at: datetime


def last_word(words: Iterable[Word], *, channel: str) -> bool | None:
    """
    Say what a customer last said of a purpose for a channel; None if he never spoke of it.

    What he said of any channel holds for each. Of two words of the same moment the one that was
    written down later counts, and of two that cannot be told apart the one that forbids.
    """
    fitting = [word for word in words if word.channel in (channel, ANY_CHANNEL)]
    if not fitting:
        return None
    return max(fitting, key=lambda word: (word.at, word.kept_at, not word.given)).given


TAG_CHARACTERS_MAX = 40
_TAG = re.compile(r"\w[\w-]*")


def tag(text: str) -> str:
    """Give a tag as it is kept: small letters, hyphens for gaps; empty if it is none."""
    word = "-".join(unicodedata.normalize("NFKC", text).casefold().split())
    fits = len(word) <= TAG_CHARACTERS_MAX and _TAG.fullmatch(word)
    # A telephone number is not a tag, and must not stand in clear.
    is_number = sum(each.isdecimal() for each in word) > 6
    return word if fits and not is_number else ""
