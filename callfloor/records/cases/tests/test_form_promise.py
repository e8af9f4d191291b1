"""F09.3: the web form at ten to midnight, its promise of 24 hours, and what a breach does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callfloor.core.plan import CalendarPlan, NumberPlan
from callfloor.records.cases.models import Case, CaseEvent
from callfloor.records.cases.services import form, watch
from callfloor.records.interactions.models import Interaction
from callfloor.records.routing import services as routing
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]


@pytest.fixture
def office(scene):
    """Give lines for cases, and an office that is open on workdays and closed on Good Friday."""
    base = scenes.plan()
    weekly = tuple((day, 540, 1020) for day in range(5))
    calendar = CalendarPlan(
        key="cases", timezone="Europe/Budapest", weekly=weekly, exceptions=(("2026-04-03", ()),)
    )
    more = tuple(
        NumberPlan(number=number, client="acme", flow="main", language="en")
        for number in ("case:acme", "case:acme_2")
    )
    routing.apply_centre(
        plan=replace(
            base, version="v2", numbers=(*base.numbers, *more), calendars=(calendar,)
        ),
        people=scenes.people(), names=scenes.NAMES, dispositions=scenes.DISPOSITIONS,
        now=scenes.NOW + timedelta(seconds=1),
    )  # fmt: skip


def asked(at):
    """Let somebody fill in the form."""
    receipt = form.ask(
        client="acme", kind="query", name="Csilla", address="csilla@example.org",
        subject="Where is it?", text="My parcel.", language="hu", now=at, chance=b"f" * 20,
    )  # fmt: skip
    return Case.objects.get(reference=receipt.reference), receipt


@pytest.mark.parametrize(
    ("at", "due"),
    [
        # A Tuesday, 23:50 in Budapest: the next day has the same ten to midnight.
        (datetime(2026, 3, 3, 22, 50, tzinfo=UTC), datetime(2026, 3, 4, 22, 50, tzinfo=UTC)),
        # A Friday: Saturday and Sunday do not count.
        (datetime(2026, 3, 6, 22, 50, tzinfo=UTC), datetime(2026, 3, 9, 22, 50, tzinfo=UTC)),
        # The Thursday before Easter: the holiday does not count either, and summer time holds.
        (datetime(2026, 4, 2, 21, 50, tzinfo=UTC), datetime(2026, 4, 6, 21, 50, tzinfo=UTC)),
    ],
)
def test_at_ten_to_midnight_the_due_time_follows_the_calendar(office, at, due):
    case, receipt = asked(at)
    assert receipt.promised_at == due
    assert case.promised_at == due
    assert case.due_at <= due  # What the center aims at for its kind may come before.


def test_a_breach_raises_an_escalation(office):
    """Not a minute before it is due; once; and it stands in the higher line of cases."""
    case, receipt = asked(datetime(2026, 3, 6, 22, 50, tzinfo=UTC))
    watch.alarm(now=case.due_at - timedelta(minutes=1))
    case.refresh_from_db()
    assert case.level == 1
    for minutes in (1, 2):
        watch.alarm(now=receipt.promised_at + timedelta(minutes=minutes))
    case.refresh_from_db()
    assert case.level == 2
    told = CaseEvent.objects.filter(case=case).values_list("kind", flat=True)
    assert list(told).count("escalated") == 1
    lines = Interaction.objects.filter(channel="case").values_list("called", flat=True)
    assert "case:acme_2" in set(lines)
