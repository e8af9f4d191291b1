"""The chart of the organization, what nobody answers for, and the matrix of rights."""

import pytest

from callfloor.desk.organisation import chart, matrix
from callfloor.kernel import department
from callfloor.kernel.organisation import Organisation, Part, Place

pytestmark = pytest.mark.pure

TAKE, LEAD, LISTEN = "inbound.take_calls", "inbound.lead_team", "quality.listen_to_contacts"


def centre() -> Organisation:
    return Organisation(
        places=(
            Place(key="management"),
            Place(
                key="inbound",
                host="management",
                supervised_by="marketing",
                duties=(TAKE, LEAD),
                merges=("outbound",),
            ),
            Place(key="quality", host="inbound", duties=(LISTEN, "quality.nobody_does_this")),
            Place(key="marketing", host="management"),
        ),
        parts=(
            Part(key="agent", department="inbound", duties=(TAKE,)),
            Part(key="seller", department="outbound", duties=(TAKE,)),
            Part(key="leader", duties=(TAKE, LEAD, LISTEN)),
            Part(key="unused", department="quality", duties=("quality.nobody_does_this",)),
        ),
        holders={"anna": ("agent",), "bela": ("agent", "leader"), "cili": ("seller",)},
    )


class TestChart:
    def test_stands_in_the_line_of_the_host(self):
        (top,) = chart.of(centre(), teams={}).roots
        assert top.place.key == "management"
        assert [node.place.key for node in top.below] == ["inbound", "marketing"]
        assert [node.place.key for node in top.below[0].below] == ["quality"]

    def test_the_second_line_leads_from_the_function(self):
        (top,) = chart.of(centre(), teams={}).roots
        assert top.below[1].functions == ("inbound",)
        assert top.functions == ()

    def test_counts_each_person_once_where_his_roles_are(self):
        (top,) = chart.of(centre(), teams={"inbound": ("day",)}).roots
        assert top.below[0].people == ("anna", "bela", "cili")
        assert top.below[0].teams == ("day",)

    def test_names_what_nobody_answers_for(self):
        assert chart.of(centre(), teams={}).ownerless == (("quality", "quality.nobody_does_this"),)

    def test_a_ring_of_hosts_is_shown_once(self):
        ring = Organisation(places=(Place(key="a", host="b"), Place(key="b", host="a")))
        (top,) = chart.of(ring, teams={}).roots
        assert (top.place.key, [node.place.key for node in top.below]) == ("a", ["b"])


class TestHome:
    def test_a_role_without_department_sits_where_most_of_its_duties_are(self):
        places = {place.key: place for place in centre().places}
        assert chart.home(centre().parts[2], places) == "inbound"

    def test_a_role_of_a_merged_department_sits_where_it_was_merged_into(self):
        places = {place.key: place for place in centre().places}
        assert chart.home(centre().parts[1], places) == "inbound"

    def test_a_role_without_known_duties_sits_nowhere(self):
        assert chart.home(Part(key="guest"), {}) is None


class TestMatrix:
    def test_opens_what_the_duties_open(self):
        (line,) = matrix.lines(centre(), people=["bela"])
        assert line.permissions == department.permissions_of_duties((TAKE, LEAD, LISTEN))

    def test_says_by_which_roles_a_duty_is_held(self):
        (line,) = matrix.lines(centre(), people=["bela"])
        assert [(held.duty, held.roles) for held in line.held] == [
            (LEAD, ("leader",)),
            (TAKE, ("agent", "leader")),
            (LISTEN, ("leader",)),
        ]

    def test_shows_only_the_duties_that_are_wanted(self):
        (line,) = matrix.lines(centre(), people=["bela"], duties=frozenset({LISTEN}))
        assert [held.duty for held in line.held] == [LISTEN]

    def test_equals_what_everybody_shares(self):
        shown = {
            (line.person, held.duty, permission)
            for line in matrix.lines(centre(), people=["anna", "bela", "cili"])
            for held in line.held
            for permission in held.permissions
        }
        assert shown == set(centre().rights())
        assert shown != set()

    def test_finds_who_has_a_duty(self):
        assert matrix.holding(centre(), [LEAD]) == {"bela"}
        assert matrix.holding(centre(), ["quality.nobody_does_this"]) == set()
