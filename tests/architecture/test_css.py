"""Styles are logical, so that every page mirrors itself for Persian."""

import re

import pytest

from tests.architecture import sources

pytestmark = pytest.mark.pure

PHYSICAL = re.compile(
    r"""
    (?<![\w-])(?:
      (?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)(?:-\w+)?\s*:
    | border-(?:top|bottom)-(?:left|right)-radius\s*:
    | (?:left|right)\s*:
    | (?:text-align|float|clear)\s*:\s*(?:left|right)\b
    )
    """,
    re.VERBOSE,
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
STYLE_ATTRIBUTE = re.compile(r'style="([^"]*)"')
STYLE_ELEMENT = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)

ALLOWED: dict[str, str] = {}
"""Files that may use left and right, each with its reason."""


def physical(css: str) -> list[tuple[int, str]]:
    """Return the declarations that name a side of the screen, with their lines."""
    bare = COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), css)
    return [(sources.line_of(bare, hit.start()), hit[0].strip()) for hit in PHYSICAL.finditer(bare)]


def physical_in_markup(html: str) -> list[str]:
    """Return the declarations in a template's own styles that name a side of the screen."""
    styles = STYLE_ATTRIBUTE.findall(html) + STYLE_ELEMENT.findall(html)
    return [name for style in styles for _, name in physical(style)]


class TestPhysical:
    @pytest.mark.parametrize(
        "css",
        [
            "a { margin-left: 1rem }",
            "a{right:0}",
            "a { border-left-color: red }",
            "a { border-top-right-radius: 2px }",
            "a { text-align: left }",
            "a { float:right }",
        ],
    )
    def test_sees_a_side_of_the_screen(self, css):
        assert len(physical(css)) == 1

    @pytest.mark.parametrize(
        "css",
        [
            "a { margin-inline-start: 1rem; inset-inline-end: 0 }",
            "a { text-align: start; border-start-end-radius: 2px }",
            "/* left: as on paper */ .right { color: red }",
            ".to-left:hover { color: red }",
            "a { --shift-left: 1px }",
        ],
    )
    def test_passes_start_and_end(self, css):
        assert physical(css) == []

    def test_sees_styles_inside_markup(self):
        assert physical_in_markup('<p style="left: 2px">') == ["left:"]
        assert physical_in_markup('<p style="inset-inline-start: 2px">left: right</p>') == []


def test_stylesheets_are_logical():
    faults = [
        f"{file.path}:{line} {name} names a side: use inline-start and inline-end"
        for file in sources.files(".css")
        if file.path not in ALLOWED
        for line, name in physical(file.text)
    ]
    assert not faults, sources.report(faults)


def test_markup_is_logical():
    faults = [
        f"{file.path} {name} names a side"
        for file in sources.files(".html", ".svg", under="callfloor/")
        if file.path not in ALLOWED
        for name in physical_in_markup(file.text)
    ]
    assert not faults, sources.report(faults)
