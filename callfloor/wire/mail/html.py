"""
HTML of strangers: a form that may be shown, and the text that stands in it.

Nothing that is kept can run, load, or follow whoever reads: no script, style, form, picture or
address that is fetched. Refuses: to be the only wall; a page shows it in a sandbox besides.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

CHARACTERS_MAX = 1_000_000  # A newsletter has a tenth of it; more costs seconds to clean.
_TAGS = """
a abbr b blockquote br caption code col colgroup dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i ins li
ol p pre q s small span strong sub sup table tbody td tfoot th thead tr u ul
"""
TAGS = frozenset(_TAGS.split())
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "*": {"dir", "lang"},
}
SCHEMES = {"http", "https", "mailto", "tel"}

_BREAKING = """
address article blockquote br caption dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr li ol p pre
section table tr ul
"""
_BLOCKS = frozenset(_BREAKING.split())
_SILENT = frozenset(("head", "script", "style", "title", "template"))


def safe(html: str) -> str:
    """Give HTML that may stand in a page, whatever came in."""
    return nh3.clean(
        html[:CHARACTERS_MAX],
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        clean_content_tags={"script", "style", "title", "textarea", "template"},
        link_rel="noopener noreferrer nofollow",
    )


def text(html: str) -> str:
    """Give the text of HTML as a mail without HTML would have said it."""
    reader = _Reader()
    reader.feed(html[:CHARACTERS_MAX])
    reader.close()
    lines = (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in "".join(reader.said).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    """Collects what is said between the tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent = 0
        self._exact = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        self._exact += tag == "pre"
        if tag in _BLOCKS:
            self.said.append("\n")
        elif tag in ("td", "th"):
            self.said.append("  ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if tag == "pre":
            self._exact = max(0, self._exact - 1)
        if tag in _BLOCKS and tag != "br":
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data if self._exact else re.sub(r"\s+", " ", data))
