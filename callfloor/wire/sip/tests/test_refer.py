"""What a REFER asks is read whole, and its progress is told until the end and not after."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import message, refer
from callfloor.wire.sip.dialog import Dialog, DialogId
from callfloor.wire.sip.refer import Progress, Replaces
from callfloor.wire.sip.tests import kit
from callfloor.wire.sip.tests.kit import AT_BOB, response

pytestmark = pytest.mark.pure

ATTENDED = (
    "<sip:bob@192.0.2.4;transport=tcp?Replaces=12345%40192.0.2.3"
    "%3Bto-tag%3D12345%3Bfrom-tag%3D5FFE-3994&Require=replaces>"
)


def referring(*values, **headers):
    pairs = [("Refer-To", value) for value in values]
    pairs += [(name.replace("_", "-"), value) for name, value in headers.items()]
    return message.parse(kit.request("REFER", cseq=93809823, headers=pairs).encode())


def test_a_blind_transfer_names_whom_to_call():
    asked = refer.read(referring("sip:200@callfloor.example", Referred_By="<sip:anna@x>"))
    assert (str(asked.target), asked.replaces) == ("sip:200@callfloor.example", None)
    assert (str(asked.referred_by), asked.wants_progress) == ("<sip:anna@x>", True)


def test_an_attended_transfer_names_the_dialog_as_its_receiver_sees_it():
    """RFC 3891 section 3, and the escapes of RFC 5589 section 7.1."""
    asked = refer.read(referring(ATTENDED))
    assert str(asked.target) == "sip:bob@192.0.2.4;transport=tcp"
    assert asked.replaces == Replaces(
        dialog=DialogId(call_id="12345@192.0.2.3", local_tag="12345", remote_tag="5FFE-3994")
    )


def test_whoever_wants_no_word_gets_none():
    assert not refer.read(referring("<sip:a@b>", Refer_Sub="false")).wants_progress


@pytest.mark.parametrize(
    "values",
    [
        [],
        ["<sip:a@b>", "<sip:c@d>"],
        ["<sip:a@b;method=BYE>"],
        ["<sip:a@b?Replaces=x>"],
        ["<sip:a@b?Replaces=x%3Bto-tag%3D1>"],
        ["<sip:a@b?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2&replaces=y>"],
        ["<nonsense"],
    ],
)
def test_what_asks_for_nothing_clear_is_bad(values):
    with pytest.raises(PeerError):
        refer.read(referring(*values))


@pytest.mark.parametrize("early", [False, True])
def test_what_is_written_is_read_again(early):
    dialog = DialogId(call_id="a&b=c@d", local_tag="l", remote_tag="r")
    ours = Replaces(dialog=dialog, is_early_only=early)
    _, value = refer.refer_to(AT_BOB.uri, replaces=ours)
    assert refer.read(referring(value)).replaces == ours


@given(text=st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_any_text_is_a_dialog_or_refused(text):
    try:
        read = refer.parse_replaces(text)
    except PeerError:
        return
    assert refer.parse_replaces(str(read)).dialog.call_id == read.dialog.call_id


def test_an_invite_may_take_one_place_only():
    one = ("Replaces", "c;to-tag=1;from-tag=0;early-only")
    assert refer.replaced(kit.request()) is None
    assert refer.replaced(kit.request(headers=(one,))) == Replaces(
        dialog=DialogId(call_id="c", local_tag="1", remote_tag=""), is_early_only=True
    )
    with pytest.raises(PeerError):
        refer.replaced(kit.request(headers=(one, one)))


def standing():
    invite = kit.request()
    return Dialog.of_caller(invite, response(invite, 200, contact=AT_BOB))


def test_progress_is_told_by_number_until_the_end():
    """RFC 3515 section 2.4.4 and 2.4.5."""
    progress = Progress(standing(), referring("<sip:a@b>"), via=kit.via)
    first, last = progress.tell(100), progress.tell(200)
    assert (first.get("Event"), first.get("Subscription-State"), first.body) == (
        "refer;id=93809823",
        "active;expires=180",
        b"SIP/2.0 100 Trying\r\n",
    )
    assert (last.get("Subscription-State"), last.get("Content-Type"), refer.status_of(last)) == (
        "terminated;reason=noresource",
        "message/sipfrag;version=2.0",
        200,
    )
    assert last.contact == kit.AT_ALICE
    assert progress.tell(486) is None


def test_nobody_is_told_after_the_call():
    dialog = standing()
    progress = Progress(dialog, referring("<sip:a@b>"), via=kit.via)
    dialog.request("BYE", via=kit.via())
    assert progress.tell(200) is None


@pytest.mark.parametrize("body", [b"", b"HTTP/1.1 200 OK", b"SIP/2.0 x", b"SIP/2.0 20"])
def test_a_notify_without_a_status_is_bad(body):
    kind = {"content_type": refer.SIPFRAG} if body else {}
    with pytest.raises(PeerError):
        refer.status_of(kit.request("NOTIFY", body=body, **kind))
