"""A file says who answers for what; what it does not say is as usual."""

import pytest

from callfloor.blueprint import organisation, read
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.tests.samples import GOOD
from callfloor.blueprint.tests.test_canonical import blueprint_of
from callfloor.kernel import department
from callfloor.kernel.organisation import moved

pytestmark = pytest.mark.pure

MERGED = """\
departments:
  management: {}
  inbound: {merges: [quality], head: ann}
"""
APART = """\
departments:
  management: {}
  inbound: {}
  quality: {host: inbound}
"""
OWN_ROLE = """\
roles:
  helper:
    name: Helper
    based_on: agent
    duties: [quality.listen_to_contacts]
"""
LOSING = """\
roles:
  team_leader: {without: [inbound.take_calls, inbound.hear_into_calls]}
"""


def with_parts(*parts: str) -> Blueprint:
    return blueprint_of(GOOD + "".join(parts))


def test_standard_roles_hold_without_a_word():
    """A file without roles and departments has the standard ones, with what they open."""
    found = organisation.of(blueprint_of(GOOD))
    agent = next(part for part in found.parts if part.key == "agent")
    standard = department.role("agent")
    assert standard is not None
    assert set(agent.duties) == set(standard.duties)
    opened = {permission for who, _, permission in found.rights() if who == "ann"}
    assert opened == department.permissions_of(("agent",))
    assert found.holders == {"ann": ("agent",), "bob": ("team_leader",)}


def test_without_a_section_places_are_those_where_somebody_works():
    """No department stands on the chart in which nobody does anything."""
    found = organisation.of(blueprint_of(GOOD))
    answered = {duty for place in found.places for duty in place.duties}
    assert answered == {*found.duties_of("ann"), *found.duties_of("bob")}
    places = [place.key for place in found.places]
    assert places == sorted({duty.partition(".")[0] for duty in answered})
    assert "inbound" in places
    assert "it_support" not in places


def test_merging_moves_the_duties():
    """A merged department's duties are answered for where it was merged; no right moves by it."""
    apart, merged = (
        organisation.of(Blueprint.model_validate(_values(text))) for text in (APART, MERGED)
    )
    inbound = next(place for place in merged.places if place.key == "inbound")
    assert "quality.listen_to_contacts" in inbound.duties
    assert [place.key for place in merged.places] == ["inbound", "management"]
    assert [place.key for place in apart.places] == ["inbound", "management", "quality"]
    assert moved(apart, merged) == ([], [])


def test_role_of_its_own_brings_its_rights():
    """A role is what it is based on and what it adds, and belongs where most of it is."""
    text = (GOOD + OWN_ROLE).replace("roles: [agent]", "roles: [helper]")
    before, after = organisation.of(blueprint_of(GOOD)), organisation.of(blueprint_of(text))
    gone, come = moved(before, after)
    assert gone == []
    assert {duty for _, duty, _ in come} == {"quality.listen_to_contacts"}
    helper = next(part for part in after.parts if part.key == "helper")
    assert (helper.names, helper.department) == ({"en": "Helper"}, "inbound")


def test_seat_goes_with_the_duty():
    """Whoever neither takes calls nor hears into them has no seat, whatever his role is called."""
    assert organisation.seated(blueprint_of(GOOD)) == {"ann", "bob"}
    assert organisation.seated(with_parts(LOSING)) == {"ann"}


def _values(text: str) -> object:
    return read.read(GOOD + text, file="x.yaml").values
