"""
A storm of events on a small floor: plausible ones, late ones and senseless ones, from one seed.

Whoever runs it proves something after every event. Nothing in here knows how the exchange works;
it looks at facts and actions only, like a driver.
"""

import random
from collections.abc import Callable
from typing import Any

from callfloor.core import actions, events, facts, plan
from callfloor.core.tests import centre

CALLS_OUT_MAX = 3
QUEUES = ("billing", "sales", "tech", "mail", "chat")
CHANNELS = {"mail": "mail", "chat": "chat"}
"""The channel of an address; every other is a number."""


def storm_plan(version: str = "1", *, agents: int = 8) -> plan.FloorPlan:
    """Make a floor of two clients with every step, several tiers, all rules and two channels."""
    tiers = (
        plan.TierPlan(after_seconds=0.0, requires=(("billing", 3),)),
        plan.TierPlan(after_seconds=10.0, requires=(("billing", 1),)),
        plan.TierPlan(after_seconds=25.0, requires=(("sales", 1),)),
    )
    queues = (
        centre.queue(
            "billing", tiers=tiers, position_every_seconds=20.0, welcome=("welcome",),
            wait_seconds_max=90.0, overflow="message", length_max=12, ring_seconds=8.0,
        ),
        centre.queue(
            "sales", choose="best_skilled", priority_seconds=30.0, wrap_up_seconds=0.0,
            hours="quarters",
        ),
        centre.queue("tech", choose="least_occupied", client="zeta", wrap_up_seconds=10.0),
        centre.queue("mail", channel="mail", lead_seconds=60.0, goal_seconds=200.0),
        centre.queue(
            "chat", channel="chat", ring_seconds=20.0, wrap_up_seconds=15.0, length_max=6,
            tiers=(plan.TierPlan(after_seconds=0.0, requires=(("billing", 1),)),),
            wait_seconds_max=80.0, overflow="message",
        ),
    )  # fmt: skip
    numbers = (
        plan.NumberPlan(number="900", client="acme", flow="main", language="en"),
        plan.NumberPlan(number="901", client="zeta", flow="zeta", language="hu"),
        plan.NumberPlan(number="mail", client="acme", flow="mail", language="en"),
        plan.NumberPlan(number="chat", client="acme", flow="chat", language="en"),
    )
    clients = tuple(
        plan.ClientPlan(
            key=key,
            languages=("en", "hu"),
            trunks=("t", "u"),
            zones=("near", "far"),
            calls_out_max=CALLS_OUT_MAX,
            minutes_hour_max=30,
            cost_day_max=200,
            record_calls_out=key == "acme",
        )
        for key in ("acme", "zeta")
    )
    return centre.floor_plan(
        version=version,
        queues=queues,
        flows=_flows(),
        numbers=numbers,
        clients=clients,
        agents=[_agent(n) for n in range(agents)],
        calendars=(_calendar(), _quarters()),
        trunks=(
            plan.TrunkPlan(key="t", calls_max=15, uri="sip:t"),
            plan.TrunkPlan(key="u", calls_max=2, uri="sip:u"),
        ),
        emergencies=(
            plan.EmergencyPlan(key="fire", prompt="fire", clients=("acme",), hours_max=0.02),
            plan.EmergencyPlan(key="flood", prompt="flood", ends=False, hours_max=0.05),
        ),
        zones=(
            plan.ZonePlan(key="near", prefixes=("+36",), cost_minute=1),
            plan.ZonePlan(key="far", prefixes=("+1",), cost_minute=20),
        ),
        missed_away_after=2,
    )


def _agent(n: int) -> plan.AgentPlan:
    skills = (("billing", 1 + n % 4), ("mail", 1), ("sales", 1 + n % 3), ("tech", 1 + n % 2))
    return plan.AgentPlan(
        key=f"a{n}",
        clients=("acme", "zeta") if n % 3 else ("acme",),
        skills=skills[: 2 + n % 3] if n % 2 else skills[1:],
        capacity=_CAPACITY[n % 4],
        beside_call=n % 3,
    )


