"""Two are one on a person's word, and two again as if nothing had been."""

import random

import pytest
from django.core import serializers

from callfloor.kernel import access
from callfloor.kernel.models import AuditEntry
from callfloor.records.customers import models, queries, services
from callfloor.records.customers.tests.test_meeting import chance, meet, share
from callfloor.records.customers.tests.test_services import caller, take
from tests.records import scenes

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("scene"),
]
KEPT = ("Customer", "Identity", "NameWord", "Tag", "Membership", "Consent", "CustomerNote")
"""Tables whose rows a merge that was undone must have left as they were."""


def rows():
    """Give every row of a customer as it stands."""
    found = [row for name in KEPT for row in getattr(models, name).objects.order_by("pk")]
    return serializers.serialize("json", found)


def person(seed, **more):
    return meet(f"p{seed}@example.com", seed=f"p{seed}", **more).customer_id


def merge(kept, other, *, seed="m", who="cili", **more):
    return services.merge(
        person=scenes.person(who), kept_id=kept, customer_id=other, now=scenes.NOW,
        chance=chance(f"{seed}{kept}{other}"), **more,
    )  # fmt: skip


def undo(merge_id, *, who="cili"):
    return services.undo_merge(person=scenes.person(who), merge_id=merge_id, now=scenes.NOW)


def stories(ids):
    """Give what the pages would show of each."""
    person = scenes.person("mara")
    return {
        id_: (
            queries.detail(person=person, customer_id=id_, now=scenes.NOW),
            queries.notes_of(customer_ids=queries.together(customer_id=id_)),
            queries.consents_of(customer_ids=queries.together(customer_id=id_)),
        )
        for id_ in ids
    }


@pytest.fixture
def people():
    """Give six customers, each with a name, a note, a tag and a word on marketing."""
    ids = [person(n, name=f"Name {n}") for n in range(6)]
    cili = scenes.person("cili")
    for n, id_ in enumerate(ids):
        services.add_note(
            person=cili, customer_id=id_, text=f"note {n}", now=scenes.NOW, chance=chance(id_)
        )
        services.add_tag(person=cili, customer_id=id_, tag=f"tag-{n % 2}", now=scenes.NOW)
        services.write_consent(
            person=cili, customer_id=id_, purpose="marketing", channel="mail", given=n % 2 == 0,
            now=scenes.NOW, words=f"said {n}",
        )  # fmt: skip
    return ids


@pytest.mark.parametrize("seed", range(6))
def test_any_merges_undone_in_any_order_leave_every_row_as_it_was(people, seed):
    """MISSION F18.1."""
    dice = random.Random(seed)
    before, shown = rows(), stories(people)
    open_ones = []
    for step in range(14):
        if open_ones and dice.random() < 0.4:
            undo(open_ones.pop(dice.randrange(len(open_ones))))
            continue
        kept, other = dice.sample(people, 2)
        try:
            open_ones.append(merge(kept, other, seed=f"{seed}.{step}"))
        except services.AlreadyOne:
            assert queries.heads(ids=[kept])[kept] == queries.heads(ids=[other])[other]
    dice.shuffle(open_ones)
    for each in open_ones:
        undo(each)
    assert rows() == before
    assert stories(people) == shown


def test_one_page_shows_what_stands_under_each(people):
    first, second, *_ = people
    merge(first, second)
    detail = queries.detail(person=scenes.person("mara"), customer_id=second, now=scenes.NOW)
    assert (detail.id, detail.name, detail.together) == (first, "Name 0", (first, second))
    assert [row.value for row in detail.identities] == ["p0@example.com", "p1@example.com"]
    assert detail.tags == ("tag-0", "tag-1")
    notes = queries.notes_of(customer_ids=detail.together)
    assert {row.text for row in notes} == {"note 0", "note 1"}
    assert queries.called(ids=[second])[second].name == "Name 1"


