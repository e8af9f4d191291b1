"""Every fault of a blueprint is found, at its place, and nothing else is complained about."""

from pathlib import Path

import pytest

from callfloor.blueprint import findings
from callfloor.blueprint.check import check
from callfloor.blueprint.tests.samples import GOOD, broken
from callfloor.blueprint.tests.test_cases import CASES as CASED
from callfloor.blueprint.tests.test_mailboxes import CASES as MAIL_CASES
from callfloor.blueprint.tests.test_writing import CASES as WRITTEN

pytestmark = pytest.mark.pure

BROKEN = Path(__file__).parent / "broken"

CASES = [
    # fault, old text, new text, and the place where the finding must stand
    ("E001", "skills:\n  help", "skills: ]\n  help", "flow node"),
    ("E002", "team: one\n    skills", "taem: one\n    skills", "taem: one"),
    ("E002", 'cost_minute: "0.05"', "cost_minute: free", "cost_minute: free"),
    ("E002", "ann-hall]", "ann hall]", "ann hall]"),
    ("E002", 'extension: "31"', 'extension: "3"', 'extension: "3"'),
    ("E002", "timezone: Europe", "zone: Europe", "centre:"),
    ("E002", "do: say", "do: shout", "hello: {do"),
    ("E002", "prompt: hello, next: hours", "prompt: Hello!, next: hours", "prompt: Hello!"),
    ("E002", "after_seconds: 20", "after_seconds: soon", "after_seconds: soon"),
    ("E003", "  south: {", "  north: {", "north: {name: South"),
    ("E010", "client: north\n", "client: west\n", "client: west"),
    ("E010", "clients: [north, south]", "clients: [north, west]", "west]"),
    ("E010", '"100": {client: north', '"100": {client: west', "client: west"),
    ("E011", "do: queue, queue: care", "do: queue, queue: car", "queue: car}"),
    ("E012", "calendar: office", "calendar: shop", "calendar: shop"),
    ("E012", 'extension: "31"', 'extension: "31"\n    hours: shop', "hours: shop"),
    ("E013", "flow: main", "flow: mian", "flow: mian"),
    ("E014", "first: hello", "first: hallo", "first: hallo"),
    ("E014", "otherwise: wait", "otherwise: weit", "otherwise: weit"),
    ("E014", "name: care, next: wait", "name: care, next: weit", "next: weit"),
    ("E015", "do: say, prompt: hello", "do: say, prompt: hallo", "prompt: hallo"),
    ("E015", "welcome: [soon]", "welcome: [sooon]", "sooon"),
    ("E016", "skills: {help: 3}", "skills: {help: 3, sing: 2}", "sing: 2"),
    ("E016", "requires: {help: 1}", "requires: {hlep: 1}", "hlep: 1"),
    ("E017", "team: one\n", "team: two\n", "team: two"),
    ("E018", "dispositions: [done]", "dispositions: [done, gone]", "gone]"),
    ("E019", "    bob: {name: Bob", "    cat: {name: Cat}\n    bob: {name: Bob", "cat: {name"),
    ("E020", "prompt: hello, next: hours", "prompt: hello", "hello: {do"),
    ("E020", "open: ask, closed: sorry", "open: ask", "hours: {do"),
    ("E020", "        otherwise: wait\n", "", "ask:\n"),
    (
        "E021",
        "      sorry: {do",
        "      lost: {do: end}\n      sorry: {do",
        "lost: {do",
    ),
    (
        "E022",
        "otherwise: wait\n",
        "otherwise: bye\n      bye: {do: end}\n",
        "otherwise: bye",
    ),
    ("E022", "otherwise: wait", "otherwise: ask", "otherwise: ask"),
    (
        "E023",
        "closed: sorry}",
        "closed: shut}\n      shut: {do: say, prompt: hello, next: hours}",
        "hello: {do",
    ),
    ("E024", '{key: "2", name: again', '{key: "1", name: again', '{key: "1", name: again'),
    ("E025", "overflow: sorry", "overflow: sory", "queue: care}\n      sorry"),
    ("E026", "{client: north, flow: main", "{client: south, flow: main", "flow: main"),
    ("E027", "    overflow: sorry\n", "", "wait_seconds_max"),
    ("E027", "    wait_seconds_max: 300\n", "", "overflow: sorry"),
    ("E028", 'extension: "31"', "appointments: {at_once: 1}", "appointments"),
    ("E030", "Soon., hu: Mindjárt.", "Soon.", "soon: {en"),
    ("E031", "flow: main, language: en", "flow: main, language: fr", "language: fr"),
    (
        "E031",
        "next: hours}",
        "next: talk}\n      talk: {do: speak, language: ru, next: hours}",
        "language: ru",
    ),
    ("E032", '"100": {', '"1-00": {', '"1-00"'),
    ("E033", '"+36123456789"', '"061 234 5678"', "caller_id"),
    ("E034", 'extension: "31"', 'extension: "21"', 'extension: "21"\nflows'),
    ("E034", 'extension: "31"', 'extension: "100"', 'extension: "100"'),
    ("E034", 'extension: "31"', 'extension: "112"', 'extension: "112"'),
    ("E035", "ann-hall]", "ann-desk]", "ann-desk]"),
    ("E035", "ann-hall]", "north]", "north]\n    extension"),
    ("E036", 'emergency: ["112"]', "emergency: [help]", "help]"),
    (
        "E040",
        "- requires: {help: 2}",
        "- {after_seconds: 5, requires: {help: 2}}",
        "{after_seconds: 5",
    ),
    ("E040", "after_seconds: 20", "after_seconds: 0", "after_seconds: 0"),
    ("E041", "skills: {help: 3}", "skills: {}", "care:\n"),
    ("E041", "clients: [north]\n", "clients: [south]\n", "care:\n"),
    ("E042", "    dispositions: [done]\n", "", "care:\n"),
    ("E050", "timezone: Europe/Budapest", "timezone: Europe/Budapset", "timezone: Europe/Budapset"),
    ("E051", "mon-fri: [", "fri-mon: [", "fri-mon"),
    ("E051", '"08:00-12:30"', '"12:30-08:00"', '"12:30-08:00"'),
    ("E051", "2026-12-24: [", "2026-13-24: [", "2026-13-24"),
    ("E052", '"13:00-17:00"]', '"12:00-17:00"]', "mon-fri"),
    ("E053", "{country: HU}", "{country: ZZ}", "country: ZZ"),
    ("E053", "{country: HU}", "{country: DE, region: QQ}", "region: QQ"),
    ("E054", "{key: small, ", "{key: small, country: ZZ, ", "country: ZZ"),
    ("E060", '{addresses: ["127.0.0.1"]}', "{}", "local: {}"),
    ("E060", '["127.0.0.1"]', '["localhost"]', '"localhost"'),
    ("E061", "trunks: [out]", "trunks: [uot]", "uot]"),
    ("E062", "zones: [home]", "zones: [hoem]", "hoem]"),
    ("E063", 'prefixes: ["+36"]', 'prefixes: ["36"]', '"36"'),
    ("E063", 'prefixes: ["+36"]', 'prefixes: ["+36", "+36"]', '"+36"], cost'),
    ("E064", 'cost_minute: "0.05"', 'cost_minute: "0.055"', "cost_minute"),
    ("E064", 'cost_day_max: "50.00"', 'cost_day_max: "50.001"', "cost_day_max"),
    ("E065", "{key: small, ", "{key: small, currency: EUX, ", "currency: EUX"),
    ("E066", "trunks: [out]", "trunks: [local]", "zones: [home]"),
    ("E066", "trunks: [out]", "trunks: []", "zones: [home]"),
    ("E067", '"sip:sip.provider.example;transport=tcp"', '"provider"', 'uri: "provider"'),
    ("E067", "transport=tcp", "transport=sctp", 'uri: "sip'),
    ("E067", "sip:sip.provider", "sip:me@sip.provider", 'uri: "sip'),
    ("E068", ", user: north", "", "out: {uri"),
    ("E070", "    bob: {name: Bob Example}\n", "", "bob: {roles"),
    ("E070", "{name: Ann Example, password: open}", "{name: Ann Example}", "people:\n    ann"),
    ("E071", 'probe: {number: "100"', 'probe: {number: "101"', 'number: "101"'),
    ("E072", '100", key: "9"', '100", key: "7"', 'key: "7"'),
    ("E073", '100", key: "9"', '100", key: "1"', "probe: {number"),
]


