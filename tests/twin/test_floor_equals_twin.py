"""
The floor's driver and the twin's decide alike: same inputs, same facts at the same instants.

The floor is the real one (floor, hands, telephone, journal on disk) on a stepped clock with fakes
at the sockets; the twin is the one that simulates days.
"""

import dataclasses
import hashlib
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from callfloor.core import codec, events, facts, invariants, plan
from callfloor.floor.tests import stand
from callfloor.floor.tests.test_requests import Desk
from callfloor.floor.tests.test_texts import CHAT, MAIL, text_plan
from callfloor.twin import people, replay, run
from callfloor.twin.tests import centre

pytestmark = pytest.mark.twin

HOURS = 2.0
ROOT = Path(__file__).resolve().parents[2]


def plan_of(*, by_language=False):
    """Make the centre; its callers may be led by language into a line and out of it."""
    made = centre.floor_plan(agents=12)
    if not by_language:
        return made
    (flow,) = made.flows
    sales, billing, *_ = centre.SKILLS
    menu = flow.steps[1]
    speak = plan.Speak(key="hungarian", language="hu", next="sort")
    sort = plan.ByLanguage(key="sort", ways=(("hu", sales),), otherwise=billing)
    choices = (
        dataclasses.replace(menu.choices[0], next="hungarian"),
        dataclasses.replace(menu.choices[1], next="sort"),
        *menu.choices[2:],
    )
    steps = tuple(
        dataclasses.replace(step, choices=choices) if step is menu else step for step in flow.steps
    )
    new = dataclasses.replace(flow, steps=(*steps, speak, sort))
    return dataclasses.replace(made, flows=(new,))


PROOFS_END = centre.START_AT + HOURS * 1800.0


def proven_plan():
    """Make the centre with a line for the proven; half way all proofs but one are over."""
    made = plan_of()
    skill = centre.SKILLS[0]
    agents = tuple(
        dataclasses.replace(
            agent,
            proofs=(
                plan.ProofPlan(
                    skill=skill,
                    from_at=centre.START_AT - 1.0,
                    until_at=None if place == 0 else PROOFS_END,
                ),
            ),
        )
        for place, agent in enumerate(made.agents)
    )
    queues = tuple(
        dataclasses.replace(each, proven=(skill,)) if each.key == skill else each
        for each in made.queues
    )
    return dataclasses.replace(made, agents=agents, queues=queues)


def twin_day(seed, *, by_language=False, of=None):
    """Simulate two hours with more callers than the agents can serve."""
    shifts = tuple(
        people.Shift(
            agent=f"a{n:02}", begins=60.0 * n, ends=HOURS * 3600 - 60.0 * n,
            breaks=((1800.0 + 60 * n, 2400.0 + 60 * n, "lunch"),),
        )
        for n in range(8)
    )  # fmt: skip
    return run.day(
        plan=of or plan_of(by_language=by_language),
        demand=centre.demand(per_hour=90.0, shifts=shifts),
        seed=seed,
        start_at=centre.START_AT,
        seconds=HOURS * 3600,
    )


def floor_day(rows, folder, *, by_language=False, of=None):
    """Let the same inputs happen on the floor, each at its instant; give the journal."""
    inputs = [(at, body) for _, at, kind, body in rows if kind == run.INPUT]
    made = of or plan_of(by_language=by_language)
    house = stand.Stand(folder, floor_plan=made, version="twin")
    house.now = inputs[0][0]
    house.start()
    for at, event in inputs[1:]:
        house.step(at - house.now)
        house.now = at
        house.floor.happen(event)
    house.step(rows[-1][1] - house.now)
    return journal_of(house)


def journal_of(house):
    """Read the journal as the twin writes rows."""
    stored = house.journal.read("SELECT seq, at, kind, body FROM journal ORDER BY seq")
    house.journal.close()
    return [(seq, at, kind, codec.loads(body)) for seq, at, kind, body in stored]


def lines(rows, kind):
    """Write the rows of a kind as text, bit for bit."""
    return [f"{at!r} {codec.dumps(body)}" for _, at, of, body in rows if of == kind]


def without_its_own(rows):
    """Leave out faults: only a floor notices that a simulated caller has no number."""
    return [row for row in rows if not isinstance(row[3], (events.FaultNoticed, facts.Alarmed))]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_floor_says_what_the_twin_says(seed, tmp_path):
    day = twin_day(seed)
    assert day.summary["answered"] > 50
    assert day.summary["abandoned_in_queue"] > 5
    journal = without_its_own(floor_day(day.rows, tmp_path))
    rows = without_its_own(day.rows)
    assert lines(journal, run.INPUT) == lines(rows, run.INPUT)
    assert lines(journal, run.FACT) == lines(rows, run.FACT)


