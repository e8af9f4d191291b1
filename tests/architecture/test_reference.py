"""The reference is written from the code, is fresh, and has a sentence for everything."""

import pytest

from docs import generate

pytestmark = pytest.mark.pure

SOURCE = '''
"""What happens."""

@dataclass(frozen=True)
class Rang:
    """A telephone rang."""

    item: str
    times: int = 1
    """How often."""
    odd: str
'''


class TestMessagesOf:
    def test_reads_sentences_and_defaults(self):
        (message,) = generate.messages_of(SOURCE)
        assert (message.name, message.text) == ("Rang", "A telephone rang.")
        assert [(field.name, field.default) for field in message.fields] == [
            ("item", None),
            ("times", "1"),
            ("odd", None),
        ]

    def test_takes_the_common_sentence_where_there_is_none(self):
        (message,) = generate.messages_of(SOURCE)
        texts = [field.text for field in message.fields]
        assert texts == [generate.COMMON_FIELDS["item"], "How often.", ""]


@pytest.mark.parametrize("path", generate.MESSAGES.values())
def test_everything_that_is_said_has_a_sentence(path):
    source = generate.source_of(path)
    bare = [message.name for message in generate.messages_of(source) if not message.text]
    bare += [
        f"{message.name}.{field.name}"
        for message in generate.messages_of(source)
        for field in message.fields
        if not field.text
    ]
    assert not bare, f"{path}: one sentence under each of {bare}"


def test_the_reference_is_fresh():
    stale = [str(path.relative_to(generate.ROOT)) for path in generate.stale_pages()]
    assert stale == [], "./run docs"
