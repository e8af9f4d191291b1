"""
The shape of a blueprint: which keys there are, what they hold, and what holds if they are left out.

Refuses: to `check` and to `compile`. The sentences under its fields are the reference of the file.
"""

import dataclasses
from typing import Annotated, Any, Literal

from pydantic import Field

from callfloor.blueprint.schema.appointments import Appointments
from callfloor.blueprint.schema.cases import Cases
from callfloor.blueprint.schema.demand import Demand
from callfloor.blueprint.schema.demo import Demo
from callfloor.blueprint.schema.direction import Direction
from callfloor.blueprint.schema.mail import Mailbox
from callfloor.blueprint.schema.organisation import (
    Article,
    Department,
    Emergency,
    Proof,
    Role,
    Site,
    Team,
)
from callfloor.blueprint.schema.parts import (
    Channel,
    Digit,
    Extension,
    Key,
    Language,
    Level,
    Money,
    Named,
    Part,
    Text,
    UserName,
    Words,
)
from callfloor.blueprint.schema.rules import Rules
from callfloor.core import plan


def _defaults(cls: type[Any]) -> dict[str, Any]:
    return {field.name: field.default for field in dataclasses.fields(cls)}


_QUEUE = _defaults(plan.QueuePlan)
_MENU = _defaults(plan.Menu)
_ASK = _defaults(plan.Ask)
_MESSAGE = _defaults(plan.TakeMessage)
_CLIENT = _defaults(plan.ClientPlan)
_TRUNK = _defaults(plan.TrunkPlan)
_FLOOR = _defaults(plan.FloorPlan)


class Centre(Part):
    """The centre itself."""

    key: Key
    """Its short name, used in files and logs."""
    name: Text
    """Its name as people read it."""
    timezone: str
    """An IANA name, as `Europe/Budapest`; the centre's day begins there at midnight."""
    country: str | None = None
    """Two letters of ISO 3166, as `HU`; numbers that are typed without + belong to it."""
    currency: str = "EUR"
    """Three letters of ISO 4217; all money in this file is in it."""


class Client(Part):
    """A company for whom the centre works."""

    name: Text
    languages: Annotated[list[Language], Field(min_length=1)]
    """Languages spoken to its customers, the default first."""
    caller_id: str | None = None
    """The number, E.164, that is shown to whoever is called for this client; none if empty."""
    trunks: list[Key] = []
    """The trunks for calls out, tried in this order; without one nobody can be called."""
    zones: list[Key] = []
    """The zones that may be called, and no others."""
    calls_out_max: Annotated[int, Field(ge=0)] = _CLIENT["calls_out_max"]
    """More calls out at once are refused."""
    minutes_hour_max: Annotated[int, Field(ge=0)] = _CLIENT["minutes_hour_max"]
    """More minutes out in one hour are refused: what a thief of calls can take at most."""
    cost_day_max: Money | None = None
    """What calls out may cost in one day, as `50.00`; empty means no limit."""
    record_calls_out: bool = _CLIENT["record_calls_out"]
    """Whether calls out are recorded: only where whoever is called is told so."""


class AwayReason(Part):
    """Why an agent may be away."""

    name: Text
    paid: bool = True
    """Whether it is working time."""


class Holidays(Part):
    """The public holidays of a place."""

    country: str
    """Two letters of ISO 3166, as `HU`."""
    region: str | None = None
    """The country's own code of a region, as `BY` in Germany."""


class Calendar(Part):
    """When something is open."""

    timezone: str | None = None
    """An IANA name, else the centre's."""
    weekly: dict[str, list[str]]
    """Days (`mon` or `mon-fri`) and their hours (`08:00-12:30`), half-open, to at most 24:00."""
    holidays: Holidays | None = None
    """Closed all day on these days, unless `exceptions` says otherwise."""
    exceptions: dict[str, list[str]] = {}
    """Single days (`2026-12-24`) with their hours instead; an empty list is closed."""


class Tier(Part):
    """Who may be given a queue's work from a moment of waiting on."""

    after_seconds: Annotated[float, Field(ge=0)] = 0.0
    """Waiting time from which the tier counts; the first is 0."""
    requires: dict[Key, Level]
    """Skills with the lowest level, all of them needed."""


class Goal(Part):
    """What a queue promises."""

    seconds: Annotated[float, Field(gt=0)] = _QUEUE["goal_seconds"]
    """Answered within this many seconds counts."""
    share: Annotated[float, Field(gt=0, le=1)] = _QUEUE["goal_share"]
    """The share that should be answered so."""


