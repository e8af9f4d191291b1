"""The desk's socket asks whether a disposition may be given before the floor hears of it."""

import pytest

from callfloor.core import events
from callfloor.records.forms import services as forms
from callfloor.web import desk_socket
from callfloor.web.sessions import Visitor
from tests.records import scenes

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(transaction=True, databases=["default", "keys"]),
]

SCRIPT = """\
name: {en: Sale, hu: Eladás}
queues: [billing]
nodes:
  terms:
    must: [solved]
    say: {en: The terms., hu: A feltételek.}
"""


@pytest.fixture
def call(scene):
    forms.take_in(key="sale", kind="script", client="acme", text=SCRIPT, now=scenes.NOW)
    made = scene.call()
    scenes.in_queue(made)
    scene.write(made)
    scenes.project(scene)
    return made.item


def finish(call: str, disposition: str, *, language: str = "en") -> None:
    person = scenes.person("anna")
    visitor = Visitor(person=person, rights=person.rights, language=language, session="s")
    event = events.WorkFinished(agent="anna", item=call, disposition=disposition)
    desk_socket._check_finish(visitor, event)


def test_a_disposition_whose_sentence_was_not_said_is_refused_in_the_agents_language(call):
    with pytest.raises(forms.StillOwed) as refused:
        finish(call, "solved", language="hu")
    assert "“A feltételek.”" in str(refused.value.message)
    finish(call, "later")


def test_a_contact_that_nobody_knows_yet_is_let_pass(scene):
    finish("nothing", "solved")
