"""A person changed on a page: looked at, taken, on the floor, and by nobody who may not."""

import datetime as dt

import pytest

from callfloor.app import applying
from callfloor.blueprint import export
from callfloor.blueprint.tests.samples import GOOD
from callfloor.blueprint.tests.test_canonical import blueprint_of
from callfloor.kernel.models import AuditEntry
from callfloor.kernel.testing import PageBattery, row_counts
from callfloor.records.people.models import Person, PersonSkill
from callfloor.records.routing import queries as routing
from tests.records.fixtures import data

__all__ = ["data"]
pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
PEOPLE = """\
  bob: {roles: [team_leader], clients: [north, south]}
  lea: {roles: [team_leader], clients: [north], team: one}
  meg: {roles: [manager], clients: [north, south]}
  adam: {roles: [manager], clients: [north]}
  zoe: {roles: [manager], clients: [south]}
  cora: {roles: [agent], clients: [north, south], team: two}
"""
TEXT = (
    GOOD.partition("demo:\n")[0]
    .replace("  bob: {roles: [team_leader], clients: [north, south]}\n", PEOPLE)
    .replace("  one: {name: One}\n", "  one: {name: One}\n  two: {name: Two}\n")
)


@pytest.fixture(autouse=True)
def centre(data, settings):
    """Apply the sample, as the command line does."""
    from callfloor.app import changing
    from callfloor.kernel import ports

    ports.join_centre(changing.Centre(data))
    blueprint = blueprint_of(TEXT)
    applying.take(blueprint, data=data, sip=None, passwords={}, now=NOW)
    changing._version.cache_clear()
    return data


def sign_in(client, key):
    PageBattery().sign_in(client, key)


def look(client, key="ann", **fields):
    """Show what a change does; give the page and the form that would take it."""
    form = {"based_on": routing.current_version(), "step": "look", **fields}
    answer = client.post(f"/people/{key}/change", form)
    if answer.status_code != 200:
        return answer, form
    return answer, {**form, "step": "take", "seen": answer.context["mark"]}


def counts() -> dict[str, int]:
    """Count rows; that a page about somebody was read is noted and is no change."""
    return row_counts(leave=("kernel.AuditEntry",))


def level() -> int | None:
    """Give ann's level, as the records have it."""
    found = PersonSkill.objects.filter(person_id="ann", skill_id="help").first()
    return found.level if found else None


class TestSkills:
    def test_are_looked_at_before_anything_is_written(self, client):
        sign_in(client, "lea")
        before = counts()
        answer, _ = look(client, **{"skill.help": "5"})
        (line,) = answer.context["looked"].lines
        assert (line.what, line.before, line.after) == ("ann › Skills › Help", "3", "5")
        assert (counts(), level()) == (before, 3)

    def test_become_a_version_of_the_file(self, client, centre):
        sign_in(client, "lea")
        held = routing.current_version()
        _, form = look(client, **{"skill.help": "5"})
        assert client.post("/people/ann/change", form)["Location"] == "/people/ann"
        assert level() == 5
        file = routing.current_file()
        assert (file.parent, file.by_page, file.applied_by) == (held, True, "lea")
        assert export.current().blueprint.people["ann"].skills == {"help": 5}
        assert f'from_version: "{file.version}"' in (centre / "centre.yaml").read_text("utf-8")
        assert AuditEntry.objects.filter(by="lea", action="centre.changed").count() == 1
        plan = routing.current_plan()
        assert {agent.key: agent.skills for agent in plan.agents}["ann"] == (("help", 5),)

    def test_that_leave_a_queue_without_anybody_are_refused_at_the_field(self, client):
        sign_in(client, "lea")
        answer, form = look(client, **{"skill.help": ""})
        assert answer.context["looked"].findings
        before = counts()
        again = client.post("/people/ann/change", form)
        assert again.status_code == 200
        assert again.context["refused"].code == "centre.not_possible"
        assert (counts(), level()) == (before, 3)

    def test_changed_after_the_look_are_looked_at_again(self, client):
        sign_in(client, "lea")
        _, form = look(client, **{"skill.help": "5"})
        answer = client.post("/people/ann/change", form | {"skill.help": "4"})
        assert answer.context["looked"].lines[0].after == "4"
        assert level() == 3

    def test_changed_by_another_meanwhile_are_not_undone(self, client):
        sign_in(client, "lea")
        _, mine = look(client, **{"skill.help": "5"})
        sign_in(client, "meg")
        _, hers = look(client, **{"skill.help": "4", "role": "agent", "team": "one"})
        client.post("/people/ann/change", hers)
        sign_in(client, "lea")
        answer = client.post("/people/ann/change", mine)
        assert answer.context["refused"].code == "centre.overtaken"
        assert level() == 4


