"""
How a customer's number is read and shown. Pure.

Refuses: to guess a country. A number without one is read in the centre's own.
"""

KIND_NUMBER = "number"


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
