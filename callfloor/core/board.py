"""
What screens show of the floor: one view state, kept by the floor and by every web process alike.

Pure: facts in, a plain view out. Refuses to decide anything, to read a clock, and to look into a
sealed value. `snapshot()` is JSON-plain; a board restored from it and fed the later facts equals
the board that saw them all (I10).

The shape of `snapshot()` (every instant is UTC seconds, every key a plan's key):

    {"plan": version, "centre": key, "timezone": name, "at": the last fact's instant,
     "day": "2026-11-22",                       the centre's local day that `today` counts,
     "day_from": 0.0, "day_to": 0.0,            its instants, half-open
     "agents": {agent: {
         "team": key | None, "state": "ready", "since": 0.0, "until": None | 0.0,
         "reason": None | key,                  why away, or what is asked for after this item
         "by": None | person,                   the leader who forced it
         "item": None | id, "client": None | key, "device": True | False,
         "help_since": None | 0.0,              since when he asks for help
         "offer": None | {"id", "kind", "by", "item", "channel"},     what rings, its kind and who
                                                asks (facts.Ringing)
         "works": {item: {"channel": "chat", "client": key, "queue": key | None,
                          "state": "talking" | "wrap_up", "since": 0.0, "until": None | 0.0}},
                                                what he has in hand, by the order of taking it
         "part": None | "serves" | "asked" | "joins",   what he is in his item: the one who serves
                                                the customer, whom that one asks, or one of several
         "supervises": None | {"item", "of", "mode", "since"},
         "dialed": None | outcome, "ended_by": None | key,      of his item, while he has it
         "asked": None | {"to_agent", "queue", "outcome", "at"},   how his last question ended
         "today": {"offered": 0, "answered": 0, "missed": 0, "declined": 0, "finished": 0,
                   "talk_seconds": 0.0, "hold_seconds": 0.0, "wrap_seconds": 0.0,
                   "ready_seconds": 0.0, "away_seconds": 0.0, "signed_in_seconds": 0.0}}},
     "queues": {queue: {
         "client": key, "channel": "call", "goal_seconds": 20.0, "goal_share": 0.8,
         "waiting": {item: {"since": 0.0, "born": 0.0, "entry": 1, "tier": 0,
                            "agent": None | the agent for whom it rings}},    in order of entry
         "today": COUNTERS,
         "halves": {"1795305600": COUNTERS}}},  by the start of the half hour of queued_at
     "items": {item: {
         "client": key, "channel": "call", "called": number, "state": "flow",
                                                flow, queue, ringing, talking, held, wrap_up
         "since": 0.0, "arrived_at": 0.0, "language": "en", "customer": None | id,
         "flow": key, "step": None | key, "queue": None | key, "agent": None | key,
         "caller": None | token, "sealed": None | text, "recording": False,
         "offer": None | id of the offer that rings, "muted": False,
         "typed": [{"label": text, "count": 4, "sealed": None | text}],
         "due": None | 0.0,                     when an answer is owed
         "direction": "in",                     facts.Arrived
         "dial": None | {"since": 0.0, "rings": False, "leg": id, "emergency": False},
         "consult": None | {"by": agent, "to_agent": None | key, "queue": None | key,
                            "leg": None | id, "state": "ringing" | "talking", "since": 0.0},
         "parties": [{"agent": None | key, "leg": None | id, "since": 0.0}],  who talks with the
                                                customer, beside the agent that serves him
         "supervisors": {leader: {"of": agent, "mode": "listen", "since": 0.0}},
         "paused_until": None | 0.0,            the recording is paused until then
         "recording_refused": False, "hold_level": 0 | 1 | 2}},
     "emergencies": {key: {"by": person, "since": 0.0, "until": 0.0}},     those that are on
     "alarms": [{"at": 0.0, "name": key, "detail": text}]}                    the last 20

COUNTERS = {"offered", "answered", "within_goal", "abandoned", "short_abandoned", "callback_asked",
"message_left", "diverted", "lost", "waiting", "wait_seconds", "longest_wait_seconds"}; abandoned
includes short_abandoned, answered includes within_goal, and at every moment
offered = answered + abandoned + callback_asked + message_left + diverted + lost + waiting.
`today` counts the entries that began in the day; `halves` of earlier days are dropped when the
day turns, except those of which something still waits. After PlanChanged call `use(plan)`.
"""

