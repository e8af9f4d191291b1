"""Both sides agree on one interval and one who refreshes (RFC 4028)."""

import pytest

from callfloor.wire.errors import PeerError
from callfloor.wire.sip import session_timer
from callfloor.wire.sip.session_timer import Agreement
from callfloor.wire.sip.tests import kit

pytestmark = pytest.mark.pure


def invite(expires, *, supported="timer", min_se=None):
    headers = [("Session-Expires", expires)] if expires else []
    headers += [("Supported", supported)] if supported else []
    headers += [("Min-SE", min_se)] if min_se else []
    return kit.request(headers=headers)


class TestAnswer:
    @pytest.mark.parametrize(
        ("request_", "seconds", "we_refresh", "said"),
        [
            (invite("1800"), 1800, False, "1800;refresher=uac"),
            (invite("600;refresher=uas"), 600, True, "600;refresher=uas"),
            (invite("600;refresher=uac"), 600, False, "600;refresher=uac"),
            (invite("600", supported=""), 600, True, "600;refresher=uas"),
            (invite("60", supported=""), 90, True, "90;refresher=uas"),
            (invite("600", min_se="900"), 900, False, "900;refresher=uac"),
        ],
    )
    def test_agrees(self, request_, seconds, we_refresh, said):
        """RFC 4028 section 9, table 2."""
        answer = session_timer.answer(request_)
        assert answer.agreement == Agreement(interval_seconds=seconds, we_refresh=we_refresh)
        assert answer.headers[0] == ("Session-Expires", said)
        assert (("Require", "timer") in answer.headers) is (not we_refresh)
        assert answer.status is None

    def test_refuses_an_interval_that_is_too_small(self):
        answer = session_timer.answer(invite("60"))
        assert (answer.status, answer.headers, answer.agreement) == (422, (("Min-SE", "90"),), None)

    def test_says_nothing_where_nothing_was_asked(self):
        answer = session_timer.answer(invite(None))
        assert (answer.agreement, answer.headers) == (None, ())

    @pytest.mark.parametrize("value", ["x", "", "90;refresher=me", "-1"])
    def test_a_malformed_header_is_the_peers_fault(self, value):
        with pytest.raises(PeerError):
            session_timer.answer(kit.request(headers=[("Session-Expires", value)]))


class TestAgreed:
    @pytest.mark.parametrize(
        ("said", "we_refresh"), [("900;refresher=uac", True), ("900;refresher=uas", False)]
    )
    def test_reads_what_the_peer_chose(self, said, we_refresh):
        ok = kit.response(kit.request(), 200, headers=[("Session-Expires", said)])
        assert session_timer.agreed(ok) == Agreement(interval_seconds=900, we_refresh=we_refresh)

    def test_a_peer_that_does_not_know_timers_is_refreshed_by_us(self):
        ok = kit.response(kit.request(), 200)
        assert session_timer.agreed(ok) == Agreement(interval_seconds=1800, we_refresh=True)


def test_we_ask_for_what_we_would_grant():
    asked = kit.request(headers=session_timer.offer(seconds=600))
    assert session_timer.answer(asked).agreement == Agreement(
        interval_seconds=600, we_refresh=False
    )


@pytest.mark.parametrize(("seconds", "ends"), [(90, 160), (1800, 1868)])
def test_refreshes_half_way_and_ends_before_the_time_is_out(seconds, ends):
    """RFC 4028 section 10: a third of the interval early, at most 32 s."""
    agreement = Agreement(interval_seconds=seconds, we_refresh=True)
    assert (agreement.refresh_at(100), agreement.ends_at(100)) == (100 + seconds / 2, ends)
