"""
From a checked blueprint to the exchange's frozen FloorPlan.

The same blueprint gives the same plan with the same version, on every machine. Refuses: a
blueprint that was not checked (it asserts), and to look at today's date: the years whose holidays
are put in come from outside.
"""

import dataclasses
import hashlib
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from callfloor.blueprint import hours, money, organisation, schema
from callfloor.blueprint.schema import Blueprint
from callfloor.core import codec, plan

_PROBE = (
    plan.TrunkPlan(key=plan.PROBE_TRUNK, addresses=(plan.PROBE_ADDRESS,), calls_max=2),
)  # A test call that hangs, and the next one.
DAY = timedelta(days=1)
VERSION_LENGTH = 12  # 48 bits: a centre changes its plan some thousand times, never a million.


def compile_plan(blueprint: Blueprint, *, years: Iterable[int]) -> plan.FloorPlan:
    """Make the floor plan; `years` are those whose public holidays are put in."""
    wanted = sorted(years)
    digits = money.digits(blueprint.centre.currency)
    assert digits is not None, "the checks refuse a currency that is not known"
    # A leader hears into calls from a seat; without skills he is never given one.
    seated = organisation.seated(blueprint)
    asked = {skill for queue in blueprint.queues.values() for skill in queue.proven}
    zone = ZoneInfo(blueprint.centre.timezone)
    floor_plan = plan.FloorPlan(
        version="",
        centre=blueprint.centre.key,
        timezone=blueprint.centre.timezone,
        clients=tuple(
            _client(key, client, digits=digits) for key, client in sorted(blueprint.clients.items())
        ),
        agents=tuple(
            _agent(key, person, proofs=tuple(_proofs(person, asked=asked, zone=zone)))
            for key, person in sorted(blueprint.people.items())
            if key in seated
        ),
        queues=tuple(_queue(key, queue) for key, queue in sorted(blueprint.queues.items())),
        flows=tuple(_flow(key, flow) for key, flow in sorted(blueprint.flows.items())),
        numbers=tuple(
            _number(number, entry) for number, entry in sorted(blueprint.numbers.items())
        ),
        calendars=tuple(
            calendar(blueprint, key, years=wanted) for key in sorted(blueprint.calendars)
        ),
        trunks=(
            *(_PROBE if blueprint.probe else ()),
            *(_trunk(key, trunk) for key, trunk in sorted(blueprint.trunks.items())),
        ),
        away_reasons=tuple(
            plan.AwayReason(key=key, paid=reason.paid)
            for key, reason in sorted(blueprint.away_reasons.items())
        ),
        missed_away_after=blueprint.missed_away_after,
        lost_agent_seconds=blueprint.lost_agent_seconds,
        zones=tuple(_zone(key, zone, digits) for key, zone in sorted(blueprint.zones.items())),
        emergency=tuple(blueprint.emergency),
        ring_out_seconds=blueprint.ring_out_seconds,
        recording_pause_seconds=blueprint.recording_pause_seconds,
        supervision_tone=blueprint.supervision_tone,
        emergencies=tuple(
            _emergency(key, each) for key, each in sorted(blueprint.emergencies.items())
        ),
    )
    return dataclasses.replace(floor_plan, version=version_of(floor_plan))


def version_of(floor_plan: plan.FloorPlan) -> str:
    """Return the short hash of all that the plan says, whatever version it carries."""
    text = codec.dumps(dataclasses.replace(floor_plan, version=""))
    return hashlib.sha256(text.encode()).hexdigest()[:VERSION_LENGTH]


def _client(key: str, client: schema.Client, *, digits: int) -> plan.ClientPlan:
    limit = client.cost_day_max
    return plan.ClientPlan(
        key=key,
        languages=tuple(client.languages),
        caller_id=client.caller_id,
        trunks=tuple(client.trunks),
        zones=tuple(sorted(client.zones)),
        calls_out_max=client.calls_out_max,
        minutes_hour_max=client.minutes_hour_max,
        record_calls_out=client.record_calls_out,
        cost_day_max=None if limit is None else money.minor(limit, digits=digits),
    )


