"""A file and the records: what is new, the same, older, merged; and nothing is half applied."""

import dataclasses
import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError

from callfloor.blueprint import canonical, changes, export, organisation, standing, values
from callfloor.blueprint.apply import apply
from callfloor.blueprint.compile import compile_plan
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.tests.samples import GOOD
from callfloor.blueprint.tests.test_canonical import blueprint_of
from callfloor.records.people import queries as people
from callfloor.records.people.models import Person, RoleDuty
from callfloor.records.routing import models, queries
from callfloor.records.routing.services import Overtaken

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("data"),
]

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
WAIT = ("wait_seconds_max: 300", "wait_seconds_max: 240")
LUNCH = ("lunch: {name: Lunch, paid: false}", "lunch: {name: Lunch}")
SHORTER = {("queues", "care", "wait_seconds_max"): 240}
BASE = blueprint_of(GOOD)


def of(*pairs: tuple[str, str], from_version: str | None = None) -> Blueprint:
    """Give the sample with some of its text replaced, as taken from a version."""
    text = GOOD
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    found = blueprint_of(text)
    return found.model_copy(update={"from_version": from_version})


def put(blueprint: Blueprint, **fields: Any) -> str:
    """Apply a file."""
    plan = compile_plan(blueprint, years=[2026])
    given: dict[str, Any] = {
        "floor_plan": plan,
        "passwords": {},
        "is_demo": False,
        "now": NOW,
    } | fields
    return apply(blueprint, **given)


def on_page(edits=SHORTER) -> str:
    """Let somebody change the centre on a page."""
    held = export.current_version()
    assert held is not None
    blueprint = changes.changed(based_on=held, edits=edits)
    return put(blueprint, by="hanna", by_page=True, on=held, now=NOW + dt.timedelta(minutes=1))


class TestApply:
    def test_a_second_time_nothing_changes(self):
        first = put(BASE)
        before = list(Person.objects.order_by("key").values())
        assert put(BASE) == first
        assert models.CentreFile.objects.count() == 1
        assert list(Person.objects.order_by("key").values()) == before
        assert standing.of(BASE).is_same

    def test_what_is_exported_is_what_was_applied(self):
        version = put(BASE)
        held = export.current()
        assert held.text() == canonical.text(BASE, from_version=version)
        again = blueprint_of(held.text())
        assert standing.of(again).is_same

    def test_the_records_hold_the_organisation_of_the_file(self):
        put(BASE)
        rows, file = people.organisation(), organisation.of(BASE)
        assert set(rows.rights()) == set(file.rights())

    def test_nothing_is_half_applied(self):
        """A queue that cannot be written comes after people and roles: those are as before."""
        put(BASE)
        duties = set(RoleDuty.objects.values_list("role_id", "duty"))

        changed = of(WAIT, ("bob: {roles: [team_leader]", "bob: {roles: [manager]"))
        plan = compile_plan(changed, years=[2026])
        broken = dataclasses.replace(plan.queues[0], goal_share=2.0)
        with pytest.raises(IntegrityError):
            put(changed, floor_plan=dataclasses.replace(plan, queues=(broken,)))
        assert export.current_version() == canonical.version(canonical.text(BASE))
        assert Person.objects.get(key="bob").role_keys == ("team_leader",)
        assert set(RoleDuty.objects.values_list("role_id", "duty")) == duties

    def test_what_somebody_else_changed_meanwhile_is_not_overwritten(self):
        first = put(BASE)
        second = put(of(WAIT))
        with pytest.raises(Overtaken):
            put(of(LUNCH), on=first)
        assert export.current_version() == second


