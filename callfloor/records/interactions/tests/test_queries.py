"""What people ask of interactions: within their clients, in their words, and noted."""

import dataclasses
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from callfloor.kernel import access
from callfloor.kernel.models import AuditEntry
from callfloor.records.customers import services as customers
from callfloor.records.interactions import queries, services
from callfloor.records.interactions.models import Interaction, QueueEntry
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

DAY = date(2026, 3, 2)


@pytest.fixture
def calls(scene):
    """Give an answered and an abandoned call of one client, and a foreign one."""
    first = scene.call(name="Kovács Éva")
    scenes.in_queue(first)
    scenes.typed(scene, first, "4711")
    scenes.answered(first, "anna")
    second = scene.call(number="+3615550199")
    scenes.in_queue(second)
    scenes.abandoned(second, wait=2.0)
    foreign = scene.call(client="zeta", called="901", queue="zeta_help")
    scenes.in_queue(foreign)
    scenes.answered(foreign, "anna", wait=25.0)
    scene.write(first, second, foreign)
    scenes.project(scene)
    return first, second, foreign


def search(who="adam", *, page=1, size=50, **filters):
    return queries.search(
        person=scenes.person(who),
        filters=queries.Filters(**filters),
        now=scenes.NOW,
        page=page,
        size=size,
    )


def found(who="adam", **filters):
    return [row.id for row in search(who, **filters).rows]


def detail(item, who="adam"):
    return queries.detail(person=scenes.person(who), interaction_id=item, now=scenes.NOW)


class TestSearch:
    def test_gives_rows_in_words_newest_first(self, calls):
        rows = search().rows
        assert [row.id for row in rows] == [calls[1].item, calls[0].item]
        row = rows[1]
        assert (row.client_name, row.queue_name, row.agent_name) == (
            "Acme",
            "Billing",
            "Anna Árvai",
        )
        assert (row.customer_label, row.disposition_name) == ("Kovács Éva", "Solved")
        assert row.outcome_label == "Answered"

    def test_foreign_interactions_are_not_there(self, calls):
        assert found("zoe") == [calls[2].item]
        assert found("zoe", client="acme") == []
        assert found("zoe", number="+3615550100") == [calls[2].item]
        assert len(found("mara")) == 3

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            ({"outcome": "answered"}, [0]),
            ({"outcome": "abandoned_in_queue"}, [1]),
            ({"outcome": "open"}, []),
            ({"queue": "billing"}, [1, 0]),
            ({"queue": "zeta_help"}, []),
            ({"agent": "anna"}, [0]),
            ({"disposition": "solved"}, [0]),
            ({"number": "0036 1 555 0199"}, [1]),
            ({"number": "+3615559999"}, []),
            ({"arrived_from": datetime.fromtimestamp(scenes.START + 2, UTC)}, [1]),
            ({"arrived_to": datetime.fromtimestamp(scenes.START + 2, UTC)}, [0]),
        ],
    )
    def test_filters(self, calls, filters, expected):
        assert found(**filters) == [calls[number].item for number in expected]

    def test_pages(self, calls):
        page = search(page=2, size=1)
        assert [row.id for row in page.rows] == [calls[0].item]
        assert (page.total, page.pages) == (2, 2)

    def test_simulated_ones_only_when_asked(self, calls):
        Interaction.objects.update(simulated=True)
        assert found() == []
        assert len(found(include_simulated=True)) == 2

    def test_is_noted_without_the_number(self, calls):
        search(number="+3615550199")
        entry = AuditEntry.objects.get(action="interaction.listed")
        assert entry.detail == {"ids": [calls[1].item], "by_number": True}

    def test_is_forbidden_without_the_duty(self, calls):
        with pytest.raises(access.Forbidden):
            found("ivan")


