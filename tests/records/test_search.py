"""
What agents type finds what answers it, in each of six languages.

The figures of the larger library stand in docs/performance.md; `OTHERS` here keeps the test short.
"""

import pytest

from callfloor.records.articles import queries
from tests.records import library, questions, scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

OTHERS = 25  # Texts of every language among which the ten are found.
FIRST = 3
SHARE_MIN = 0.9
"""Of the questions of each language; a slip of the fingers may be one too many."""
STATEMENTS_MAX = 6
AGENT = scenes.Someone(key="anna", clients=("halden", "aster"), may=("articles.read",))


@pytest.fixture
def filled(scene):
    library.fill(others=OTHERS)


def found(text: str, *languages: str) -> list[str]:
    rows = queries.search(person=AGENT, text=text, languages=languages, today=library.TODAY)
    return [row.key for row in rows]


def test_finds_in_the_first_three_what_people_ask_for(filled, django_assert_max_num_queries):
    missed: dict[str, list[str]] = {}
    for language, asked in questions.ASKED.items():
        for text, key in asked:
            with django_assert_max_num_queries(STATEMENTS_MAX):
                keys = found(text, language)
            if key not in keys[:FIRST]:
                missed.setdefault(language, []).append(text)
    for language, asked in questions.ASKED.items():
        lost = missed.get(language, [])
        assert len(lost) <= (1 - SHARE_MIN) * len(asked), (language, lost)
    # A language that is asked for first, but not alone, is found as well.
    everything = ("hu", "en", "es", "ru", "fa", "fr")
    assert found("részletfizetésről", *everything)[0] == "payment_plan"
    assert found("بوی گاز", *everything)[0] == "outage"
    assert found("", *everything) == []
    assert found("!?؟ \u200c", *everything) == []
