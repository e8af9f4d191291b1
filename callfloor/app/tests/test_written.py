"""Everybody in the demo has something to write in each of the six languages."""

import pytest

from callfloor.app.demo import written

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("language", ["en", "hu", "es", "ru", "fa", "fr"])
def test_chats_go_on_and_mails_have_subject_and_text(language: str):
    """A comma too many in the file would make three parts of a mail's two."""
    said = written.words()[language]
    assert all(len(chat) >= 2 and all(chat) for chat in said.chats)
    assert all(len(mail) == 2 and "\n\n" in mail[1] for mail in said.mails)
    assert all((*said.answers, said.goodbye, said.thanks))
    assert "\n\n" in said.letter


def test_what_has_no_texts_of_its_own_is_english():
    words = written.words()
    assert written.of(words, "de") is words["en"]
    assert written.of(words, "fa-IR") is words["fa"]
