"""Every string that a person reads in a template is translated."""

import pytest

from tests.architecture import sources
from tests.architecture.markup import untranslated

pytestmark = pytest.mark.pure


class TestUntranslated:
    @pytest.mark.parametrize(
        ("template", "line"),
        [
            ("<h1>Queues</h1>", 1),
            ("<p>\n{{ n }} calls</p>", 1),
            ('<a\n href="/">\n</a>\n<img alt="A desk">', 4),
            ('{% if x %}<input placeholder="Search">{% endif %}', 1),
            ('{{ x|default:"nobody" }}', 1),
            ("{% blocktranslate %}Kept{% endblocktranslate %} lost", 1),
        ],
    )
    def test_sees_words_of_one_language(self, template, line):
        assert [found for found, _ in untranslated(template)] == [line]

    @pytest.mark.parametrize(
        "template",
        [
            '{% load i18n %}<h1>{% translate "Queues" %}</h1>',
            "<p>{% blocktranslate count n=n %}{{ n }} call{% plural %}calls{% endblocktranslate %}",
            "{% comment %}Nobody reads this{% endcomment %}{# nor this #}<!-- nor this -->",
            '<img alt="{% translate \'A desk\' %}" class="wide left">',
            '{{ x|default:_("nobody") }} &middot; · 24/7 &nbsp;',
            "<script>const word = 'hidden';</script><style>a { color: red }</style>",
            '<button aria-pressed="{{ on|yesno:"true,false" }}">{{ label }}</button>',
            '{% block body %}class="bare" data-rail=""{% endblock %} · Callfloor',
            '<p class="{% block main_class %}fixed desk{% endblock %}"></p>',
            "{% block main_class %}fixed desk{% endblock %}",
            '<div class="{% if a < b %}less{% endif %}">{{ text }}</div>',
        ],
    )
    def test_passes_what_is_translated(self, template):
        assert untranslated(template) == []


def test_templates_say_everything_in_six_languages():
    faults = [
        f"{file.path}:{line} says {text!r} in English only"
        for file in sources.templates()
        for line, text in untranslated(file.text)
    ]
    assert not faults, sources.report(faults)


def test_no_page_hides_where_its_forms_come_from():
    """
    A page without a referrer sends its forms with the origin `null`, which our own check refuses.

    What must not leave is kept by the header `Referrer-Policy: same-origin` of every page.
    """
    found = [each.path for each in sources.templates() if "no-referrer" in each.text]
    assert found == []
