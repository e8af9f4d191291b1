"""
Words to what their inflected forms share: light stemming, by tables of endings.

Light means: cases, plurals, persons and tenses go, derivation stays; two words that mean different
things rarely meet, and what does not meet is still found by its pieces. Words come folded
(`words.fold`), and so do the endings here. Refuses: a dictionary.
"""

from collections.abc import Mapping
from functools import cache

from callfloor.records.articles.rules.words import fold

Endings = tuple[tuple[str, str, int], ...]
"""Ending, what stands in its place, and how many letters must be left before it."""


def _table(text: str, *, left: int, becomes: str = "") -> Endings:
    return tuple((fold(ending), becomes, left) for ending in text.split())


_ENGLISH = (
    *_table("ies ied", left=2, becomes="y"),
    *_table("ations ation ments ment ings ing edly ed ers er es s ly", left=3),
    *_table("e", left=3),
)
_FRENCH = (
    *_table("issements issement ements ement ations ation ateurs ateur", left=3),
    *_table(
        "ées ée és erez erons eront erait era iez ions ant ante antes ent ez er eur eurs", left=3
    ),
    *_table("aux", left=2, becomes="al"),
    *_table("euses euse eux ives ive if ifs es e s x", left=3),
)
_SPANISH = (
    *_table("aciones ación amientos amiento imientos imiento adores ador", left=3),
    *_table("ándome ándose iéndose arme arse arla arlo ando iendo aremos ará arán", left=3),
    *_table("ados adas ado ada idos idas ido ida ar er ir amos emos an en aron", left=3),
    *_table("mente ones ón es os as s o a e", left=3),
)
_RUSSIAN = (
    *_table("иями ями ами иях ях ах иям ям ам ией ей ой ий ый ая яя ое ее ые ие", left=3),
    *_table("ого его ому ему ыми ими ым им ых их ую юю ою ею ом ем", left=3),
    *_table(
        "ться тся ешь ете ишь ите ают яют ует уют ал ала али ил ила или ать ять ить еть", left=3
    ),
    *_table("ов ев ия ию ии а я о е у ю ы и ь", left=3),
)
_HUNGARIAN = (
    *_table("jaimban jeimben aimban eimben aimat eimet jaink jeink aink eink", left=3),
    *_table("ában ében ából éből áról éről ától étől ához éhez jával jével ával ével", left=3),
    *_table("ban ben ból ből ról ről tól től nak nek hoz hez höz val vel ért ként", left=3),
    *_table("ra re ba be ig on en ön ul ül kor nál nél", left=3),
    *_table("tam tem tunk tünk ottak ettek hatok hetek hatom hetem hat het ni", left=3),
    *_table("jaim jeim jait jeit unk ünk juk jük ják jék", left=3),
    *_table("okat eket öket akat kat ket at et öt ot om em öm am od ed öd ad ok ek ök ak", left=3),
    *_table("ja je át ét ák ék ám ém ád éd t k m d a e á é i", left=3),
)
_PERSIAN = (
    *_table("هایشان هایتان هایمان هایی هایم هایت هایش های ها", left=2),
    *_table("ترین تری تر", left=3),
    *_table("یشان یتان یمان شان تان مان", left=3),
    *_table("ات ی", left=3),
)
_ENDINGS: Mapping[str, tuple[Endings, int]] = {
    "en": (_ENGLISH, 2),
    "fr": (_FRENCH, 2),
    "es": (_SPANISH, 2),
    "ru": (_RUSSIAN, 1),
    "hu": (_HUNGARIAN, 3),
    "fa": (_PERSIAN, 1),
}
"""Endings of each language, and how often one may stand upon another."""
_PREFIXES = {"fa": ("نمی", "می")}
"""What stands before a verb: the present, and its negation."""
_WITH = ("al", "el")
"""Hungarian `-val, -vel` takes the consonant before it, which is then double (`adattal`)."""

_STOPS = {
    "en": "a an the of to in on for is are be do does how what when can my i you it and or with",
    "hu": "a az egy és vagy hogy hogyan mi mit mikor van nem is meg ha kell lehet mennyi",
    "es": "el la los las un una de del en y o que qué cómo cuándo es para por con mi se al cuánto",
    "ru": "и в во на с со как что когда ли это не для по из у за или мой можно",
    "fa": "و در به از که را با این آن برای چه چگونه است می کی چطور",
    "fr": "le la les un une des de du et ou que quoi comment quand est pour par avec mon ma au aux",
}
STOPS: Mapping[str, frozenset[str]] = {
    language: frozenset(fold(each) for each in text.split()) for language, text in _STOPS.items()
}
"""Words that every text has and nobody looks for."""


@cache
def _sorted(language: str) -> Endings:
    endings, _ = _ENDINGS[language]
    return tuple(sorted(endings, key=lambda each: -len(each[0])))


def stem(word: str, *, language: str) -> str:
    """Give what the forms of a folded word share; a number, or a word of three letters, itself."""
    if language not in _ENDINGS or len(word) < 4 or not word.isalpha():
        return word
    word = _without_prefix(word, language)
    for _ in range(_ENDINGS[language][1]):
        shorter = _shortened(word, language)
        if shorter == word:
            break
        word = shorter
    return _undoubled(word) if word.isascii() else word


def _without_prefix(word: str, language: str) -> str:
    for prefix in _PREFIXES.get(language, ()):
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            return word[len(prefix) :]
    return word


def _shortened(word: str, language: str) -> str:
    if language == "hu" and word.endswith(_WITH) and len(word) > 5 and word[-3] == word[-4]:
        return word[:-3]
    for ending, becomes, left in _sorted(language):
        if word.endswith(ending) and len(word) - len(ending) >= left:
            return word[: len(word) - len(ending)] + becomes
    return word


def _undoubled(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