def test_good_file_has_no_finding():
    """The sample that every bad file is made from is accepted."""
    checked = check(GOOD, file="good.yaml")
    assert checked.findings == ()
    assert checked.blueprint is not None
    assert checked.blueprint.centre.key == "small"


@pytest.mark.parametrize(
    ("fault", "old", "new", "where"), CASES, ids=[f"{c[0]}-{c[2][:24].strip()}" for c in CASES]
)
def test_fault_is_found_at_its_place(fault: str, old: str, new: str, where: str):
    """A file that is wrong in one thing is refused whole, with a hint, at the right line."""
    text = broken(old, new)
    checked = check(text, file="bad.yaml")
    assert checked.blueprint is None
    found = [each for each in checked.findings if each.id == f"blueprint.{fault}"]
    assert found, checked.findings
    if fault != "E001":
        assert (found[0].line, found[0].column) in _places(text, where), str(found[0])
    assert found[0].hint.endswith((".", "?", "…."))
    assert str(found[0]).startswith(f"bad.yaml:{found[0].line}:{found[0].column}: ")


def _places(text: str, where: str) -> set[tuple[int, int]]:
    places = set()
    at = text.find(where)
    assert at >= 0, f"{where!r} is not in the broken file"
    while at >= 0:
        before = text[:at]
        places.add((before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1))
        at = text.find(where, at + 1)
    return places