PROOF = {"proof.help": "test", "proof_on.help": "2026-11-02", "proof_until.help": "2027-11-01"}


class TestProofs:
    def test_are_written_and_vouched_for_by_whoever_writes_them(self, client):
        sign_in(client, "lea")
        answer, form = look(client, **{"skill.help": "3"}, **PROOF)
        assert [(line.what, line.after) for line in answer.context["looked"].lines] == [
            ("ann › Proofs of skills › Help › Vouched for by", "lea"),
            ("ann › Proofs of skills › Help › Proof", "Test"),
            ("ann › Proofs of skills › Help › Proven on", "2026-11-02"),
            ("ann › Proofs of skills › Help › Holds until", "2027-11-01"),
        ]
        assert PersonSkill.objects.get(person_id="ann").proof is None
        assert client.post("/people/ann/change", form)["Location"] == "/people/ann"
        row = PersonSkill.objects.get(person_id="ann")
        assert (row.level, row.proof, row.proved_by) == (3, "test", "lea")
        assert (row.proved_on, row.proved_until) == (dt.date(2026, 11, 2), dt.date(2027, 11, 1))
        proof = export.current().blueprint.people["ann"].proofs["help"]
        assert (proof.kind, proof.by, proof.until) == ("test", "lea", "2027-11-01")
        assert AuditEntry.objects.filter(by="lea", action="centre.changed").count() == 1
        assert "lea vouches for it" in client.get("/people/ann").content.decode()

    def test_that_stay_as_they_were_are_not_signed_anew(self, client):
        """Another who changes the level has not seen the test."""
        self._write(client, "lea")
        self._write(client, "meg", **{"skill.help": "4", "role": "agent", "team": "one"})
        row = PersonSkill.objects.get(person_id="ann")
        assert (row.level, row.proof, row.proved_by) == (4, "test", "lea")

    def test_are_taken_out_and_go_with_their_skill(self, client):
        self._write(client, "lea")
        self._write(client, "lea", **{"proof.help": ""})
        assert export.current().blueprint.people["ann"].proofs == {}
        assert PersonSkill.objects.get(person_id="ann").proof is None

    def test_of_a_skill_that_is_not_there_are_none(self, client):
        sign_in(client, "lea")
        answer, _ = look(client, **{"skill.help": "3", "proof.other": "test"})
        assert answer.context["looked"].lines == ()

    @pytest.mark.parametrize("until", ["2026-11-01", "tomorrow"])
    def test_with_a_wrong_day_are_refused_at_the_field(self, client, until):
        sign_in(client, "lea")
        answer, form = look(client, **{"skill.help": "3"}, **(PROOF | {"proof_until.help": until}))
        assert [field for field, _, _ in answer.context["looked"].findings] == ["proofs"]
        before = counts()
        assert client.post("/people/ann/change", form).status_code == 200
        assert counts() == before

    def test_reach_the_floor_if_a_queue_asks_for_them(self, client, centre):
        asked = TEXT.replace("    overflow: sorry\n", "    overflow: sorry\n    proven: [help]\n")
        asked = asked.replace(
            "skills: {help: 3}\n",
            'skills: {help: 3}\n    proofs: {help: {kind: test, by: bob, on: "2026-01-05"}}\n',
        )
        applying.take(blueprint_of(asked), data=centre, sip=None, passwords={}, now=NOW)
        self._write(client, "lea")
        plan = routing.current_plan()
        (proof,) = {agent.key: agent.proofs for agent in plan.agents}["ann"]
        assert proof.until_at == dt.datetime(2027, 11, 1, 23, tzinfo=dt.UTC).timestamp()
        page = client.get("/queues/care").content.decode()
        assert "In every tier only with a proof that holds: Help" in page
        answer, _ = look(client, **{"skill.help": "3", "proof.help": ""})
        assert "asks for a proof" in answer.context["looked"].findings[0][1]

    def test_of_ones_own_are_written_by_nobody(self, client):
        for key in ("lea", "meg", "ann"):
            sign_in(client, key)
            before = counts()
            form = {"based_on": routing.current_version(), "step": "take", "skill.help": "3"}
            assert client.post(f"/people/{key}/change", form | PROOF).status_code == 400
            assert counts() == before

    def _write(self, client, by, **fields):
        sign_in(client, by)
        _, form = look(client, **({"skill.help": "3"} | PROOF | fields))
        assert client.post("/people/ann/change", form).status_code == 302


