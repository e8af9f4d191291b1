"""Links between documents lead somewhere."""

import re

import pytest

from tests.architecture import sources

pytestmark = pytest.mark.pure

LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
COMES_LATER: set[str] = set()
"""Files that are promised by a document and not there yet."""


def links(text: str) -> list[str]:
    """Return the files that a document points to."""
    return LINK.findall(text)


def test_sees_links_to_files_only():
    text = "[a](b.md#c) [d](https://x.org) ![e](f/g.png) [h](#i)"
    assert links(text) == ["b.md", "f/g.png"]


def test_links_lead_somewhere():
    faults = [
        f"{file.path} points to {link}"
        for file in sources.files(".md")
        for link in links(file.text)
        if not ((sources.ROOT / file.path).parent / link).exists() and link not in COMES_LATER
    ]
    assert not faults, sources.report(faults)


def test_a_decision_is_listed():
    listed = links((sources.ROOT / "docs/decisions/README.md").read_text(encoding="utf-8"))
    kept = [path.name for path in (sources.ROOT / "docs/decisions").glob("0*.md")]
    assert sorted(kept) == sorted(listed)