def _emergency(key: str, emergency: schema.Emergency) -> plan.EmergencyPlan:
    return plan.EmergencyPlan(
        key=key,
        prompt=emergency.prompt,
        clients=tuple(sorted(emergency.clients)),
        ends=emergency.ends,
        hours_max=emergency.hours_max,
    )


def _zone(key: str, zone: schema.Zone, digits: int) -> plan.ZonePlan:
    cost = money.minor(zone.cost_minute, digits=digits)
    assert cost is not None, "the checks refuse an amount finer than its currency"
    return plan.ZonePlan(key=key, prefixes=tuple(sorted(zone.prefixes)), cost_minute=cost)


def _proofs(
    person: schema.Person, *, asked: Collection[str], zone: ZoneInfo
) -> Iterator[plan.ProofPlan]:
    """Give the proofs that a queue asks for; they hold from a midnight of the centre to another."""
    for skill, proof in sorted(person.proofs.items()):
        if skill in asked:
            last = date.fromisoformat(proof.until) if proof.until is not None else None
            until = None if last in (None, date.max) else _midnight(last + DAY, zone)
            begin = _midnight(date.fromisoformat(proof.on), zone)
            yield plan.ProofPlan(skill=skill, from_at=begin, until_at=until)


def _midnight(day: date, zone: ZoneInfo) -> float:
    return datetime.combine(day, time(), zone).timestamp()


def _agent(
    key: str, person: schema.Person, *, proofs: tuple[plan.ProofPlan, ...]
) -> plan.AgentPlan:
    return plan.AgentPlan(
        key=key,
        clients=tuple(sorted(person.clients)),
        skills=tuple(sorted(person.skills.items())),
        proofs=proofs,
        capacity=tuple(sorted((str(name), many) for name, many in person.capacity.items())),
        beside_call=person.beside_call,
        team=person.team,
        phones=tuple(person.phones),
        extension=person.extension,
        calls_out=person.calls_out,
    )


def _queue(key: str, queue: schema.Queue) -> plan.QueuePlan:
    return plan.QueuePlan(
        key=key,
        client=queue.client,
        channel=queue.channel,
        tiers=tuple(
            plan.TierPlan(
                after_seconds=tier.after_seconds, requires=tuple(sorted(tier.requires.items()))
            )
            for tier in queue.tiers
        ),
        proven=tuple(sorted(queue.proven)),
        choose=queue.choose,
        priority_seconds=queue.priority_seconds,
        lead_seconds=queue.lead_seconds,
        gone_seconds=queue.gone_seconds,
        ring_seconds=queue.ring_seconds,
        wrap_up_seconds=queue.wrap_up_seconds,
        wrap_up_extra_seconds=queue.wrap_up_extra_seconds,
        goal_seconds=queue.goal.seconds,
        goal_share=queue.goal.share,
        short_abandon_seconds=queue.short_abandon_seconds,
        length_max=queue.length_max,
        wait_seconds_max=queue.wait_seconds_max,
        overflow=queue.overflow,
        welcome=tuple(queue.welcome),
        music=queue.music,
        position_every_seconds=queue.position_every_seconds,
        preferred_seconds=queue.preferred_seconds,
        extension=queue.extension,
        callback_tries=queue.callback_tries,
        callback_pause_seconds=queue.callback_pause_seconds,
        hours=queue.hours,
        appointments_max=queue.appointments.at_once if queue.appointments else 0,
        appointment_seconds=queue.appointments.minutes * 60.0 if queue.appointments else 1800.0,
        hold_remind_seconds=queue.hold_remind_seconds,
        hold_alarm_seconds=queue.hold_alarm_seconds,
    )


def _flow(key: str, flow: schema.Flow) -> plan.FlowPlan:
    steps = tuple(_step(name, step) for name, step in flow.steps.items())
    return plan.FlowPlan(key=key, version=flow.version, first=flow.first, steps=steps)


