"""A centre of forty agents with menu, notice, three queues and tiers, for the twin's tests."""

from callfloor.core import plan
from callfloor.twin import people

START_AT = 1_795_417_200.0  # 2026-11-23 07:00 UTC, a Monday.
SKILLS = ("billing", "sales", "tech")


def floor_plan(*, agents: int = 40) -> plan.FloorPlan:
    """Make the centre; every agent is good at one thing and knows a little of another."""
    return plan.FloorPlan(
        version="twin",
        centre="twin",
        timezone="Europe/Budapest",
        clients=(plan.ClientPlan(key="acme", languages=("en",)),),
        agents=tuple(_agent(n) for n in range(agents)),
        queues=tuple(_queue(skill) for skill in SKILLS),
        flows=(_flow(),),
        numbers=(plan.NumberPlan(number="900", client="acme", flow="main", language="en"),),
        calendars=(),
        trunks=(plan.TrunkPlan(key="trunk", calls_max=200),),
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
