"""
What must not be kept as it was pasted: passwords, keys of devices, numbers of cards.

Better one secret missed than a text that nobody understands: only what says of itself that it is
secret, and digits that pass a card's own check, are taken out.
"""

import re

MASK = "•••"
_SAYS_SO = re.compile(
    r"""(?P<said>\b(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_ -]?key|psk|wpa2?[_ -]?key|
        community|authorization|bearer|contrase[nñ]a|jelsz[oó]|mot\ de\ passe|пароль|
        گذرواژه|رمز)\b["']?\s*(?:[:=]|\bis\b)?\s*["']?(?:bearer\s+)?)
        (?P<secret>[^\s"',;]{3,})""",
    re.IGNORECASE | re.VERBOSE,
)
_SAYS_SO_CLEARLY = re.compile(r"[:=]|\bis\b|bearer", re.IGNORECASE)
_TOKEN = re.compile(
    r"""\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,}|xox[abprs]-[A-Za-z0-9-]{10,}|
        eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,})""",
    re.VERBOSE | re.ASCII,
)
"""Keys that are known by their shape: of clouds, of code hosts, of chats, and signed ones."""
_BLOCK = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|\Z)", re.DOTALL)
_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)", re.ASCII)


def masked(text: str) -> str:
    """Give a text without the secrets that it holds."""
    text = _TOKEN.sub(MASK, _BLOCK.sub(MASK, text))
    text = _SAYS_SO.sub(_said, text)
    return _CARD.sub(lambda found: MASK if is_card(found[0]) else found[0], text)


def _said(found: re.Match[str]) -> str:
    if not _SAYS_SO_CLEARLY.search(found["said"]):
        return found[0]  # "The password reset" tells of none.
    return found["said"] + MASK


def is_card(text: str) -> bool:
    """Say whether digits pass the check of payment cards (ISO/IEC 7812-1, annex B)."""
    digits = [int(each) for each in text if each.isdecimal()]
    if not 13 <= len(digits) <= 19:
        return False
    doubled = [
        digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4)
        for place, digit in enumerate(reversed(digits))
    ]
    return sum(doubled) % 10 == 0
