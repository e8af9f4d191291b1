"""
How what identifies a customer is read, compared and shown. Pure.

Refuses: to guess a country. A number without one is read in the centre's own.
"""

import re
import unicodedata

KIND_NUMBER, KIND_ADDRESS, KIND_HANDLE = "number", "address", "handle"
KIND_EXTERNAL, KIND_VISITOR = "external", "visitor"
KINDS = (KIND_NUMBER, KIND_ADDRESS, KIND_HANDLE, KIND_EXTERNAL, KIND_VISITOR)

VALUE_CHARACTERS_MAX = 254
"""The longest address of mail that can be used (RFC 5321 section 4.5.3.1, RFC 3696 erratum)."""
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


def _e164(text: str, *, region: str | None) -> str | None:
    import phonenumbers  # Its tables cost 0.1 s, so they come with the first number.

    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
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