_CAPACITY = (
    (("call", 1), ("chat", 3), ("mail", 2)),
    (("call", 1),),
    (("call", 1), ("chat", 2)),
    (("call", 1),),
)


def _calendar() -> plan.CalendarPlan:
    week = tuple((day, 0, 1440) for day in range(7))
    return plan.CalendarPlan(key="always", timezone="Europe/Budapest", weekly=week)


def _quarters() -> plan.CalendarPlan:
    """Open and closed by turns, a minute each: much of that lies in a storm."""
    day = tuple((minute, minute + 1) for minute in range(0, 1440, 2))
    week = tuple((weekday, *each) for weekday in range(7) for each in day)
    return plan.CalendarPlan(key="quarters", timezone="Europe/Budapest", weekly=week)


def _flows() -> tuple[plan.FlowPlan, ...]:
    choice = plan.Choice
    return (
        centre.flow(
            plan.Say(key="hello", prompt="hello", next="notice"),
            plan.Notice(key="notice", prompt="notice", next="hours", refuse_key="9"),
            plan.Hours(key="hours", calendar="always", open="menu", closed="end"),
            plan.Menu(
                key="menu", prompt="menu", otherwise="bills", wait_seconds=5.0, tries=2,
                choices=(
                    choice(digit="1", name="bills", next="ask"),
                    choice(digit="2", name="sales", next="sales"),
                    choice(digit="3", name="hungarian", next="hungarian"),
                ),
            ),
            plan.Ask(key="ask", prompt="ask", label="number", next="bills", wait_seconds=5.0),
            plan.Speak(key="hungarian", language="hu", next="sort"),
            plan.ByLanguage(key="sort", ways=(("hu", "bills"),), otherwise="sales"),
            plan.Enqueue(
                key="bills", queue="billing",
                leave=(
                    choice(digit="1", name="message", next="message"),
                    choice(digit="2", name="callback", next="back"),
                    choice(digit="3", name="sales", next="sort"),
                ),
            ),
            plan.Enqueue(key="sales", queue="sales"),
            plan.TakeMessage(key="message", prompt="speak", queue="billing", seconds_max=20.0),
            plan.ByLanguage(key="back", ways=(("hu", "callback"),), otherwise="callback"),
            plan.AskCallback(key="callback", prompt="noted", queue="billing"),
            plan.End(key="end", outcome="closed_hours", prompt="closed"),
        ),
        centre.flow(plan.Enqueue(key="tech", queue="tech"), key="zeta"),
        centre.flow(plan.Enqueue(key="mail", queue="mail"), key="mail"),
        centre.flow(
            plan.Say(key="hello", prompt="hello", next="menu"),
            plan.Menu(
                key="menu", prompt="menu", otherwise="wait",
                choices=(choice(digit="1", name="bills", next="message"),),
            ),
            plan.Enqueue(key="wait", queue="chat"),
            plan.TakeMessage(key="message", prompt="speak", queue="chat"),
            key="chat",
        ),
    )  # fmt: skip


