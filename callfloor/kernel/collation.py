"""
The order of names in the language of whoever reads, and how one is found without its accents.

Letters stand as the alphabet of each language has them: ö after o in Hungarian, ñ after n in
Spanish, the reader's own script before any other, as CLDR 48 orders them (unicode.org/reports/tr35,
part 5). Refuses: to be a whole collation (UTS #10); names of people and things need their letters.
"""

import functools
import re
import unicodedata
from collections.abc import Callable

END = "\uffff"
"""After every letter: what follows upon a letter makes another of it, which stands behind it."""
PERSIAN = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
SAME = {"ё": "е", "ك": "ک", "ي": "ی", "ى": "ی", "أ": "ا", "إ": "ا", "ة": "ه", "ئ": "ی", "ؤ": "و"}
"""Letters that count as another one."""
SILENT = "-'’.\u200c\u200d"
"""What stands in names and does not count in their order."""
OWN = {"hu": {"ö": "o", "ő": "o", "ü": "u", "ű": "u"}, "es": {"ñ": "n"}}
"""Letters that stand behind another one instead of being it with an accent."""
TWO = re.compile("dzs|cs|dz|gy|ly|ny|sz|ty|zs")
"""Letters of the Hungarian alphabet that are written with two or three."""
_LATIN = range(0x00C0, 0x0250)
"""Latin letters with accents: the Latin-1 supplement, extended A and B."""


def order(language: str) -> Callable[[str], str]:
    """Give what puts texts into the order of a language; equal ones stay apart by themselves."""
    letters = _letters(language)

    def key(text: str) -> str:
        plain = text.casefold()
        if not plain.isascii():
            plain = unicodedata.normalize("NFC", plain)
        if language == "hu":
            plain = TWO.sub(_one_letter, plain)
        return f"{plain.translate(letters)}\0{text}"

    return key


def bare(text: str) -> str:
    """Give a text without capitals and accents, as somebody types it in haste."""
    return unicodedata.normalize("NFC", text).casefold().translate(_letters(""))


@functools.lru_cache(maxsize=8)  # Six languages, and none.
def _letters(language: str) -> dict[int, str]:
    """Give what becomes of each letter that is not simply itself."""
    made = {code: _plain(chr(code)) for code in _LATIN}
    made |= {ord(letter): other for letter, other in SAME.items()}
    for first, script in (("ru", RUSSIAN), ("fa", PERSIAN)):
        if language == first:
            made |= {ord(letter): chr(2 + at) for at, letter in enumerate(script)}
            made |= {ord(letter): made.get(ord(o), o) for letter, o in SAME.items()}
            made[ord(" ")] = "\x01"
    made |= {ord(letter): base + END for letter, base in OWN.get(language, {}).items()}
    return made | {ord(sign): "" for sign in SILENT}


def _one_letter(found: re.Match[str]) -> str:
    return found[0][0] + END * (len(found[0]) - 1)


def _plain(letter: str) -> str:
    split = unicodedata.normalize("NFKD", letter.casefold())
    return "".join(each for each in split if not unicodedata.combining(each))
