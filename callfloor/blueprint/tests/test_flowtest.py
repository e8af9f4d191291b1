"""Flow tests of a whole file: failures with their line, dead queues, and branches nobody walked."""

import pytest

from callfloor.blueprint import flowtest, schema
from callfloor.blueprint.check import check

pytestmark = pytest.mark.twin

CENTRE = """\
blueprint: 1
centre: {key: small, name: Small, timezone: Europe/Budapest}
clients:
  north: {name: North, languages: [en]}
calendars:
  office:
    weekly: {mon-fri: ["08:00-12:30", "13:00-17:00"]}
    holidays: {country: HU}
skills:
  help: {name: Help}
dispositions:
  done: {name: Done}
people:
  ann: {roles: [agent], clients: [north], skills: {help: 3}}
  bob: {roles: [agent], clients: [north], skills: {help: 1}}
queues:
  care: {name: Care, client: north, tiers: [{requires: {help: 2}}], dispositions: [done]}
numbers:
  "900": {client: north, flow: main, language: en}
trunks:
  local: {addresses: ["127.0.0.1"]}
flows:
  main:
    first: hours
    steps:
      hours: {do: hours, calendar: office, open: hello, closed: message}
      hello: {do: say, prompt: hello, next: care}
      care: {do: queue, queue: care}
      message: {do: message, prompt: hello}
prompts:
  hello: {en: Hello there.}
"""
SHIFTS = """\
demand:
  numbers:
    "900": {contacts_day: 10}
  shifts:
    - {people: [ann], hours: "08:00-12:00"}
    - {people: [bob], hours: "08:00-17:00", breaks: ["12:00-12:30"]}
"""


@pytest.fixture(scope="module")
def blueprint() -> schema.Blueprint:
    return centre(CENTRE)


def centre(text: str) -> schema.Blueprint:
    checked = check(text, file="small.yaml")
    assert checked.blueprint is not None, checked.findings
    return checked.blueprint


def case(at: str, ends: str) -> str:
    return f'  - case: At {at}\n    call: "900"\n    at: {at}\n    ends: {ends}\n'


def report(blueprint: schema.Blueprint, *cases: str) -> flowtest.Report:
    return flowtest.try_all(blueprint, {"t.yaml": "flow_tests:\n" + "".join(cases)})


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        ("2026-12-23 12:29:59", "{queue: care}"),
        ("2026-12-23 12:30:00", "message"),
        ("2026-12-23 12:30:01", "message"),
        ("2026-12-23 12:59:59", "message"),
        ("2026-12-23 13:00:00", "{queue: care}"),
        ("2026-12-25 10:00:00", "message"),  # A Friday, and a holiday.
        ("2027-03-29 10:00:00", "message"),  # Easter Monday, which moves.
        ("2027-03-30 10:00:00", "{queue: care}"),
        ("2026-10-26 07:59:59", "message"),  # The working day after clocks went back.
        ("2026-10-26 08:00:00", "{queue: care}"),
    ],
)
def test_the_second_decides(blueprint, at, ends):
    found = report(blueprint, case(at, ends))
    assert found.failures == ()
    other = "message" if "queue" in ends else "{queue: care}"
    assert len(report(blueprint, case(at, other)).failures) == 1


def test_a_failure_names_line_and_way(blueprint):
    found = report(
        blueprint,
        case("2026-12-23 12:00:00", "{queue: care}"),
        case("2026-12-23 12:45:00", "{queue: care}"),
    )
    assert [str(each) for each in found.failures] == [
        "t.yaml:9:5: At 2026-12-23 12:45:00\n"
        "    expected to wait in queue `care`\n"
        "    happened the call is over: message_left\n"
        "    walked   hours:closed → message:ends"
    ]


def test_branches_that_nobody_walked_are_listed(blueprint):
    found = report(blueprint, case("2026-12-23 12:00:00", "{queue: care}"))
    (coverage,) = found.coverage
    assert (coverage.flow, coverage.branches) == ("main", 5)
    assert coverage.missing == ("hours:closed", "message:ends")
    assert (coverage.share, found.share, found.cases) == (0.6, 0.6, 1)


class TestDeadQueue:
    def test_nobody_who_serves_it_sits_there(self):
        """In the afternoon only somebody is there who knows too little for any tier."""
        staffed = centre(CENTRE + SHIFTS)
        assert report(staffed, case("2026-12-23 11:00:00", "{queue: care}")).failures == ()
        (failure,) = report(staffed, case("2026-12-23 14:00:00", "{queue: care}")).failures
        assert failure.line == 5
        assert failure.expected == flowtest.DEAD_QUEUE
        assert failure.happened == "the call waits in queue `care`, where nobody sits"

    @pytest.mark.parametrize(
        ("at", "is_dead"),
        [
            ("2026-12-21 21:59:59", True),
            ("2026-12-21 22:00:00", False),  # A Monday, on which the night begins.
            ("2026-12-22 05:59:59", False),
            ("2026-12-22 06:00:00", True),
            ("2026-12-22 22:30:00", True),  # Tuesday has no night of its own.
            ("2026-12-21 05:00:00", True),  # Nor has Sunday.
        ],
    )
    def test_a_night_is_served_until_its_end_on_the_next_day(self, at, is_dead):
        """A shift over midnight belongs to the day on which it begins."""
        text = CENTRE.replace(
            'mon-fri: ["08:00-12:30", "13:00-17:00"]', 'mon-sun: ["00:00-24:00"]'
        ).replace("holidays: {country: HU}", "exceptions: {}")
        shifts = SHIFTS.replace(
            'hours: "08:00-12:00"', 'days: [mon], hours: "22:00-06:00", breaks: ["02:00-02:30"]'
        )
        found = report(centre(text + shifts), case(at, "{queue: care}"))
        assert [each.expected for each in found.failures] == [flowtest.DEAD_QUEUE] * is_dead

    def test_a_way_out_is_enough(self):
        text = CENTRE.replace("dispositions: [done]}", "dispositions: [done], "
                              "wait_seconds_max: 60, overflow: message}")  # fmt: skip
        staffed = centre(text + SHIFTS)
        assert report(staffed, case("2026-12-23 14:00:00", "{queue: care}")).failures == ()
