"""A blueprint becomes the exchange's plan, the same one every time."""

import dataclasses
from pathlib import Path

import pytest

from callfloor.blueprint import schema
from callfloor.blueprint.check import check
from callfloor.blueprint.compile import compile_plan, version_of
from callfloor.blueprint.tests.samples import GOOD, broken
from callfloor.core import codec, plan

pytestmark = pytest.mark.pure

BLUEPRINTS = Path(__file__).parents[3] / "blueprints"


def blueprint_of(text: str) -> schema.Blueprint:
    checked = check(text, file="test.yaml")
    assert checked.blueprint is not None, [str(each) for each in checked.findings]
    return checked.blueprint


def test_whole_plan_survives_writing_and_reading():
    """The plan can be written into the journal and read again, equal."""
    compiled = compile_plan(blueprint_of(GOOD), years=[2026])
    assert codec.loads(codec.dumps(compiled)) == compiled


def test_queue_and_flow_are_taken_over():
    """What the file says stands in the plan, defaults included."""
    compiled = compile_plan(blueprint_of(GOOD), years=[2026])
    (queue,) = compiled.queues
    assert queue.tiers == (
        plan.TierPlan(after_seconds=0.0, requires=(("help", 2),)),
        plan.TierPlan(after_seconds=20.0, requires=(("help", 1),)),
    )
    assert (queue.wait_seconds_max, queue.overflow, queue.goal_seconds) == (300.0, "sorry", 20.0)
    (flow,) = compiled.flows
    assert [step.key for step in flow.steps] == ["hello", "hours", "ask", "wait", "sorry"]
    assert flow.steps[2] == plan.Menu(
        key="ask",
        prompt="choose",
        choices=(
            plan.Choice(digit="1", name="care", next="wait"),
            plan.Choice(digit="2", name="again", next="ask"),
        ),
        otherwise="wait",
    )
    assert flow.steps[4] == plan.TakeMessage(key="sorry", prompt="sorry", queue="care")


def test_only_agents_take_work():
    """A leader without the role agent is nobody to the exchange."""
    compiled = compile_plan(blueprint_of(GOOD), years=[2026])
    assert [agent.key for agent in compiled.agents] == ["ann"]
    assert compiled.agents[0].skills == (("help", 3),)


def test_holidays_are_closed_days_and_exceptions_win():
    """Public holidays of the wanted years are put in; a day that the file names is as it says."""
    (calendar,) = compile_plan(blueprint_of(GOOD), years=[2026]).calendars
    days = dict(calendar.exceptions)
    assert days["2026-10-23"] == ()  # The day of the revolution of 1956.
    assert days["2026-12-24"] == ((480, 660),)
    assert not any(day.startswith("2027") for day in days)
    assert calendar.weekly[:2] == ((0, 480, 750), (0, 780, 1020))
    assert calendar.timezone == "Europe/Budapest"


def test_order_of_the_file_does_not_change_the_version():
    """Two files that say the same have the same version; one more second of wrap-up has not."""
    one = compile_plan(blueprint_of(GOOD), years=[2026, 2027])
    swapped = broken("clients: [north, south]", "clients: [south, north]")
    assert compile_plan(blueprint_of(swapped), years=[2027, 2026]).version == one.version
    changed = broken("wait_seconds_max: 300", "wait_seconds_max: 301")
    assert compile_plan(blueprint_of(changed), years=[2026, 2027]).version != one.version


def test_version_is_of_all_the_rest():
    """The version does not depend on the version that stands there."""
    compiled = compile_plan(blueprint_of(GOOD), years=[2026])
    assert version_of(dataclasses.replace(compiled, version="anything")) == compiled.version
    assert len(compiled.version) == 12


@pytest.mark.parametrize("path", sorted(BLUEPRINTS.glob("*.yaml")), ids=lambda path: path.name)
def test_shipped_blueprint_is_accepted(path: Path):
    """Every centre that comes with Callfloor is free of findings and compiles."""
    blueprint = blueprint_of(path.read_text(encoding="utf-8"))
    assert compile_plan(blueprint, years=[2026]).queues


def test_demo_is_as_promised():
    """Two clients, three queues, eight agents, one of them shared, and number 900 always open."""
    text = (BLUEPRINTS / "demo.yaml").read_text(encoding="utf-8")
    blueprint = blueprint_of(text)
    compiled = compile_plan(blueprint, years=[2026])
    assert [client.key for client in compiled.clients] == ["aster", "halden"]
    assert len(compiled.queues) == 3
    assert len(compiled.agents) == 8
    assert blueprint.demo is not None
    free = {key for key, person in blueprint.demo.people.items() if person.password}
    assert free == {"agent", "agent2", "leader", "manager"}
    simulated = [agent for agent in compiled.agents if agent.key not in free]
    assert [agent.key for agent in simulated if len(agent.clients) == 2] == ["tamsin"]
    number = next(each for each in compiled.numbers if each.number == "900")
    assert (number.client, number.language) == ("halden", "en")
    assert {each.number: each.language for each in compiled.numbers}["901"] == "hu"
