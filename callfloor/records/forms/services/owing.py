"""
Whether a contact may be closed with a disposition: every sentence that it needs was said.

The desk asks here before it sends Finish to the floor. Refuses: to trap anybody. `cannot say` with
a reason is an answer, and a wrap-up that runs out ends without a disposition.
"""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.kernel.errors import Refusal
from callfloor.kernel.names import pick
from callfloor.records.forms.models import FormRun
from callfloor.records.forms.queries import rows, running
from callfloor.records.forms.rules import walking
from callfloor.records.forms.rules.shape import Body
from callfloor.records.forms.services.running import version_at
from callfloor.records.interactions.models import AgentWork, Interaction

WORDS_MAX = 12  # Of a sentence, in a message of two lines.


class StillOwed(Refusal):
    """A sentence that this disposition needs was not said."""

    code = "forms.still_owed"
    message = _("The script has sentences that this disposition needs. Say them, or say why not.")

    def __init__(self, *, sentences: tuple[str, ...] = (), nodes: tuple[str, ...] = ()) -> None:
        """Name the sentences, in the language of whoever asked."""
        super().__init__()
        self.nodes = nodes
        # The class says what is wrong, and this one of it which sentences are meant.
        said = [str(type(self).message), *(f"“{each}”" for each in sentences)]
        vars(self)["message"] = " ".join(said)


def check_finish(*, person: Someone, interaction: str, disposition: str) -> None:
    """
    Let pass whoever may close his contact with this disposition.

    Raises StillOwed. Whoever only helped in it owes nothing, nor does a queue without a script; a
    contact that is not in the records yet cannot have been served.
    """
    found = access.within(person, Interaction.objects.filter(id=interaction))
    item = found.first()
    if item is None or _only_helped(person, item):
        return
    owed = [
        (body, node)
        for body, given in _begun_or_due(item)
        for node in walking.missing(body, given, disposition=disposition)
    ]
    if owed:
        raise StillOwed(
            sentences=tuple(_words(body, node) for body, node in owed),
            nodes=tuple(node for _body, node in owed),
        )


def _only_helped(person: Someone, item: Interaction) -> bool:
    last = AgentWork.objects.filter(interaction=item, agent_id=person.key).order_by("part").last()
    return last is not None and last.role != "serves"


def _begun_or_due(item: Interaction) -> list[tuple[Body, dict[str, walking.Given]]]:
    """Give the forms that were begun with their answers, and the queue's script if it was not."""
    runs = FormRun.objects.filter(interaction=item).order_by("id")
    related = runs.select_related("form", "version", "interaction__customer")
    begun = [running.run_row(row) for row in related]
    found = [(each.body, each.given) for each in begun]
    script = rows.script_of(queue=item.queue_id)
    if script is not None and script not in {each.form for each in begun}:
        version = version_at(script, client=item.client_id, at=item.arrived_at)
        if version is not None:
            found.append((rows.body_of(version), {}))
    return found


def _words(body: Body, node: str) -> str:
    words = pick(body.nodes[node].say, key=node).split()
    return " ".join(words[:WORDS_MAX]) + (" …" if len(words) > WORDS_MAX else "")
