"""
A contact in which somebody was complained about does not exist for him, at no door of the house.

Each door answers him what it answers to whoever asks for nothing; the figures stay as they were.
"""

import pytest

from callfloor.kernel import access
from callfloor.kernel.testing import row_counts
from callfloor.records.cases import services as cases
from callfloor.records.cases.services import complaints, work
from callfloor.records.interactions import queries, services
from callfloor.records.interactions.models import AgentWork, Hiding, Interaction, Recording
from callfloor.records.interactions.queries import thread
from callfloor.records.interactions.services import messages
from tests.records import api, scenes
from tests.records.cases import opened

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

HE, LEADER, OWNER = "adam", "mara", "cili"
NOTHING = "0000nothing"
DAY = scenes.NOW.date().isoformat()


@pytest.fixture
def call(scene):
    """Give an answered call with a recording, and a file in it."""
    made = scene.call(name="Nora Q.")
    scenes.in_queue(made)
    scenes.answered(made, "anna")
    scene.write(made)
    scenes.project(scene)
    row = Interaction.objects.get()
    Recording.objects.create(
        id="tape", interaction=row, client_id="acme", path="", started_at=scenes.NOW
    )
    messages.write(interaction_id=row.id, direction="in", text="Rude!", now=scenes.NOW)
    return row


def complain(call, about=HE, **fields):
    """Open a complaint of the caller, made in his call."""
    return opened(
        call.customer,
        kind="complaint",
        subject="He laughed at me",
        known={"wish": "An apology"},
        about=about,
        **{"origin": call.id, "owner": OWNER, **fields},
    )


def name(row, about=HE, by=OWNER):
    """Say who is complained about, after the opening."""
    person = scenes.Someone(key=by, may=("cases.read", "cases.write"))
    complaints.name(person=person, case_id=row.id, about=about, now=scenes.NOW)


@pytest.fixture(params=["named at once", "named later"])
def complaint(call, request):
    if request.param == "named at once":
        return complain(call)
    row = complain(call, about=None)
    name(row)
    return row


def sign_in(client, key):
    client.force_login(scenes.person(key), backend="callfloor.app.accounts.PeopleBackend")


def asked(client, path, *, method="get", **given):
    """Return status and body of an answer, without the id that was asked for."""
    answer = getattr(client, method)(path, **given)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, body.decode()


ONE = (
    "/interactions/{call}",
    "/interactions/{call}/files/1",
    "/recordings/{tape}.wav",
    "/desk/canned/{call}",
    "/api/interactions/{call}",
    "/api/interactions/{call}/messages",
    "/cases/new?interaction={call}",
)


class TestOne:
    @pytest.mark.parametrize("door", ONE)
    def test_he_gets_what_whoever_asks_for_nothing_gets(self, client, call, complaint, door):
        sign_in(client, HE)
        before = row_counts(leave=("sessions.Session",))
        hidden = asked(client, door.format(call=call.id, tape="tape"))
        nothing = asked(client, door.format(call=NOTHING, tape=NOTHING))
        assert hidden[0] == nothing[0] == 404
        for id_ in (call.id, "tape", NOTHING):
            hidden, nothing = ((code, body.replace(id_, "ID")) for code, body in (hidden, nothing))
        assert _plain(hidden[1]) == _plain(nothing[1])
        assert row_counts(leave=("sessions.Session",)) == before

    @pytest.mark.parametrize("door", ONE[:1] + ONE[4:])
    @pytest.mark.parametrize("who", [LEADER, OWNER])
    def test_his_leader_and_the_owner_of_the_case_see_it(self, client, call, complaint, door, who):
        sign_in(client, who)
        assert asked(client, door.format(call=call.id))[0] == 200

    def test_a_note_finds_nothing(self, client, call, complaint):
        sign_in(client, HE)
        for id_ in (call.id, NOTHING):
            assert asked(client, f"/desk/note/{id_}", method="post", data={"text": "x"})[0] == 404
        assert bytes(Interaction.objects.get(id=call.id).note or b"") == b""

    def test_a_program_of_his_finds_nothing_either(self, client, call, complaint):
        headers = {"Authorization": f"Bearer {api.token(HE)}"}
        for path in (f"/api/interactions/{call.id}", f"/api/interactions/{call.id}/messages"):
            assert asked(client, path, headers=headers)[0] == 404
        listed = asked(client, "/api/interactions", headers=headers)[1]
        assert call.id not in listed
        assert '"total": 0' in listed or '"total":0' in listed