def test_floor_and_twin_branch_alike_by_the_language_of_the_call(tmp_path):
    """Callers are led by language into a line; the fact says why, at the same instant in both."""
    day = twin_day(3, by_language=True)
    journal = without_its_own(floor_day(day.rows, tmp_path, by_language=True))
    assert lines(journal, run.FACT) == lines(without_its_own(day.rows), run.FACT)
    taken = [row[3] for row in journal if isinstance(row[3], facts.Branched)]
    assert {(fact.language, fact.otherwise) for fact in taken} == {("hu", False), ("en", True)}


class ScriptedDay:
    """Callers by SIP and agents by command, drawn from a seed, on the floor itself."""

    def __init__(self, house, seed):
        self.house = house
        self.draw = random.Random(seed)
        self.calls = []
        self.branch = 0
        self.desk = Desk(house)
        self.texts = []

    def run(self, moves):
        """Do so many things, one after the other, with time between."""
        doings = [
            self.call, self.call, self.key, self.key, self.played, self.played, self.hang_up,
            self.take, self.take, self.decline, self.finish, self.away, self.ready, self.lose_line,
            self.ask, self.ask, self.lead, self.watch, self.write, self.write, self.close,
            self.hand_on,
        ]  # fmt: skip
        for _ in range(moves):
            self.house.step(self.draw.expovariate(1 / 4.0))
            self.draw.choice(doings)()
            invariants.check(self.house.floor.exchange)

    def do(self, event):
        """Send a command if it means anything now."""
        if self.house.floor.refusal(event) is None:
            self.house.happen(event)

    def call(self):
        """Let somebody call."""
        self.branch += 1
        call_id = f"call-{self.branch}"
        self.house.receive(stand.invite(call_id=call_id, branch=f"i{self.branch}"))
        tag = self.house.answers()[-1].to.tag
        self.house.receive(
            stand.request("ACK", call_id=call_id, branch=f"k{self.branch}", to_tag=tag)
        )
        self.calls.append((call_id, tag, self.house.facts("Arrived")[-1].item))

    def write(self):
        """Let somebody write; now and then the worker offers it again."""
        item = f"t{len(self.texts)}"
        channel, called = self.draw.choice((("chat", CHAT), ("chat", CHAT), ("mail", MAIL)))
        row = {"item": item, "channel": channel, "called": called, "since": self.house.now - 2.0}
        self.texts.append(item)
        for _ in range(self.draw.choice((1, 1, 2))):
            assert self.desk.ask("texts", items=[row])[0]["type"] == "done"

    def close(self):
        """Let somebody close what he wrote in, which may be over."""
        if self.texts:
            self.desk.ask("left", items=[{"item": self.draw.choice(self.texts[-6:])}])

    def hand_on(self):
        """Let an agent give what is written to the other."""
        for agent, colleague, item in self.works():
            if item in self.texts:
                self.do(events.TransferAsked(agent=agent, item=item, to_agent=colleague))

    def somebody(self):
        """Choose a call, which may be over."""
        return self.draw.choice(self.calls) if self.calls else None

    def key(self):
        """Let somebody press a key."""
        call = self.somebody()
        if call is not None:
            self.house.hands.press(call[2], self.draw.choice("12345#"))

    def played(self):
        """Let somebody's last prompt come to its end."""
        plays = [play for play in self.house.media.of("play") if not play["loop"]]
        if plays:
            play = self.draw.choice(plays[-6:])
            self.house.hands.on_played(play["leg"], play["play"], failed=False)

    def hang_up(self):
        """Let somebody hang up."""
        call = self.somebody()
        if call is not None:
            self.branch += 1
            self.house.receive(
                stand.request(
                    "BYE", cseq=9, branch=f"b{self.branch}", call_id=call[0], to_tag=call[1]
                )
            )

    def ringing(self):
        """Give the offers that ring."""
        agents = self.house.floor.exchange.house.agents.values()
        return [(agent.key, agent.offer.id) for agent in agents if agent.offer is not None]

    def take(self):
        """Let an agent answer."""
        for agent, offer in self.ringing()[:1]:
            self.do(events.OfferAnswered(agent=agent, offer=offer))

    def decline(self):
        """Let an agent decline."""
        for agent, offer in self.ringing()[:1]:
            self.do(events.OfferDeclined(agent=agent, offer=offer))

    def finish(self):
        """Let an agent finish what he has in hand."""
        for agent in list(self.house.floor.exchange.house.agents.values()):
            for work in list(agent.works):
                self.do(events.HangUpAsked(agent=agent.key, item=work.item.id))
                self.do(events.WorkFinished(agent=agent.key, item=work.item.id, disposition="done"))

    def works(self):
        """Give everybody's works, and who the other is."""
        agents = self.house.floor.exchange.house.agents
        other = {"anna": "bela", "bela": "anna"}
        pairs = [(key, other[key], work) for key in other for work in agents[key].works]
        return [(key, colleague, work.item.id) for key, colleague, work in pairs]

    def ask(self):
        """Let an agent ask the other."""
        for agent, colleague, item in self.works():
            self.do(events.AwayAsked(agent=colleague, reason="lunch"))  # Nothing rings for him.
            self.do(events.ConsultAsked(agent=agent, item=item, to_agent=colleague))

    def lead(self):
        """Let a question lead to something."""
        kinds = (events.ConsultEnded, events.TransferCompleted, events.ConferenceAsked,
                 events.ConferenceLeft, events.ResumeAsked)  # fmt: skip
        for agent, _, item in self.works():
            self.do(self.draw.choice(kinds)(agent=agent, item=item))

    def watch(self):
        """Let an agent hear into the other's call, or stop."""
        for agent, leader, item in self.works()[:1]:
            self.do(events.AwayAsked(agent=leader, reason="lunch"))
            self.do(events.SuperviseAsked(agent=leader, item=item, of=agent, mode="whisper"))
        for leader in ("anna", "bela"):
            watch = self.house.floor.exchange.house.agents[leader].watch
            if watch is not None and self.draw.random() < 0.5:
                self.do(events.SuperviseEnded(agent=leader, item=watch.item.id))

    def away(self):
        """Let an agent go to lunch."""
        self.do(events.AwayAsked(agent=self.draw.choice(["anna", "bela"]), reason="lunch"))

    def ready(self):
        """Let the agents come back."""
        for agent in ("anna", "bela"):
            self.do(events.ReadyAsked(agent=agent))

    def lose_line(self):
        """Let an agent reload his page."""
        agent = self.house.floor.exchange.house.agents["anna"]
        if agent.leg is not None:
            self.house.hands.on_lost(agent.leg)
            self.house.step(self.draw.choice([1.0, 20.0]))
            self.house.hands.connect_device(
                "anna",
                kind="webrtc",
                sdp=stand.THEIR_SDP,
                then=lambda leg, _: self.house.hands.on_up(leg),
            )