class TestDetail:
    def test_gives_everything_in_clear(self, calls):
        shown = detail(calls[0].item)
        assert (shown.number, shown.customer_name) == ("+3615550100", "Kovács Éva")
        assert [row.queue_name for row in shown.entries] == ["Billing"]
        assert [(row.agent_name, row.disposition_name) for row in shown.work] == [
            ("Anna Árvai", "Solved")
        ]
        finished = next(row for row in shown.timeline if row.kind == "Finished")
        assert finished.data["disposition_name"] == "Solved"
        typed = next(row for row in shown.timeline if row.kind == "Typed")
        assert (typed.value, typed.label) == ("4711", "Typed digits")

    def test_says_why_beside_the_offer(self, calls):
        ringing = next(row for row in detail(calls[0].item).timeline if row.kind == "Ringing")
        assert ringing.data["agent_name"] == "Anna Árvai"
        assert ringing.why["chosen_name"] == "Anna Árvai"
        assert ringing.why["queue_name"] == "Billing"
        assert [other["name"] for other in ringing.why["runners_up"]] == ["Béla Barta"]

    def test_shows_that_nobody_was_chosen(self, scene):
        call = scene.call()
        scenes.in_queue(call)
        why = {"nobody": "no_idle_agent", "eligible": [3], "idle": [0]}
        scenes.add(call, 5, scenes.facts.Explained, queue="billing", offer=None, why=why)
        scene.write(call)
        scenes.project(scene)
        last = detail(call.item).timeline[-1]
        assert (last.kind, last.why["nobody"]) == ("Explained", "no_idle_agent")
        assert last.label == "Nobody was free"

    @pytest.mark.parametrize(("who", "named"), [("cili", ["Béla Barta"]), ("anna", [])])
    def test_names_whoever_lacked_a_proof_to_leaders_alone(self, scene, who, named):
        call = scene.call()
        scenes.in_queue(call)
        left_out = {"count": 1, "agents": [{"agent": "bela", "proof": "over"}]}
        why = {"nobody": "all_busy", "eligible": [0], "idle": [0], "unproven": left_out}
        scenes.add(call, 5, scenes.facts.Explained, queue="billing", offer=None, why=why)
        scene.write(call)
        scenes.project(scene)
        found = detail(call.item, who).timeline[-1].why["unproven"]
        assert (found["count"], [each["name"] for each in found["agents"]]) == (1, named)

    def test_is_noted(self, calls):
        detail(calls[0].item, "anna")
        entry = AuditEntry.objects.get(action="interaction.read")
        about = f"interaction:{calls[0].item}"
        assert (entry.by, entry.about, entry.client) == ("anna", about, "acme")

    @pytest.mark.parametrize("who", ["bela", "adam"])
    def test_a_foreign_one_does_not_exist_and_nothing_is_noted(self, calls, who):
        with pytest.raises(access.NotFound):
            detail(calls[2].item, who)
        assert not AuditEntry.objects.filter(action="interaction.read").exists()

    def test_own_calls_may_be_heard_by_an_agent_and_others_not(self, calls):
        assert detail(calls[0].item, "anna").may_listen
        assert not detail(calls[0].item, "bela").may_listen
        assert detail(calls[0].item, "cili").may_listen

    def test_after_erasure_times_stay_and_values_are_gone(self, calls):
        before = detail(calls[0].item, "mara")
        customers.erase(
            person=scenes.person("mara"), customer_id=before.row.customer_id, now=scenes.NOW
        )
        after = detail(calls[0].item, "mara")
        assert (after.number, after.customer_name, after.note) == ("", "", "")
        assert not after.may_note
        assert {row.value for row in after.timeline} == {None}
        assert after.row == dataclasses.replace(before.row, customer_label="Erased")
        assert after.entries == before.entries

    def test_speaks_the_readers_language(self, calls):
        with translation.override("hu"):
            assert detail(calls[0].item).entries[0].queue_name == "Számlázás"


class TestStory:
    def test_gives_a_customer_with_his_interactions(self, calls):
        customer = Interaction.objects.get(id=calls[0].item).customer_id
        story = queries.story(person=scenes.person("anna"), customer_id=customer, now=scenes.NOW)
        assert story.customer.name == "Kovács Éva"
        assert [row.id for row in story.interactions] == [calls[0].item]
        assert story.total == 1

    def test_of_whoever_was_found_to_be_the_same_is_one(self, calls):
        """So is the list that is filtered by either of them."""
        ids = [Interaction.objects.get(id=call.item).customer_id for call in calls[:2]]
        assert ids[0] != ids[1]
        person = scenes.person("cili")
        customers.merge(
            person=person, kept_id=ids[0], customer_id=ids[1], now=scenes.NOW, chance=b"0123456789"
        )
        for one in ids:
            story = queries.story(person=person, customer_id=one, now=scenes.NOW)
            assert {row.id for row in story.interactions} == {call.item for call in calls[:2]}
            filters = queries.Filters(customer=one)
            assert queries.search(person=person, filters=filters, now=scenes.NOW).total == 2

    def test_a_foreign_customer_has_none(self, calls):
        customer = Interaction.objects.get(id=calls[0].item).customer_id
        with pytest.raises(access.NotFound):
            queries.story(person=scenes.person("zoe"), customer_id=customer, now=scenes.NOW)