class Queue(Part):
    """Where work of one kind waits."""

    name: Text
    client: Key
    """The client whose work waits here."""
    channel: Channel = "call"
    """What the work takes from an agent's capacity."""
    tiers: Annotated[list[Tier], Field(min_length=1)]
    """Tiers of skill that widen with time."""
    proven: list[Key] = []
    """Skills that must be proven in every tier: without a proof that holds nobody is given this."""
    choose: Literal["longest_idle", "least_occupied", "best_skilled"] = _QUEUE["choose"]
    """Who is chosen of those who are ready."""
    goal: Goal = Goal()
    dispositions: list[Key] = []
    """What an agent may say that became of the work."""
    priority_seconds: Annotated[float, Field(ge=0)] = _QUEUE["priority_seconds"]
    """How many seconds of waiting an item of this queue is worth at birth."""
    gone_seconds: Annotated[float, Field(ge=60)] = _QUEUE["gone_seconds"]
    """After so long unseen and silent, a visitor who waits in a chat counts as left."""
    lead_seconds: Annotated[float, Field(ge=0)] = _QUEUE["lead_seconds"]
    """So long before its deadline a mail or case stands in line as if it had just come."""
    ring_seconds: Annotated[float, Field(ge=3, le=600)] = _QUEUE["ring_seconds"]
    """How long an agent may let it ring; what is written may ring longer than a call."""
    wrap_up_seconds: Annotated[float, Field(ge=0)] = _QUEUE["wrap_up_seconds"]
    """Time for note and disposition after the talk."""
    wrap_up_extra_seconds: Annotated[float, Field(ge=0)] = _QUEUE["wrap_up_extra_seconds"]
    """How much an agent may add to it, in all."""
    short_abandon_seconds: Annotated[float, Field(ge=0)] = _QUEUE["short_abandon_seconds"]
    """Who hangs up before is counted apart."""
    length_max: Annotated[int, Field(ge=1)] = _QUEUE["length_max"]
    """More than this many waiting are refused."""
    wait_seconds_max: Annotated[float, Field(gt=0)] | None = None
    """After this wait the call goes on at `overflow`."""
    overflow: Key | None = None
    """The step, in the flow that queued the call, that is taken when the wait is too long."""
    welcome: list[Key] = list(_QUEUE["welcome"])
    """Prompts said when a call enters."""
    music: Key | None = _QUEUE["music"]
    """The prompt that is looped while waiting."""
    position_every_seconds: Annotated[float, Field(ge=10)] | None = _QUEUE["position_every_seconds"]
    """How often the caller hears his position; empty means never."""
    preferred_seconds: Annotated[float, Field(ge=0)] = _QUEUE["preferred_seconds"]
    """How long a call waits for its preferred agent alone."""
    extension: Extension | None = None
    """The short number by which agents' telephones ask or transfer to this queue."""
    callback_tries: Annotated[int, Field(ge=1, le=20)] = _QUEUE["callback_tries"]
    """How often somebody is called back who is busy or does not answer, in all."""
    callback_pause_seconds: Annotated[float, Field(ge=30)] = _QUEUE["callback_pause_seconds"]
    """How long it is left before the next of these tries."""
    hours: Key | None = None
    """The calendar by which it calls back and keeps appointments; empty means at any time."""
    appointments: Appointments | None = None
    """Whether customers may choose a time to be called at; needs `hours`."""
    hold_remind_seconds: Annotated[float, Field(ge=5)] = _QUEUE["hold_remind_seconds"]
    """After so long a hold the agent is reminded."""
    hold_alarm_seconds: Annotated[float, Field(ge=5)] = _QUEUE["hold_alarm_seconds"]
    """After so long a hold the leader is told."""


class Say(Part):
    """Say something and go on."""

    do: Literal["say"]
    prompt: Key
    next: Key | None = None
    """The step that follows."""


class Notice(Part):
    """Announce the recording; nothing is recorded before it has ended, nor after a refusal."""

    do: Literal["notice"]
    prompt: Key
    refuse_key: Digit | None = None
    """The key that refuses the recording."""
    next: Key | None = None
    """The step that follows."""


class Hours(Part):
    """Branch by a calendar."""

    do: Literal["hours"]
    calendar: Key
    open: Key | None = None
    """The step that follows within the hours."""
    closed: Key | None = None
    """The step that follows outside of them."""


class Choice(Part):
    """One answer of a menu."""

    key: Digit
    """What the caller presses."""
    name: Key
    """What it means; only this is kept. A skill of the same key lends it its name on pages."""
    next: Key
    """The step that follows."""