@pytest.mark.parametrize(
    ("fault", "old", "new", "where"), CASES, ids=[f"{c[0]}-{c[2][:24].strip()}" for c in CASES]
)
def test_one_fault_is_told_once(fault: str, old: str, new: str, where: str):
    """One mistake does not drown in a dozen findings that follow from it."""
    findings_of_it = check(broken(old, new), file="bad.yaml").findings
    assert len(findings_of_it) <= 2, [str(each) for each in findings_of_it]


def test_every_fault_has_a_bad_file():
    """No fault is in the list that no file here brings about."""
    files = (path.read_text(encoding="utf-8") for path in BROKEN.glob("[0-9]*.yaml"))
    told = {text.split()[1].removeprefix("blueprint.") for text in files}
    elsewhere = {case[0] for case in (*MAIL_CASES, *WRITTEN, *CASED)}
    elsewhere |= {"E004", "E132"}  # A file that is none; a mailbox for a kind that is not used.
    assert {case[0] for case in CASES} | elsewhere | told == set(findings.FAULTS)


def test_too_large_a_file_is_refused():
    """Aliases that multiply into millions of values are stopped, not computed."""
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for one, before in zip("bcdefg", "abcdef", strict=True):
        bomb += f"{one}: &{one} [{', '.join(['*' + before] * 9)}]\n"
    checked = check(bomb, file="bomb.yaml")
    assert [each.id for each in checked.findings] == ["blueprint.E004"]


@pytest.mark.parametrize("text", ["", "- 1\n- 2\n", "just words", "a: \x00"])
def test_what_is_no_mapping_is_refused(text: str):
    """A file that is no blueprint at all is told so, without a traceback."""
    checked = check(text, file="x.yaml")
    assert [each.id for each in checked.findings] == ["blueprint.E001"]


def test_misspelt_name_brings_the_right_one():
    """The hint names what was probably meant."""
    (found,) = check(broken("flow: main", "flow: mian"), file="x.yaml").findings
    assert found.hint == "Did you mean `main`?"


LANGUAGE = "      hours: {do"
"""Before it a step that branches by language is put."""


def by_language(step: str) -> str:
    """Let the sample branch by language before it looks at the hours."""
    text = broken("prompt: hello, next: hours", "prompt: hello, next: sort")
    return text.replace(LANGUAGE, f"      sort: {step}\n{LANGUAGE}")


def test_flow_that_branches_by_language_is_right():
    """Both languages of the client have a way, and so has every other."""
    text = by_language("{do: language, ways: {hu: hours, en: wait}, otherwise: sorry}")
    assert check(text, file="x").findings == ()


def test_step_that_is_reached_in_another_language_is_no_circle():
    """Who goes on in another language may come by the same step again; he takes another way."""
    text = by_language("{do: language, ways: {en: hours}, otherwise: english}").replace(
        LANGUAGE, f"      english: {{do: speak, language: en, next: sort}}\n{LANGUAGE}"
    )
    assert check(text, file="x").findings == ()


def test_circle_in_one_language_is_told():
    """What catches callers of one language alone is found, though all others come through."""
    text = by_language("{do: language, ways: {hu: again}, otherwise: hours}").replace(
        LANGUAGE, f"      again: {{do: say, prompt: hello, next: sort}}\n{LANGUAGE}"
    )
    (found,) = check(text, file="x").findings
    assert found.id == "blueprint.E023"
    assert "sort → again" in found.wrong


def test_circle_is_told_with_its_steps():
    """Somebody who is caught by closed hours is shown the way round."""
    text = broken(
        "closed: sorry}", "closed: shut}\n      shut: {do: say, prompt: hello, next: hours}"
    )
    (found,) = [e for e in check(text, file="x").findings if e.id == "blueprint.E023"]
    assert found.wrong == "A caller can go round for ever: hello → hours → shut → …"
