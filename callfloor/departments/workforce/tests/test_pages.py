"""The page of the twin: for whom it is, what it asks, what it answers."""

import pytest

from callfloor.departments.workforce import services
from callfloor.departments.workforce.models import Trial
from callfloor.departments.workforce.tests.results import result
from callfloor.kernel.testing import DutyPageBattery, ObjectPageBattery, row_counts
from tests.records import scenes
from tests.records.scenes import NOW

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

FORM = {"kind": "more", "percent": "20", "days": "5", "seed": "1"}


@pytest.fixture(autouse=True)
def house(centre, twin):
    """Give every test a centre with a file, and a twin that it leads."""
    return twin


def ask(question=None, *, key="mara", number=1):
    return services.ask(
        person=scenes.person(key),
        question=question or {"kind": "more", "percent": 20},
        days=5,
        seed=1,
        now=NOW,
        chance=bytes([number]) * 10,
    )


def answered(**asked):
    trial_id = ask(**asked)
    services.finish(work=services.claim(now=NOW), result=result(), now=NOW)
    return trial_id


class TestTry(DutyPageBattery):
    allowed, forbidden = "mara", "anna"

    def url(self):
        return "/try"

    def test_menu_leads_there_for_those_who_may(self, client):
        self.sign_in(client, "mara")
        assert 'href="/try"' in client.get("/queues").content.decode()
        client.logout()
        self.sign_in(client, "anna")
        assert 'href="/try"' not in client.get("/queues").content.decode()

    def test_empty_page_says_what_to_do(self, client):
        self.sign_in(client, "mara")
        assert "Nothing was tried yet" in client.get("/try").content.decode()

    @pytest.mark.parametrize(
        ("typed", "question"),
        [
            (
                {"kind": "sick", "count": "۳", "team": "day"},
                {"kind": "sick", "count": 3, "team": "day", "people": []},
            ),
            (
                {"kind": "sick", "people": ["anna", "bela"]},
                {"kind": "sick", "count": 2, "team": None, "people": ["anna", "bela"]},
            ),
            (
                {"kind": "merge", "into": "billing", "merged": "orders"},
                {"kind": "merge", "into": "billing", "merged": "orders"},
            ),
            (
                {
                    "kind": "tier",
                    "queue": "zeta_help",
                    "after_seconds": "30",
                    "skill": "talk",
                    "level": "2",
                },
                {
                    "kind": "tier",
                    "queue": "zeta_help",
                    "after_seconds": 30.0,
                    "skill": "talk",
                    "level": 2,
                },
            ),
            (
                {"kind": "queue", "queue": "billing", "goal_share": "82,5 %"},
                {"kind": "queue", "queue": "billing", "goal_share": 0.825},
            ),
            ({"kind": "more", "percent": "−10"}, {"kind": "more", "percent": -10.0}),
        ],
    )
    def test_question_is_put_in_line_as_it_was_typed(self, client, typed, question):
        self.sign_in(client, "mara")
        answer = client.post("/try", {"days": "5", "seed": "1", **typed})
        row = Trial.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, f"/try/{row.id}")
        assert (row.question, row.days, row.seed) == (question, 5, 1)

    @pytest.mark.parametrize(
        ("changes", "text"),
        [
            ({"percent": "many"}, "Write a percentage"),
            ({"days": "61"}, "Write a whole number of days"),
            ({"days": "2.5"}, "Write a whole number of days"),
            ({"seed": ""}, "Write a whole number, 0 or more."),
            ({"kind": "merge"}, "Choose a queue."),
            ({"kind": "file"}, "Choose a blueprint"),
        ],
    )
    def test_what_cannot_be_tried_is_marked_and_kept(self, client, changes, text):
        self.sign_in(client, "mara")
        before = row_counts()
        page = client.post("/try", {**FORM, **changes}).content.decode()
        assert text in page
        assert "Nothing was started." in page
        assert row_counts() == before

    def test_typed_values_stand_there_again(self, client):
        self.sign_in(client, "mara")
        page = client.post("/try", {**FORM, "percent": "37", "days": "many"}).content.decode()
        assert 'value="37"' in page
        assert 'value="many"' in page

    def test_other_file_is_checked_before_it_is_tried(self, client, twin, tmp_path):
        self.sign_in(client, "mara")
        finding = {"line": 7, "column": 1, "message": "No such queue.", "hint": "Name another."}
        twin.wrong = [{**finding, "severity": "error"}]
        file = tmp_path / "other.yaml"
        file.write_text("blueprint: 1", encoding="utf-8")
        with file.open("rb") as sent:
            page = client.post("/try", {**FORM, "kind": "file", "file": sent}).content.decode()
        assert "No such queue." in page
        assert "Name another." in page
        assert not Trial.objects.exists()
        twin.wrong = [{**finding, "severity": "warning"}]
        with file.open("rb") as sent:
            client.post("/try", {**FORM, "kind": "file", "file": sent})
        row = Trial.objects.get()
        assert (row.question, row.other) == (
            {"kind": "file", "name": "other.yaml"},
            "blueprint: 1",
        )

    def test_whoever_may_not_try_starts_nothing(self, client):
        self.sign_in(client, "anna")
        before = row_counts(leave=("sessions.Session",))
        assert client.post("/try", FORM).status_code == 403
        assert row_counts(leave=("sessions.Session",)) == before

    def test_list_says_who_asked_what_when(self, client):
        ask({"kind": "queue", "queue": "billing", "goal_share": 0.9})
        self.sign_in(client, "mara")
        page = client.get("/try").content.decode()
        assert "Billing: goal 90%" in page
        assert "Mara Molnár" in page
        assert "In line" in page


