"""
A storm of events on a small floor: plausible ones, late ones and senseless ones, from one seed.

Whoever runs it proves something after every event. Nothing in here knows how the exchange works;
it looks at facts and actions only, like a driver.
"""

import random
from collections.abc import Callable

from callfloor.core import actions, events, facts, plan
from callfloor.core.tests import centre

QUEUES = ("billing", "sales", "tech", "mail")


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
        centre.queue("sales", choose="best_skilled", priority_seconds=30.0, wrap_up_seconds=0.0),
        centre.queue("tech", choose="least_occupied", client="zeta", wrap_up_seconds=10.0),
        centre.queue("mail", channel="mail"),
    )  # fmt: skip
    numbers = (
        plan.NumberPlan(number="900", client="acme", flow="main", language="en"),
        plan.NumberPlan(number="901", client="zeta", flow="zeta", language="hu"),
        plan.NumberPlan(number="mail", client="acme", flow="mail", language="en"),
    )
    clients = tuple(plan.ClientPlan(key=key, languages=("en", "hu")) for key in ("acme", "zeta"))
    return centre.floor_plan(
        version=version,
        queues=queues,
        flows=_flows(),
        numbers=numbers,
        clients=clients,
        agents=[_agent(n) for n in range(agents)],
        calendars=(_calendar(),),
        trunks=(plan.TrunkPlan(key="t", calls_max=15),),
        missed_away_after=2,
    )


def _agent(n: int) -> plan.AgentPlan:
    skills = (("billing", 1 + n % 4), ("mail", 1), ("sales", 1 + n % 3), ("tech", 1 + n % 2))
    return plan.AgentPlan(
        key=f"a{n}",
        clients=("acme", "zeta") if n % 3 else ("acme",),
        skills=skills[: 2 + n % 3] if n % 2 else skills[1:],
        capacity=(("call", 1), ("mail", 2)) if n % 4 == 0 else (("call", 1),),
    )


def _calendar() -> plan.CalendarPlan:
    week = tuple((day, 0, 1440) for day in range(7))
    return plan.CalendarPlan(key="always", timezone="Europe/Budapest", weekly=week)


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
            plan.Speak(key="hungarian", language="hu", next="bills"),
            plan.Enqueue(
                key="bills", queue="billing",
                leave=(
                    choice(digit="1", name="message", next="message"),
                    choice(digit="2", name="callback", next="callback"),
                    choice(digit="3", name="sales", next="sales"),
                ),
            ),
            plan.Enqueue(key="sales", queue="sales"),
            plan.TakeMessage(key="message", prompt="speak", queue="billing", seconds_max=20.0),
            plan.AskCallback(key="callback", prompt="noted", queue="billing"),
            plan.End(key="end", outcome="closed_hours", prompt="closed"),
        ),
        centre.flow(plan.Enqueue(key="tech", queue="tech"), key="zeta"),
        centre.flow(plan.Enqueue(key="mail", queue="mail"), key="mail"),
    )  # fmt: skip


class Storm:
    """Events drawn from what a driver could know, right and wrong ones."""

    def __init__(self, seed: int, *, faults: bool = True) -> None:
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
        ]  # fmt: skip
        if faults:
            self._moves += [(1, self._plan), (1, self._clock), (1, self._media)]

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
        called = self.draw.choice(("900", "900", "900", "901", "901", "mail", "555"))
        return events.ItemArrived(
            item=item,
            channel="mail" if called == "mail" else "call",
            called=called,
            leg=f"c-{item}",
            caller=self.draw.choice((None, "token")),
            trunk=self.draw.choice((None, "t")),
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

    def _pass(self) -> events.Event:
        return events.TimePassed()

    def _plan(self) -> events.Event:
        self.plans += 1
        agents = self.draw.choice((6, 8, 8))
        return events.PlanChanged(plan=storm_plan(str(self.plans), agents=agents))

    def _clock(self) -> events.Event:
        return events.ClockSet(jump_seconds=self.draw.choice((-3600.0, 3600.0)))

    def _media(self) -> events.Event:
        legs = [f"c-{item}" for item in self.items[-10:]] + list(self.legs.values())
        return events.MediaLost(legs=tuple(self.draw.sample(legs, k=min(4, len(legs)))))
