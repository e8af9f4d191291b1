"""A file of flow tests is read with the place of all that is wrong with it."""

from zoneinfo import ZoneInfo

import pytest

from callfloor.blueprint import flowcases, schema
from callfloor.blueprint.check import check
from callfloor.blueprint.tests.samples import GOOD
from callfloor.twin import flowtest

pytestmark = pytest.mark.pure

BUDAPEST = ZoneInfo("Europe/Budapest")


@pytest.fixture(scope="module")
def blueprint() -> schema.Blueprint:
    found = check(GOOD, file="good.yaml").blueprint
    assert found is not None
    return found


def read(text: str, blueprint: schema.Blueprint) -> list[flowcases.Written]:
    return flowcases.read_all({"t.yaml": text}, blueprint=blueprint)


def faults(text: str, blueprint: schema.Blueprint) -> list[str]:
    with pytest.raises(flowcases.Unreadable) as error:
        read(text, blueprint)
    return [str(fault) for fault in error.value.faults]


CASE = """\
flow_tests:
  - case: A case
    call: "+36123456789"
    at: 2026-11-24 10:00:00
"""


def test_a_case_becomes_what_the_twin_tries(blueprint):
    text = (
        CASE.replace("+36123456789", next(iter(blueprint.numbers)))
        + """\
    caller: known
    speaks: hu
    steps:
      - hears: hello
      - press: "1"
      - types: "12#"
      - silence: 2.5
      - waits: care
      - says: 3
      - hang_up
    ends: message
    language: en
    recorded: no
    choices: [help]
    reason: silence
    typed: {number: 2}
"""
    )
    (written,) = read(text, blueprint)
    assert (written.name, written.year, written.index) == ("A case", 2026, 0)
    assert written.case == flowtest.Case(
        number=next(iter(blueprint.numbers)),
        at=1_795_510_800.0,
        known=True,
        speaks="hu",
        moves=(
            flowtest.Hears("hello"),
            flowtest.Presses("1"),
            flowtest.Types("12#"),
            flowtest.Silence(2.5),
            flowtest.Waits("care"),
            flowtest.Says(3.0),
            flowtest.HangsUp(),
        ),
        wanted=flowtest.Wanted(
            outcome="message_left",
            language="en",
            recorded=False,
            choices=("help",),
            reason="silence",
            typed=(("number", 2),),
        ),
    )


def test_a_deviation_is_told_where_it_was_written(blueprint):
    number = next(iter(blueprint.numbers))
    text = (
        CASE.replace("+36123456789", number)
        + "    steps:\n      - hears: hello\n    ends: message\n"
    )
    (written,) = read(text, blueprint)
    move = flowtest.Deviation(move=0, about="hears", expected="", happened="")
    assert written.place(move) == (6, 9)
    end = flowtest.Deviation(move=None, about="ends", expected="", happened="")
    assert written.place(end) == (7, 5)


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        ("call: nobody", "3:5", "There is no number `nobody`."),
        ("at: noon", "4:5", "`noon` is no time"),
        ("at: 2027-03-28 02:30:00", "4:5", "clocks are put forward that night"),
        ("at: 2026-10-25 02:30:00", "4:5", "There are two"),
        ("calendar: ofice", "5:5", "There is no calendar `ofice`. Did you mean `office`?"),
        ("speaks: hu", "5:5", "Whose language is known is `caller: known`."),
        ("ends: {queue: cair}", "5:12", "There is no queue `cair`. Did you mean `care`?"),
        ("emergencies: [flood]", "5:19", "There is no emergency `flood`."),
        ("steps: [{hears: helo}]", "5:14", "There is no prompt `helo`. Did you mean `hello`?"),
        ("steps: [{waits: cair}]", "5:14", "There is no queue `cair`."),
        ("steps: [{press: x}]", "5:14", "`press`"),
        ("steps: [{hears: hello, waits: care}]", "5:13", "write exactly one of"),
        ("step: []", "5:5", "`step` is no key of this place. Did you mean `steps`?"),
        ("caller: strange", "5:5", "`caller`"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(blueprint, change, place, words):
    key = change.partition(":")[0]
    lines = CASE.replace("+36123456789", next(iter(blueprint.numbers))).splitlines()
    kept = [line for line in lines if not line.strip().startswith(f"{key}:")]
    index = next((i for i, line in enumerate(lines) if line.strip().startswith(f"{key}:")), 4)
    text = "\n".join([*kept[:index], f"    {change}", *kept[index:]])
    (fault,) = faults(text, blueprint)
    assert fault.startswith(f"t.yaml:{place}: ")
    assert words in fault


def test_a_file_that_is_no_yaml_is_told(blueprint):
    assert faults("flow_tests: [", blueprint)[0].startswith("t.yaml:")


def test_all_files_are_told_of_together(blueprint):
    with pytest.raises(flowcases.Unreadable) as error:
        flowcases.read_all({"a": "x: 1", "b": "y: 1"}, blueprint=blueprint)
    assert {fault.file for fault in error.value.faults} == {"a", "b"}


class TestInstant:
    def test_is_local_time(self):
        assert flowcases.instant("2026-12-24 12:29:59", BUDAPEST).timestamp() == 1_798_111_799

    def test_an_offset_says_which_of_two(self):
        first = flowcases.instant("2026-10-25 02:30:00+02:00", BUDAPEST).timestamp()
        second = flowcases.instant("2026-10-25 02:30:00+01:00", BUDAPEST).timestamp()
        assert second - first == 3600
