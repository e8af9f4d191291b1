"""Finding texts, filling catalogs, compiling them."""

import gettext
import os

import pytest

from callfloor.ui import catalogs

pytestmark = pytest.mark.page


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def package(tmp_path):
    write(tmp_path / "room/pages.py", '_("One")\nngettext("%(n)s call", "%(n)s calls", n)')
    write(tmp_path / "room/templates/a.html", "{% load i18n %}{% translate 'Two' %}")
    write(tmp_path / "room/tests/test_a.py", '_("Never said")')
    return tmp_path


def test_texts_of_python_and_templates_are_found(package):
    found = catalogs.found(package)
    assert list(found) == [("One", None), ("%(n)s call", None), ("Two", None)]
    assert found["%(n)s call", None].plural == "%(n)s calls"


def test_a_catalog_keeps_what_was_translated_and_drops_what_nobody_says(package, tmp_path):
    catalog = catalogs.read("hu", locale=tmp_path)
    catalog.add("One", "Egy")
    catalog.add("Gone", "Elment")
    filled = catalogs.filled(catalog, catalogs.found(package))
    assert filled.get("One").string == "Egy"
    assert filled.get("Gone") is None
    assert catalogs.gaps(filled, catalogs.found(package)) == ["%(n)s call", "Two"]


def test_a_stale_catalog_is_compiled_and_a_fresh_one_left_alone(tmp_path):
    catalog = catalogs.read("ru", locale=tmp_path)
    catalog.add("One", "Один")
    catalogs.write("ru", catalog, locale=tmp_path)
    assert catalogs.stale(locale=tmp_path) == ["ru"]
    compiled = catalogs.compile_catalog("ru", locale=tmp_path)
    os.utime(compiled, (2e9, 2e9))
    assert catalogs.stale(locale=tmp_path) == []
    with compiled.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("One") == "Один"


def test_writing_twice_gives_the_same_bytes(package, tmp_path):
    written = []
    for _ in range(2):
        known = catalogs.read("es", locale=tmp_path)
        catalogs.write("es", catalogs.filled(known, catalogs.found(package)), locale=tmp_path)
        written.append(catalogs.path_of("es", locale=tmp_path).read_bytes())
    assert written[0] == written[1]