class Menu(Part):
    """Ask for one key; after wrong or silent answers go on at `otherwise`."""

    do: Literal["menu"]
    prompt: Key
    choices: Annotated[list[Choice], Field(min_length=1)]
    """What the caller may press."""
    otherwise: Key | None = None
    """The step that follows after too many tries; it must lead to a human or a message."""
    wait_seconds: Annotated[float, Field(ge=1, le=60)] = _MENU["wait_seconds"]
    """How long the caller may think."""
    tries: Annotated[int, Field(ge=1, le=9)] = _MENU["tries"]
    """How often the question is asked."""


class Ask(Part):
    """Ask for digits, such as a customer number; the agent sees them."""

    do: Literal["ask"]
    prompt: Key
    label: Key
    """What the digits are, as the agent's screen names it."""
    next: Key | None = None
    """The step that follows, also if nothing is typed."""
    digits_max: Annotated[int, Field(ge=1, le=40)] = _ASK["digits_max"]
    """How many digits are taken at most."""
    wait_seconds: Annotated[float, Field(ge=1, le=60)] = _ASK["wait_seconds"]
    """How long the caller may take between digits."""


class Speak(Part):
    """Set the language of the call."""

    do: Literal["speak"]
    language: Language
    next: Key | None = None
    """The step that follows."""


class ByLanguage(Part):
    """Branch by the language of the call."""

    do: Literal["language"]
    ways: Annotated[dict[Language, Key], Field(min_length=1)]
    """The step that follows in each of these languages."""
    otherwise: Key | None = None
    """The step that follows in any other."""


class Enqueue(Part):
    """Wait for an agent."""

    do: Literal["queue"]
    queue: Key
    leave: list[Choice] = []
    """Keys that leave the line, for example for a callback."""


class Message(Part):
    """Record a message; the call ends with it."""

    do: Literal["message"]
    prompt: Key
    queue: Key | None = None
    """The queue that answers for the message."""
    seconds_max: Annotated[float, Field(ge=5, le=600)] = _MESSAGE["seconds_max"]
    """The longest message."""


class Callback(Part):
    """Note that the caller wants to be called back; the call ends with it."""

    do: Literal["callback"]
    prompt: Key
    queue: Key
    """The queue that calls back."""


class End(Part):
    """Hang up, after a last prompt if there is one."""

    do: Literal["end"]
    prompt: Key | None = None
    outcome: Literal["self_served", "closed_hours", "diverted"] = "self_served"
    """How the call counts."""


Step = Annotated[
    Say | Notice | Hours | Menu | Ask | Speak | ByLanguage | Enqueue | Message | Callback | End,
    Field(discriminator="do"),
]


class Flow(Part):
    """The steps before an agent."""

    version: Annotated[int, Field(ge=1)] = 1
    """Raise it with each change; a call keeps the version that it began with."""
    first: Key
    """The step that a call begins with."""
    steps: Annotated[dict[Key, Step], Field(min_length=1)]
    """All steps by name, in the order in which they are read; `first` says where it begins."""


class Number(Part):
    """A number that may be called, or an address to which somebody may write."""

    client: Key
    flow: Key
    language: Language
    """The language that the call begins in."""


class Zone(Part):
    """Numbers that cost the same, by how they begin."""

    prefixes: Annotated[list[str], Field(min_length=1)]
    """Beginnings of E.164 numbers, as `"+36"`; the longest that fits any zone decides."""
    cost_minute: Money = "0"
    """What each minute that has begun costs, as `0.05`."""


class Trunk(Part):
    """A line to the outside."""

    addresses: list[str] = []
    """IP addresses that may send calls without a password."""
    digest_user: UserName | None = None
    """The user name that may send calls with a password."""
    calls_max: Annotated[int, Field(ge=1)] = _TRUNK["calls_max"]
    """More calls at once are refused."""
    uri: str | None = None
    """Where calls out and registrations go, as `sip:sip.provider.example:5060;transport=tcp`."""
    user: UserName | None = None
    """Our user name at the provider; the password is kept by `callfloor password`."""
    realm: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """The only realm in which that password is proven; else the host of `uri`, or what it says."""
    registers: bool = False
    """Whether the provider reaches us by our registration."""
    register_seconds: Annotated[int, Field(ge=60, le=7200)] = _TRUNK["register_seconds"]
    """How long a registration is asked for."""
    watch_seconds: Annotated[float, Field(ge=0, le=3600)] = _TRUNK["watch_seconds"]
    """How often the provider is asked whether he is there (OPTIONS); 0 for never."""


