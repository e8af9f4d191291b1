"""The one road to a number: who may ask, which version answers, and what each figure opens."""

import dataclasses
from datetime import date, timedelta

import pytest

from callfloor.kernel import access, quick
from callfloor.kernel.kpis import KPIS
from callfloor.kernel.testing import FakePerson
from callfloor.records.customers import services as customers
from callfloor.records.interactions.models import Interaction
from callfloor.records.interactions.queries import behind as conditions
from callfloor.records.metrics import queries
from callfloor.records.metrics.queries import catalogue
from callfloor.records.outreach.models import Appointment
from callfloor.records.outreach.tests import test_booking
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

DAY = date(2026, 3, 2)
SEES = FakePerson(clients=frozenset({"acme"}), permissions=frozenset({"reports.see"}))


def value(key, person=SEES, **about):
    scope = queries.scope(person=person, day_from=DAY, **about)
    return queries.value(key, scope=scope, now=scenes.NOW)


@pytest.fixture
def calls(scene):
    """Give two answered calls and one that was given up."""
    made = [scene.call(at=scenes.START + 60 * number) for number in range(3)]
    for call in made:
        scenes.in_queue(call)
    scenes.answered(made[0], "anna", wait=5.0)
    scenes.answered(made[1], "bela", wait=25.0)
    scenes.abandoned(made[2], wait=11.0)
    scene.write(*made)
    scenes.project(scene)
    return made


class TestPromises:
    """F09: callbacks and appointments reached in time, of all that were due."""

    def over(self, scene, *, outcome, due=None, answered=30.0):
        """Let a callback be over."""
        call = scene.call(at=scenes.START + 60.0)
        at, arrived = call.facts[0]
        call.facts[0] = (at, dataclasses.replace(arrived, direction="callback", due=due))
        scenes.add(
            call, 4, scenes.facts.Queued,
            queue="billing", entry=1, position=1, born_at=call.at, due=due,
        )  # fmt: skip
        if outcome == "answered":
            scenes.answered(call, "anna", wait=answered)
        else:
            scenes.add(call, 9, scenes.facts.Closed, outcome=outcome, queue="billing")
        scene.write(call)

    def test_what_was_kept_is_counted(self, scene):
        by = scenes.START + 120.0
        self.over(scene, outcome="answered")
        self.over(scene, outcome="answered", due=by)
        self.over(scene, outcome="answered", due=by, answered=600.0)
        self.over(scene, outcome="diverted")
        self.over(scene, outcome="not_reached")
        scenes.project(scene)
        assert (value("promises_due"), value("promises_kept")) == (5, 0.6)

    def test_an_appointment_of_which_no_call_came_was_not_kept(self, scene):
        test_booking.apply()
        test_booking.book(test_booking.customer())
        Appointment.objects.update(state="broken", reason="bad_number", settled_at=scenes.NOW)
        assert (value("promises_due"), value("promises_kept")) == (1, 0.0)
        foreign = FakePerson(clients=frozenset({"zeta"}), permissions=SEES.permissions)
        assert value("promises_due", person=foreign) == 0

    def test_nobody_promised_anything_is_no_figure(self, calls):
        assert (value("promises_due"), value("promises_kept")) == (0, None)


class TestCatalogue:
    def test_every_figure_has_a_name_and_a_formula_of_one_sentence(self):
        for metric in queries.metrics():
            assert str(metric.name)
            assert str(metric.formula).endswith(".")

    def test_every_figure_of_waits_and_work_opens_interactions(self):
        for metric in queries.metrics():
            if set(metric.needs) & {"waits", "work"}:
                assert metric.behind is not None, metric.key

    def test_three_service_levels_have_three_names(self):
        keys = [metric.key for metric in queries.metrics() if "service_level" in metric.key]
        names = {str(queries.metric(key).name) for key in keys}
        assert (len(keys), len(names)) == (3, 3)

    def test_unknown_figure_is_our_fault(self):
        with pytest.raises(queries.Unknown):
            queries.metric("vanished")

    def test_older_days_keep_their_definition(self):
        """F25.6: a definition that changes holds from a day on, unless the new one is asked for."""
        old = queries.metric("service_level")
        new = dataclasses.replace(old, version=2, since=date(2026, 7, 1))
        both = (old, new)
        assert catalogue.chosen(both, day=date(2026, 6, 30)) is old
        assert catalogue.chosen(both, day=date(2026, 7, 1)) is new
        assert catalogue.chosen(both, day=date(2026, 6, 30), version=2) is new
        assert catalogue.chosen(both) is new

    def test_measures_that_the_records_have_are_in_it(self):
        counted = {"service_level", "abandonment_rate", "occupancy", "contacts_per_hour"}
        assert counted <= KPIS.keys()
        assert all(queries.metric(key).unit == KPIS[key].unit for key in counted)


