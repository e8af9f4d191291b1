"""Nights, parted days and Sundays: what the rules of labour mean by rest, and what they do not."""

import pytest

from callfloor.blueprint.check import check
from callfloor.blueprint.tests.test_broken import GOOD

pytestmark = pytest.mark.pure

DAN = '    - {people: [dan], days: [mon-wed], hours: "09:00-14:00"}\n'


def found(*shifts: str) -> list[str]:
    assert GOOD.count(DAN) == 1
    text = "".join(f"    - {{people: [dan], {shift}}}\n" for shift in shifts)
    findings = check(GOOD.replace(DAN, text), file="x.yaml").findings
    return [each.id.removeprefix("blueprint.") for each in findings]


@pytest.mark.parametrize(
    "shifts",
    [
        # A night in two parts, with the day between two nights to sleep.
        (
            'days: [mon-wed], hours: "21:00-24:00"',
            'days: [tue-thu], hours: "00:00-05:00"',
        ),
        # Nights, each one shift: sixteen hours lie between the end of one and the next.
        ('days: [mon-thu], hours: "22:00-06:00", breaks: ["02:00-02:30"]',),
        # Sunday's night ends on Monday, where a shift begins eleven hours later.
        ('days: [sun], hours: "22:00-04:00"', 'days: [mon], hours: "15:00-20:00"'),
        # A night to midnight, and its break over midnight.
        ('days: [mon-wed], hours: "18:00-00:00"',),
        ('days: [mon], hours: "20:00-04:00", breaks: ["23:45-00:15"]',),
        # A morning and an evening of one day, without a night between them.
        ('days: [mon-wed], hours: "08:00-11:00"', 'days: [mon-wed], hours: "17:00-20:00"'),
        # From Sunday's night into Monday's morning.
        ('days: [sun], hours: "22:00-24:00"', 'days: [mon], hours: "00:00-04:00"'),
        # Eleven hours exactly.
        ('days: [mon], hours: "15:00-20:00"', 'days: [tue], hours: "07:00-12:00"'),
        # Breaks are no work: five times 8.5 hours without half an hour are forty.
        ('days: [mon-fri], hours: "08:00-17:00", breaks: ["12:00-12:30"]',),
    ],
    ids=[
        "night",
        "one night",
        "sunday's night",
        "to midnight",
        "over midnight",
        "parted",
        "sunday",
        "eleven",
        "breaks",
    ],
)
def test_rested_people_are_left_in_peace(shifts: tuple[str, ...]):
    assert found(*shifts) == []


@pytest.mark.parametrize(
    ("shifts", "fault"),
    [
        (('days: [mon], hours: "15:00-20:01"', 'days: [tue], hours: "07:00-12:00"'), "E107"),
        (('days: [sun], hours: "18:00-23:00"', 'days: [mon], hours: "06:00-11:00"'), "E107"),
        (('days: [mon], hours: "08:00-12:00"', 'days: [mon], hours: "11:59-14:00"'), "E105"),
        (('days: [mon-fri], hours: "08:00-17:30", breaks: ["12:00-12:30"]',), "E106"),
        (('days: [mon], hours: "08:00-14:01"',), "E104"),
        (('days: [mon], hours: "08:00-18:01", breaks: ["12:00-13:00"]',), "E103"),
        (('days: [fri-mon], hours: "08:00-12:00"',), "E051"),
        (('days: [mon], hours: "08:00-08:00"',), "E051"),
        (('days: [mon], hours: "24:00-06:00"',), "E051"),
        (('days: [mon], hours: "22:00-24:01"',), "E051"),
        # A night is one shift: its length, its breaks and its rest are looked at as a whole.
        (('days: [mon], hours: "12:00-08:00"',), "E103"),
        (('days: [mon], hours: "22:00-04:01"',), "E104"),
        (('days: [mon], hours: "22:00-06:00", breaks: ["06:00-06:30"]',), "E102"),
        (('days: [mon], hours: "22:00-06:00", breaks: ["21:30-22:00"]',), "E102"),
        (('days: [mon], hours: "22:00-06:00", breaks: ["23:50-00:10", "00:00-00:30"]',), "E052"),
        (('days: [mon], hours: "22:00-04:00"', 'days: [tue], hours: "14:59-17:00"'), "E107"),
        (('days: [sun], hours: "22:00-04:00"', 'days: [mon], hours: "14:59-17:00"'), "E107"),
        (('days: [mon], hours: "22:00-04:00"', 'days: [tue], hours: "03:59-05:00"'), "E105"),
        (('days: [sun], hours: "22:00-04:00"', 'days: [mon], hours: "03:59-05:00"'), "E105"),
        (('days: [mon-sun], hours: "22:00-04:18"',), "E106"),
        (('days: [mon], hours: "08:00-18:00", breaks: ["12:00-13:00", "12:30-14:00"]',), "E052"),
    ],
)
def test_one_minute_too_many_is_told(shifts: tuple[str, ...], fault: str):
    assert fault in found(*shifts)


def test_colleagues_with_the_same_shifts_are_told_once():
    """Sixty people in one wrong shift are one finding."""
    text = GOOD.replace("{teams: [one], days: [mon-fri]", "{people: [ann, dan], days: [mon-sat]")
    text = text.replace(DAN, "")
    (told,) = check(text, file="x.yaml").findings
    assert told.id == "blueprint.E106"
    assert told.wrong.startswith("`ann` and 1 more would work 48 h a week")