def test_whoever_comes_by_a_merged_identity_comes_under_it_and_goes_back_with_it(people):
    first, second, *_ = people
    done = merge(first, second)
    met = meet("p1@example.com", seed="later")
    assert met.customer_id == second
    assert queries.together(customer_id=met.customer_id)[0] == first
    undo(done)
    assert queries.together(customer_id=met.customer_id) == (second,)


def test_lists_show_the_one_who_stands_for_both_and_searches_find_him(people):
    first, second, *_ = people
    merge(first, second)
    mara = scenes.person("mara")
    assert second not in {row.id for row in queries.find(person=mara, now=scenes.NOW).rows}
    for text in ("p1@example.com", "name 1", "P0@EXAMPLE.COM"):
        found = queries.find(person=mara, now=scenes.NOW, text=text).rows
        assert [row.id for row in found] == [first], text


def test_chains_are_read_whole_and_never_close_to_a_ring(people):
    a, b, c, *_ = people
    merge(b, c)
    merge(a, b)
    assert queries.together(customer_id=c) == (a, b, c)
    with pytest.raises(services.AlreadyOne):
        merge(c, a)


def test_another_systems_word_is_only_outdone_by_a_persons(people):
    first, second, *_ = people
    cili = scenes.person("cili")
    for id_, key in ((first, "K-1"), (second, "K-2")):
        services.add_identity(
            person=cili, customer_id=id_, kind="external", value=key, now=scenes.NOW
        )
    with pytest.raises(services.ExternalIdsDiffer):
        merge(first, second)
    assert queries.together(customer_id=second) == (second,)
    merge(first, second, sure=True)
    assert queries.together(customer_id=second) == (first, second)


@pytest.mark.parametrize(("who", "refusal"), [("zoe", access.NotFound), ("anna", access.Forbidden)])
def test_who_may_not_merge_changes_nothing(people, who, refusal):
    before = rows()
    with pytest.raises(refusal):
        merge(people[0], people[1], who=who)
    assert (rows(), models.Merge.objects.count()) == (before, 0)


def test_the_simulated_the_erased_and_other_clients_are_not_merged(people):
    twin = person("twin", simulated=True)
    other = person("zeta", client="zeta")
    gone = person("gone")
    services.erase(person=scenes.person("mara"), customer_id=gone, now=scenes.NOW)
    for id_ in (twin, other, gone):
        with pytest.raises(services.CannotBeOne):
            merge(people[0], id_)
    assert models.Merge.objects.count() == 0


def test_both_have_it_in_the_audit_log(people):
    first, second, *_ = people
    undo(merge(first, second))
    for about in (f"customer:{first}", f"customer:{second}"):
        actions = AuditEntry.objects.filter(about=about).values_list("action", flat=True)
        assert {"customer.merged", "customer.unmerged"} <= set(actions)
    with pytest.raises(services.NothingToUndo):
        undo(models.Merge.objects.get().id)


class TestAttach:
    """A click of the agent says who called from a switchboard, and takes it back."""

    def attach(self, customer_id, kept_id, who="anna"):
        return services.attach(
            person=scenes.person(who), customer_id=customer_id, kept_id=kept_id,
            why="interaction:x", now=scenes.NOW, chance=chance("attach"),
        )  # fmt: skip

    def test_one_click_there_and_one_back(self):
        nora = take(caller("a", name="Nora")).by_item["a"].id
        share("+3615550100")
        unknown = take(caller("b")).by_item["b"].id
        before = rows()
        done = self.attach(unknown, nora)
        assert queries.called(ids=[unknown])[unknown].name == "Nora"
        undo(done, who="anna")
        assert rows() == before

    def test_who_is_known_by_name_is_merged_by_those_who_may(self, people):
        with pytest.raises(services.KnownAlready):
            self.attach(people[0], people[1])
        assert models.Merge.objects.count() == 0
        self.attach(people[0], people[1], who="cili")
        assert queries.together(customer_id=people[0]) == (people[1], people[0])
