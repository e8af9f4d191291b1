"""The glossary is a table that a machine can read: six languages, each word once."""

from collections import Counter

import pytest

from tests.architecture import glossary, sources

pytestmark = pytest.mark.pure

HEAD = "| English | magyar | español | русский | فارسی | français |\n|---|---|---|---|---|---|\n"


class TestRows:
    def test_reads_alternatives_and_drops_notes(self):
        text = HEAD + "| Call | Hívás | Llamada | Звонок | تماس | Appel / Coup de fil (fam.) |"
        (row,) = glossary.rows(text)
        assert row["en"] == {"call"}
        assert row["fr"] == {"appel", "coup de fil"}

    def test_passes_over_what_is_no_row_of_six(self):
        assert glossary.rows("| a | b |\n\ntext | with | bars") == []


def kept_rows():
    return glossary.rows((sources.ROOT / "docs/glossary.md").read_text(encoding="utf-8"))


def test_every_term_has_a_word_in_every_language():
    assert len(kept_rows()) >= 60
    gaps = [sorted(row["en"]) for row in kept_rows() if not all(row.values())]
    assert gaps == []


def test_an_english_term_stands_once():
    counts = Counter(term for row in kept_rows() for term in row["en"])
    assert [term for term, times in counts.items() if times > 1] == []


@pytest.mark.parametrize("language", glossary.COLUMNS[1:])
def test_a_first_word_means_one_thing(language):
    """The first word is what pages use, so two terms may not share it, but for call and contact."""
    text = (sources.ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    column = glossary.COLUMNS.index(language)
    firsts = [
        [cell.strip() for cell in line.strip("|").split("|")][column].split(" / ")[0]
        for line in text.splitlines()
        if line.startswith("| ") and "magyar" not in line
    ]
    twice = {word for word, times in Counter(firsts).items() if times > 1}
    assert twice <= {"تماس"}, f"{language} says {twice} for two things"