class TestDayNumbers:
    def numbers(self, who="adam", **options):
        return queries.day_numbers(person=scenes.person(who), day=DAY, **options)

    def test_sums_by_queue(self, calls):
        day = self.numbers()
        assert day.timezone == "Europe/Budapest"
        billing, orders = day.queues
        assert (billing.queue_name, billing.client_name) == ("Billing", "Acme")
        assert billing.total == queries.Counters(
            offered=2,
            answered=1,
            within_goal=1,
            abandoned=1,
            short_abandoned=1,
            wait_seconds=8.0,
            longest_wait_seconds=6.0,
        )
        assert billing.total.service_level == 1.0
        assert orders.total == queries.Counters()
        assert orders.total.service_level is None

    def test_foreign_queues_are_not_there(self, calls):
        assert [row.queue for row in self.numbers("zoe").queues] == ["zeta_help"]
        with pytest.raises(access.NotFound):
            self.numbers("zoe", queue="billing")

    def test_late_answers_are_not_within_the_goal(self, calls):
        total = self.numbers("zoe").queues[0].total
        assert (total.answered, total.within_goal, total.service_level) == (1, 0, 0.0)

    def test_what_waits_is_offered_and_not_in_the_service_level(self, scene):
        call = scene.call()
        scenes.in_queue(call)
        scene.write(call)
        scenes.project(scene)
        total = self.numbers(queue="billing").queues[0].total
        assert (total.offered, total.waiting, total.service_level) == (1, 1, None)

    @pytest.mark.parametrize("minutes", [0, 29, 30, 59])
    def test_a_half_hour_counts_what_was_queued_in_it(self, scene, minutes):
        # 9:00 UTC is 10:00 in Budapest; the halves are the same everywhere on the hour.
        call = scene.call(at=scenes.START + minutes * 60)
        scenes.in_queue(call)
        scenes.abandoned(call, wait=3_000.0)
        scene.write(call)
        scenes.project(scene)
        (half,) = self.numbers(queue="billing").queues[0].halves
        expected = datetime(2026, 3, 2, 9, 30 if minutes >= 30 else 0, tzinfo=UTC)
        assert (half.starts_at, half.counters.offered) == (expected, 1)

    def test_the_day_begins_at_the_centres_midnight(self, scene):
        midnight = datetime(2026, 3, 1, 23, tzinfo=UTC).timestamp()  # 0:00 in Budapest.
        calls = [scene.call(at=midnight - 4 + seconds) for seconds in (-1, 0)]
        for call in calls:
            scenes.in_queue(call)
        scene.write(*calls)
        scenes.project(scene)
        assert self.numbers(queue="billing").queues[0].total.offered == 1

    def test_simulated_entries_are_in_no_real_figure(self, calls):
        QueueEntry.objects.update(simulated=True)
        assert self.numbers().queues[0].total.offered == 0
        assert self.numbers(include_simulated=True).queues[0].total.offered == 2

    def test_every_outcome_of_an_entry_has_its_sum(self, calls):
        entry = QueueEntry.objects.filter(queue="billing").first()
        outcomes = ("callback_asked", "message_left", "diverted", "lost_by_system", "")
        for number, outcome in enumerate(outcomes, start=2):
            entry.pk, entry.entry, entry.outcome = f"x:{number}", number, outcome
            entry.save(force_insert=True)
        total = self.numbers(queue="billing").queues[0].total
        parts = (
            total.answered
            + total.abandoned
            + total.callback_asked
            + total.message_left
            + total.diverted
            + total.lost
            + total.waiting
        )
        assert total.offered == parts == 7

    def test_is_forbidden_without_a_duty(self, calls):
        with pytest.raises(access.Forbidden):
            queries.day_numbers(person=scenes.Someone(), day=DAY)