def _step(key: str, step: schema.Step) -> plan.Step:
    match step:
        case schema.Say():
            return plan.Say(key=key, prompt=step.prompt, next=_sure(step.next))
        case schema.Notice():
            return plan.Notice(
                key=key, prompt=step.prompt, next=_sure(step.next), refuse_key=step.refuse_key
            )
        case schema.Hours():
            return plan.Hours(
                key=key, calendar=step.calendar, open=_sure(step.open), closed=_sure(step.closed)
            )
        case schema.Speak():
            return plan.Speak(key=key, language=step.language, next=_sure(step.next))
        case schema.ByLanguage():
            ways = tuple(step.ways.items())
            return plan.ByLanguage(key=key, ways=ways, otherwise=_sure(step.otherwise))
        case schema.Menu() | schema.Ask():
            return _question(key, step)
        case _:
            return _last(key, step)


def _question(key: str, step: schema.Menu | schema.Ask) -> plan.Step:
    if isinstance(step, schema.Menu):
        return plan.Menu(
            key=key,
            prompt=step.prompt,
            choices=_choices(step.choices),
            otherwise=_sure(step.otherwise),
            wait_seconds=step.wait_seconds,
            tries=step.tries,
        )
    return plan.Ask(
        key=key,
        prompt=step.prompt,
        label=step.label,
        next=_sure(step.next),
        digits_max=step.digits_max,
        wait_seconds=step.wait_seconds,
    )


def _last(key: str, step: schema.Step) -> plan.Step:
    match step:
        case schema.Enqueue():
            return plan.Enqueue(key=key, queue=step.queue, leave=_choices(step.leave))
        case schema.Message():
            return plan.TakeMessage(
                key=key, prompt=step.prompt, queue=step.queue, seconds_max=step.seconds_max
            )
        case schema.Callback():
            return plan.AskCallback(key=key, prompt=step.prompt, queue=step.queue)
        case schema.End():
            return plan.End(key=key, outcome=step.outcome, prompt=step.prompt)
    raise AssertionError(f"{step.do} is compiled nowhere")


def _choices(choices: list[schema.Choice]) -> tuple[plan.Choice, ...]:
    return tuple(plan.Choice(digit=each.key, name=each.name, next=each.next) for each in choices)


def _sure(name: str | None) -> str:
    assert name is not None, "the checks refuse a step without an exit"
    return name


def _number(number: str, entry: schema.Number) -> plan.NumberPlan:
    return plan.NumberPlan(
        number=number, client=entry.client, flow=entry.flow, language=entry.language
    )


def calendar(blueprint: Blueprint, key: str, *, years: Iterable[int]) -> plan.CalendarPlan:
    """Make one calendar of a plan; `years` are those whose public holidays are put in."""
    source = blueprint.calendars[key]
    exceptions: dict[str, tuple[tuple[int, int], ...]] = {}
    if source.holidays is not None:
        exceptions |= dict.fromkeys(_holidays(source.holidays, list(years)), ())
    for day, texts in source.exceptions.items():
        exceptions[day] = tuple(sorted(_period(text) for text in texts))
    return plan.CalendarPlan(
        key=key,
        timezone=source.timezone or blueprint.centre.timezone,
        weekly=tuple(sorted(_weekly(source))),
        exceptions=tuple(sorted(exceptions.items())),
    )


def _weekly(calendar: schema.Calendar) -> Iterable[tuple[int, int, int]]:
    for days, texts in calendar.weekly.items():
        numbers = hours.weekdays(days)
        assert numbers is not None, days
        for number in numbers:
            for text in texts:
                yield (number, *_period(text))


def _period(text: str) -> tuple[int, int]:
    period = hours.period(text)
    assert period is not None, text
    return period


def _holidays(wanted: schema.Holidays, years: list[int]) -> list[str]:
    import holidays  # Takes 0.3 s to load, and few files need it.

    found = holidays.country_holidays(wanted.country, subdiv=wanted.region, years=years)
    return [day.isoformat() for day in found]


def _trunk(key: str, trunk: schema.Trunk) -> plan.TrunkPlan:
    return plan.TrunkPlan(
        key=key,
        addresses=tuple(trunk.addresses),
        digest_user=trunk.digest_user,
        calls_max=trunk.calls_max,
        uri=trunk.uri,
        user=trunk.user,
        realm=trunk.realm,
        registers=trunk.registers,
        register_seconds=trunk.register_seconds,
        watch_seconds=trunk.watch_seconds,
    )
