"""A telephone that a test leaves open, because it fails or forgets it, ends with the test."""

import pytest

from tests import left_open
from tests.phones import RtpPhone

pytestmark = pytest.mark.wire


async def test_what_is_left_open_is_ended_and_what_was_closed_is_forgotten():
    left, closed = await RtpPhone.open(), await RtpPhone.open()
    closed.close()
    await left_open.end_all()
    assert left._transport.is_closing()
    assert left_open._open == {}
