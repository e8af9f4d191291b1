"""
What screens show of the floor: one view state, kept by the floor and by every web process alike.

Pure: facts in, a plain view out. Refuses to decide anything, to read a clock, and to look into a
sealed value. `snapshot()` is JSON-plain; a board restored from it and fed the later facts equals
the board that saw them all (I10).

The shape of `snapshot()` (every instant is UTC seconds, every key a plan's key):

    {"plan": version, "centre": key, "timezone": name, "at": the last fact's instant,
     "day": "2026-11-22",                       the centre's local day that `today` counts
     "agents": {agent: {
         "team": key | None, "state": "ready", "since": 0.0, "until": None | 0.0,
         "reason": None | key,                  why away, or what is asked for after this item
         "by": None | person,                   the leader who forced it
         "item": None | id, "client": None | key, "device": True | False,
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
         "typed": [{"label": text, "count": 4, "sealed": None | text}]}},
     "alarms": [{"at": 0.0, "name": key, "detail": text}]}                    the last 20

COUNTERS = {"offered", "answered", "within_goal", "abandoned", "short_abandoned", "callback_asked",
"message_left", "diverted", "lost", "waiting", "wait_seconds", "longest_wait_seconds"}; abandoned
includes short_abandoned, answered includes within_goal, and at every moment
offered = answered + abandoned + callback_asked + message_left + diverted + lost + waiting.
`halves` of earlier days are dropped when the centre's day turns; what still waits stays.
"""
