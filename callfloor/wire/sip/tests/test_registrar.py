"""Where a user can be reached is what his telephones said last, within limits."""

import pytest

from callfloor.wire.sip import registrar
from callfloor.wire.sip.machines import Remote
from callfloor.wire.sip.registrar import Registrar
from callfloor.wire.sip.tests import kit

pytestmark = pytest.mark.pure

DESK = "<sip:1001-0x55aa@10.0.0.7:5070>"
MOBILE = "<sip:1001@10.0.0.8;transport=tcp>"
BEHIND = Remote(host="192.0.2.99", port=40_000)


def ask(book, *contacts, expires=None, cseq=1, call_id="r", now=0.0, source=BEHIND, user="anna"):
    headers = [("Contact", contact) for contact in contacts]
    if expires is not None:
        headers.append(("Expires", expires))
    request = kit.request("REGISTER", cseq=cseq, call_id=call_id, contact=None, headers=headers)
    return book.register(user, request, source, now)


def shown(outcome):
    return [value for name, value in outcome.headers if name == "Contact"]


def reached(book, now=0.0, user="anna"):
    return [str(binding.contact) for binding in book.bindings(user, now)]


def test_a_telephone_is_reached_where_it_spoke_from_by_the_contact_it_wrote():
    """VOICE.md: baresip registers as 1001-0x55…; the AoR's user is not what requests name."""
    book = Registrar()
    outcome = ask(book, f"{DESK};expires=120;q=0.5")
    assert (outcome.status, shown(outcome)) == (200, [f"{DESK};expires=120"])
    (binding,) = book.bindings("anna", 119.9)
    assert (str(binding.contact), binding.source) == (DESK, BEHIND)
    assert book.bindings("anna", 120.0) == []


def test_several_telephones_of_one_user_and_none_of_another():
    book = Registrar()
    ask(book, DESK)
    ask(book, MOBILE, call_id="m", now=1.0)
    assert reached(book) == [DESK, MOBILE]
    assert reached(book, user="bela") == []
    assert len(book) == 2


@pytest.mark.parametrize(
    ("expires", "param", "granted"),
    [
        (None, "", registrar.SECONDS_USUAL),
        ("120", "", 120),
        ("120", ";expires=60", 60),
        ("99999", "", registrar.SECONDS_MAX),
        ("soon", "", registrar.SECONDS_USUAL),
    ],
)
def test_how_long_is_said_by_the_contact_then_by_expires_then_by_us(expires, param, granted):
    book = Registrar()
    assert shown(ask(book, DESK + param, expires=expires)) == [f"{DESK};expires={granted}"]


def test_a_life_too_brief_is_refused_and_nothing_is_written():
    book = Registrar()
    outcome = ask(book, MOBILE, f"{DESK};expires=59")
    assert (outcome.status, outcome.headers) == (423, (("Min-Expires", "60"),))
    assert len(book) == 0


def test_one_telephone_in_two_spellings_is_one():
    book = Registrar()
    ask(book, "<sip:1001@Desk.example:5070;ob>")
    ask(book, '"Anna" <sip:1001@desk.EXAMPLE:5070>', cseq=2, now=10.0)
    assert reached(book, 121.0) == ['"Anna" <sip:1001@desk.EXAMPLE:5070>']
    assert book.timer() == 130.0


def test_a_refresh_from_elsewhere_moves_the_telephone():
    book = Registrar()
    ask(book, DESK)
    ask(book, DESK, cseq=2, source=kit.UDP, now=10.0)
    assert [binding.source for binding in book.bindings("anna", 10.0)] == [kit.UDP]


def test_zero_takes_one_away():
    book = Registrar()
    ask(book, DESK, MOBILE)
    assert shown(ask(book, f"{DESK};expires=0", cseq=2)) == [f"{MOBILE};expires=120"]


def test_the_star_takes_all_away():
    """RFC 3261 section 10.3, step 6."""
    book = Registrar()
    ask(book, DESK)
    ask(book, MOBILE, call_id="m")
    assert ask(book, "*", expires="0", call_id="x").status == 200
    assert (reached(book), len(book), book.timer()) == ([], 0, None)


@pytest.mark.parametrize(("contacts", "expires"), [(["*"], None), (["*"], "5"), (["*", DESK], "0")])
def test_the_star_means_nothing_else(contacts, expires):
    book = Registrar()
    ask(book, DESK)
    assert ask(book, *contacts, expires=expires, cseq=2).status == 400
    assert reached(book) == [DESK]


@pytest.mark.parametrize("contact", ["<tel:112>", "<sip:a@b?Subject=x>", f"<sip:{'a' * 600}@b>"])
def test_a_contact_that_nobody_can_call_is_bad(contact):
    book = Registrar()
    assert ask(book, contact).status == 400
    assert ask(book, *[f"<sip:{n}@10.0.0.7>" for n in range(17)]).status == 400
    assert len(book) == 0


@pytest.mark.parametrize("contacts", [[f"{DESK};expires=0"], ["*"]])
def test_what_comes_too_late_changes_nothing(contacts):
    """RFC 3261 section 10.3, step 7."""
    book = Registrar()
    ask(book, DESK, cseq=5)
    assert ask(book, *contacts, expires="0", cseq=5).status == 500
    assert reached(book) == [DESK]
    assert ask(book, *contacts, expires="0", cseq=1, call_id="after a restart").status == 200
    assert reached(book) == []


def test_without_a_contact_it_only_asks():
    book = Registrar()
    ask(book, DESK)
    assert shown(ask(book, cseq=2, now=100.4)) == [f"{DESK};expires=20"]
    assert len(book) == 1


def test_whose_life_ended_is_said_once():
    book = Registrar()
    ask(book, DESK)
    ask(book, MOBILE, call_id="m", expires="60")
    assert book.timer() == 60.0
    assert book.fire(60.0) == ["anna"]
    assert book.fire(61.0) == []
    assert reached(book, 61.0) == [DESK]


def test_two_that_end_at_one_instant_need_not_be_alike():
    """Found by fuzzing: a contact may have no user and no port, and `None < "anna"` is an error."""
    book = Registrar()
    outcome = ask(book, "<sip:10.0.0.7>", "<sip:anna@10.0.0.7>", "<sip:anna@10.0.0.7:5070>")
    assert outcome.status == 200
    assert len(reached(book)) == 3
    assert book.fire(registrar.SECONDS_USUAL) == ["anna"] * 3
    assert book.timer() is None


def test_a_newcomer_beyond_the_limit_takes_the_place_of_the_oldest():
    book = Registrar()
    for number in range(registrar.BINDINGS_PER_USER_MAX + 1):
        ask(book, f"<sip:{number}@10.0.0.7>", call_id=str(number), now=number)
    assert len(book) == registrar.BINDINGS_PER_USER_MAX
    assert reached(book, 10.0)[0] == "<sip:1@10.0.0.7>"


def test_beyond_all_places_it_is_busy(monkeypatch):
    monkeypatch.setattr(registrar, "BINDINGS_MAX", 1)
    book = Registrar()
    ask(book, DESK)
    full = ask(book, MOBILE, user="bela")
    assert (full.status, full.headers) == (503, (registrar.RETRY_AFTER,))
    assert ask(book, DESK, cseq=2).status == 200


def test_a_connection_that_closed_takes_its_telephones_along():
    book = Registrar()
    over_tcp = Remote(host="192.0.2.99", port=40_001, transport="TCP")
    ask(book, DESK)
    ask(book, MOBILE, call_id="m", source=over_tcp)
    assert book.drop_source(over_tcp) == ["anna"]
    assert reached(book) == [DESK]