import copy
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from callfloor.core import board_parties, board_works, calendars, facts, plan, presence
from callfloor.core.board_queues import count_outcome, gone_queue, new_counters

ALARMS_MAX = 20  # What a leader reads at one glance; the journal has them all.
AGENT_COUNTERS = (
    "offered", "answered", "missed", "declined", "finished", "talk_seconds", "hold_seconds",
    "wrap_seconds", "ready_seconds", "away_seconds", "signed_in_seconds",
)  # fmt: skip
Plain = dict[str, Any]


class Board:
    """The view state of one floor; one fact at a time."""

    __slots__ = ("_apply", "_zone", "view")

    def __init__(self, floor_plan: plan.FloorPlan) -> None:
        self.view: Plain = {
            "plan": "",
            "centre": floor_plan.centre,
            "timezone": floor_plan.timezone,
            "at": 0.0,
            "day": "",
            "day_from": 0.0,
            "day_to": 0.0,
            "agents": {},
            "queues": {},
            "items": {},
            "emergencies": {},
            "alarms": [],
        }
        self._apply = self._table()
        self.use(floor_plan)

    @classmethod
    def restore(cls, floor_plan: plan.FloorPlan, view: Plain) -> "Board":
        """Build a board again from what `snapshot` gave."""
        board = cls(floor_plan)
        board.view = {"emergencies": {}, **copy.deepcopy(view)}  # An older one knew of none.
        for row in board.view["items"].values():
            row.setdefault("due", None)
        board.use(floor_plan)
        return board

    def snapshot(self) -> Plain:
        """Give the whole view as plain values that share nothing with the board."""
        return copy.deepcopy(self.view)

    def use(self, floor_plan: plan.FloorPlan) -> None:
        """Show the agents and queues of a plan, beside what is still open of the one before."""
        view = self.view
        view["plan"] = floor_plan.version
        view["centre"], view["timezone"] = floor_plan.centre, floor_plan.timezone
        self._zone = ZoneInfo(floor_plan.timezone)
        view["agents"] = {
            each.key: _new_agent() | view["agents"].get(each.key, {}) | {"team": each.team}
            for each in floor_plan.agents
        }
        queues = {each.key: self._queue(each) for each in floor_plan.queues}
        left = {
            key: row for key, row in view["queues"].items() if key not in queues and row["waiting"]
        }
        view["queues"] = queues | left

    def _queue(self, queue: plan.QueuePlan) -> Plain:
        known = self.view["queues"].get(queue.key) or {
            "waiting": {},
            "today": new_counters(),
            "halves": {},
        }
        told = {
            "client": queue.client,
            "channel": queue.channel,
            "goal_seconds": queue.goal_seconds,
            "goal_share": queue.goal_share,
        }
        return told | {key: known[key] for key in ("waiting", "today", "halves")}

    def apply(self, fact: facts.Fact, at: float) -> None:
        """Take one fact that was decided at the instant `at`."""
        view = self.view
        if at >= view["day_to"]:
            self._turn_day(at)
        view["at"] = at
        change = self._apply.get(type(fact))
        if change is not None:
            change(fact, at)
        for changes in (board_parties.CHANGES, board_works.CHANGES):
            beside = changes.get(type(fact))
            if beside is not None:
                beside(view, fact, at)

    def _table(self) -> dict[type[Any], Callable[[Any, float], None]]:
        return {
            facts.Arrived: self._arrived,
            facts.Restored: self._restored,
            facts.Recognised: self._recognised,
            facts.StepEntered: self._step_entered,
            facts.Typed: self._typed,
            facts.LanguageSet: self._language_set,
            facts.Queued: self._queued,
            facts.TierOpened: self._tier_opened,
            facts.Ringing: self._ringing,
            facts.RingEnded: self._ring_ended,
            facts.Dequeued: self._dequeued,
            facts.Bridged: self._bridged,
            facts.Held: self._held,
            facts.Unheld: self._unheld,
            facts.Muted: self._muted,
            facts.RecordingStarted: self._recording_started,
            facts.RecordingStopped: self._recording_stopped,
            facts.TalkEnded: self._talk_ended,
            facts.Finished: self._finished,
            facts.AgentChanged: self._agent_changed,
            facts.DeviceChanged: self._device_changed,
            facts.HelpChanged: self._help_changed,
            facts.Closed: self._closed,
            facts.PlanApplied: self._plan_applied,
            facts.Alarmed: self._alarmed,
            facts.EmergencyChanged: self._emergency_changed,
        }

    # --- the day ----------------------------------------------------------------------------------

    def _turn_day(self, at: float) -> None:
        view = self.view
        for row in view["agents"].values():
            row["today"] = dict.fromkeys(AGENT_COUNTERS, 0)
        for queue in view["queues"].values():
            queue["today"] = new_counters()
            queue["halves"] = {key: row for key, row in queue["halves"].items() if row["waiting"]}
        view["day"] = calendars.local_day(at=at, zone=self._zone)
        view["day_from"] = calendars.day_begin(at=at, zone=self._zone)
        view["day_to"] = calendars.day_end(at=at, zone=self._zone)

    def _counters(self, queue: str, queued_at: float) -> list[Plain]:
        """Give the counters of an entry: its half hour's, and the day's if it began today."""
        row = self.view["queues"].get(queue)
        if row is None:
            return []
        half = str(calendars.half_hour(at=queued_at, zone=self._zone))
        counters = row["halves"].get(half)
        if counters is None:
            counters = row["halves"][half] = new_counters()
        if self.view["day_from"] <= queued_at < self.view["day_to"]:
            return [counters, row["today"]]
        return [counters]

    # --- items ------------------------------------------------------------------------------------

    def _arrived(self, fact: facts.Arrived, at: float) -> None:
        arrived_at = at if fact.since is None else min(fact.since, at)
        row = _new_item(fact.client, fact.channel, fact.called, arrived_at)
        row.update(language=fact.language, flow=fact.flow, caller=fact.caller, sealed=fact.sealed)
        row["direction"], row["due"] = fact.direction, fact.due
        self.view["items"][fact.item] = row

    def _restored(self, fact: facts.Restored, at: float) -> None:
        row = self.view["items"].get(fact.item)
        if row is None:
            arrived_at = at if fact.arrived_at is None else fact.arrived_at
            row = _new_item(fact.client, fact.channel, fact.called, arrived_at)
            row["language"] = fact.language
            self.view["items"][fact.item] = row
        if fact.queue is not None and not self._is_waiting(fact.queue, fact.item):
            queued_at = row["arrived_at"] if fact.queued_at is None else fact.queued_at
            self._wait(fact.queue, fact.item, fact.entry, queued_at, row["arrived_at"])
            row.update(state="queue", since=queued_at, queue=fact.queue)

    def _recognised(self, fact: facts.Recognised, at: float) -> None:
        self._item(fact.item)["customer"] = fact.customer

    def _step_entered(self, fact: facts.StepEntered, at: float) -> None:
        row = self._item(fact.item)
        row["step"] = fact.step
        self._to(row, "flow", at)

    def _typed(self, fact: facts.Typed, at: float) -> None:
        typed = {"label": fact.label, "count": fact.count, "sealed": fact.sealed}
        self._item(fact.item)["typed"].append(typed)

    def _language_set(self, fact: facts.LanguageSet, at: float) -> None:
        self._item(fact.item)["language"] = fact.language

    def _item(self, item: str) -> Plain:
        """Give an open item's row, or one that nobody keeps, for facts about an unknown one."""
        row: Plain | None = self.view["items"].get(item)
        return row if row is not None else _new_item("", "", "", 0.0)

    def _to(self, row: Plain, state: str, at: float) -> None:
        if row["state"] != state:
            row["state"] = state
            row["since"] = at

    # --- queues -----------------------------------------------------------------------------------

    def _queued(self, fact: facts.Queued, at: float) -> None:
        if fact.queue not in self.view["queues"]:  # Of a plan before, into which an old flow led.
            self.view["queues"][fact.queue] = gone_queue(fact, self._item(fact.item)["channel"])
        self._wait(fact.queue, fact.item, fact.entry, at, fact.born_at)
        row = self._item(fact.item)
        row["queue"] = fact.queue
        row["due"] = fact.due if fact.due is not None else row["due"]
        row["agent"] = None
        self._to(row, "queue", at)

    def _wait(self, queue: str, item: str, entry: int, since: float, born: float) -> None:
        for counters in self._counters(queue, since):
            counters["offered"] += 1
            counters["waiting"] += 1
        row = self.view["queues"].get(queue)
        if row is not None:
            row["waiting"][item] = {
                "since": since,
                "born": born,
                "entry": entry,
                "tier": 0,
                "agent": None,
            }

    def _is_waiting(self, queue: str, item: str) -> bool:
        row = self.view["queues"].get(queue)
        return row is not None and item in row["waiting"]

    def _tier_opened(self, fact: facts.TierOpened, at: float) -> None:
        if self._is_waiting(fact.queue, fact.item):
            self.view["queues"][fact.queue]["waiting"][fact.item]["tier"] = fact.tier

    def _ringing(self, fact: facts.Ringing, at: float) -> None:
        self._ring(fact.queue, fact.item, fact.agent)
        board_parties.offered(self.view, fact)
        if fact.kind not in board_parties.ASIDE:
            row = self._item(fact.item)
            row["agent"], row["offer"] = fact.agent, fact.offer
            self._to(row, "ringing", at)
        self._today(fact.agent)["offered"] += 1

    def _ring_ended(self, fact: facts.RingEnded, at: float) -> None:
        self._ring(fact.queue, fact.item, None)
        board_parties.offer_over(self.view, fact.agent, fact.item)
        if fact.kind not in board_parties.ASIDE:
            row = self._item(fact.item)
            row["agent"] = row["offer"] = None
            self._to(row, "queue", at)
        if fact.outcome in ("missed", "declined"):
            self._today(fact.agent)[fact.outcome] += 1

    def _ring(self, queue: str, item: str, agent: str | None) -> None:
        if self._is_waiting(queue, item):
            self.view["queues"][queue]["waiting"][item]["agent"] = agent

    def _dequeued(self, fact: facts.Dequeued, at: float) -> None:
        waited = self._is_waiting(fact.queue, fact.item)
        counted = self._counters(fact.queue, fact.queued_at)
        for counters in counted:
            if waited:
                counters["waiting"] -= 1
            else:  # The entry began before this board did.
                counters["offered"] += 1
            count_outcome(counters, fact)
        if waited:
            del self.view["queues"][fact.queue]["waiting"][fact.item]

    # --- talks ------------------------------------------------------------------------------------

    def _bridged(self, fact: facts.Bridged, at: float) -> None:
        row = self._item(fact.item)
        board_parties.offer_over(self.view, fact.agent, fact.item)
        if board_parties.is_guest(row, fact.agent):
            board_parties.joined(self.view, row, fact.agent, at)
        else:
            row["agent"], row["queue"] = fact.agent, fact.queue
            board_parties.serves(self.view, row, fact.agent)
        row["offer"] = None
        self._to(row, "talking", at)
        if not fact.again:
            self._today(fact.agent)["answered"] += 1

    def _held(self, fact: facts.Held, at: float) -> None:
        self._to(self._item(fact.item), "held", at)

    def _unheld(self, fact: facts.Unheld, at: float) -> None:
        row = self._item(fact.item)
        row["hold_level"] = 0
        self._to(row, "talking", at)

    def _muted(self, fact: facts.Muted, at: float) -> None:
        self._item(fact.item)["muted"] = fact.muted

    def _recording_started(self, fact: facts.RecordingStarted, at: float) -> None:
        self._item(fact.item)["recording"] = True

    def _recording_stopped(self, fact: facts.RecordingStopped, at: float) -> None:
        row = self._item(fact.item)
        row["recording"], row["paused_until"] = False, None

    def _talk_ended(self, fact: facts.TalkEnded, at: float) -> None:
        row = self._item(fact.item)
        row["muted"] = False
        if row["channel"] == "call":
            board_parties.tell(self.view, fact.agent, ended_by=fact.ended_by)
        if not board_parties.left(self.view, row, fact.agent):
            self._to(row, "wrap_up", at)
        today = self._today(fact.agent)
        today["talk_seconds"] += fact.talk_seconds
        today["hold_seconds"] += fact.hold_seconds

    def _finished(self, fact: facts.Finished, at: float) -> None:
        today = self._today(fact.agent)
        today["finished"] += 1
        today["wrap_seconds"] += fact.wrap_seconds

    def _closed(self, fact: facts.Closed, at: float) -> None:
        self.view["items"].pop(fact.item, None)

    # --- agents -----------------------------------------------------------------------------------

    def _today(self, agent: str) -> Plain:
        row = self.view["agents"].get(agent)
        found: Plain = row["today"] if row is not None else dict.fromkeys(AGENT_COUNTERS, 0)
        return found

    def _agent_changed(self, fact: facts.AgentChanged, at: float) -> None:
        row = self.view["agents"].get(fact.agent)
        if row is None:
            return
        same = row["state"] == fact.state and row["item"] == fact.item
        if not (same and fact.state in presence.BUSY):  # A wish does not begin the state anew.
            self._count_state(row, at)
            row["since"] = at
        row["state"] = fact.state
        row["until"] = fact.until
        row["reason"] = fact.reason
        row["by"] = fact.by
        row["item"] = fact.item
        row["client"] = fact.client
        if fact.item is None:
            row.update(part=None, offer=None, **board_parties.untold())

    def _count_state(self, row: Plain, at: float) -> None:
        state = row["state"]
        if state == presence.SIGNED_OUT:
            return
        seconds = at - max(row["since"], self.view["day_from"])
        row["today"]["signed_in_seconds"] += seconds
        if state in (presence.READY, presence.AWAY):
            row["today"][f"{state}_seconds"] += seconds

    def _device_changed(self, fact: facts.DeviceChanged, at: float) -> None:
        row = self.view["agents"].get(fact.agent)
        if row is not None:
            row["device"] = fact.up

    def _help_changed(self, fact: facts.HelpChanged, at: float) -> None:
        row = self.view["agents"].get(fact.agent)
        if row is not None:
            row["help_since"] = at if fact.on else None

    # --- the floor --------------------------------------------------------------------------------

    def _plan_applied(self, fact: facts.PlanApplied, at: float) -> None:
        self.view["plan"] = fact.version
        if fact.epoch is None:
            return
        self.view["emergencies"] = {}  # Those that go on are told again.
        for row in self.view["agents"].values():
            self._count_state(row, at)
            row.update(_new_agent() | {"team": row["team"], "today": row["today"], "since": at})

    def _emergency_changed(self, fact: facts.EmergencyChanged, at: float) -> None:
        rows = self.view["emergencies"]
        if fact.on:
            rows[fact.key] = {"by": fact.by, "since": fact.since, "until": fact.until}
        else:
            rows.pop(fact.key, None)

    def _alarmed(self, fact: facts.Alarmed, at: float) -> None:
        alarms = self.view["alarms"]
        alarms.append({"at": at, "name": fact.name, "detail": fact.detail})
        del alarms[:-ALARMS_MAX]


def _new_agent() -> Plain:
    return {
        "team": None,
        "state": presence.SIGNED_OUT,
        "since": 0.0,
        "until": None,
        "reason": None,
        "by": None,
        "item": None,
        "client": None,
        "device": False,
        "help_since": None,
        **board_parties.new_agent(),
        **board_works.new_agent(),
        "today": dict.fromkeys(AGENT_COUNTERS, 0),
    }


def _new_item(client: str, channel: str, called: str, arrived_at: float) -> Plain:
    return {
        "client": client,
        "channel": channel,
        "called": called,
        "state": "flow",
        "since": arrived_at,
        "arrived_at": arrived_at,
        "language": None,
        "customer": None,
        "flow": None,
        "step": None,
        "queue": None,
        "agent": None,
        "caller": None,
        "sealed": None,
        "recording": False,
        "offer": None,
        "muted": False,
        "typed": [],
        "due": None,
        **board_parties.new_item(),
    }
