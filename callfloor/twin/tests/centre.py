"""A centre of forty agents with menu, notice, three queues and tiers, for the twin's tests."""

from zoneinfo import ZoneInfo

from callfloor.core import plan
from callfloor.twin import people

START_AT = 1_795_417_200.0  # 2026-11-23 07:00 UTC, a Monday.
ZONE = ZoneInfo("Europe/Budapest")
SKILLS = ("billing", "sales", "tech")


def floor_plan(*, agents: int = 40, calls_out: bool = False) -> plan.FloorPlan:
    """Make the centre; every agent is good at one thing and knows a little of another."""
    trunks: tuple[plan.TrunkPlan, ...] = (plan.TrunkPlan(key="trunk", calls_max=200),)
    if calls_out:
        trunks = (
            plan.TrunkPlan(key="down", calls_max=2, uri="sip:down"),
            plan.TrunkPlan(key="trunk", calls_max=200, uri="sip:trunk"),
        )
    return plan.FloorPlan(
        version="twin",
        centre="twin",
        timezone="Europe/Budapest",
        clients=(
            plan.ClientPlan(
                key="acme",
                languages=("en",),
                trunks=("down", "trunk"),
                zones=("near",),
                calls_out_max=5,
                cost_day_max=1500,
            ),
        ),
        zones=(plan.ZonePlan(key="near", prefixes=("+36",), cost_minute=3),),
        agents=tuple(_agent(n) for n in range(agents)),
        queues=tuple(_queue(skill) for skill in SKILLS),
        flows=(_flow(),),
        numbers=(plan.NumberPlan(number="900", client="acme", flow="main", language="en"),),
        calendars=(),
        trunks=trunks,
    )


def _agent(n: int) -> plan.AgentPlan:
    skills = {SKILLS[n % 3]: 3, SKILLS[(n + 1 + n // 3 % 2) % 3]: 1}
    return plan.AgentPlan(key=f"a{n:02}", clients=("acme",), skills=tuple(sorted(skills.items())))


def _queue(skill: str) -> plan.QueuePlan:
    return plan.QueuePlan(
        key=skill,
        client="acme",
        channel="call",
        tiers=(
            plan.TierPlan(after_seconds=0.0, requires=((skill, 2),)),
            plan.TierPlan(after_seconds=20.0, requires=((skill, 1),)),
        ),
        welcome=("welcome",),
        wait_seconds_max=600.0,
        overflow="message",
    )


def _flow() -> plan.FlowPlan:
    steps: tuple[plan.Step, ...] = (
        plan.Notice(key="notice", prompt="notice", next="menu", refuse_key="9"),
        plan.Menu(
            key="menu",
            prompt="menu",
            choices=tuple(
                plan.Choice(digit=str(n), name=skill, next=skill) for n, skill in enumerate(SKILLS)
            ),
            otherwise="billing",
        ),
        *(
            plan.Enqueue(
                key=skill,
                queue=skill,
                leave=(plan.Choice(digit="1", name="callback", next="callback"),),
            )
            for skill in SKILLS
        ),
        plan.TakeMessage(key="message", prompt="speak"),
        plan.AskCallback(key="callback", prompt="noted", queue="billing"),
    )
    return plan.FlowPlan(key="main", version=1, first="notice", steps=steps)


BESIDE = {
    "consult_share": 0.3,
    "calls_out_per_hour": 2.0,
    "out_zone": "near",
    "watch_per_hour": 1.0,
}
"""What agents do beside taking calls."""


def demand(*, per_hour: float = 60.0, **changes: object) -> people.Demand:
    """Make impatient callers and agents who miss, decline and crash."""
    number = people.NumberDemand(
        number="900",
        per_hour=(per_hour,),
        patience_seconds=90.0,
        handling_seconds=300.0,
        leave_share=0.05,
        trunk="trunk",
    )
    values: dict[str, object] = {
        "numbers": (number,),
        "miss_share": 0.1,
        "decline_share": 0.05,
        "crash_per_hour": 0.5,
        "wrong_share": 0.1,
    }
    return people.Demand(**(values | changes))  # type: ignore[arg-type]
