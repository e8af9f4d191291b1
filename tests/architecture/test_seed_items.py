"""Everything that the seeds ask for has a duty, somebody who has it, and a screen or its plan."""

import pytest

from callfloor.app import manifests
from callfloor.blueprint import check, organisation, preset
from callfloor.kernel import department
from tests.architecture import seed_items, sources
from tests.architecture.seed_items import Cover, Item

pytestmark = pytest.mark.pure

LETTERS = {"department", "role", "duty", "tool", "metric", "channel", "quality", "structure"}


@pytest.fixture(autouse=True)
def joined():
    manifests.join()


def test_the_list_is_whole():
    items = seed_items.items()
    assert len(items) == 163
    assert len({item.id for item in items}) == 163
    assert {item.kind for item in items} == LETTERS | {"page chrome"}


def test_each_item_has_a_duty_an_owner_and_a_screen_or_its_plan():
    held = frozenset(duty for role in department.roles() for duty in role.duties)
    found = list(
        seed_items.faults(listed=seed_items.items(), covering=list(seed_items.covers()), held=held)
    )
    assert not found, sources.report(found)


def test_nothing_covers_what_the_list_does_not_have():
    known = {item.id for item in seed_items.items()}
    odd = [cover for cover in seed_items.covers() if cover.item not in known]
    assert odd == []


def test_what_is_planned_names_the_row_that_builds_the_item():
    rows = {item.id: item.rows for item in seed_items.items()}
    odd = [
        f"{cover.key} is planned with {cover.planned}, {cover.item} is built by {rows[cover.item]}"
        for cover in seed_items.covers()
        if cover.planned is not None and cover.planned not in rows[cover.item]
    ]
    assert not odd, sources.report(odd)


def test_every_duty_is_in_a_standard_role():
    held = {duty for role in department.roles() for duty in role.duties}
    assert department.duties().keys() - held == set()


@pytest.mark.parametrize("key", preset.keys())
def test_a_preset_has_an_owner_for_each_item_that_it_wants(key):
    """What no department of a centre answers for is not done there, and needs nobody."""
    path = preset.PRESETS / f"{key}.yaml"
    text = path.read_text(encoding="utf-8")
    blueprint = check.check(text, file=path.name, near=preset.PRESETS).blueprint
    assert blueprint is not None
    whole = organisation.of(blueprint)
    wanted = organisation.answering(blueprint)
    held = {duty for duty in department.duties() if whole.holders_of(duty) or duty not in wanted}
    found = list(
        seed_items.faults(
            listed=seed_items.items(),
            covering=list(seed_items.covers()),
            held=frozenset(held),
        )
    )
    assert not found, sources.report(found)


def test_the_whole_center_has_every_duty_and_somebody_for_it():
    """Nothing of the seeds is left out where a center has all departments."""
    path = preset.PRESETS / "everything.yaml"
    text = path.read_text(encoding="utf-8")
    blueprint = check.check(text, file=path.name, near=preset.PRESETS).blueprint
    assert blueprint is not None
    whole = organisation.of(blueprint)
    assert organisation.answering(blueprint).keys() == department.duties().keys()
    assert [duty for duty in department.duties() if not whole.holders_of(duty)] == []


class TestFaults:
    ITEM = Item(id="U99", kind="duty", text="Sing", rows=("F01",))

    def faults(self, *covering: Cover, held: frozenset[str]) -> list[str]:
        return list(seed_items.faults(listed=[self.ITEM], covering=list(covering), held=held))

    def test_names_what_nothing_covers(self):
        assert self.faults(held=frozenset()) == ["U99 'Sing': nothing covers it"]

    def test_names_what_nobody_has(self):
        cover = Cover(item="U99", kind="duty", key="sales.sell", duties=("sales.sell",))
        assert self.faults(cover, held=frozenset()) == ["U99 'Sing': nobody has ['sales.sell']"]
        assert self.faults(cover, held=frozenset({"sales.sell"})) == []