LISTS = (
    ("/interactions", "{call}"),
    ("/interactions?page=2", "{call}"),
    ("/interactions?number=%2B3615550100", "{call}"),
    ("/interactions.csv", "Anna Árvai,Answered,Solved"),
    ("/customers/{customer}", "{call}"),
    ("/api/interactions", "{call}"),
    ("/api/interactions?customer={customer}", "{call}"),
)
"""Doors at which a contact is one of many, and what shows that it is there."""


class TestLists:
    @pytest.mark.parametrize(("door", "mark"), LISTS)
    def test_his_do_not_have_it_and_others_do(self, client, call, complaint, door, mark):
        path = door.format(customer=call.customer_id)
        for who, sees in ((HE, False), (LEADER, True)):
            sign_in(client, who)
            code, body = asked(client, path)
            assert (code, mark.format(call=call.id) in body) == (200, sees), who

    def test_the_story_on_his_desk_does_not_tell_it(self, client, call):
        complain(call, about="bela")
        path = f"/desk/item/other?client=acme&customer={call.customer_id}"
        for who, told in (("bela", []), ("anna", [call.id])):
            sign_in(client, who)
            context = client.get(path).context
            assert [row.id for row in context["before"]] == told
            assert context["story"].total == len(told)

    def test_what_is_counted_beside_a_list_counts_what_he_sees(self, call, complaint):
        him, leader = scenes.person(HE), scenes.person(LEADER)
        for person, number in ((him, 0), (leader, 1)):
            found = queries.search(person=person, filters=queries.Filters(), now=scenes.NOW)
            assert (found.total, len(found.rows)) == (number, number)
            asks = {"person": person, "customer_id": call.customer_id, "now": scenes.NOW}
            assert queries.story(**asks).total == number
            assert (thread.thread(**asks).total, len(thread.thread(**asks).contacts)) == (
                number,
                number,
            )

    def test_a_second_contact_stays_where_it_was(self, scene, call, complaint):
        other = scene.call(number="+3615550100")
        scenes.in_queue(other)
        scenes.answered(other, "anna")
        scene.write(other)
        scenes.project(scene)
        him = scenes.person(HE)
        found = queries.search(person=him, filters=queries.Filters(), now=scenes.NOW)
        assert ([row.id for row in found.rows], found.total) == ([other.item], 1)
        card = queries.card(person=him, item=other.item, client="acme", now=scenes.NOW)
        assert card.contacts_before == 0

    def test_no_figure_changes(self, client, call):
        sign_in(client, HE)
        paths = (f"/reports.csv?from={DAY}&to={DAY}", f"/reports/agents.csv?from={DAY}&to={DAY}")
        before = [asked(client, path) for path in paths]
        complain(call)
        assert [asked(client, path) for path in paths] == before
        assert {code for code, _ in before} == {200}