class TestTeamAndRoles:
    def test_show_which_rights_move(self, client):
        sign_in(client, "meg")
        answer, form = look(client, role=["team_leader", "agent"], team="two",
                            **{"skill.help": "3"})  # fmt: skip
        seen = answer.context["looked"]
        assert ("ann", "See who does what now") in seen.given
        assert seen.taken == ()
        assert [line.what for line in seen.lines] == ["ann › Roles", "ann › Team"]
        client.post("/people/ann/change", form)
        ann = Person.objects.get(pk="ann")
        assert (ann.team_id, ann.role_keys) == ("two", ("agent", "team_leader"))
        assert ann.rights.may("floor.see")

    def test_of_none_is_refused(self, client):
        sign_in(client, "meg")
        before = counts()
        answer, form = look(client, role=[], team="one", **{"skill.help": "3"})
        again = client.post("/people/ann/change", form)
        assert (answer.status_code, again.status_code) == (200, 200)
        assert counts() == before

    def test_are_not_for_a_leader_even_if_his_form_has_them(self, client):
        sign_in(client, "lea")
        _, form = look(client, role=["manager"], team="two", **{"skill.help": "4"})
        client.post("/people/ann/change", form)
        ann = Person.objects.get(pk="ann")
        assert (ann.team_id, ann.role_keys, level()) == ("one", ("agent",), 4)


class TestWho:
    @pytest.mark.parametrize(
        ("by", "key", "status"),
        [
            ("ann", "cora", 403),  # no duty
            ("ann", "ann", 400),  # oneself
            ("lea", "lea", 400),
            ("meg", "meg", 400),
            ("lea", "cora", 403),  # another team
            ("adam", "cora", 403),  # works for others too
            ("zoe", "ann", 404),  # foreign
            ("meg", "nobody", 404),
        ],
    )
    def test_may_not_is_told_and_nothing_is_written(self, client, by, key, status):
        sign_in(client, by)
        before = counts()
        for step in ("look", "take"):
            form = {"based_on": routing.current_version(), "step": step, "skill.help": "5"}
            assert client.post(f"/people/{key}/change", form).status_code == status
        assert client.get(f"/people/{key}/change").status_code == status
        assert counts() == before

    @pytest.mark.parametrize(("by", "offered"), [("lea", True), ("meg", True), ("ann", False)])
    def test_may_is_offered_it(self, client, by, offered):
        sign_in(client, by)
        page = client.get("/people/ann").content.decode()
        assert ("/people/ann/change" in page) is offered


class TestHistory:
    def test_says_who_changed_what(self, client):
        sign_in(client, "lea")
        _, form = look(client, **{"skill.help": "5"})
        client.post("/people/ann/change", form)
        sign_in(client, "meg")
        rows = client.get("/organisation/history").context["rows"]
        assert [(row.by_page, row.applied_by) for row, _ in rows] == [
            (True, "lea"), (False, "system"),
        ]  # fmt: skip
        page = client.get(f"/organisation/history/{routing.current_version()}")
        assert [line.after for line in page.context["looked"].lines] == ["5"]
        first = client.get(f"/organisation/history/{rows[1][0].version}")
        assert (first.status_code, first.context["looked"]) == (200, None)
        assert client.get("/organisation/history/000000000000").status_code == 404

    @pytest.mark.parametrize("by", ["lea", "adam", "ann"])
    def test_is_for_nobody_who_does_not_serve_all_clients(self, client, by):
        sign_in(client, by)
        version = routing.current_version()
        for place in ("", f"/{version}"):
            assert client.get(f"/organisation/history{place}").status_code == 403


class TestThePage(PageBattery):
    allowed = "meg"

    def url(self):
        return "/people/ann/change"
