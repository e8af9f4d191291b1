"""
Simulated customers: they call over real SIP, press keys by RFC 4733, talk, give up, try again.

What a customer would hear, he learns from the feed's facts about his own call; everything that he
does goes over the telephone. Refuses: to touch the floor in any other way.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from callfloor.app.demo import phrases, voice
from callfloor.app.demo.phone import Line, Phone
from callfloor.core import facts, plan
from callfloor.wire.errors import PeerError

CUSTOMERS = 60  # Few enough that many call again, and bring their story with them.
CALLS_MAX = 14  # At once: what two shared cores carry beside everything else.
KEY_SECONDS = (2.5, 5.0)  # A menu is listened to before a key is pressed.
KNOWN_KEY_SECONDS = (0.4, 0.8)  # Who has called often does not listen.
REFUSES_RECORDING = 0.06
LEAVES_MESSAGE = 0.25
CALLS_AGAIN = 0.5
AGAIN_SECONDS = (15.0, 60.0)
TALK_SPREAD = 0.45  # Of the logarithm: some calls are four times as long as others.
TALKS_TO_NEWCOMER = 1.5  # Somebody new at the desk is given more time.
MAKES_ROOM_SECONDS = 5.0  # As long as it takes to say goodbye.
MESSAGE_SECONDS = (4.0, 9.0)
PATIENCE_SECONDS_MIN = 12.0
INITIALS = "ABCDEFGHJKLMR"  # 13 beside 14 surnames: nobody shares both.
SURNAMES = (
    *("Abernethy", "Blomqvist", "Csillag", "Dovernoy", "Eszterag", "Farkasdi", "Grimmond"),
    *("Hollósy", "Ingersby", "Jankelow", "Kardoss", "Lindenau", "Marchbank", "Nyirfalvi"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """How the customers of this demo are."""

    seconds_between_calls: float
    talk_seconds: float
    patience_seconds: float


@dataclass(slots=True, kw_only=True)
class Customer:
    """Somebody in a call."""

    number: plan.NumberPlan
    caller: str
    """Their own telephone number."""
    name: str
    leg: voice.Leg
    talk_seconds: float
    patience_seconds: float
    tries: int = 1
    knows_menu: bool = False
    line: Line | None = None
    waiting: bool = False
    agent: str | None = None
    """With whom he talks."""
    timers: list[asyncio.TimerHandle] = field(default_factory=list)


class Customers:
    """Everybody who calls."""

    def __init__(
        self,
        *,
        numbers: Sequence[plan.NumberPlan],
        floor_plan: plan.FloorPlan,
        phone: Phone,
        ticker: voice.Ticker,
        voices: Path,
        mood: Mood,
        token_of: Callable[[str], str],
        is_newcomer: Callable[[str], bool],
        may_call: Callable[[str], bool],
        is_own_call_there: Callable[[str], bool],
        draw: random.Random,
    ) -> None:
        self._numbers = numbers
        self._steps = _steps(floor_plan)
        self._phone = phone
        self._ticker = ticker
        self._mood = mood
        self._token_of = token_of
        self._is_newcomer = is_newcomer
        self._may_call = may_call
        self._is_own_call_there = is_own_call_there
        self._draw = draw
        self._voices = _load(voices, {number.language for number in self._numbers})
        self._by_token: dict[str, Customer] = {}
        self._by_item: dict[str, Customer] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Let somebody call every now and then, until cancelled."""
        while True:
            await asyncio.sleep(self._draw.expovariate(1 / self._mood.seconds_between_calls))
            self.somebody_calls()

    def somebody_calls(self) -> None:
        """Let one more customer call, if there is room."""
        wanted = [each for each in self._numbers if self._may_call(each.client)]
        if wanted and len(self._by_token) < CALLS_MAX:
            number = self._draw.choice(wanted)
            self._start(self._call(number, caller=self._made_up_number(), tries=1))

    def call_at_once(self, client: str) -> None:
        """Let somebody call who knows the menu: a newcomer is ready."""
        numbers = [each for each in self._numbers if each.client == client]
        if numbers and len(self._by_token) < CALLS_MAX:
            caller = self._made_up_number()
            self._start(self._call(numbers[0], caller=caller, tries=1, knows_menu=True))

    def knows(self, token: str) -> bool:
        """Say whether a call with this token is one of ours."""
        return token in self._by_token

    def take(self, fact: facts.Fact) -> None:
        """Hear what happens to one's own call."""
        if isinstance(fact, facts.Arrived):
            customer = self._by_token.get(fact.caller or "")
            if customer is not None:
                self._by_item[fact.item] = customer
            return
        customer = self._by_item.get(getattr(fact, "item", None) or "")
        if customer is not None:
            self._react(customer, fact)

    def make_room(self, client: str) -> None:
        """Come to an end with newcomers, and out of the menus: somebody calls his own desk."""
        for customer in list(self._by_token.values()):
            if customer.number.client != client:
                continue
            if customer.agent is not None and self._is_newcomer(customer.agent):
                self._later(customer, MAKES_ROOM_SECONDS, self._hang_up, customer)
            elif customer.agent is None and not customer.waiting:
                self._hang_up(customer)

    def forget_all(self) -> None:
        """Hang up everywhere: the floor was away and knows nobody any more."""
        for customer in list(self._by_token.values()):
            self._hang_up(customer)

    # --- one call ---

    def _made_up_number(self) -> str:
        # Ofcom keeps +44 20 7946 0000 to 0999 for people who do not exist.
        return f"+442079460{self._draw.randrange(CUSTOMERS):03d}"

    async def _call(
        self, number: plan.NumberPlan, *, caller: str, tries: int, knows_menu: bool = False
    ) -> None:
        token = self._token_of(caller)
        if token in self._by_token:
            return  # This customer is on the telephone already.
        leg = voice.Leg(ssrc=self._draw.getrandbits(32))
        customer = Customer(
            number=number,
            caller=caller,
            name=_name(caller),
            leg=leg,
            talk_seconds=self._mood.talk_seconds * self._draw.lognormvariate(0, TALK_SPREAD),
            patience_seconds=PATIENCE_SECONDS_MIN
            + self._draw.expovariate(1 / self._mood.patience_seconds),
            tries=tries,
            knows_menu=knows_menu,
        )
        self._by_token[token] = customer
        offer = await leg.open(self._phone.address[0])
        self._ticker.legs.add(leg)
        customer.line = self._phone.dial(
            number.number,
            caller=caller,
            name=customer.name,
            offer=offer,
            answered=lambda answer: self._answered(customer, answer),
            ended=lambda reason: self._ended(customer, token, reason),
        )

    def _answered(self, customer: Customer, answer: str) -> None:
        try:
            customer.leg.connect(answer)
        except PeerError:
            self._hang_up(customer)

    def _ended(self, customer: Customer, token: str, reason: str) -> None:
        self._stop_timers(customer)
        self._ticker.legs.discard(customer.leg)
        customer.leg.close()
        self._by_token.pop(token, None)
        self._by_item = {i: c for i, c in self._by_item.items() if c is not customer}
        gave_up = reason == "hung_up" and customer.waiting
        if gave_up and self._draw.random() < CALLS_AGAIN / customer.tries:
            self._start(self._call_again(customer))

    async def _call_again(self, customer: Customer) -> None:
        await asyncio.sleep(self._draw.uniform(*AGAIN_SECONDS))
        await self._call(customer.number, caller=customer.caller, tries=customer.tries + 1)

    # --- what is done when ---

    def _react(self, customer: Customer, fact: facts.Fact) -> None:
        match fact:
            case facts.StepEntered():
                self._at_step(customer, fact.step)
            case facts.Queued():
                customer.waiting = True
                self._later(customer, customer.patience_seconds, self._hang_up, customer)
            case facts.Bridged():
                customer.waiting, customer.agent = False, fact.agent
                self._stop_timers(customer)
                self._talk(customer, fact.agent)
            case facts.TalkEnded() | facts.Held():
                customer.leg.hush()
                customer.agent = None if isinstance(fact, facts.TalkEnded) else customer.agent

    def _at_step(self, customer: Customer, key: str) -> None:
        self._stop_timers(customer)
        step = self._steps[customer.number.flow].get(key)
        match step:
            case plan.Notice(refuse_key=str(refuse_key)):
                if self._draw.random() < REFUSES_RECORDING:
                    self._press_later(customer, refuse_key)
            case plan.Menu():
                choice = self._draw.choice(step.choices)
                is_message = isinstance(self._next(customer, choice), plan.TakeMessage)
                if not is_message or self._draw.random() < LEAVES_MESSAGE:
                    self._press_later(customer, choice.digit)
            case plan.Ask():
                for place, digit in enumerate(str(self._draw.randrange(10**5, 10**6)) + "#"):
                    self._later(customer, 2.0 + 0.5 * place, customer.leg.press, digit)
            case plan.TakeMessage():
                self._later(customer, 3.0, self._say_something, customer)
                seconds = 3.0 + self._draw.uniform(*MESSAGE_SECONDS)
                self._later(customer, seconds, self._hang_up, customer)

    def _next(self, customer: Customer, choice: plan.Choice) -> plan.Step | None:
        return self._steps[customer.number.flow].get(choice.next)

    def _press_later(self, customer: Customer, digit: str) -> None:
        seconds = KNOWN_KEY_SECONDS if customer.knows_menu else KEY_SECONDS
        self._later(customer, self._draw.uniform(*seconds), customer.leg.press, digit)

    def _talk(self, customer: Customer, agent: str) -> None:
        longer = TALKS_TO_NEWCOMER if self._is_newcomer(agent) else 1.0
        self._later(customer, 2.5, self._say_something, customer)
        seconds = customer.talk_seconds * longer
        if longer > 1 and self._is_own_call_there(customer.number.client):
            seconds = MAKES_ROOM_SECONDS
        self._later(customer, seconds, self._hang_up, customer)

    def _say_something(self, customer: Customer) -> None:
        said = self._voices[customer.number.language]
        for frames in self._draw.sample(said, k=len(said)):
            customer.leg.say(frames, after_seconds=self._draw.uniform(1.0, 4.0))

    def _hang_up(self, customer: Customer) -> None:
        if customer.line is not None:
            customer.line.hang_up()

    # --- helpers ---

    def _later(
        self, customer: Customer, seconds: float, do: Callable[..., None], *what: object
    ) -> None:
        loop = asyncio.get_running_loop()
        customer.timers.append(loop.call_later(seconds, do, *what))

    def _stop_timers(self, customer: Customer) -> None:
        for timer in customer.timers:
            timer.cancel()
        customer.timers.clear()

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _name(number: str) -> str:
    """Return what the customer of a number is called, at every call the same."""
    place = int(number[-3:])
    return f"{INITIALS[place % len(INITIALS)]}. {SURNAMES[place % len(SURNAMES)]}"


def _steps(floor_plan: plan.FloorPlan) -> Mapping[str, Mapping[str, plan.Step]]:
    return {flow.key: {step.key: step for step in flow.steps} for flow in floor_plan.flows}


def _load(voices: Path, languages: set[str]) -> dict[str, list[voice.Frames]]:
    """Return what customers say by language; what has no voice of its own says it in English."""
    said: dict[str, list[voice.Frames]] = {}
    for language in languages:
        spoken = language if language in phrases.CALLER else "en"
        found = []
        for path in sorted((voices / spoken).glob("caller_*.wav")):
            with contextlib.suppress(OSError):
                found.append(voice.load(path))
        said[language] = found
    return said