class Storm:
    """Events drawn from what a driver could know, right and wrong ones."""

    def __init__(self, seed: int, *, faults: bool = True, talks: bool = False) -> None:
        """Draw from a seed; with `talks` calls are answered and lead to consultations."""
        self.draw = random.Random(seed)
        self.hands = centre.Hands(storm_plan())
        self.agents = [f"a{n}" for n in range(8)]
        self.items: list[str] = []
        self.legs = dict.fromkeys(self.agents, "")
        self.made = 0
        self.plans = 1
        self._moves: list[tuple[int, Callable[[], events.Event]]] = [
            (14, self._arrive), (8, self._leave), (8, self._choose), (10, self._prompt),
            (3, self._digits), (2, self._message), (3, self._recognized), (6, self._sign_in),
            (1, self._sign_out), (6, self._device_up), (2, self._device_lost), (8, self._ready),
            (3, self._away), (16, self._take), (3, self._decline), (3, self._hold),
            (3, self._resume), (2, self._mute), (1, self._keys), (4, self._transfer),
            (4, self._hang_up), (2, self._extend), (10, self._finish), (8, self._pass),
            (6, self._call), (2, self._callback), (14, self._dialed), (4, self._guest_left),
            (8, self._consult), (12, self._of_consult), (5, self._supervise),
            (3, self._of_supervision), (4, self._recording),
        ]  # fmt: skip
        if talks:
            self._moves += [
                (60, self._take), (20, self._device_up), (12, self._sign_in), (20, self._ready),
                (25, self._consult), (40, self._of_consult), (40, self._dialed),
                (12, self._supervise), (8, self._of_supervision), (8, self._recording),
            ]  # fmt: skip
        if faults:
            self._moves += [(1, self._plan), (1, self._clock), (1, self._media)]
            self._moves += [(2, self._emergency), (2, self._help)]

    def step(self) -> events.Event:
        """Let one more thing happen, and give it."""
        weights = [weight for weight, _ in self._moves]
        event = self.draw.choices(self._moves, weights)[0][1]()
        pause = self.draw.choice((0.0, 0.0, 0.1, 0.5, 1.0, 3.0, 7.0))
        self.hands.do(event, after=pause)
        return event

    def _item(self) -> str:
        recent = self.items[-20:] or ["nobody"]
        return self.draw.choice(recent)

    def _agent(self) -> str:
        return self.draw.choice(self.agents)

    def _arrive(self) -> events.Event:
        self.made += 1
        item = f"i{self.made}"
        self.items.append(item)
        called = self.draw.choice(("900", "900", "900", "901", "901", "mail", "chat", "555"))
        if called in CHANNELS:
            return self._written(item, called)
        return events.ItemArrived(
            item=item,
            channel="call",
            called=called,
            leg=f"c-{item}",
            caller=self.draw.choice((None, "token", "token", "other")),
            trunk=self.draw.choice((None, "t")),
        )

    def _written(self, item: str, called: str) -> events.Event:
        now = self.hands.now
        return events.ItemArrived(
            item=item,
            channel=CHANNELS[called],
            called=called,
            leg="",
            since=now - self.draw.choice((0.0, 30.0)),
            due=now + self.draw.choice((-20.0, 50.0, 500.0)) if called == "mail" else None,
            customer=self.draw.choice((None, "c1")),
            language=self.draw.choice((None, "hu")),
            preferred=self.draw.choice((None, self._agent())),
        )

    def _leave(self) -> events.Event:
        return events.CustomerLeft(item=self._item())

    def _choose(self) -> events.Event:
        collects = self.hands.acted(actions.Collect)[-6:]
        if not collects or self.draw.random() < 0.1:
            return events.ChoiceMade(item=self._item(), step="menu", choice="nonsense")
        collect = self.draw.choice(collects)
        names = [choice.name for choice in collect.choices]
        choice = self.draw.choice([*names, None])
        return events.ChoiceMade(item=collect.item, step=collect.step, choice=choice)

    def _prompt(self) -> events.Event:
        plays = self.hands.acted(actions.Play)[-8:]
        if not plays:
            return events.TimePassed()
        play = self.draw.choice(plays)
        failed = self.draw.random() < 0.1
        return events.PromptEnded(item=play.item, play=play.play, failed=failed)

    def _digits(self) -> events.Event:
        return events.DigitsEntered(item=self._item(), step="ask", count=self.draw.randrange(5))

    def _message(self) -> events.Event:
        return events.MessageEnded(item=self._item(), seconds=self.draw.choice((0.0, 4.0)))

    def _recognized(self) -> events.Event:
        return events.CallerRecognised(
            item=self._item(),
            customer="c1",
            language=self.draw.choice((None, "hu")),
            priority_seconds=self.draw.choice((0.0, 60.0)),
            preferred_agent=self.draw.choice((None, self._agent())),
            do_not_record=self.draw.random() < 0.2,
        )

    def _sign_in(self) -> events.Event:
        return events.AgentSignedIn(agent=self._agent(), ready=self.draw.random() < 0.7)

    def _sign_out(self) -> events.Event:
        return events.AgentSignedOut(agent=self._agent())

    def _device_up(self) -> events.Event:
        agent = self._agent()
        self.made += 1
        self.legs[agent] = f"l-{agent}-{self.made}"
        return events.DeviceUp(agent=agent, leg=self.legs[agent])

    def _device_lost(self) -> events.Event:
        agent = self._agent()
        return events.DeviceLost(agent=agent, leg=self.legs[agent])

    def _ready(self) -> events.Event:
        return events.ReadyAsked(agent=self._agent())

    def _away(self) -> events.Event:
        by = self.draw.choice((None, "leader"))
        return events.AwayAsked(agent=self._agent(), reason="lunch", by=by)

    def _help(self) -> events.Event:
        by = self.draw.choice((None, "leader"))
        return events.HelpAsked(agent=self._agent(), on=self.draw.random() < 0.6, by=by)

    def _ringing(self) -> tuple[str, str]:
        rings = self.hands.said(facts.Ringing)[-5:]
        if not rings:
            return self._agent(), "none"
        ring = self.draw.choice(rings)
        return ring.agent, ring.offer

    def _take(self) -> events.Event:
        agent, offer = self._ringing()
        return events.OfferAnswered(agent=agent, offer=offer)

    def _decline(self) -> events.Event:
        agent, offer = self._ringing()
        return events.OfferDeclined(agent=agent, offer=offer)

    def _work(self) -> tuple[str, str]:
        bridged = self.hands.said(facts.Bridged)[-6:]
        if not bridged or self.draw.random() < 0.1:
            return self._agent(), self._item()
        talk = self.draw.choice(bridged)
        return talk.agent, talk.item

    def _hold(self) -> events.Event:
        agent, item = self._work()
        return events.HoldAsked(agent=agent, item=item)

    def _resume(self) -> events.Event:
        agent, item = self._work()
        return events.ResumeAsked(agent=agent, item=item)

    def _mute(self) -> events.Event:
        agent, item = self._work()
        return events.MuteAsked(agent=agent, item=item, muted=self.draw.random() < 0.5)

    def _keys(self) -> events.Event:
        agent, item = self._work()
        return events.KeysAsked(agent=agent, item=item, count=2, sealed="s")

    def _transfer(self) -> events.Event:
        agent, item = self._work()
        if self.draw.random() < 0.5:
            return events.TransferAsked(agent=agent, item=item, queue=self.draw.choice(QUEUES))
        return events.TransferAsked(agent=agent, item=item, to_agent=self._agent())

    def _hang_up(self) -> events.Event:
        agent, item = self._work()
        return events.HangUpAsked(agent=agent, item=item)

    def _extend(self) -> events.Event:
        agent, item = self._work()
        return events.WrapUpExtended(agent=agent, item=item)

    def _finish(self) -> events.Event:
        agent, item = self._work()
        return events.WorkFinished(agent=agent, item=item, disposition="done")

    def _call(self) -> events.Event:
        self.made += 1
        item = f"o{self.made}"
        self.items.append(item)
        colleague = self._agent() if self.draw.random() < 0.4 else None
        return events.CallAsked(
            agent=self._agent(),
            item=item,
            leg=f"d-{item}" if colleague is None else "",
            to_agent=colleague,
            client=self.draw.choice(("acme", "acme", "zeta")),
            zone=self.draw.choice(("near", "near", "far", None)),
            emergency=self.draw.random() < 0.1,
        )

    def _callback(self) -> events.Event:
        self.made += 1
        item = f"b{self.made}"
        self.items.append(item)
        return events.CallbackArrived(
            item=item, leg=f"d-{item}", client="acme", queue=self.draw.choice(QUEUES), of="x",
            born_at=self.hands.now - self.draw.choice((0.0, 600.0)), language="hu", zone="near",
            caller=self.draw.choice((None, "token", "token", "other")),
        )  # fmt: skip

    def _dialed(self) -> events.Event:
        dials = self.hands.acted(actions.Dial)[-4:]
        if not dials:
            return events.TimePassed()
        dial = self.draw.choice(dials)
        item, leg, luck = dial.item, dial.leg, self.draw.random()
        if luck < 0.3:
            return events.DialRang(item=item, leg=leg, early=self.draw.random() < 0.5)
        if luck < 0.75:
            return events.DialAnswered(item=item, leg=leg)
        reason = self.draw.choice(("busy", "no_answer", "declined", "trunk_down", "no_media"))
        return events.DialFailed(item=item, leg=leg, reason=reason)

    def _guest_left(self) -> events.Event:
        dials = self.hands.acted(actions.Dial)[-6:]
        if not dials:
            return events.TimePassed()
        dial = self.draw.choice(dials)
        return events.PartyLeft(item=dial.item, leg=dial.leg)

    def _consult(self) -> events.Event:
        agent, item = self._work()
        self.made += 1
        luck = self.draw.random()
        if luck < 0.5:
            return events.ConsultAsked(agent=agent, item=item, to_agent=self._agent())
        if luck < 0.75:
            return events.ConsultAsked(agent=agent, item=item, queue=self.draw.choice(QUEUES))
        return events.ConsultAsked(agent=agent, item=item, leg=f"g-{self.made}", zone="near")

    def _of_consult(self) -> events.Event:
        asked = self.hands.said(facts.ConsultStarted)[-4:]
        agent, item = self._work()
        if asked and self.draw.random() < 0.8:
            question = self.draw.choice(asked)
            agent, item = question.agent, question.item
        return self._one_of(
            (
                events.ConsultEnded, events.TransferCompleted, events.ConferenceAsked,
                events.ConferenceAsked, events.ConferenceLeft,
            ),
            agent, item,
        )  # fmt: skip

    def _one_of(self, kinds: tuple[Any, ...], agent: str, item: str) -> events.Event:
        event: events.Event = self.draw.choice(kinds)(agent=agent, item=item)
        return event

    def _supervise(self) -> events.Event:
        agent, item = self._work()
        mode = self.draw.choice(("listen", "whisper", "join"))
        return events.SuperviseAsked(agent=self._agent(), item=item, of=agent, mode=mode)

    def _of_supervision(self) -> events.Event:
        watched = self.hands.said(facts.Supervised)[-3:]
        if not watched:
            return events.TimePassed()
        watch = self.draw.choice(watched)
        kinds = (events.SuperviseEnded, events.TakeOverAsked)
        return self._one_of(kinds, watch.agent, watch.item)

    def _recording(self) -> events.Event:
        agent, item = self._work()
        return self._one_of(
            (
                events.RecordingPauseAsked, events.RecordingPauseAsked,
                events.RecordingResumeAsked, events.RecordingRefused,
            ),
            agent, item,
        )  # fmt: skip

    def _pass(self) -> events.Event:
        return events.TimePassed()

    def _plan(self) -> events.Event:
        self.plans += 1
        agents = self.draw.choice((6, 8, 8))
        return events.PlanChanged(plan=storm_plan(str(self.plans), agents=agents))

    def _emergency(self) -> events.Event:
        key = self.draw.choice(("fire", "flood"))
        return events.EmergencySet(key=key, on=self.draw.random() < 0.5, by="leader")

    def _clock(self) -> events.Event:
        return events.ClockSet(jump_seconds=self.draw.choice((-3600.0, 3600.0)))

    def _media(self) -> events.Event:
        legs = [f"c-{item}" for item in self.items[-10:]] + list(self.legs.values())
        legs += [dial.leg for dial in self.hands.acted(actions.Dial)[-5:]]
        return events.MediaLost(legs=tuple(self.draw.sample(legs, k=min(4, len(legs)))))
