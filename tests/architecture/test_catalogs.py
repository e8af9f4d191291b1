"""Everything that a person reads exists in six languages, whole and in the right script."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from tests.architecture import glossary, sources
from tests.architecture.messages import Message, all_messages, in_python, in_script, in_template

pytestmark = pytest.mark.pure

LANGUAGES = ("es", "fa", "fr", "hu", "ru")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
TAG = re.compile(r"</?[a-z][^>]*>")
LETTER = re.compile(r"[^\W\d_]")
SCRIPTS = {
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "fa": re.compile(r"[\u0600-\u06ff]"),
}
LATIN = re.compile(r"[A-Za-z]")
NOT_PERSIAN = re.compile(r"[\u064a\u0643]")
"""Arabic yeh and kaf, which look right and are found by no search."""

Translations = dict[tuple[str, str | None], tuple[str, ...]]


@cache
def same_as_english() -> dict[str, list[str]]:
    """Return the texts that may equal the English ones, by language."""
    path = sources.ROOT / "tests/architecture/same_as_english.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def faults_of(*, language: str, message: Message, forms: tuple[str, ...]) -> Iterator[str]:
    """Yield what is wrong with one translation."""
    if not forms or not all(forms):
        yield "is missing"
        return
    english = message.text + (message.plural or "")
    for form in forms:
        yield from _losses(message=message, form=form)
        if _may_equal(text=message.text, language=language):
            continue
        if form in (message.text, message.plural):
            yield f"is English: {form!r}"
        elif LATIN.search(_bare(english)):
            yield from _script_faults(language=language, form=form)


def _losses(*, message: Message, form: str) -> Iterator[str]:
    english = message.text + (message.plural or "")
    wanted, found = set(PLACEHOLDER.findall(message.text)), set(PLACEHOLDER.findall(form))
    if not found <= set(PLACEHOLDER.findall(english)) or (not message.plural and wanted != found):
        yield f"has placeholders {sorted(found)}, not {sorted(wanted)}"
    if sorted(TAG.findall(form)) != sorted(TAG.findall(message.text)):
        yield f"has tags {TAG.findall(form)}, not {TAG.findall(message.text)}"


def _script_faults(*, language: str, form: str) -> Iterator[str]:
    wanted = SCRIPTS.get(language, LATIN)
    foreign = [script for script in SCRIPTS.values() if script is not wanted]
    if not wanted.search(form) or any(script.search(form) for script in foreign):
        yield f"is in the wrong script: {form!r}"
    if language == "fa" and NOT_PERSIAN.search(form):
        yield f"has Arabic letters where Persian has its own: {form!r}"


def _may_equal(*, text: str, language: str) -> bool:
    allowed = [*same_as_english()["everywhere"], *same_as_english()[language]]
    return text in allowed or not LETTER.search(_bare(text))


def _bare(text: str) -> str:
    return TAG.sub("", PLACEHOLDER.sub("", text))


def catalog(po: bytes) -> tuple[Translations, list[str]]:
    """Return a catalog's translations, and the texts that are fuzzy."""
    translations: Translations = {}
    fuzzy = []
    for entry in read_po(BytesIO(po)):
        if not entry.id:
            continue
        text = entry.id[0] if isinstance(entry.id, tuple | list) else entry.id
        forms = entry.string if isinstance(entry.string, tuple | list) else (entry.string,)
        translations[text, entry.context] = tuple(str(form or "") for form in forms)
        if entry.fuzzy:
            fuzzy.append(text)
    return translations, fuzzy


@cache
def translations_into(language: str) -> tuple[Translations, tuple[str, ...]]:
    """Return all translations into a language, and the texts that are fuzzy."""
    everything: Translations = {}
    fuzzy: list[str] = []
    for path in sorted(sources.ROOT.glob(f"callfloor/**/locale/{language}/LC_MESSAGES/*.po")):
        translations, doubtful = catalog(path.read_bytes())
        everything |= translations
        fuzzy += doubtful
    return everything, tuple(fuzzy)


class TestFaults:
    @pytest.mark.parametrize(
        ("language", "message", "form"),
        [
            ("fr", Message("Queue"), ""),
            ("fr", Message("Queue"), "Queue"),
            ("fr", Message("Queue"), "Очередь"),
            ("ru", Message("Queue"), "Ochered"),
            ("ru", Message("Queue"), "صف"),
            ("fa", Message("Queue"), "Saf"),
            ("fa", Message("Queue of %(name)s"), "صف"),
            ("fa", Message("People"), "كاركنان"),
            ("hu", Message("%(n)s calls"), "%(m)s hívás"),
            ("hu", Message("<b>One</b>"), "Egy"),
        ],
    )
    def test_sees_what_is_wrong(self, language, message, form):
        assert len(list(faults_of(language=language, message=message, forms=(form,)))) == 1

    @pytest.mark.parametrize(
        ("language", "message", "forms"),
        [
            ("fr", Message("Queue"), ("File d’attente",)),
            ("ru", Message("Queue of %(name)s"), ("Очередь %(name)s",)),
            ("fa", Message("People"), ("کارکنان",)),
            ("es", Message("%(n)s / %(m)s"), ("%(n)s / %(m)s",)),
            ("fa", Message("Callfloor"), ("Callfloor",)),
            ("hu", Message("One call", plural="%(n)s calls"), ("Egy hívás", "%(n)s hívás")),
        ],
    )
    def test_passes_a_translation(self, language, message, forms):
        assert list(faults_of(language=language, message=message, forms=forms)) == []


class TestExtraction:
    def test_finds_what_python_asks_for(self):
        code = '_("One")\npgettext("verb", "Call")\nngettext("a call", "%(n)s calls", n)\n_(name)'
        found = list(in_python(ast.parse(code)))
        assert found == [
            Message("One"),
            Message("Call", context="verb"),
            Message("a call", plural="%(n)s calls"),
        ]

    def test_finds_what_templates_ask_for(self):
        page = '{% translate "One" %}{% blocktranslate %}Two {{ n }}{% endblocktranslate %}'
        assert list(in_template(page)) == [Message("One"), Message("Two %(n)s")]

    def test_finds_what_scripts_ask_for(self):
        assert list(in_script("say(gettext('It\\'s up'))")) == [Message("It's up")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language):
    translations, _ = translations_into(language)
    faults = [
        f"{where}: {language} of {message.text!r} {fault}"
        for message, where in all_messages().items()
        for fault in faults_of(
            language=language,
            message=message,
            forms=translations.get((message.text, message.context), ()),
        )
    ]
    assert not faults, f"{len(faults)} gaps in {language}{sources.report(faults)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_fuzzy_or_forgotten(language):
    translations, fuzzy = translations_into(language)
    wanted = {(message.text, message.context) for message in all_messages()}
    forgotten = [text for text, context in translations if (text, context) not in wanted]
    assert not fuzzy, sources.report(list(fuzzy))
    assert not forgotten, f"nobody asks any more for{sources.report(forgotten)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_terms_are_those_of_the_glossary(language):
    translations, _ = translations_into(language)
    terms = glossary.terms(language=language)
    faults = [
        f"{text!r} is {forms[0]!r}; the glossary says {' / '.join(sorted(terms[text.lower()]))!r}"
        for (text, _), forms in translations.items()
        if text.lower() in terms and forms[0].lower() not in terms[text.lower()]
    ]
    assert not faults, sources.report(faults)
