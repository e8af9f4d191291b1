"""A centre with two queues and two languages that the twin can try, and ways to change it."""

from callfloor.blueprint.check import shape
from callfloor.blueprint.read import read
from callfloor.blueprint.schema import Blueprint

TEXT = """\
blueprint: 1
centre: {key: trial, name: Trial, timezone: Europe/Budapest}
clients:
  north: {name: North, languages: [en, hu]}
teams:
  one: {name: One}
skills:
  bills: {name: Bills}
  orders: {name: Orders}
  english: {name: English}
dispositions:
  done: {name: Done}
people:
  ann: {roles: [agent], clients: [north], team: one, skills: {bills: 5, english: 5}}
  ben: {roles: [agent], clients: [north], team: one, skills: {bills: 3}}
  cat: {roles: [agent], clients: [north], team: one, skills: {bills: 2, english: 2}}
  dan: {roles: [agent], clients: [north], team: one, skills: {orders: 5, english: 3}}
  eve: {roles: [agent], clients: [north], skills: {orders: 3}}
  max: {roles: [manager], clients: [north]}
queues:
  bills:
    name: Bills
    client: north
    tiers: [{requires: {bills: 2}}]
    dispositions: [done]
  orders:
    name: Orders
    client: north
    tiers: [{requires: {orders: 4}}, {after_seconds: 30, requires: {orders: 1}}]
    dispositions: [done]
flows:
  english:
    first: ask
    steps:
      ask:
        do: menu
        prompt: which
        choices: [{key: "1", name: bills, next: bills}, {key: "2", name: orders, next: orders}]
        otherwise: bills
      bills: {do: queue, queue: bills}
      orders: {do: queue, queue: orders}
  hungarian:
    first: orders
    steps:
      orders: {do: queue, queue: orders}
numbers:
  "900": {client: north, flow: english, language: en}
  "901": {client: north, flow: hungarian, language: hu}
prompts:
  which: {en: Bills or orders?, hu: Számla vagy rendelés?}
trunks:
  line: {addresses: [127.0.0.1]}
demand:
  numbers:
    "900":
      contacts_day: 240
      weekdays: {mon: 1.5, sat-sun: 0}
      hours: {"08:00-10:30": 2, "10:30-16:00": 1}
      choices: {ask: {bills: 3, orders: 1}}
      patience_seconds: 90
    "901": {contacts_day: 40, weekdays: {sat-sun: 0}, hours: {"08:00-16:00": 1}, day_spread: 0}
  queues:
    bills: {handling_seconds: 200, wrap_up_seconds: 10, newcomer_factor: 1.4}
    orders: {handling_seconds: 400, wrap_up_seconds: 30}
  shifts:
    - {teams: [one], hours: "08:00-16:00", breaks: ["12:00-12:30"]}
    - {people: [eve], days: [tue, thu-fri], hours: "09:00-12:00"}
    - {people: [eve], days: [tue], hours: "12:00-13:00"}
  absence_share: 0.2
  cost_hour: "20"
"""


def blueprint(*changes: tuple[str, str]) -> Blueprint:
    """Read the centre with pieces of its text replaced."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
        text = text.replace(old, new)
    found, problems = shape.parse(read(text, file="trial.yaml").values)
    assert found is not None, problems
    return found
