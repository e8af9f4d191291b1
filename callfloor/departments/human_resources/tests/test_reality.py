"""F33.5: what a description says against what the records say somebody did."""

import pytest

from callfloor.departments.human_resources.rules import reality

pytestmark = pytest.mark.pure

CALLS = "inbound.take_calls"
TEXTS = "customer_service.write_to_customers"


def day(number, *, calls=0.0, out=0.0, texts=0.0, parts=5):
    """Give a day's work: seconds by kind."""
    seconds = {"calls_in": calls, "calls_out": out, "texts": texts}
    return [
        reality.Done(day=number, kind=kind, language="en", parts=parts, seconds=spent)
        for kind, spent in seconds.items()
        if spent
    ]


def days(count, **spent):
    return [row for number in range(count) for row in day(number, **spent)]


def compare(done, *, duties=(CALLS,), languages=("en",)):
    return reality.compare(done, duties=duties, languages=languages)


class TestF33_5:
    def test_thirty_percent_of_a_year_beside_the_description_is_flagged(self):
        found = compare(days(220, calls=700.0, out=300.0))
        assert found.verdict == "beside"
        assert found.beside.mean == pytest.approx(0.3)
        (out,) = (row for row in found.kinds if row.key == "calls_out")
        assert (out.said_by, out.share) == ((), pytest.approx(0.3))

    def test_the_same_after_the_description_says_it_is_none(self):
        found = compare(days(220, calls=700.0, out=300.0), duties=(CALLS, "outbound.call_out"))
        assert (found.verdict, found.beside.mean) == ("fits", 0.0)


class TestSmallNumbers:
    def test_a_few_days_say_nothing_however_much_is_beside(self):
        found = compare(days(reality.DAYS_MIN - 1, out=900.0))
        assert (found.verdict, found.beside, found.unused) == ("too_little", None, ())

    def test_a_few_contacts_say_nothing_on_however_many_days(self):
        done = days(reality.DAYS_MIN, out=900.0, parts=2)
        assert compare(done).verdict == "too_little"

    def test_one_odd_week_among_ten_days_is_not_clear(self):
        done = [row for n in range(10) for row in day(n, **({"out": 900.0} if n < 3 else {"calls": 900.0}))]  # fmt: skip # noqa: E501
        found = compare(done)
        assert found.beside.mean == pytest.approx(0.3)
        assert found.beside.low < reality.SHARE_FLAGGED < found.beside.high
        assert found.verdict == "perhaps"

    def test_limits_are_those_of_a_ratio_over_days(self):
        done = [row for n in range(10) for row in day(n, calls=600.0, out=float(40 * n))]
        found = compare(done)
        # By hand: R = 1800 / 7800; the residuals b - R a of the ten days; times 1.96.
        ratio = 1800 / 7800
        squares = sum((40 * n - ratio * (600 + 40 * n)) ** 2 for n in range(10))
        error = 1.96 * (10 / 9 * squares) ** 0.5 / 7800
        assert (found.beside.low, found.beside.high) == (
            pytest.approx(ratio - error), pytest.approx(ratio + error),
        )  # fmt: skip


class TestRows:
    def test_what_is_described_and_hardly_done_is_named(self):
        found = compare(days(20, calls=990.0, texts=10.0), duties=(CALLS, TEXTS))
        assert found.unused == ("texts",)

    def test_a_language_that_the_description_lacks_is_seen(self):
        done = days(20, calls=900.0)
        done.append(reality.Done(day=1, kind="calls_in", language="fa", parts=1, seconds=60.0))
        rows = {row.key: row.said_by for row in compare(done).languages}
        assert rows == {"en": ("en",), "fa": ()}

    @pytest.mark.parametrize(
        ("channel", "direction", "role", "kind"),
        [
            ("call", "in", "serves", "calls_in"),
            ("call", "internal", "serves", "calls_in"),
            ("call", "out", "serves", "calls_out"),
            ("call", "callback", "serves", "callbacks"),
            ("chat", "in", "serves", "texts"),
            ("mail", "in", "serves", "texts"),
            ("case", "in", "serves", "cases"),
            ("call", "in", "asked", "helping"),
            ("call", "in", "joins", "helping"),
        ],
    )
    def test_each_part_is_of_one_kind(self, channel, direction, role, kind):
        assert reality.kind_of(channel=channel, direction=direction, role=role) == kind
        assert kind in reality.KINDS