class Person(Part):
    """Somebody who works here; the name is kept in the records, not in this file."""

    roles: Annotated[list[Key], Field(min_length=1)]
    """Roles of `roles`, or standard ones; what a person may do comes from their duties."""
    clients: Annotated[list[Key], Field(min_length=1)]
    """Clients whose work the person may see and be given."""
    team: Key | None = None
    site: Key | None = None
    skills: dict[Key, Level] = {}
    """Skills with their level, 1 to 5."""
    proofs: dict[Key, Proof] = {}
    """By skill: what shows that the person has it."""
    capacity: dict[Channel, Annotated[int, Field(ge=1, le=20)]] = {"call": 1}
    """How much at once, by channel."""
    beside_call: Annotated[int, Field(ge=0, le=20)] = 0
    """How many written items beside a call; with more in hand the person gets no call."""
    phones: list[UserName] = []
    """User names under which telephones register for the person, the same as in the telephone."""
    extension: Extension | None = None
    """The short number by which colleagues' telephones call the person."""
    calls_out: bool = True
    """Whether the person may call numbers outside; emergency numbers everybody may."""


class Probe(Part):
    """A caller that is no person: it calls the centre itself and says when something fails."""

    number: str
    """The number that is called; it should lead to a message or an end, never to an agent."""
    every_seconds: Annotated[float, Field(ge=20, le=86400)] = 300.0
    """How often."""
    key: Digit | None = None
    """What is pressed at the first menu; else its first answer."""


class Blueprint(Part):
    """A whole centre."""

    blueprint: Literal[1] | Literal["1"]
    """The version of this file's format."""
    preset: Key | None = None
    """A centre of Callfloor's own to begin with; what stands in this file takes its place."""
    include: list[str] = []
    """Other files, beside this one, with more of the same keys; nothing may stand twice."""
    from_version: str | None = None
    """The version that an export was taken from; `apply` refuses a file older than the records."""
    centre: Centre
    sites: dict[Key, Site] = {}
    direction: Direction | None = None
    """Mission, objectives, what drives them, and what everybody's figures are for."""
    departments: dict[Key, Department] = {}
    """The departments of this centre; without this section nobody asks who answers for what."""
    roles: dict[Key, Role] = {}
    """Roles of this centre's own, or standard ones that mean something else here."""
    articles: dict[Key, Article] = {}
    rules: Rules = Rules()
    demand: Demand | None = None
    """Who calls when, how long it takes, who sits there: what the twin tries a change with."""
    emergencies: dict[Key, Emergency] = {}
    """What a leader can switch on from a page within a second."""
    clients: Annotated[dict[Key, Client], Field(min_length=1)]
    calendars: dict[Key, Calendar] = {}
    teams: dict[Key, Team] = {}
    skills: dict[Key, Named] = {}
    away_reasons: dict[Key, AwayReason] = {}
    dispositions: dict[Key, Named] = {}
    queues: Annotated[dict[Key, Queue], Field(min_length=1)]
    flows: Annotated[dict[Key, Flow], Field(min_length=1)]
    numbers: Annotated[dict[str, Number], Field(min_length=1)]
    """By the number as dialed, in quotes; what is written by `chat:KEY`, `case:KEY` or address."""
    trunks: dict[Key, Trunk] = {}
    mail: dict[Key, Mailbox] = {}
    """Where mail is fetched and sent; docs/howto/mail.md tells how it is set up."""
    cases: Cases | None = None
    """What is promised for cases; docs/howto/cases.md tells more."""
    people: Annotated[dict[Key, Person], Field(min_length=1)]
    prompts: dict[Key, dict[Language, Words]] = {}
    """What is said, by language; a recorded file `prompts/LANGUAGE/KEY.wav` beside wins."""
    missed_away_after: Annotated[int, Field(ge=1)] = _FLOOR["missed_away_after"]
    """After so many missed offers in a row an agent is set to missed."""
    lost_agent_seconds: Annotated[float, Field(ge=0)] = _FLOOR["lost_agent_seconds"]
    """How long a caller is kept for an agent whose audio was lost."""
    zones: dict[Key, Zone] = {}
    """What may be called, and what it costs."""
    emergency: list[str] = list(_FLOOR["emergency"])
    """Numbers that pass before every gate, as they are dialed."""
    ring_out_seconds: Annotated[float, Field(ge=5, le=180)] = _FLOOR["ring_out_seconds"]
    """How long a number that is called may ring."""
    recording_pause_seconds: Annotated[float, Field(ge=5, le=3600)] = _FLOOR[
        "recording_pause_seconds"
    ]
    """How long a recording may pause before it goes on by itself."""
    supervision_tone: bool = _FLOOR["supervision_tone"]
    """Whether agent and customer hear a tone when a leader begins to hear."""
    probe: Probe | None = None
    """Whether Callfloor calls itself every few minutes."""
    demo: Demo | None = None
