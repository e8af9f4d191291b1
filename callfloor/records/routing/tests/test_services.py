"""A plan comes into the records whole, twice without a change, and leaves its history."""

import dataclasses
from datetime import timedelta

import pytest

from callfloor.kernel.models import AuditEntry
from callfloor.records.people.models import Client, Team
from callfloor.records.routing import services
from callfloor.records.routing.models import Disposition, Flow, Number, PlanVersion, Queue
from tests.records import scenes

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("data"),
]

LATER = scenes.NOW + timedelta(hours=1)


def apply(plan=None, *, dispositions=scenes.DISPOSITIONS, now=scenes.NOW):
    services.apply_centre(
        plan=plan or scenes.plan(),
        people=scenes.people(),
        names=scenes.NAMES,
        dispositions=dispositions,
        now=now,
    )


def everything():
    models = (Client, Team, Queue, Flow, Number, Disposition, PlanVersion, AuditEntry)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


class TestApplyCentre:
    def test_everything_of_the_plan_is_there(self):
        apply()
        assert [queue.key for queue in Queue.objects.order_by("key")] == [
            "billing",
            "orders",
            "zeta_help",
        ]
        assert Queue.objects.get(key="billing").tiers == [
            {"after_seconds": 0, "requires": [["talk", 1]]}
        ]
        assert Number.objects.get(number="901").client_id == "zeta"
        assert services.current_plan() == scenes.plan()

    def test_a_second_time_nothing_changes(self):
        apply()
        before = everything()
        apply(now=LATER)
        assert everything() == before

    def test_what_is_gone_is_inactive_and_stays(self):
        apply()
        plan = scenes.plan()
        smaller = dataclasses.replace(
            plan, version="v2", queues=plan.queues[:1], numbers=plan.numbers[:1]
        )
        apply(smaller, dispositions=scenes.DISPOSITIONS[:1], now=LATER)
        active = Queue.objects.filter(is_active=True).values_list("key", flat=True)
        assert list(active) == ["billing"]
        assert Queue.objects.count() == 3
        assert not Number.objects.get(number="901").is_active
        assert Disposition.objects.filter(is_active=True).count() == 1
        assert services.current_plan() == smaller

    def test_an_older_plan_can_come_back(self):
        apply()
        apply(dataclasses.replace(scenes.plan(), version="v2"), now=LATER)
        apply(now=LATER + timedelta(hours=1))
        assert services.current_plan().version == "v1"
        actions = AuditEntry.objects.order_by("number").values_list("about", flat=True)
        assert list(actions) == ["plan:v1", "plan:v2", "plan:v1"]

    def test_a_flow_of_several_clients_has_no_owner(self):
        apply()
        assert Flow.objects.get().client_id is None


class TestEnsureKnown:
    def test_makes_inactive_queues_only_where_none_are(self):
        apply()
        services.ensure_known(
            queues={"billing": ("acme", "call"), "ghost": ("zeta", "call")}, now=scenes.NOW
        )
        assert Queue.objects.get(key="billing").is_active
        ghost = Queue.objects.get(key="ghost")
        assert (ghost.client_id, ghost.is_active) == ("zeta", False)
