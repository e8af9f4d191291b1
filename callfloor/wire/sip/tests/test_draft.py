"""What a draft makes cannot be told from what the class makes."""

import dataclasses

import pytest

from callfloor.wire.sip import draft
from callfloor.wire.sip.headers import CSeq
from callfloor.wire.sip.message import Request

pytestmark = pytest.mark.pure


def test_a_draft_ends_as_a_frozen_value():
    made = draft.of(CSeq)(1, "INVITE")
    assert made == CSeq(number=1, method="INVITE")
    assert type(made) is CSeq
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.number = 2


def test_inherited_fields_come_first():
    made = draft.of(Request)((("Via", "x"),), b"", "SIP/2.0", (), {}, "BYE", "sip:h")
    assert made == Request(method="BYE", uri="sip:h", headers=(("Via", "x"),))