class TestValue:
    @pytest.mark.parametrize(
        ("key", "expected"),
        [
            ("contacts", 3),
            ("service_level", 1 / 3),
            ("service_level_of_answered", 0.5),
            ("answer_speed", 15.0),
            ("longest_wait", 25.0),
            ("handling_time", 37.0),
            ("first_contact_one_agent", 1.0),
        ],
    )
    def test_gives_a_figure_by_its_key(self, calls, key, expected):
        assert value(key) == pytest.approx(expected)

    def test_of_a_day_on_which_nothing_was_is_nothing(self, scene):
        assert value("service_level") is None
        assert value("offered") == 0

    def test_of_one_queue(self, calls):
        assert value("offered", queue="billing") == 3
        assert value("offered", queue="orders") == 0

    def test_customer_who_comes_back_makes_the_first_contact_too_little(self, scene):
        made = [scene.call(at=scenes.START + 3_600 * n, number="+3615550111") for n in (0, 2)]
        for call in made:
            scenes.in_queue(call)
            scenes.answered(call, "anna")
        scene.write(*made)
        scenes.project(scene)
        scope = queries.scope(person=SEES, day_from=DAY)
        at_once = queries.value("first_contact_no_return", scope=scope, now=scenes.NOW)
        assert at_once is None  # The seven days are not over.
        later = scenes.NOW + timedelta(days=8)
        assert queries.value("first_contact_no_return", scope=scope, now=later) == 0.5


class TestComingBack:
    """Who came back is a person, by whatever number, and to the microsecond."""

    LATER = scenes.NOW + timedelta(days=30)

    def contacts(self, scene, *after, numbers=("+3615550111", "+3615550112", "+3615550113")):
        """Give the customers of answered calls, some seconds after the first, by their numbers."""
        made = [
            scene.call(at=scenes.START + seconds, number=number)
            for seconds, number in zip((0, *after), numbers, strict=False)
        ]
        for call in made:
            scenes.in_queue(call)
            scenes.answered(call, "anna")
        scene.write(*made)
        scenes.project(scene)
        rows = {row.id: row.customer_id for row in Interaction.objects.order_by("id")}
        return [rows[call.item] for call in made]

    def merge(self, kept, other):
        return customers.merge(
            person=scenes.person("mara"), kept_id=kept, customer_id=other, now=scenes.NOW,
            chance=f"{kept}{other}".encode()[-10:],
        )  # fmt: skip

    def undo(self, merge):
        customers.undo_merge(person=scenes.person("mara"), merge_id=merge, now=scenes.NOW)

    def first(self):
        """Give the figure, and what stands behind it in the list."""
        scope = queries.scope(person=SEES, day_from=DAY)
        asked = queries.metric("first_contact_no_return")
        begin, end = scope.bounds
        behind = asked.behind.at(begins_at=begin, ends_at=end, now=self.LATER)
        sql, values = conditions.condition(behind)
        table = quick.table(Interaction)
        ids = quick.fetch(f"SELECT id FROM {table} WHERE {sql} ORDER BY id", values)
        return queries.value(asked.key, scope=scope, now=self.LATER), [id_ for (id_,) in ids]

    def test_two_who_were_merged_are_one_and_two_again_when_it_is_undone(self, scene):
        one, other = self.contacts(scene, 7_200)
        assert self.first() == (1.0, ["journal-000001", "journal-000002"])
        merge = self.merge(one, other)
        assert self.first() == (0.5, ["journal-000002"])
        self.undo(merge)
        assert self.first() == (1.0, ["journal-000001", "journal-000002"])

    def test_whoever_is_kept_the_first_contact_was_too_little(self, scene):
        one, other = self.contacts(scene, 7_200)
        self.merge(other, one)
        assert self.first() == (0.5, ["journal-000002"])

    def test_three_are_one_by_two_merges(self, scene):
        """A merges into B, and B into C: nobody of them came for the first time again."""
        a, b, c = self.contacts(scene, 3_600, 7_200)
        self.merge(b, a)
        last = self.merge(c, b)
        assert self.first() == (pytest.approx(1 / 3), ["journal-000003"])
        self.undo(last)
        assert self.first() == (pytest.approx(2 / 3), ["journal-000002", "journal-000003"])

    @pytest.mark.parametrize(("beyond", "figure"), [(0.0, 0.0), (0.000_001, 1.0)])
    def test_seven_days_are_seven_days_to_the_microsecond(self, scene, beyond, figure):
        week = 7 * 86_400
        self.contacts(scene, week, numbers=("+3615550111", "+3615550111"))
        at = Interaction.objects.get(id="journal-000001").arrived_at + timedelta(seconds=week)
        late = Interaction.objects.filter(id="journal-000002")
        late.update(arrived_at=at + timedelta(seconds=beyond))
        assert self.first()[0] == figure

    def test_at_the_same_instant_nobody_came_back(self, scene):
        self.contacts(scene, 0, numbers=("+3615550111", "+3615550111"))
        Interaction.objects.update(arrived_at=scenes.NOW)
        assert self.first()[0] == 1.0


class TestScope:
    def test_foreign_client_and_queue_do_not_exist(self, scene):
        for about in ({"client": "zeta"}, {"queue": "zeta_help"}):
            with pytest.raises(access.NotFound):
                queries.scope(person=SEES, day_from=DAY, **about)

    def test_without_a_duty_it_is_forbidden(self, scene):
        nobody = FakePerson(clients=frozenset({"acme"}))
        with pytest.raises(access.Forbidden):
            queries.scope(person=nobody, day_from=DAY)
        with pytest.raises(access.Forbidden):
            queries.scope_of_agents(person=SEES, day_from=DAY)

    def test_days_are_limited(self, scene):
        scope = queries.scope(person=SEES, day_from=DAY, day_to=DAY + timedelta(days=9_999))
        assert (scope.day_to - scope.day_from).days == queries.DAYS_MAX
