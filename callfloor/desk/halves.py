"""
The half hours of a local day as a chart: which hours to show, and one number for each half.

Pure. A day without calls shows the usual hours, so that a chart never jumps from nothing.
"""

from callfloor.ui import charts

USUAL_FROM, USUAL_TO = 8 * 60, 18 * 60
HALF = 30


def bars(values: dict[int, float]) -> charts.Bars:
    """Return the bars for values by minute of the local day."""
    first = min([USUAL_FROM, *values]) // 60 * 60
    last = -(-max([USUAL_TO, *(minute + HALF for minute in values)]) // 60) * 60
    return charts.Bars(
        first_hour=first // 60,
        values=tuple(values.get(minute, 0) for minute in range(first, last, HALF)),
    )
