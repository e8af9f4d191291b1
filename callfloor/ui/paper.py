"""
A text on paper: a PDF of one page after the other, in every language of the house.

Persian is set from right to left, its letters joined by HarfBuzz (fpdf2 orders a line by Unicode's
UAX #9). Refuses: letters as boxes. Without a font for the language nothing is written, and the
refusal says which package brings one.
"""

import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.errors import Refusal
from callfloor.ui import formats

if TYPE_CHECKING:  # fpdf2 costs a quarter of a second, and most processes print nothing.
    from fpdf import FPDF

Style = Literal["title", "lead", "heading", "subheading", "item", "plain"]

FOLDERS = (
    Path.home() / ".local/share/fonts",
    Path("/usr/local/share/fonts"),
    Path("/usr/share/fonts"),
    Path("/Library/Fonts"),
)
"""Where systems keep fonts; the first that has one wins."""
LATIN = ("NotoSans", "DejaVuSans")
"""Families with Latin and Cyrillic letters, the preferred one first."""
PERSIAN = ("NotoSansArabic", "DejaVuSans")
BOLD = {"NotoSans": "NotoSans-Bold", "NotoSansArabic": "NotoSansArabic-Bold"}
REGULAR = {"NotoSans": "NotoSans-Regular", "NotoSansArabic": "NotoSansArabic-Regular"}
MARGIN_MM = 22.0
INDENT_MM = 5.0
LEADING = 1.45  # Of the size of the letters; Persian needs room above and below.
POINT_MM = 25.4 / 72
SIZES: dict[Style, float] = {
    "title": 20.0,
    "lead": 11.0,
    "heading": 13.0,
    "subheading": 10.5,
    "item": 10.5,
    "plain": 10.5,
}
SPACE_MM: dict[Style, float] = {"heading": 5.0, "subheading": 2.5, "lead": 1.0}
"""Room before a line of a style."""
AFTER_MM = 1.2
TOGETHER: dict[Style, int] = {"heading": 4, "subheading": 3, "item": 2}
"""So many lines stand on one page: a heading with what it is over, no item's first line alone."""


class NoFont(Refusal):
    """This machine has no font with the letters of the language."""

    code = "paper.no_font"
    message = _(
        "This machine has no font for a PDF in this language."
        " On Debian and Ubuntu it comes with: apt-get install fonts-noto-core"
    )


@dataclass(frozen=True, kw_only=True)
class Line:
    """A paragraph of one style."""

    text: str
    style: Style = "plain"


@dataclass(frozen=True, kw_only=True)
class Fonts:
    """Where the letters of a language are."""

    regular: Path
    bold: Path
    fallback: Path | None
    """For the Latin words in a Persian text."""


def write(
    *,
    title: str,
    lines: Iterable[Line],
    foot: str,
    language: str,
    now: dt.datetime,
    folders: Sequence[Path] = FOLDERS,
) -> bytes:
    """
    Return a PDF on A4; the foot stands on each page, with its number.

    Raises NoFont.
    """
    fonts = find(language=language, folders=tuple(folders))
    pdf = _sheet(language=language, foot=foot, fonts=fonts)
    pdf.set_title(title)
    pdf.set_creation_date(now)
    pdf.add_page()
    for line in lines:
        _put(pdf, line, is_mirrored=language == "fa")
    return bytes(pdf.output())


@functools.lru_cache(maxsize=16)  # A search through all fonts of a system takes a while.
def find(*, language: str, folders: tuple[Path, ...]) -> Fonts:
    """
    Return the fonts for a language.

    Raises NoFont.
    """
    files = {path.stem: path for folder in reversed(folders) for path in folder.rglob("*.ttf")}
    for family in PERSIAN if language == "fa" else LATIN:
        regular = files.get(REGULAR.get(family, family))
        if regular is None:
            continue
        bold = files.get(BOLD.get(family, f"{family}-Bold"), regular)
        latin = files.get(REGULAR["NotoSans"]) if family == "NotoSansArabic" else None
        if family == "NotoSansArabic" and latin is None:
            continue  # Names in Latin letters would be boxes.
        return Fonts(regular=regular, bold=bold, fallback=latin)
    raise NoFont


def _sheet(*, language: str, foot: str, fonts: Fonts) -> "FPDF":
    """Return an empty document with fonts, margins, direction and foot."""
    from fpdf import FPDF

    is_mirrored = language == "fa"

    class Sheet(FPDF):
        def footer(self) -> None:
            self.set_y(-15)
            self.set_font("text", size=8)
            self.set_text_color(90)
            page = formats.number(self.page_no(), language=language)
            first, last = (page, foot) if is_mirrored else (foot, page)
            self.cell(self.epw / 2, 5, first, align="L")
            self.cell(self.epw / 2, 5, last, align="R")
            self.set_text_color(0)

    pdf = Sheet(format="A4")
    pdf.add_font("text", "", fonts.regular)
    pdf.add_font("text", "B", fonts.bold)
    if fonts.fallback:
        pdf.add_font("latin", "", fonts.fallback)
        pdf.set_fallback_fonts(["latin"], exact_match=False)
    pdf.set_margin(MARGIN_MM)
    pdf.set_auto_page_break(True, margin=MARGIN_MM)
    pdf.set_lang(language)
    pdf.set_text_shaping(
        use_shaping_engine=True,
        direction="rtl" if is_mirrored else "ltr",
        script="arab" if is_mirrored else None,
        language=language,
    )
    return pdf


def _put(pdf: "FPDF", line: Line, *, is_mirrored: bool) -> None:
    size = SIZES[line.style]
    height = size * POINT_MM * LEADING
    is_strong = line.style in ("title", "heading", "subheading")
    pdf.set_font("text", "B" if is_strong else "", size)
    if pdf.will_page_break(TOGETHER.get(line.style, 1) * height):
        pdf.add_page()
    pdf.set_y(pdf.get_y() + SPACE_MM.get(line.style, 0.0))
    indent = INDENT_MM if line.style == "item" else 0.0
    if indent:
        _dot(pdf, at=pdf.get_y() + height / 2, is_mirrored=is_mirrored)
    pdf.set_x(pdf.l_margin if is_mirrored else pdf.l_margin + indent)
    pdf.multi_cell(pdf.epw - indent, height, line.text, align="R" if is_mirrored else "L")
    pdf.set_y(pdf.get_y() + AFTER_MM)


def _dot(pdf: "FPDF", *, at: float, is_mirrored: bool) -> None:
    """Draw the mark of an item at the side where its line begins."""
    across = pdf.w - pdf.r_margin - 1.0 if is_mirrored else pdf.l_margin + 1.0
    pdf.set_fill_color(90)
    pdf.circle(across, at, 0.7, style="F")
