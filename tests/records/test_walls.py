"""Every query and service about one object: who may, who may not, and that nothing is written."""

import pytest

from callfloor.kernel.testing import AccessBattery
from callfloor.records.customers import queries as customers
from callfloor.records.customers import services as customer_services
from callfloor.records.interactions import queries, services
from callfloor.records.interactions.models import Interaction, Recording
from callfloor.records.people import queries as people
from callfloor.records.routing import queries as routing
from callfloor.records.routing.models import Flow
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]


class OfAcme(AccessBattery):
    """An answered call of the client acme, and what hangs on it."""

    client = "acme"

    @pytest.fixture(autouse=True)
    def call(self, scene):
        """Project the call."""
        call = scene.call(name="Kovács Éva")
        scenes.in_queue(call)
        scenes.answered(call, "anna")
        scene.write(call)
        scenes.project(scene)
        self.interaction = Interaction.objects.get()


class TestInteraction(OfAcme):
    permission = "interactions.read"

    def ask(self, person):
        return queries.detail(person=person, interaction_id=self.interaction.id, now=scenes.NOW)


class TestNote(OfAcme):
    permission = "interactions.note"

    def ask(self, person):
        services.save_note(
            person=person, interaction_id=self.interaction.id, text="x", now=scenes.NOW
        )


class TestCard(OfAcme):
    permission = "calls.take"

    def ask(self, person):
        return queries.card(person=person, item=self.interaction.id, client="acme", now=scenes.NOW)


class TestRecording(OfAcme):
    permission = "interactions.listen"

    def ask(self, person):
        Recording.objects.get_or_create(
            id="tape",
            defaults={
                "interaction": self.interaction,
                "client_id": "acme",
                "path": "",
                "started_at": scenes.NOW,
            },
        )
        try:
            services.open_recording(person=person, recording_id="tape", now=scenes.NOW)
        except services.RecordingNotReady:
            return  # He may, and there is nothing to hear yet.

    @pytest.fixture(autouse=True)
    def tape(self, call):
        """Let the recording be there before rows are counted."""
        self.ask(self._person(clients={"acme"}, may={self.permission}))


class TestCustomer(OfAcme):
    permission = "customers.read"

    def ask(self, person):
        return customers.detail(
            person=person, customer_id=self.interaction.customer_id, now=scenes.NOW
        )


class TestStory(OfAcme):
    permission = "customers.read"

    def ask(self, person):
        return queries.story(
            person=person, customer_id=self.interaction.customer_id, now=scenes.NOW
        )


class TestRename(OfAcme):
    permission = "customers.write"

    def ask(self, person):
        customer_services.rename(
            person=person, customer_id=self.interaction.customer_id, name="X", now=scenes.NOW
        )


class TestErase(OfAcme):
    permission = "customers.erase"

    def ask(self, person):
        customer_services.erase(
            person=person, customer_id=self.interaction.customer_id, now=scenes.NOW
        )


class TestPerson(OfAcme):
    permission = "people.read"

    def ask(self, person):
        return people.detail(person=person, key="bela", now=scenes.NOW)


class TestFlow(OfAcme):
    permission = "queues.read"

    def ask(self, person):
        return routing.flow(person=person, key="own", version=1)

    @pytest.fixture(autouse=True)
    def flow(self, call):
        """Give a flow that is the client's own."""
        Flow.objects.create(key="own", version=1, client_id="acme")
