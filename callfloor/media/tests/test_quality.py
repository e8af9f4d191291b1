"""The E-model gives what its tables say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callfloor.media import quality

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("rating", "opinion"), [(90, 4.34), (80, 4.03), (70, 3.60), (60, 3.10), (50, 2.58)]
)
def test_a_rating_is_an_opinion(rating, opinion):
    """The limits of the categories of G.107, table B.1."""
    assert quality._mos_of(rating) == pytest.approx(opinion, abs=0.01)


def test_a_good_line_is_as_good_as_g711_can_be():
    assert quality.mos(loss=0) == pytest.approx(4.41, abs=0.005)


@pytest.mark.parametrize(("percent", "impairment"), [(0, 0), (1, 3.64), (5, 15.78), (10, 27.07)])
def test_loss_costs_what_g113_says(percent, impairment):
    assert quality._loss_impairment(percent / 100) == pytest.approx(impairment, abs=0.005)


def test_delay_costs_nothing_up_to_a_tenth_of_a_second():
    assert quality.mos(loss=0, round_trip_ms=160) == quality.mos(loss=0)
    assert quality._delay_impairment(400) == pytest.approx(24.1, abs=0.5)


@given(
    st.floats(0, 1), st.floats(0, 1_000), st.floats(0, 5_000), st.floats(0, 0.5), st.floats(0, 100)
)
def test_worse_lines_never_sound_better(loss, jitter, trip, more_loss, more_jitter):
    good = quality.mos(loss=loss, jitter_ms=jitter, round_trip_ms=trip)
    worse = min(1.0, loss + more_loss)
    bad = quality.mos(loss=worse, jitter_ms=jitter + more_jitter, round_trip_ms=trip)
    assert 1.0 <= bad <= good + 1e-9 <= 4.5
