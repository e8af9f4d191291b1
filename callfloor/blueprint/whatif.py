"""
Changes that managers ask about, as functions from a blueprint to a blueprint: for the twin.

What comes out is tried, never applied: it is not checked again, and it may lack what a real change
would need (a leader for the team of somebody who is ill). Refuses to change what it was given.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from callfloor.blueprint.organisation import takers
from callfloor.blueprint.schema import Blueprint, Enqueue, Person, Proof, Queue, Tier
from callfloor.blueprint.schema import demand as demands

LEVEL_MAX = 5
KEY_MAX = 40


class Impossible(Exception):
    """A change names what the file does not have, or cannot be made."""


# --- somebody is not there ------------------------------------------------------------------------


def sick(blueprint: Blueprint, *, people: Sequence[str]) -> Blueprint:
    """
    Return the centre without some of its people.

    Raises Impossible if one of them is not in it, or nobody would be left.
    """
    _all_known(people, blueprint.people, "person")
    left = {key: person for key, person in blueprint.people.items() if key not in set(people)}
    if not left:
        raise Impossible("Nobody would be left.")
    return blueprint.model_copy(
        update={"people": left, "demand": _without(blueprint.demand, set(people))}
    )


def _without(demand: demands.Demand | None, people: set[str]) -> demands.Demand | None:
    if demand is None:
        return None
    shifts = [
        shift.model_copy(update={"people": [key for key in shift.people if key not in people]})
        for shift in demand.shifts
    ]
    return demand.model_copy(update={"shifts": shifts})


# --- two queues become one ------------------------------------------------------------------------


def merge_queues(blueprint: Blueprint, *, into: str, of: str) -> Blueprint:
    """
    Return the centre with the queue `of` poured into the queue `into`, and their people with them.

    Whoever was given work of either is given all of it, after as long a wait as he was by the one
    that opened to him sooner. The work of each keeps the time that it takes. Raises Impossible if
    a queue is not there, or their clients or channels differ.
    """
    _all_known((into, of), blueprint.queues, "queue")
    first, second = blueprint.queues[into], blueprint.queues[of]
    if into == of or first.client != second.client or first.channel != second.channel:
        raise Impossible(f"{into} and {of} are not two queues of one client and channel.")
    skill = _new_key(f"{into}_{of}", blueprint.skills)
    opens = sorted({tier.after_seconds for tier in (*first.tiers, *second.tiers)})[:LEVEL_MAX]
    merged = first.model_copy(
        update={
            "tiers": [
                Tier(after_seconds=seconds, requires={skill: LEVEL_MAX - place})
                for place, seconds in enumerate(opens)
            ],
            # What either asks to be proven is asked of all: their work is one now.
            "proven": sorted({*first.proven, *second.proven}),
            "dispositions": list(dict.fromkeys([*first.dispositions, *second.dispositions])),
        }
    )
    people = {
        key: _skilled(person, skill, (first, second), opens)
        for key, person in blueprint.people.items()
    }
    queues = {key: queue for key, queue in blueprint.queues.items() if key != of}
    return blueprint.model_copy(
        update={
            "queues": queues | {into: merged},
            "skills": blueprint.skills | {skill: _named(skill)},
            "people": people,
            "flows": _poured(blueprint, into=into, of=of),
            "demand": _kept_apart(blueprint, (into, of)),
        }
    )


def _skilled(person: Person, skill: str, queues: tuple[Queue, Queue], opens: list[float]) -> Person:
    found = [tier.after_seconds for queue in queues for tier in queue.tiers if _may(person, tier)]
    if not found or queues[0].client not in person.clients:
        return person
    place = max(place for place, seconds in enumerate(opens) if seconds <= min(found))
    return person.model_copy(update={"skills": person.skills | {skill: LEVEL_MAX - place}})


def _may(person: Person, tier: Tier) -> bool:
    return all(person.skills.get(skill, 0) >= level for skill, level in tier.requires.items())


def _poured(blueprint: Blueprint, *, into: str, of: str) -> dict[str, Any]:
    """Let every step that named the one queue name the other."""
    flows = {}
    for key, flow in blueprint.flows.items():
        steps = {
            name: step.model_copy(update={"queue": into})
            if getattr(step, "queue", None) == of
            else step
            for name, step in flow.steps.items()
        }
        flows[key] = flow.model_copy(update={"steps": steps})
    return flows


def _kept_apart(blueprint: Blueprint, queues: tuple[str, str]) -> demands.Demand | None:
    """Tell the work of both queues by the steps that lead there."""
    demand = blueprint.demand
    if demand is None:
        return None
    steps = dict(demand.steps)
    for flow_key, flow in blueprint.flows.items():
        for name, step in flow.steps.items():
            if isinstance(step, Enqueue) and step.queue in queues:
                work = demand.queues.get(step.queue) or demands.QueueDemand()
                skills = work.skills or sorted(blueprint.queues[step.queue].tiers[0].requires)
                told = work.model_copy(update={"skills": skills})
                steps.setdefault(f"{flow_key}.{name}", told)
    left = {key: work for key, work in demand.queues.items() if key != queues[1]}
    return demand.model_copy(update={"steps": steps, "queues": left})


def _named(key: str) -> Any:
    from callfloor.blueprint.schema.parts import Named

    return Named(name=key)


def _new_key(key: str, taken: Iterable[str]) -> str:
    key = key[:KEY_MAX]
    while key in taken:
        key = f"{key[: KEY_MAX - 2]}_{len(key) % 10}"
    return key


# --- people who can do the work of two queues ---------------------------------------------------


def cross_train(blueprint: Blueprint, *, queues: tuple[str, str], share: float) -> Blueprint:
    """
    Return the centre where a share (0 to 1) of those who can do one of two queues can do both.

    Who is trained is drawn by key, the same people first at every share, of both sides alike; they
    have what the first tier of the other queue asks. Raises Impossible if a queue is not there, or
    their clients or channels differ.
    """
    sides = specialists(blueprint, queues=queues)
    people = dict(blueprint.people)
    for side, other in ((sides[0], queues[1]), (sides[1], queues[0])):
        needs = blueprint.queues[other].tiers[0].requires
        for key in side[: round(share * len(side))]:
            old = people[key].skills
            new = {skill: max(level, old.get(skill, 0)) for skill, level in needs.items()}
            proofs = _lent(blueprint, blueprint.queues[other]) | people[key].proofs
            people[key] = people[key].model_copy(update={"skills": old | new, "proofs": proofs})
    return blueprint.model_copy(update={"people": people})


def _lent(blueprint: Blueprint, queue: Queue) -> dict[str, Proof]:
    """Give proofs as good as those of somebody who serves the queue: the trained have them too."""
    found = next((each for each in blueprint.people.values() if _serves(each, queue)), None)
    return {skill: found.proofs[skill] for skill in queue.proven} if found else {}


def fewer(blueprint: Blueprint, *, queues: tuple[str, str], count: int) -> Blueprint:
    """
    Return the centre without some of those who can do only one of two queues.

    They go from the longer side first. Raises Impossible as `cross_train` does, and if a side
    would be left without anybody.
    """
    sides = [list(side) for side in specialists(blueprint, queues=queues)]
    gone = []
    for _ in range(count):
        longer = max(sides, key=len)
        if len(longer) < 2:
            raise Impossible(f"There are not so many that {count} could go.")
        gone.append(longer.pop())
    return sick(blueprint, people=gone) if gone else blueprint


def specialists(
    blueprint: Blueprint, *, queues: tuple[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """
    Give those who can do the first of two queues and not the second, and the other way round.

    Their order is drawn by their keys. Raises Impossible as `cross_train` does.
    """
    _all_known(queues, blueprint.queues, "queue")
    first, second = (blueprint.queues[key] for key in queues)
    if first is second or first.client != second.client or first.channel != second.channel:
        raise Impossible(f"{queues[0]} and {queues[1]} are not two queues of one client.")
    does = [
        {key for key in takers(blueprint) if _serves(blueprint.people[key], queue)}
        for queue in (first, second)
    ]  # fmt: skip
    left, right = does[0] - does[1], does[1] - does[0]
    if not left or not right:
        raise Impossible("Nobody does only one of them, so there is nobody to train.")
    return tuple(sorted(left, key=_drawn)), tuple(sorted(right, key=_drawn))


def pool(blueprint: Blueprint, *, queues: tuple[str, str]) -> tuple[str, ...]:
    """Give everybody who can do one of two queues."""
    return tuple(
        key
        for key in sorted(takers(blueprint))
        if any(_serves(blueprint.people[key], blueprint.queues[queue]) for queue in queues)
    )


def _serves(person: Person, queue: Queue) -> bool:
    able = queue.client in person.clients and any(_may(person, tier) for tier in queue.tiers)
    return able and person.proofs.keys() >= set(queue.proven)


def _drawn(key: str) -> bytes:
    """Put people in an order that says nothing of their shifts or teams, and is always the same."""
    return hashlib.sha256(key.encode()).digest()


# --- more people after a while --------------------------------------------------------------------


def add_tier(
    blueprint: Blueprint,
    *,
    queue: str,
    after_seconds: float = 30.0,
    requires: dict[str, int] | None = None,
) -> Blueprint:
    """
    Return the centre with a tier more in a queue.

    Without `requires` it is for everybody who has all skills of the last tier but its lowest level,
    and of the languages any. Raises Impossible if the queue or a skill is not there, or it has a
    tier that opens at this moment.
    """
    _all_known((queue,), blueprint.queues, "queue")
    old = blueprint.queues[queue]
    wanted = dict.fromkeys(old.tiers[-1].requires, 1) if requires is None else requires
    _all_known(wanted, blueprint.skills, "skill")
    if any(tier.after_seconds == after_seconds for tier in old.tiers):
        raise Impossible(f"{queue} has a tier that opens after {after_seconds:g} s already.")
    tiers = [*old.tiers, Tier(after_seconds=after_seconds, requires=wanted)]
    tiers.sort(key=lambda tier: tier.after_seconds)
    changed = old.model_copy(update={"tiers": tiers})
    return blueprint.model_copy(update={"queues": blueprint.queues | {queue: changed}})


# --- another way of work, more of it --------------------------------------------------------------


def change_queue(
    blueprint: Blueprint,
    *,
    queue: str,
    goal_seconds: float | None = None,
    goal_share: float | None = None,
    ring_seconds: float | None = None,
    wrap_up_seconds: float | None = None,
) -> Blueprint:
    """
    Return the centre with another goal, ringing time or wrap-up of a queue; None stays as it is.

    Shorter wrap-up is time that agents may take; they work as fast as before. Raises Impossible if
    the queue is not there.
    """
    _all_known((queue,), blueprint.queues, "queue")
    old = blueprint.queues[queue]
    goal = {"seconds": goal_seconds, "share": goal_share}
    rest = {"ring_seconds": ring_seconds, "wrap_up_seconds": wrap_up_seconds}
    changes: dict[str, Any] = {key: value for key, value in rest.items() if value is not None}
    changes["goal"] = old.goal.model_copy(
        update={key: value for key, value in goal.items() if value is not None}
    )
    changed = old.model_copy(update=changes)
    return blueprint.model_copy(update={"queues": blueprint.queues | {queue: changed}})


def more_calls(blueprint: Blueprint, *, factor: float) -> Blueprint:
    """Return the centre with so many times the contacts of every number."""
    demand = blueprint.demand
    if demand is None:
        return blueprint
    numbers = {
        key: number.model_copy(update={"contacts_day": number.contacts_day * factor})
        for key, number in demand.numbers.items()
    }
    return blueprint.model_copy(update={"demand": demand.model_copy(update={"numbers": numbers})})


def tier_of(text: str) -> dict[str, Any]:
    """
    Read a tier as `QUEUE:SECONDS[:SKILL=LEVEL,…]` into the arguments of `add_tier`.

    Raises Impossible if it is not written so.
    """
    queue, _, rest = text.partition(":")
    seconds, _, skills = rest.partition(":")
    try:
        found: dict[str, Any] = {"queue": queue, "after_seconds": float(seconds)}
        if skills:
            pairs = [each.partition("=") for each in skills.split(",")]
            found["requires"] = {skill: int(level) for skill, _, level in pairs}
    except ValueError as error:
        raise Impossible(f"{text} is no QUEUE:SECONDS[:SKILL=LEVEL,…].") from error
    return found


def _all_known(wanted: Iterable[str], known: Iterable[str], what: str) -> None:
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise Impossible(f"The file has no {what} {', '.join(unknown)}.")
