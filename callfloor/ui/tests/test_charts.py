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


def test_intervals_of_shares_lie_on_the_tens_of_percent_that_are_used():
    before, after = charts.Interval(0.72, 0.75, 0.78), charts.Interval(0.81, 0.85, 0.89)
    axis = charts.common_scale([before, after], is_share=True)
    assert axis == charts.Scale(low=0.7, high=0.9)
    first, second = charts.intervals([before, after], axis=axis)
    assert (first.line, first.mean) == ("M10 6H40", "M25 2V10")
    assert (second.line, second.mean) == ("M55 18H95", "M75 14V22")


def test_intervals_of_counts_begin_at_nothing_and_a_missing_one_keeps_its_lane():
    axis = charts.common_scale([charts.Interval(2, 3, 4)], is_share=False)
    assert axis == charts.Scale(low=0.0, high=5)
    missing, drawn = charts.intervals([None, charts.Interval(2, 3, 4)], axis=axis)
    assert missing is None
    assert drawn.line == "M40 18H80"


def test_equal_values_have_an_axis_too():
    axis = charts.common_scale([charts.Interval(1.0, 1.0, 1.0)], is_share=True)
    assert axis.high > axis.low
    assert charts.common_scale([], is_share=False) == charts.Scale(low=0.0, high=1.0)
