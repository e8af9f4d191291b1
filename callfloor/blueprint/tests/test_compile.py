"""A blueprint becomes the exchange's plan, the same one every time."""

import dataclasses
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from callfloor.blueprint import money, preset, schema
from callfloor.blueprint.check import check
from callfloor.blueprint.compile import compile_plan, version_of
from callfloor.blueprint.tests.samples import GOOD, broken
from callfloor.core import codec, plan

pytestmark = pytest.mark.pure

BLUEPRINTS = Path(__file__).parents[3] / "blueprints"


def blueprint_of(text: str) -> schema.Blueprint:
    checked = check(text, file="test.yaml", near=preset.PRESETS)
    assert checked.blueprint is not None, [str(each) for each in checked.findings]
    return checked.blueprint


def test_branch_by_language_is_taken_over():
    """Each language with its step, in the order of the file, and the way of every other."""
    text = GOOD.replace("prompt: hello, next: hours", "prompt: hello, next: sort").replace(
        "      hours: {do",
        "      sort: {do: language, ways: {hu: hours, en: wait}, otherwise: sorry}\n"
        "      hours: {do",
    )
    compiled = compile_plan(blueprint_of(text), years=[2026])
    assert compiled.flows[0].steps[1] == plan.ByLanguage(
        key="sort", ways=(("hu", "hours"), ("en", "wait")), otherwise="sorry"
    )
    assert codec.loads(codec.dumps(compiled)) == compiled


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
            plan.Choice(digit="9", name="leave", next="sorry"),
        ),
        otherwise="wait",
    )
    assert flow.steps[4] == plan.TakeMessage(key="sorry", prompt="sorry", queue="care")


def test_leader_has_a_seat_and_nobody_else():
    """A leader has a seat to hear calls from, but no skill by which work would come to him."""
    compiled = compile_plan(blueprint_of(GOOD), years=[2026])
    assert [agent.key for agent in compiled.agents] == ["ann", "bob"]
    assert compiled.agents[0].skills == (("help", 3),)
    assert compiled.agents[1].skills == ()
    managed = broken("roles: [team_leader]", "roles: [manager]")
    compiled = compile_plan(blueprint_of(managed), years=[2026])
    assert [agent.key for agent in compiled.agents] == ["ann"]


def test_calls_out_are_taken_over():
    """Zones, caller id, caps, trunks and telephones stand in the plan; money in minor units."""
    compiled = compile_plan(blueprint_of(GOOD), years=[2026])
    north = compiled.clients[0]
    assert (north.caller_id, north.trunks, north.zones) == ("+36123456789", ("out",), ("home",))
    assert (north.cost_day_max, compiled.clients[1].cost_day_max) == (5000, None)
    assert compiled.zones == (plan.ZonePlan(key="home", prefixes=("+36",), cost_minute=5),)
    assert (compiled.agents[0].phones, compiled.agents[0].extension) == (
        ("ann-desk", "ann-hall"),
        "21",
    )
    assert compiled.queues[0].extension == "31"
    assert compiled.trunks[0].addresses == (plan.PROBE_ADDRESS,)
    out = compiled.trunks[2]
    assert (out.key, out.user, out.registers) == ("out", "north", True)
    assert out.uri == "sip:sip.provider.example;transport=tcp"


@pytest.mark.parametrize(
    ("text", "digits", "minor"),
    [("12", 2, 1200), ("0.5", 2, 50), ("0.050", 2, 5), ("0.005", 2, None), ("7", 0, 7)],
)
def test_money_is_never_rounded(text: str, digits: int, minor: int | None):
    """An amount becomes minor units exactly, or is refused."""
    assert money.minor(text, digits=digits) == minor


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


PROVEN = GOOD.replace("    overflow: sorry\n", "    overflow: sorry\n    proven: [help]\n").replace(
    "    skills: {help: 3}\n",
    "    skills: {help: 3}\n"
    '    proofs: {help: {kind: test, by: bob, on: "2026-03-01", until: "2026-03-29"}}\n',
)


def test_proof_holds_from_midnight_to_the_midnight_after_its_last_day():
    """By the centre's own clock, which goes forward in that night: the day has 23 hours."""
    compiled = compile_plan(blueprint_of(PROVEN), years=[2026])
    assert compiled.queues[0].proven == ("help",)
    (ann, _) = compiled.agents
    begin = datetime(2026, 3, 1, tzinfo=ZoneInfo("Europe/Budapest")).timestamp()
    assert ann.proofs == (
        plan.ProofPlan(skill="help", from_at=begin, until_at=begin + 29 * 86_400 - 3600),
    )
    assert codec.loads(codec.dumps(compiled)) == compiled


@pytest.mark.parametrize("until", ["", ', until: "9999-12-31"'])
def test_proof_without_end_holds_for_good(until: str):
    text = PROVEN.replace(', until: "2026-03-29"', until)
    assert compile_plan(blueprint_of(text), years=[2026]).agents[0].proofs[0].until_at is None


def test_plan_keeps_silent_of_proofs_that_no_queue_asks_for():
    """A new proof of another skill sends no new plan to the floor."""
    text = PROVEN.replace("    proven: [help]\n", "")
    assert compile_plan(blueprint_of(text), years=[2026]).agents[0].proofs == ()


def test_version_is_of_all_the_rest():
    """The version does not depend on the version that stands there."""
    compiled = compile_plan(blueprint_of(GOOD), years=[2026])
    assert version_of(dataclasses.replace(compiled, version="anything")) == compiled.version
    assert len(compiled.version) == 12


@pytest.mark.parametrize("key", [key for key in preset.keys() if key != "everything"])  # noqa: SIM118
def test_shipped_blueprint_is_accepted(key: str):
    """Every centre that comes with Callfloor compiles; the large one in tests/twin, with a day."""
    blueprint = blueprint_of((BLUEPRINTS / f"{key}.yaml").read_text(encoding="utf-8"))
    assert compile_plan(blueprint, years=[2026]).queues


def test_demo_is_as_promised():
    """Two clients, three queues, eight who take calls, one of them shared; 900 is always open."""
    text = (BLUEPRINTS / "demo.yaml").read_text(encoding="utf-8")
    blueprint = blueprint_of(text)
    compiled = compile_plan(blueprint, years=[2026])
    assert [client.key for client in compiled.clients] == ["aster", "halden"]
    assert len(compiled.queues) == 6
    assert [len(agent.skills) > 0 for agent in compiled.agents].count(True) == 8
    assert blueprint.demo is not None
    free = {key for key, person in blueprint.demo.people.items() if person.password}
    assert free == {"agent", "agent2", "leader", "manager"}
    simulated = [agent for agent in compiled.agents if agent.key not in free]
    assert [agent.key for agent in simulated if len(agent.clients) == 2] == ["tamsin"]
    number = next(each for each in compiled.numbers if each.number == "900")
    assert (number.client, number.language) == ("halden", "en")
    assert {each.number: each.language for each in compiled.numbers}["901"] == "hu"