class TestTrial(DutyPageBattery):
    allowed, forbidden = "mara", "anna"

    def url(self):
        return f"/try/{Trial.objects.get().id if Trial.objects.exists() else answered()}"

    def test_says_in_words_what_is_clear(self, client):
        self.sign_in(client, "mara")
        page = client.get(self.url()).content.decode()
        assert "<bdi>Billing</bdi> – Service level: Clearly worse" in page
        assert page.count("No clear difference") == 2  # Orders, and the load of people.
        assert "68.0%" in page
        assert "\u2066−12.0\u2069 points" in page
        assert "EUR" in page
        assert "Billing: now 80.0% (77.0% to 83.0%), with the change 68.0%" in page
        assert 'data-every="' not in page

    def test_persian_page_has_persian_digits_and_keeps_its_address(self, client):
        self.sign_in(client, "mara")
        page = client.get(self.url(), headers={"accept-language": "fa"}).content.decode()
        assert "۶۸٫۰٪" in page
        assert f'value="http://testserver{self.url()}"' in page

    def test_another_measure_has_its_own_verdicts(self, client):
        self.sign_in(client, "mara")
        page = client.get(f"{self.url()}?measure=asa_seconds").content.decode()
        assert "25.0 s" in page
        assert "Average speed of answer: no clear difference." in page

    def test_reader_of_one_client_sees_its_rows_only(self, client):
        self.sign_in(client, "adam")
        page = client.get(self.url()).content.decode()
        assert "Billing" in page
        assert "zeta_help" not in page
        assert "Zeta" not in page
        assert "Cost of a day" not in page
        assert "only who works for all clients sees them" in page

    def test_running_one_shows_how_far_it_is(self, client):
        trial_id = ask()
        services.is_wanted(work=services.claim(now=NOW), progress=0.4, now=NOW)
        self.sign_in(client, "mara")
        page = client.get(f"/try/{trial_id}").content.decode()
        assert 'aria-valuenow="40"' in page
        assert 'data-every="1"' in page

    def test_it_can_be_stopped_and_tried_again(self, client):
        trial_id = ask()
        self.sign_in(client, "mara")
        assert client.get(f"/try/{trial_id}/stop").status_code == 405
        client.post(f"/try/{trial_id}/stop")
        assert "It was stopped." in client.get(f"/try/{trial_id}").content.decode()
        answer = client.post(f"/try/{trial_id}/again")
        fresh = Trial.objects.exclude(id=trial_id).get()
        assert answer["Location"] == f"/try/{fresh.id}"
        assert fresh.question == {"kind": "more", "percent": 20.0}

    def test_failed_one_says_why(self, client):
        trial_id = ask()
        services.fail(work=services.claim(now=NOW), fault="no_demand", now=NOW)
        self.sign_in(client, "mara")
        page = client.get(f"/try/{trial_id}").content.decode()
        assert "says nothing of calls and shifts" in page


class TestForeignTrial(ObjectPageBattery):
    allowed, foreign = "mara", "adam"

    @pytest.fixture(autouse=True)
    def about_zeta(self, house):
        """Let the question name a queue of Zeta's, for whom Adam does not work."""
        answered(question={"kind": "queue", "queue": "zeta_help", "ring_seconds": 20})

    def url(self):
        return f"/try/{Trial.objects.get().id}"