class TestWhen:
    def _sees(self, call, who=HE):
        found = Interaction.objects.filter(id=call.id)
        return access.within(scenes.person(who), found).exists()

    def test_a_contact_that_is_attached_later_is_hidden_from_then_on(self, call):
        row = complain(call, origin=None)
        assert self._sees(call)
        cases.attach(case_id=row.id, interaction_id=call.id, by=OWNER, now=scenes.NOW)
        assert not self._sees(call)

    def test_it_is_there_until_he_is_named_and_again_when_another_is(self, call):
        row = complain(call, about=None)
        seen = [[self._sees(call, who) for who in (HE, "bela", LEADER)]]
        for about in (HE, "bela", None):
            name(row, about=about)
            seen.append([self._sees(call, who) for who in (HE, "bela", LEADER)])
        assert seen == [
            [True, True, True],
            [False, True, True],
            [True, False, True],
            [True, True, True],
        ]
        assert not Hiding.objects.exists()

    def test_a_call_that_the_records_do_not_have_yet_is_hidden_once_they_do(self, scene, call):
        second = scene.call()
        complain(call, origin=second.item)
        scenes.in_queue(second)
        scenes.answered(second, "anna")
        scene.write(second)
        scenes.project(scene)
        assert not self._sees(Interaction.objects.get(id=second.item))
        assert self._sees(call)

    def test_with_the_release_of_the_complaint_it_is_there_again(self, call, complaint):
        person = scenes.Someone(key=OWNER, may=("cases.read", "cases.write", "cases.decide"))
        given = {"person": person, "case_id": complaint.id, "now": scenes.NOW}
        complaints.decide(**given, decision="upheld", reason="He did.")
        assert not self._sees(call)
        complaints.release(**given)
        assert self._sees(call)
        assert not Hiding.objects.exists()

    def test_two_complaints_hide_it_from_two_and_end_one_by_one(self, call, complaint):
        second = complain(call, about="bela")
        third = complain(call)
        assert [self._sees(call, who) for who in (HE, "bela", LEADER)] == [False, False, True]
        person = scenes.Someone(key=OWNER, may=("cases.read", "cases.write", "cases.decide"))
        for row in (complaint, second):
            given = {"person": person, "case_id": row.id, "now": scenes.NOW}
            complaints.decide(**given, decision="upheld", reason="He did.")
            complaints.release(**given)
        assert [self._sees(call, who) for who in (HE, "bela")] == [False, True]
        assert [row.because_of for row in Hiding.objects.all()] == [third.id]

    def test_what_is_on_is_told_to_whoever_shows_the_floor(self, call):
        him, leader = scenes.person(HE), scenes.person(LEADER)
        complain(call)
        complain(call, origin="not-here-yet")
        assert queries.hidden_running(person=him) == {"not-here-yet"}  # The call is over.
        Interaction.objects.update(outcome="", ended_at=None)
        assert queries.hidden_running(person=him) == {call.id, "not-here-yet"}
        assert queries.hidden_running(person=leader) == frozenset()

    def test_another_kind_of_case_hides_nothing(self, call):
        opened(call.customer, origin=call.id)
        assert self._sees(call)

    def test_he_attaches_it_to_nothing(self, call, complaint):
        other = opened(call.customer)
        him = scenes.Someone(
            key=HE, may=("cases.read", "cases.write", "interactions.read", "calls.take")
        )
        for step in (work.attach_contact, work.attach_for):
            with pytest.raises(access.NotFound):
                step(person=him, case_id=other.id, interaction_id=call.id, now=scenes.NOW)

    def test_what_he_is_in_the_middle_of_he_may_still_note(self, call):
        AgentWork.objects.update(finished_at=None)
        complain(call, about="anna")
        given = {"interaction_id": call.id, "now": scenes.NOW}
        anna = scenes.Someone(key="anna", may=("interactions.note",))
        services.save_note(person=anna, text="She is angry.", **given)
        AgentWork.objects.update(finished_at=scenes.NOW)
        with pytest.raises(services.NotYet):
            services.save_note(person=anna, text="Not at all.", **given)
        assert not self._sees(call, "anna")


def _plain(body: str) -> str:
    """Give a page without what differs from one asking to the next."""
    lines = body.splitlines()
    return "\n".join(line for line in lines if "csrf" not in line and "request" not in line)
