"""A foreign client's record does not exist; one without the duty is forbidden."""

import pytest

from callfloor.kernel import access
from tests.records.scenes import Client, Queue, Someone

pytestmark = [pytest.mark.db, pytest.mark.django_db]


@pytest.fixture
def queues():
    for key in ("acme", "zeta"):
        client = Client.objects.create(key=key)
        Queue.objects.create(key=f"{key}_queue", client=client)
    return Queue.objects.order_by("key")


class TestVisible:
    def test_shows_the_persons_clients_only(self, queues):
        found = access.visible(Someone(may=("queues.read",)), "queues.read", queues)
        assert [queue.key for queue in found] == ["acme_queue"]

    def test_without_clients_there_is_nothing(self, queues):
        nobody = Someone(clients=(), may=("queues.read",))
        assert list(access.visible(nobody, "queues.read", queues)) == []

    def test_refuses_without_the_duty(self, queues):
        with pytest.raises(access.Forbidden):
            access.visible(Someone(), "queues.read", queues)


class TestRequire:
    def test_gives_the_row(self, queues):
        person = Someone(may=("queues.read",))
        row = access.require(person, "queues.read", queues.filter(key="acme_queue"))
        assert row.key == "acme_queue"

    @pytest.mark.parametrize("key", ["zeta_queue", "nothing"])
    @pytest.mark.parametrize("may", [(), ("queues.read",)])
    def test_a_foreign_row_and_a_missing_one_are_the_same(self, queues, key, may):
        with pytest.raises(access.NotFound):
            access.require(Someone(may=may), "queues.read", queues.filter(key=key))

    def test_refuses_an_own_row_without_the_duty(self, queues):
        with pytest.raises(access.Forbidden):
            access.require(Someone(), "queues.read", queues.filter(key="acme_queue"))


class TestCheck:
    def test_asks_for_client_and_duty(self):
        person = Someone(may=("calls.take",))
        access.check(person, "calls.take", client="acme")
        access.check_any(person, "floor.see", "calls.take", client="acme")
        with pytest.raises(access.NotFound):
            access.check(person, "calls.take", client="zeta")
        with pytest.raises(access.Forbidden):
            access.check_any(person, "floor.see", "floor.lead", client="acme")


class TestNotOnesOwn:
    def test_lets_pass_whoever_decides_about_somebody_else(self):
        access.not_ones_own(Someone(), of="ben")

    def test_refuses_ones_own_matter(self):
        somebody = Someone()
        with pytest.raises(access.OwnMatter):
            access.not_ones_own(somebody, of=somebody.key)


class TestRead:
    """What is read by text is what `within` leaves."""

    def test_reads_what_within_leaves_in_the_order_asked_for(self, queues):
        person = Someone(clients=("acme", "zeta"))

        found = access.read(person, Queue, "is_active", then="ORDER BY key DESC LIMIT 1")

        assert found == list(access.within(person, queues.order_by("-key"))[:1])
        assert [queue.key for queue in found] == ["zeta_queue"]

    @pytest.mark.parametrize("which", ["is_active", "is_active OR NOT is_active"])
    def test_a_foreign_client_is_left_out_whatever_is_asked(self, queues, which):
        assert [queue.key for queue in access.read(Someone(), Queue, which)] == ["acme_queue"]
        assert access.count(Someone(), Queue, which) == 1

    def test_without_clients_there_is_nothing_to_read(self, queues):
        nobody = Someone(clients=())
        assert access.read(nobody, Queue, "is_active") == []
        assert access.count(nobody, Queue, "is_active") == 0
