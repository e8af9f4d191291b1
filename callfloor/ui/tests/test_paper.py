"""A text on paper: letters joined, lines from the right side, and no boxes."""

import datetime as dt
import os
from pathlib import Path

import pypdfium2
import pytest

from callfloor.ui import paper
from callfloor.ui.paper import Line

pytestmark = pytest.mark.page

NOW = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
PERSIAN = "به تماس‌ها پاسخ می‌دهد؛ هدف: ۸۰٪ در ۲۰ ثانیه."
LONG = "کارشناس به مشتری گوش می‌دهد و تا روشن شدن موضوع می‌پرسد. " * 6


@pytest.fixture(autouse=True)
def fonts():
    """Skip where no font is installed; CI installs one."""
    try:
        paper.find(language="fa", folders=paper.FOLDERS)
    except paper.NoFont:
        if "CALLFLOOR_CI" in os.environ:
            raise
        pytest.skip("no font: apt-get install fonts-noto-core")


def page(*lines, language, number=0):
    body = paper.write(title="A title", lines=lines, foot="The foot", language=language, now=NOW)
    document = pypdfium2.PdfDocument(body)
    return document[number].get_textpage(), document[number], document


def boxes(text):
    """Return each letter that is seen with the place of its left edge and its base."""
    found = []
    for place in range(text.count_chars()):
        left, bottom, *_ = text.get_charbox(place)
        found.append((text.get_text_range(place, 1), left, bottom))
    return found


def test_persian_runs_from_right_to_left_and_its_numbers_do_not():
    """UAX #9: the first word stands on the right; in a number the first digit on the left."""
    text, _page, _document = page(Line(text="الف ۸۰ ب"), language="fa")
    at = {letter: left for letter, left, _ in boxes(text)}
    assert at["ا"] > at["۸"] > at["ب"]
    assert at["۸"] < at["۰"]


def test_persian_begins_at_the_right_margin():
    text, sheet, _document = page(Line(text=PERSIAN), language="fa")
    seen = [
        text.get_charbox(place)[2]
        for place in range(text.count_chars())
        if text.get_text_range(place, 1).strip()
    ]
    margin = paper.MARGIN_MM / paper.POINT_MM
    assert max(seen) == pytest.approx(sheet.get_width() - margin, abs=6)


def test_letters_are_joined():
    """In the middle of a word a letter is narrow; alone it is wide."""
    joined, _page, _document = page(Line(text="ببب"), language="fa")
    alone, _page, _document = page(Line(text="ب"), language="fa")
    assert min(widths(joined, "ب")) < 0.5 * min(widths(alone, "ب"))


def widths(text, letter):
    found = []
    for place in range(text.count_chars()):
        left, _, right, _ = text.get_charbox(place)
        if text.get_text_range(place, 1) == letter:
            found.append(right - left)
    return found


def test_first_line_of_a_long_text_stands_above_the_second():
    text, _page, _document = page(Line(text=f"آغاز {LONG} پایان", style="item"), language="fa")
    where = text.get_text_range()
    assert where.index("آغاز") < where.index("پایان")
    base = {letter: bottom for letter, _, bottom in boxes(text)}
    assert base["آ"] > base["پ"]  # On paper, higher is more.


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Take calls and finish them – 80% in 0:20."),
        ("hu", "Hívások fogadása, árvíztűrő tükörfúrógép – 80%"),
        ("es", "¿Qué rol encaja? Atención, señor"),
        ("ru", "Отвечать на звонки и доводить их до конца"),
        ("fr", "Répondre aux appels « jusqu’au bout » – où ça ?"),
    ],
)
def test_each_language_is_written_and_read_again(language, said):
    text, _page, _document = page(Line(text=said), language=language)
    assert said in text.get_text_range().replace("\r\n", "\n")


def test_each_page_has_its_number_in_the_digits_of_the_language():
    lines = [Line(text=LONG, style="item")] * 30
    text, _page, document = page(*lines, language="fa", number=1)
    assert len(document) >= 2
    assert "۲" in text.get_text_range()
    assert "The foot" in text.get_text_range()


def test_heading_stands_with_what_it_is_over():
    filling = [Line(text="A line.")] * 33
    lines = [*filling, Line(text="Heading", style="heading"), Line(text="Below", style="item")]
    for more in range(8):
        _text, _page, document = page(*([Line(text="More.")] * more), *lines, language="en")
        pages = ["".join(each.get_textpage().get_text_range().split()) for each in document]
        assert [("Heading" in said) for said in pages] == [("Below" in said) for said in pages]


def test_machine_without_fonts_is_told_which_package_to_install(tmp_path: Path):
    with pytest.raises(paper.NoFont) as refusal:
        paper.write(title="A", lines=[], foot="", language="fa", now=NOW, folders=(tmp_path,))
    assert "fonts-noto-core" in str(refusal.value.message)


def test_persian_font_without_latin_letters_is_not_enough(tmp_path: Path):
    """A bank's name in Latin letters would be boxes."""
    arabic = paper.find(language="fa", folders=paper.FOLDERS).regular
    if arabic.stem != "NotoSansArabic-Regular":
        pytest.skip("another font than Noto is installed: apt-get install fonts-noto-core")
    (tmp_path / arabic.name).symlink_to(arabic)
    with pytest.raises(paper.NoFont):
        paper.find(language="fa", folders=(tmp_path,))


def test_same_text_on_the_same_day_is_the_same_file():
    lines = (Line(text=PERSIAN, style="item"),)
    once, again = (
        paper.write(title="A", lines=lines, foot="B", language="fa", now=NOW) for _ in range(2)
    )
    assert once == again