class TestCard:
    def card(self, call, who="anna", *, client="acme", **values):
        return queries.card(
            person=scenes.person(who), item=call.item, client=client, now=scenes.NOW, **values
        )

    def sealed(self, call):
        arrived = call.facts[0][1]
        return arrived.sealed, arrived.caller

    def test_a_caller_who_rings_is_read_from_the_floors_seals(self, scene):
        call = scene.call(name="Kovács Éva")
        sealed, token = self.sealed(call)
        digits = scene.seals.digits(call.item, "4711")
        card = self.card(call, sealed=sealed, token=token, typed=[("customer_number", digits)])
        assert (card.number, card.name, card.customer_id) == ("+3615550100", "Kovács Éva", None)
        assert card.typed == (queries.TypedRow(label="customer_number", digits="4711"),)
        assert card.contacts_before == 0
        assert AuditEntry.objects.filter(action="caller.read").count() == 1

    def test_who_called_before_is_known_by_his_token(self, calls, scene):
        again = scene.call()
        sealed, token = self.sealed(again)
        card = self.card(again, sealed=sealed, token=token)
        assert (card.name, card.contacts_before) == ("Kovács Éva", 1)

    def test_after_the_hand_over_the_records_tell_the_same(self, scene):
        call = scene.call(name="Kovács Éva")
        sealed, token = self.sealed(call)
        scenes.typed(scene, call, "4711")
        typed = [("customer_number", call.facts[-1][1].sealed)]
        scene.write(call)
        scenes.project(scene)
        before = self.card(call, sealed=sealed, token=token, typed=typed)
        scene.journal.write([], scenes.floor_journal.forgotten([call.item]))
        assert self.card(call, sealed=sealed, token=token, typed=typed) == before
        assert before.typed[0].digits == "4711"

    def test_a_foreign_call_does_not_exist_and_nothing_is_noted(self, calls):
        with pytest.raises(access.NotFound):
            self.card(calls[2], "bela", client="zeta")
        assert not AuditEntry.objects.filter(action="caller.read").exists()

    def test_another_clients_item_gives_nothing_away(self, calls):
        card = self.card(calls[2], "bela", client="acme")
        assert (card.number, card.name, card.customer_id, card.contacts_before) == ("", "", None, 0)


class TestNotes:
    def save(self, item, who="anna", text="Called about a bill of Éva"):
        services.save_note(
            person=scenes.person(who), interaction_id=item, text=text, now=scenes.NOW
        )

    def test_a_note_is_kept_under_the_customers_key(self, calls):
        self.save(calls[0].item)
        assert detail(calls[0].item).note == "Called about a bill of Éva"
        assert b"bill" not in bytes(Interaction.objects.get(id=calls[0].item).note)
        entry = AuditEntry.objects.get(action="interaction.noted")
        assert entry.detail == {"characters": 26}

    def test_the_projection_leaves_it_alone(self, scene):
        call = scene.call()
        scenes.in_queue(call)
        scene.write(call)
        recorder = scenes.project(scene)
        self.save(call.item, text="kept")
        scenes.abandoned(call)
        scene.write(call)
        with scenes.opened(scene.path) as journal:
            recorder.record(journal.facts(after=recorder.position(), limit=99), now=scenes.NOW)
        assert detail(call.item).note == "kept"
        assert detail(call.item).row.outcome == "abandoned_in_queue"

    def test_an_empty_note_takes_it_away(self, calls):
        self.save(calls[0].item)
        self.save(calls[0].item, text=" ")
        assert detail(calls[0].item).note == ""

    @pytest.mark.parametrize(
        ("who", "number", "text", "refusal"),
        [
            ("bela", 2, "x", services.NotYet),
            ("ivan", 0, "x", access.Forbidden),
            ("anna", 0, "x" * 10_001, services.NoteTooLong),
        ],
    )
    def test_is_refused_and_nothing_is_kept(self, calls, who, number, text, refusal):
        with pytest.raises(refusal):
            self.save(calls[number].item, who, text)
        assert not Interaction.objects.exclude(note=None).exists()

    def test_of_a_call_that_is_not_projected_comes_later(self, scene):
        with pytest.raises(services.NotYet):
            self.save("nothing")

    def test_of_an_erased_customer_is_refused(self, calls):
        customer = Interaction.objects.get(id=calls[0].item).customer_id
        customers.erase(person=scenes.person("mara"), customer_id=customer, now=scenes.NOW)
        with pytest.raises(services.CallerErased):
            self.save(calls[0].item)


def test_every_outcome_has_a_word():
    assert dict(queries.outcomes())["closed_hours"] == "Outside of opening hours"
    assert len(queries.outcomes()) == 11
