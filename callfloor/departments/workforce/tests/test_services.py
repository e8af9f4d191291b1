"""Asking the twin, running what was asked, and who may see it."""

from datetime import timedelta

import pytest

from callfloor.departments.workforce import queries, rules, services
from callfloor.departments.workforce.models import Trial
from callfloor.departments.workforce.tests.results import result
from callfloor.kernel import access, audit
from callfloor.kernel.testing import row_counts
from callfloor.records.routing.models import CentreFile
from tests.records import scenes
from tests.records.scenes import NOW, Someone

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("centre"),
]

MAY = ("queues.read", "twin.try")  # The duty has both.
MORE = {"kind": "more", "percent": 20}
MERGE = {"kind": "merge", "into": "billing", "merged": "orders"}


def someone(key="mara", clients=("acme", "zeta"), may=MAY):
    return Someone(key=key, clients=clients, may=may)


def ask(question=MORE, *, person=None, number=1, **more):
    values = {"days": 5, "seed": 1, "now": NOW, "chance": bytes([number]) * 10, **more}
    return services.ask(person=person or someone(), question=question, **values)


def state(trial_id):
    return Trial.objects.get(id=trial_id).state


class TestAsk:
    def test_puts_the_question_in_line_and_notes_who(self):
        """What was asked is kept as it was understood."""
        trial_id = ask({"kind": "more", "percent": 20, "nonsense": 1})
        row = queries.trial(person=someone(), trial_id=trial_id)
        assert (row.state, row.question, row.asked_by) == ("QUEUED", MORE, "Mara Molnár")
        entry = audit.entries(person=someone(may=("audit.read",))).rows[0]
        assert (entry.action, entry.about) == ("twin.tried", f"trial:{trial_id}")

    def test_refuses_whoever_may_not(self):
        """Nothing is written."""
        before = row_counts()
        with pytest.raises(access.Forbidden):
            ask(person=someone(may=()))
        assert row_counts() == before

    @pytest.mark.parametrize(
        ("question", "more", "field"),
        [
            ({"kind": "merge", "into": "billing", "merged": "zeta_help"}, {}, "merged"),
            (MORE, {"days": rules.DAYS_MIN - 1}, "days"),
            (MORE, {"days": rules.DAYS_MAX + 1}, "days"),
            (MORE, {"seed": -1}, "seed"),
            ({"kind": "file", "name": "x.yaml"}, {}, "file"),
        ],
    )
    def test_refuses_what_does_not_fit(self, question, more, field):
        """The field is named and nothing is written."""
        before = row_counts()
        with pytest.raises(services.Unanswerable) as caught:
            ask(question, **more)
        assert caught.value.field == field
        assert row_counts() == before

    def test_queue_of_a_foreign_client_cannot_be_named(self):
        """I7: for whoever does not work for Zeta its queue is not there."""
        with pytest.raises(services.Unanswerable) as caught:
            ask(
                {"kind": "queue", "queue": "zeta_help", "ring_seconds": 20},
                person=someone("adam", ("acme",)),
            )
        assert caught.value.field == "queue"

    def test_without_a_file_there_is_nothing_to_try(self):
        """The page says what to do first."""
        CentreFile.objects.all().delete()
        before = row_counts()
        with pytest.raises(services.NothingToTry):
            ask()
        assert row_counts() == before

    def test_nobody_fills_the_line(self):
        """The limit is by person; another may still ask."""
        for number in range(rules.WAITING_MAX):
            ask(number=number)
        with pytest.raises(services.TooManyWaiting):
            ask(number=99)
        assert ask(person=someone("adam", ("acme",)), number=100)


