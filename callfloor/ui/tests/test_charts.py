"""Where the marks of a chart lie."""

import pytest

from callfloor.ui import charts

pytestmark = pytest.mark.pure


def test_bars_grow_from_the_ground_to_their_share_of_the_scale():
    drawn = charts.bars(charts.Bars(first_hour=8, values=(5, 0, 10)))
    assert drawn.top == 10
    assert drawn.path == "M5 100V50.0M25 100V0.0"


def test_hours_stand_under_their_first_half():
    drawn = charts.bars(charts.Bars(first_hour=22, values=(0,) * 8))
    assert drawn.hours == ((22, 0.0), (23, 25.0), (0, 50.0), (1, 75.0))


def test_a_long_day_shows_no_more_hours_than_fit():
    drawn = charts.bars(charts.Bars(first_hour=0, values=(1,) * 48))
    assert len(drawn.hours) == 8


def test_a_spark_of_equal_values_is_a_line():
    assert charts.spark([3, 3]).points == "0.0,18 60.0,18"
