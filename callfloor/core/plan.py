"""
The floor plan: all that the exchange knows of a centre, frozen.

It is compiled from a blueprint (`callfloor.blueprint.compile`), handed over the link, and written
whole into the journal. It holds keys and rules only: no name, number of a person, or secret.
Collections are tuples of pairs or of dataclasses, so that equal plans are equal text.
"""

from dataclasses import dataclass

PROBE_TRUNK = "@probe"
"""The trunk of the synthetic caller, a key that no blueprint can have; its calls are simulated."""
PROBE_ADDRESS = "127.0.0.2"
"""Where it calls from: an address of this machine (Linux has all of 127/8) that no other uses."""

CALL, CHAT, MAIL, CASE = "call", "chat", "mail", "case"
WRITTEN = (CHAT, MAIL, CASE)
"""The channels on which nothing is heard."""
DEFERRED = frozenset({MAIL, CASE})
"""Those whose customer does not wait meanwhile: their work has a deadline."""


def channel_of(address: str) -> str:
    """Tell by the look of an address of ours on which channel one is reached there."""
    if "@" in address:
        return MAIL
    scheme, colon, _ = address.partition(":")
    return scheme if colon and scheme in (CHAT, CASE) else CALL


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPlan:
    """A company for whom the centre works."""

    key: str
    """The client's key; every item, queue, number and fact carries one."""
    languages: tuple[str, ...]
    """Languages spoken to its customers, the default first."""
    caller_id: str | None = None
    """The number, E.164, that is shown when somebody is called for this client."""
    trunks: tuple[str, ...] = ()
    """The trunks for calls out, tried in this order."""
    zones: tuple[str, ...] = ()
    """The zones that may be called; no other can be."""
    calls_out_max: int = 10
    """More calls out at once than this are refused."""
    minutes_hour_max: int = 600
    """More minutes out than this in one hour are refused (toll fraud)."""
    record_calls_out: bool = False
    """Whether calls out are recorded; only where whoever is called is told so."""
    cost_day_max: int | None = None
    """What calls out may cost in one day, in minor units of money; None means no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonePlan:
    """A set of numbers that cost the same, by how they begin."""

    key: str
    prefixes: tuple[str, ...]
    """Beginnings of E.164 numbers, with `+`; the longest that fits any zone decides."""
    cost_minute: int = 0
    """Minor units of money for each minute that has begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofPlan:
    """When the proof of a skill holds; the exchange knows the instant, and needs no new plan."""

    skill: str
    """The skill's key."""
    from_at: float
    """UTC seconds from which it holds."""
    until_at: float | None = None
    """UTC seconds from which it holds no more; None means that it holds for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPlan:
    """A person who may take work."""

    key: str
    """The person's key."""
    clients: tuple[str, ...]
    """Clients whose work the person may be given."""
    skills: tuple[tuple[str, int], ...] = ()
    """Skill and level (1 to 5), sorted by skill."""
    proofs: tuple[ProofPlan, ...] = ()
    """Of those skills of which a queue asks for a proof, sorted by skill."""
    capacity: tuple[tuple[str, int], ...] = (("call", 1),)
    """Channel and how many of its items at once, sorted by channel."""
    beside_call: int = 0
    """How many written items he may have in hand beside a call; with more he gets no call."""
    team: str | None = None
    """The team's key; leaders see their teams."""
    phones: tuple[str, ...] = ()
    """User names under which telephones register for him; passwords are the floor's secrets."""
    extension: str | None = None
    """The short number under which colleagues' telephones call him."""
    calls_out: bool = True
    """Whether he may call numbers outside; emergency numbers he always may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierPlan:
    """Who may be given a queue's items from a moment of waiting on."""

    after_seconds: float
    """Waiting time from which the tier counts; the first is 0."""
    requires: tuple[tuple[str, int], ...]
    """Skill and lowest level, all of them needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlan:
    """Where work items of one kind wait."""

    key: str
    """The queue's key."""
    client: str
    """The client whose work waits here."""
    channel: str
    """call, chat, mail, case …: what the item takes from an agent's capacity."""
    tiers: tuple[TierPlan, ...]
    """Tiers of skill that widen with time, by after_seconds."""
    proven: tuple[str, ...] = ()
    """Skills of which whoever is given its items has a proof that holds, in every tier."""
    choose: str = "longest_idle"
    """longest_idle, least_occupied or best_skilled."""
    priority_seconds: float = 0.0
    """How many seconds of waiting an item of this queue is worth at birth."""
    ring_seconds: float = 15.0
    """How long an agent may let it ring before the offer is missed."""
    wrap_up_seconds: float = 30.0
    """Time for note and disposition after the talk."""
    wrap_up_extra_seconds: float = 60.0
    """How much an agent may add to it, in all."""
    goal_seconds: float = 20.0
    """Answered within this many seconds counts toward the service level."""
    goal_share: float = 0.8
    """The share of items that should be answered within the goal."""
    lead_seconds: float = 3600.0
    """From so long before its deadline a mail or case stands in line as if it had just come."""
    short_abandon_seconds: float = 5.0
    """An abandonment before this many seconds is counted apart."""
    length_max: int = 1000
    """More than this many waiting items are refused (refused_no_capacity)."""
    wait_seconds_max: float | None = None
    """After this waiting time the item leaves through `overflow`; None means never."""
    overflow: str | None = None
    """The flow step taken when the wait is too long, in the flow that queued the item."""
    welcome: tuple[str, ...] = ()
    """Prompts said when an item enters."""
    music: str | None = "hold_music"
    """The prompt looped while waiting."""
    position_every_seconds: float | None = 30.0
    """How often the caller hears his position; None means never."""
    preferred_seconds: float = 20.0
    """How long an item waits for its preferred agent alone, if it has one who is signed in."""
    extension: str | None = None
    """The short number by which an agent's telephone asks or transfers to this queue."""
    callback_tries: int = 3
    """How often somebody is called back who is busy or does not answer, in all."""
    callback_pause_seconds: float = 900.0
    """How long it is left before the next of these tries."""
    hours: str | None = None
    """The calendar by which it calls back; None means at any time."""
    gone_seconds: float = 600.0
    """After so long without his page and without a word a visitor who waits in a chat has left."""
    appointments_max: int = 0
    """How many customers may be promised to be called in one slot of its hours; 0 for none."""
    appointment_seconds: float = 1800.0
    """How long such a slot is."""
    hold_remind_seconds: float = 60.0
    """After so long a hold the agent is reminded, and the caller told that he is not forgotten."""
    hold_alarm_seconds: float = 180.0
    """After so long a hold the leader is told."""


