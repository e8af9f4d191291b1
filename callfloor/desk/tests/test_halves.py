"""The half hours of a local day as a chart."""

import pytest

from callfloor.desk import halves

pytestmark = pytest.mark.pure


def test_a_day_without_calls_shows_the_usual_hours():
    series = halves.bars({})
    assert (series.first_hour, len(series.values)) == (8, 20)


def test_early_and_late_calls_widen_the_day():
    series = halves.bars({6 * 60 + 30: 2, 20 * 60: 1})
    assert series.first_hour == 6
    assert series.values[1] == 2
    assert len(series.values) == 30
