"""What shows that people have their skills: kept as the file says, and told to whom it concerns."""

import dataclasses
from datetime import date, timedelta

import pytest

from callfloor.kernel import access
from callfloor.records.people import queries, services
from callfloor.records.people.models import PersonSkill
from callfloor.records.people.queries import changing
from tests.records import scenes

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("data"),
]

TODAY = date(2026, 11, 22)
PROOF = services.ProofData(
    skill="talk", kind="test", by="bela", on=date(2026, 1, 5), until=TODAY + timedelta(days=100)
)
ANNA = services.PersonData(
    key="anna", name="Anna Árvai", roles=("agent",), clients=("acme",), proofs=(PROOF,)
)
BELA = services.PersonData(key="bela", name="Béla Bakó", roles=("team_leader",), clients=("acme",))
ZOE = services.PersonData(key="zoe", name="Zoe Zand", roles=("team_leader",), clients=("zeta",))
SKILLS = {"anna": (("sell", 2), ("talk", 3))}


def apply(anna):
    """Take everybody in, with Anna as given."""
    services.apply_clients(
        [
            services.ClientData(key=key, names={"en": key.title()}, languages=("en",))
            for key in ("acme", "zeta")
        ]
    )
    services.apply_skills({"talk": {"en": "Talking"}, "sell": {"en": "Selling"}})
    services.apply_people(people=(anna, BELA, ZOE), skills=SKILLS, now=scenes.NOW)


def ends(days):
    """Give Anna with a proof that ends so many days from today; None is a proof for good."""
    until = None if days is None else TODAY + timedelta(days=days)
    return dataclasses.replace(ANNA, proofs=(dataclasses.replace(PROOF, until=until),))


def of_anna(reader="bela"):
    """Give her proofs as somebody reads them."""
    return queries.proofs_of(person=scenes.person(reader), key="anna", today=TODAY)


class TestApplying:
    def test_a_second_time_nothing_changes_and_a_new_proof_takes_the_place_of_the_old(self):
        apply(ANNA)
        before = list(PersonSkill.objects.order_by("pk").values())
        apply(ANNA)
        assert list(PersonSkill.objects.order_by("pk").values()) == before
        apply(ends(None))
        assert PersonSkill.objects.get(skill_id="talk").proved_until is None
        assert PersonSkill.objects.count() == 2

    def test_without_it_nobody_vouches(self):
        apply(ANNA)
        apply(dataclasses.replace(ANNA, proofs=()))
        assert of_anna() == {}
        assert changing.proofs_told("anna") == {}


class TestProofs:
    def test_tell_who_vouched_when_and_until_when(self):
        apply(ANNA)
        found = of_anna()
        assert found.keys() == {"talk"} == changing.proofs_told("anna").keys()
        proof = found["talk"]
        assert (proof.kind, proof.by, proof.on) == ("test", "Béla Bakó", date(2026, 1, 5))
        assert (proof.skill_name, proof.level) == ("Talking", 3)

    @pytest.mark.parametrize(
        ("days", "state"),
        [(None, "holds"), (61, "holds"), (60, "soon"), (0, "soon"), (-1, "over")],
    )
    def test_hold_through_their_last_day(self, days, state):
        apply(ends(days))
        assert of_anna()["talk"].state == state

    def test_whoever_does_not_know_the_voucher_reads_his_key(self):
        apply(ANNA)
        assert of_anna("zoe")["talk"].by == "bela"


class TestProven:
    @pytest.mark.parametrize(("days", "proven", "due"), [(100, 1, 0), (10, 1, 1), (-1, 0, 1)])
    def test_counts_skills_and_names_what_is_due(self, days, proven, due):
        apply(ends(days))
        found = queries.proven(person=scenes.person("bela"), today=TODAY)
        assert (found.skills, found.proven, len(found.due)) == (2, proven, due)
        assert {(each.person, each.skill) for each in found.due} <= {("anna", "talk")}

    def test_says_nothing_of_people_of_other_clients(self):
        apply(ends(-1))
        found = queries.proven(person=scenes.person("zoe"), today=TODAY)
        assert (found.skills, found.proven, found.due) == (0, 0, ())

    def test_is_nothing_for_a_centre_that_keeps_no_proofs(self):
        apply(dataclasses.replace(ANNA, proofs=()))
        assert queries.proven(person=scenes.person("bela"), today=TODAY) is None

    def test_is_for_whom_the_people_are(self):
        apply(ANNA)
        with pytest.raises(access.Forbidden):
            queries.proven(person=scenes.person("anna"), today=TODAY)
