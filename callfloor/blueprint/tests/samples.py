"""A small centre without a fault, and a way to break one thing in it."""

GOOD = """\
blueprint: 1
centre: {key: small, name: Small, timezone: Europe/Budapest}
clients:
  north:
    name: North
    languages: [en, hu]
    caller_id: "+36123456789"
    trunks: [out]
    zones: [home]
    cost_day_max: "50.00"
  south: {name: South, languages: [en]}
calendars:
  office:
    weekly:
      mon-fri: ["08:00-12:30", "13:00-17:00"]
    holidays: {country: HU}
    exceptions:
      2026-12-24: ["08:00-11:00"]
teams:
  one: {name: One}
skills:
  help: {name: Help}
away_reasons:
  lunch: {name: Lunch, paid: false}
dispositions:
  done: {name: Done}
people:
  ann:
    roles: [agent]
    clients: [north]
    team: one
    skills: {help: 3}
    phones: [ann-desk, ann-hall]
    extension: "21"
  bob: {roles: [team_leader], clients: [north, south]}
queues:
  care:
    name: Care
    client: north
    tiers:
      - requires: {help: 2}
      - after_seconds: 20
        requires: {help: 1}
    wait_seconds_max: 300
    overflow: sorry
    welcome: [soon]
    dispositions: [done]
    extension: "31"
flows:
  main:
    first: hello
    steps:
      hello: {do: say, prompt: hello, next: hours}
      hours: {do: hours, calendar: office, open: ask, closed: sorry}
      ask:
        do: menu
        prompt: choose
        choices:
          - {key: "1", name: care, next: wait}
          - {key: "2", name: again, next: ask}
          - {key: "9", name: leave, next: sorry}
        otherwise: wait
      wait: {do: queue, queue: care}
      sorry: {do: message, prompt: sorry, queue: care}
numbers:
  "100": {client: north, flow: main, language: en}
trunks:
  local: {addresses: ["127.0.0.1"]}
  out: {uri: "sip:sip.provider.example;transport=tcp", user: north, registers: true}
zones:
  home: {prefixes: ["+36"], cost_minute: "0.05"}
emergency: ["112"]
probe: {number: "100", key: "9"}
prompts:
  hello: {en: Hello., hu: Jó napot.}
  choose: {en: Press 1., hu: Nyomja meg az egyest.}
  soon: {en: Soon., hu: Mindjárt.}
  sorry: {en: Speak now., hu: Most beszéljen.}
demo:
  people:
    ann: {name: Ann Example, password: open}
    bob: {name: Bob Example}
"""


def broken(old: str, new: str) -> str:
    """Return GOOD with one thing changed; the old text must stand in it exactly once."""
    assert GOOD.count(old) == 1, f"{old!r} stands {GOOD.count(old)} times in the sample"
    return GOOD.replace(old, new)