class TestStanding:
    def test_the_first_file_is_new(self):
        found = standing.of(BASE)
        assert (found.refusal, found.is_change, found.blueprint) == (None, False, BASE)

    def test_a_file_is_new_while_only_files_were_applied(self):
        put(BASE)
        found = standing.of(of(WAIT))
        assert found.refusal is None
        assert [str(each) for each in found.difference.changes] == [
            "~ queues.care.wait_seconds_max: 300.0 -> 240.0"
        ]

    def test_a_file_that_knows_the_version_that_holds_is_new(self):
        put(BASE)
        held = on_page()
        assert standing.of(of(WAIT, LUNCH, from_version=held)).refusal is None

    def test_a_file_that_does_not_know_of_a_page_is_refused_with_both_differences(self):
        first = put(BASE)
        on_page()
        for file in (of(LUNCH), of(LUNCH, from_version=first)):
            found = standing.of(file)
            assert (found.refusal, found.blueprint) == ("older", None)
            assert [str(each) for each in found.difference.changes] == [
                "- away_reasons.lunch.paid: false"
            ]
            assert [str(each) for each in found.since.changes] == [
                "~ queues.care.wait_seconds_max: 300.0 -> 240.0"
            ]
            assert "240.0" in found.explanation()
            assert "--merge" in found.explanation()

    def test_merging_takes_both(self):
        first = put(BASE)
        on_page()
        found = standing.of(of(LUNCH, from_version=first), how="merge")
        assert canonical.text(found.blueprint) == canonical.text(of(LUNCH, WAIT))

    def test_merging_refuses_what_both_changed(self):
        put(BASE)
        on_page()
        file = of(("wait_seconds_max: 300", "wait_seconds_max: 99"))
        found = standing.of(file, how="merge")
        assert (found.refusal, len(found.conflicts)) == ("conflicts", 1)
        assert "99.0 in the file" in found.explanation()

    def test_force_takes_the_file(self):
        put(BASE)
        on_page()
        found = standing.of(of(LUNCH), how="force")
        assert found.refusal is None
        assert "- away_reasons.lunch.paid: false" in str(found.difference)

    def test_a_version_that_never_was_is_refused(self):
        put(BASE)
        found = standing.of(of(WAIT, from_version="0123456789ab"), how="merge")
        assert found.refusal == "unknown_version"

    def test_what_this_version_finds_faults_in_is_not_overwritten_if_a_page_made_it(self):
        put(BASE)
        on_page()
        models.CentreFile.objects.update(body="blueprint: 1\n")
        found = standing.of(of(LUNCH))
        assert (found.refusal, found.blueprint) == ("outdated", None)
        assert "`centre` is missing" in found.explanation()
        assert standing.of(of(LUNCH), how="force").refusal is None
        models.CentreFile.objects.update(by_page=False)
        assert standing.of(of(LUNCH)).refusal is None

    def test_at_a_start_a_file_that_was_replaced_is_older(self):
        put(BASE)
        put(of(WAIT))
        assert standing.of(BASE).refusal is None
        older = standing.of(BASE, is_start=True)
        assert (older.refusal, bool(older.difference)) == ("older", False)
        assert [str(each) for each in older.since.changes] == [
            "~ queues.care.wait_seconds_max: 300.0 -> 240.0"
        ]
        assert standing.of(of(LUNCH), is_start=True).refusal is None

    def test_at_a_start_a_file_is_known_by_its_text_however_it_is_written_now(self):
        """A later Callfloor writes the same centre in other words, so its version is another."""
        put(BASE, source="0123456789ab")
        put(of(WAIT), source="ba9876543210")
        models.CentreFile.objects.filter(source="0123456789ab").update(version="fedcba987654")
        assert standing.of(BASE, is_start=True, source="0123456789ab").refusal == "older"
        assert standing.of(BASE, is_start=True, source="ba9876543210").refusal is None


class TestChanges:
    def test_a_page_makes_a_version_of_the_whole_file(self):
        first = put(BASE)
        second = on_page()
        row = queries.current_file()
        assert (row.version, row.parent, row.by_page, row.applied_by) == (
            second, first, True, "hanna",
        )  # fmt: skip
        assert row.body == canonical.text(of(WAIT))
        assert queries.current_plan().queues[0].wait_seconds_max == 240.0

    def test_a_page_takes_out_and_puts_in(self):
        put(BASE)
        on_page({("trunks", "local"): values.MISSING, ("skills", "sell"): {"name": "Sell"}})
        found = export.current().blueprint
        assert list(found.trunks) == ["out"]
        assert found.skills["sell"].name == "Sell"

    def test_faults_are_refused(self):
        held = put(BASE)
        with pytest.raises(changes.NotPossible) as refused:
            changes.changed(based_on=held, edits={("queues", "care", "client"): "nobody"})
        assert refused.value.findings[0].id == "blueprint.E010"
        with pytest.raises(changes.NotPossible):
            changes.changed(based_on=held, edits={("queues", "care", "colour"): "red"})

    def test_an_old_page_is_refused(self):
        first = put(BASE)
        on_page()
        with pytest.raises(Overtaken):
            changes.changed(based_on=first, edits=SHORTER)