def scripted(seed, folder):
    """Run a scripted day; give its journal."""
    house = stand.Stand(folder, floor_plan=text_plan()).start()
    for agent in ("anna", "bela"):
        house.seat(agent)
    ScriptedDay(house, seed).run(400)
    house.step(600.0)
    return journal_of(house)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_scripted_day_on_the_floor_replays_bit_for_bit(seed, tmp_path):
    journal = scripted(seed, tmp_path)
    names = {type(body).__name__ for *_, body in journal}
    assert names >= {"Bridged", "RingEnded", "Typed", "Held", "Dequeued", "Closed"}
    assert names >= {"ConsultStarted", "ConsultOver", "NoteBegun"}
    channels = {body.channel for *_, body in journal if isinstance(body, facts.Arrived)}
    assert channels == {"call", "chat", "mail"}
    inputs = [(seq, at, body) for seq, at, kind, body in journal if kind == "input"]
    stored = [(seq, at, body) for seq, at, kind, body in journal if kind == "fact"]
    assert replay.differences(inputs=inputs, stored=stored) == []


def test_proofs_end_on_the_floor_when_they_end_in_the_twin(tmp_path):
    """No plan is sent for it: after that instant the line rings for the one who is proven."""
    made = proven_plan()
    day = twin_day(1, of=made)
    skill, (only, *_) = centre.SKILLS[0], made.agents
    rung = [
        (at, body.agent)
        for _, at, _, body in day.rows
        if isinstance(body, facts.Ringing) and body.queue == skill
    ]
    assert len({agent for at, agent in rung if at < PROOFS_END}) > 2
    assert {agent for at, agent in rung if at >= PROOFS_END} == {only.key}
    journal = without_its_own(floor_day(day.rows, tmp_path, of=made))
    rows = without_its_own(day.rows)
    assert lines(journal, run.INPUT) == lines(rows, run.INPUT)
    assert lines(journal, run.FACT) == lines(rows, run.FACT)


def digest():
    """Give a digest of everything that a scripted day and a fed day wrote."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        rows = scripted(1, Path(one)) + floor_day(twin_day(1).rows, Path(two))
    text = "\n".join(lines(rows, "input") + lines(rows, "fact"))
    return hashlib.sha256(text.encode()).hexdigest()


def test_hash_seeds_change_nothing():
    program = "from tests.twin import test_floor_equals_twin as t; print(t.digest())"
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