def has_proofs(agent: AgentPlan, queue: QueuePlan, *, at: float | None = None) -> bool:
    """Say whether an agent has the proofs that a queue asks for: at an instant, else ever."""
    held = {
        each.skill
        for each in agent.proofs
        if at is None or (each.from_at <= at and (each.until_at is None or at < each.until_at))
    }
    return held.issuperset(queue.proven)


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Say something and go on."""

    key: str
    prompt: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Announce the recording; nothing is recorded before it has ended, nor after a refusal."""

    key: str
    prompt: str
    next: str
    refuse_key: str | None = None
    """The key that refuses the recording; None means there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Branch by a calendar at this instant."""

    key: str
    calendar: str
    open: str
    """The step taken while the calendar is open."""
    closed: str
    """The step taken otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to a menu."""

    digit: str
    """The key to press."""
    name: str
    """What it means; the journal holds this name and never the digit."""
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """Ask for one key; after `tries` wrong or silent answers go to `otherwise`."""

    key: str
    prompt: str
    choices: tuple[Choice, ...]
    """The keys that mean something, each once."""
    otherwise: str
    """The way out after too many tries; it must lead to a human (checked by the blueprint)."""
    wait_seconds: float = 10.0
    tries: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Ask for digits, such as a customer number; they are sealed and shown to the agent."""

    key: str
    prompt: str
    label: str
    """What the digits are, as the agent's screen names it."""
    next: str
    digits_max: int = 12
    wait_seconds: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak:
    """Set the language of the call."""

    key: str
    language: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ByLanguage:
    """Branch by the language of the call at this instant."""

    key: str
    ways: tuple[tuple[str, str], ...]
    """Language and the step taken in it, each language once."""
    otherwise: str
    """The step taken in every other language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enqueue:
    """Wait for an agent."""

    key: str
    queue: str
    leave: tuple[Choice, ...] = ()
    """Keys that leave the line, for example to a callback."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeMessage:
    """Record a message; the item ends as message_left, or left_in_flow if nothing was said."""

    key: str
    prompt: str
    queue: str | None = None
    """The queue that is answerable for the message."""
    seconds_max: float = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCallback:
    """Note that the caller wants to be called back; the item ends as callback_asked."""

    key: str
    prompt: str
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Hang up, after a last prompt if there is one."""

    key: str
    outcome: str = "self_served"
    """self_served, closed_hours or diverted."""
    prompt: str | None = None


Step = (
    Say
    | Notice
    | Hours
    | Menu
    | Ask
    | Speak
    | ByLanguage
    | Enqueue
    | TakeMessage
    | AskCallback
    | End
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowPlan:
    """The steps before an agent; a call keeps the version it began with."""

    key: str
    version: int
    first: str
    """The key of the first step."""
    steps: tuple[Step, ...]
    """The steps, each with a key of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPlan:
    """What happens to a call of this number, or to what is written to this address."""

    number: str
    """E.164 or a short number, as dialed; or `chat:KEY`, `case:KEY`, an address of mail."""
    client: str
    flow: str
    language: str
    """The language that the call begins in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPlan:
    """When something is open: weekly periods in local time, and days that differ."""

    key: str
    timezone: str
    """An IANA name."""
    weekly: tuple[tuple[int, int, int], ...]
    """Weekday (Monday 0), from and to in minutes of the local day, half-open, to at most 1440."""
    exceptions: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = ()
    """ISO date and the periods of that day instead; none means closed all day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkPlan:
    """A line to the outside."""

    key: str
    addresses: tuple[str, ...] = ()
    """IP addresses that may send calls without a password."""
    digest_user: str | None = None
    """The user name that may send calls with a password (the password is the floor's secret)."""
    calls_max: int = 1000
    """More calls at once than this are refused with 503."""
    uri: str | None = None
    """Where calls out go and registrations are sent, as `sip:host:port;transport=tcp`."""
    user: str | None = None
    """Our user name at the provider (the password is the floor's secret, by this name)."""
    realm: str | None = None
    """The only realm in which that password is proven (R47); None for the host of `uri`, or what
    the provider says of himself when we register."""
    registers: bool = False
    """Whether the provider reaches us by our registration."""
    register_seconds: int = 300
    """How long a registration is asked for."""
    watch_seconds: float = 30.0
    """How often the provider is asked whether he is there (OPTIONS); 0 for never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayReason:
    """Why an agent may be away."""

    key: str
    paid: bool = True
    """Whether it is working time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyPlan:
    """What callers hear when something has happened; off until a leader switches it on."""

    key: str
    prompt: str
    clients: tuple[str, ...] = ()
    """Whose callers hear it; none named means everybody's."""
    ends: bool = True
    """Whether the call ends with it (closed_hours), or goes on where it was."""
    hours_max: float = 12.0
    """After so long it is off by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorPlan:
    """The whole centre as the exchange sees it."""

    version: str
    """A short hash of all the rest; equal plans have equal versions."""
    centre: str
    """The centre's key."""
    timezone: str
    """The centre's own zone: its day begins there at midnight."""
    clients: tuple[ClientPlan, ...]
    """Whom the centre works for, by key."""
    agents: tuple[AgentPlan, ...]
    """Who may take work, by key."""
    queues: tuple[QueuePlan, ...]
    """Where work waits, by key."""
    flows: tuple[FlowPlan, ...]
    """What a caller goes through, by key."""
    numbers: tuple[NumberPlan, ...]
    """What may be dialed, by number."""
    calendars: tuple[CalendarPlan, ...]
    """Opening hours, by key."""
    trunks: tuple[TrunkPlan, ...] = ()
    """Who may bring calls in, by key."""
    away_reasons: tuple[AwayReason, ...] = ()
    """Why an agent may be away, by key."""
    missed_away_after: int = 1
    """After so many offers missed in a row the agent is set to missed and asked to come back."""
    lost_agent_seconds: float = 10.0
    """How long a caller is kept for an agent whose device was lost, before he is queued first."""
    zones: tuple[ZonePlan, ...] = ()
    """What numbers may be called and what they cost, by key."""
    emergency: tuple[str, ...] = ("112",)
    """Numbers that pass before every gate, as dialed."""
    ring_out_seconds: float = 45.0
    """How long a number that is dialed may ring."""
    recording_pause_seconds: float = 120.0
    """How long a recording may pause before it goes on by itself (PCI DSS)."""
    supervision_tone: bool = False
    """Whether agent and customer hear a tone when a leader begins to hear (the centre's rule)."""
    emergencies: tuple[EmergencyPlan, ...] = ()
    """What leaders may switch on, by key."""