class TestRunning:
    def test_one_at_a_time_and_the_oldest_first(self):
        """The second waits until the first has ended."""
        first, second = ask(number=1), ask(number=2, now=NOW + timedelta(seconds=1))
        work = services.claim(now=NOW)
        assert (work.id, work.question, work.days, work.seed) == (first, MORE, 5, 1)
        assert services.claim(now=NOW) is None
        services.finish(work=work, result=result(), now=NOW)
        assert services.claim(now=NOW).id == second
        assert state(first) == "DONE"

    def test_progress_is_kept_and_a_stop_is_heard(self):
        """Whoever runs it learns with its next beat that it is not wanted."""
        trial_id = ask()
        work = services.claim(now=NOW)
        assert services.is_wanted(work=work, progress=0.25, now=NOW)
        row = queries.trial(person=someone(), trial_id=trial_id)
        assert (row.progress, row.base_version) == (0.25, "0123456789ab")
        assert work.base == "blueprint: 1"
        services.stop(person=someone(), trial_id=trial_id, now=NOW)
        assert not services.is_wanted(work=work, progress=0.5, now=NOW)
        services.finish(work=work, result=result(), now=NOW)
        assert Trial.objects.get(id=trial_id).result is None

    def test_what_a_dead_worker_left_is_begun_again_once(self):
        """Twice is a pattern: then it has failed, with words."""
        trial_id = ask()
        first = services.claim(now=NOW)
        later = NOW + timedelta(seconds=rules.ORPHAN_SECONDS + 1)
        second = services.claim(now=later)
        assert (second.id, second.tries) == (trial_id, 2)
        assert not services.is_wanted(work=first, progress=0.9, now=later)
        assert services.claim(now=later + timedelta(seconds=rules.ORPHAN_SECONDS + 1)) is None
        row = queries.trial(person=someone(), trial_id=trial_id)
        assert (row.state, row.fault) == ("FAILED", "ended")

    def test_worker_that_ends_in_order_gives_it_back(self):
        """That counts as no try."""
        ask()
        services.give_back(work=services.claim(now=NOW))
        assert services.claim(now=NOW).tries == 1

    def test_stopped_or_done_stays_so(self):
        """To stop what has ended does nothing."""
        trial_id = ask()
        services.finish(work=services.claim(now=NOW), result=result(), now=NOW)
        services.stop(person=someone(), trial_id=trial_id, now=NOW)
        assert state(trial_id) == "DONE"

    def test_oldest_that_ended_leave_when_there_are_too_many(self, monkeypatch):
        """What waits is never among them."""
        monkeypatch.setattr(rules, "KEPT", 1)
        ids = [ask(number=n, now=NOW + timedelta(seconds=n)) for n in range(4)]
        for trial_id in ids[:3]:
            services.stop(person=someone(), trial_id=trial_id, now=NOW)
        assert services.forget_old() == 2
        assert sorted(Trial.objects.values_list("id", flat=True)) == ids[2:]


class TestWall:
    def test_trial_about_a_foreign_client_is_not_there(self):
        """Neither in the list, nor by its link, nor to be stopped or asked again."""
        trial_id = ask({"kind": "queue", "queue": "zeta_help", "ring_seconds": 20})
        adam = someone("adam", ("acme",))
        assert queries.trials(person=adam).total == 0
        for call in (
            lambda: queries.trial(person=adam, trial_id=trial_id),
            lambda: queries.shown(person=adam, trial_id=trial_id, measure="service_level"),
            lambda: services.stop(person=adam, trial_id=trial_id, now=NOW),
            lambda: services.ask_again(person=adam, trial_id=trial_id, now=NOW, chance=b"x" * 10),
        ):
            with pytest.raises(access.NotFound):
                call()
        assert state(trial_id) == "QUEUED"

    def test_without_the_duty_a_trial_is_forbidden(self):
        """The clients alone are not enough."""
        trial_id = ask()
        with pytest.raises(access.Forbidden):
            queries.trial(person=someone(may=()), trial_id=trial_id)

    def test_result_shows_the_readers_rows_only(self):
        """F: a person sees only his clients' rows; totals are of the whole centre."""
        trial_id = ask()
        services.finish(work=services.claim(now=NOW), result=result(), now=NOW)
        whole = queries.shown(person=someone(), trial_id=trial_id, measure="service_level")
        assert whole.is_whole
        assert [pair.key for pair in whole.queues] == ["billing", "orders", "zeta_help"]
        assert [pair.key for pair in whole.totals] == ["cost", "occupancy_spread"]
        assert [pair.verdict for pair in whole.totals] == ["less", "unclear"]
        assert [pair.verdict for pair in whole.clients] == ["worse", ""]
        assert [pair.key for pair in whole.languages] == ["en", "fa"]
        part = queries.shown(
            person=someone("adam", ("acme",)), trial_id=trial_id, measure="service_level"
        )
        assert not part.is_whole
        assert [pair.key for pair in part.queues] == ["billing", "orders"]
        assert [pair.key for pair in part.clients] == ["acme"]
        assert (part.languages, part.totals) == ((), ())
        zoe = queries.shown(person=someone("zoe", ("zeta",)), trial_id=trial_id, measure="offered")
        assert [pair.name for pair in zoe.people] == ["Anna Árvai"]

    def test_verdicts_stand_beside_their_figures(self):
        """Both variants, the difference, and what it means."""
        trial_id = ask()
        services.finish(work=services.claim(now=NOW), result=result(), now=NOW)
        shown = queries.shown(person=someone(), trial_id=trial_id, measure="service_level")
        billing, orders, zeta = shown.queues
        assert (billing.name, billing.group) == ("Billing", "Acme")
        assert (billing.now.mean, billing.then.mean) == (0.8, 0.68)
        assert billing.difference.mean == -0.12
        assert [pair.verdict for pair in (billing, orders, zeta)] == ["worse", "unclear", "better"]


def test_names_of_the_sick_are_for_their_colleagues():
    """Whoever shares no client with them learns how many, not whom."""
    trial_id = ask({"kind": "sick", "people": ["bela"], "count": 1})
    assert "person:bela" in queries.trial(person=someone(), trial_id=trial_id).names
    zoe = someone("zoe", ("zeta",))
    assert "person:bela" not in queries.trial(person=zoe, trial_id=trial_id).names
    assert scenes.person("bela").key == "bela"
