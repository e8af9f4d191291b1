"""A file of customers is looked at first, taken in a piece at a time, and each line once."""

import pytest

from callfloor.kernel import access
from callfloor.kernel.keys import ring
from callfloor.records.customers import queries, services
from callfloor.records.customers.models import Customer, Identity, Import, NameWord
from callfloor.records.customers.services import importing, imports
from callfloor.records.customers.tests.test_meeting import chance, meet
from tests.records import scenes

pytestmark = [
    pytest.mark.db,
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("scene"),
]
LANGUAGES = ("en", "hu", "fa")
FILE = """name;number;email;language;tags;note;shoe size
Nora Quist;+36 1 555 0100;Nora@Example.com;hu;VIP|key account;asks for Anna;38
Ödön;nonsense;;hu;;;
;;;en;;;
Nora again;+3615550100;;;;;
Zsolt;;zsolt@example;xx;;;
Éva Kiss;+3615550111;;;;;
"""


def look(text=FILE, who="mara", client="acme", seed="i"):
    return services.look_at(
        person=scenes.person(who), client=client, content=text.encode(), languages=LANGUAGES,
        now=scenes.NOW, chance=chance(seed),
    )  # fmt: skip


def preview(import_id):
    return services.preview(person=scenes.person("mara"), import_id=import_id)


def confirm(import_id):
    services.confirm(person=scenes.person("mara"), import_id=import_id, now=scenes.NOW)


class TestRead:
    def test_tells_each_fault_with_its_line(self):
        reading = importing.read(FILE, languages=LANGUAGES)
        assert [line.number for line in reading.lines] == [2, 7]
        assert [(each.number, each.what, each.value) for each in reading.faults] == [
            (3, "number", "nonsense"),
            (4, "nothing", ""),
            (5, "twice", "2"),
            (6, "language", "xx"),
            (6, "email", "zsolt@example"),
        ]
        assert reading.unknown == ("shoe size",)

    def test_keeps_what_a_line_says(self):
        line = importing.read(FILE, languages=LANGUAGES).lines[0]
        assert line == importing.Line(
            number=2, name="Nora Quist", language="hu", tags=("vip", "key-account"),
            note="asks for Anna",
            identities=(("number", "+3615550100"), ("address", "nora@example.com")),
        )  # fmt: skip


def test_nothing_is_written_before_somebody_says_so():
    seen = preview(look())
    assert (seen.state, seen.total, len(seen.faults)) == ("waiting", 2, 5)
    assert services.take_in(now=scenes.NOW) == 0
    assert Customer.objects.count() == 0


def test_who_is_known_already_is_shown_and_left_as_he_is():
    known = meet("nora@example.com", name="Old Name")
    import_id = look()
    assert preview(import_id).known == ((2, known.customer_id),)
    confirm(import_id)
    assert services.take_in(now=scenes.NOW) == 1
    assert queries.name_of(customer_id=known.customer_id) == "Old Name"
    assert Customer.objects.count() == 2


def test_what_is_taken_in_is_found_by_every_way_and_the_file_is_gone():
    import_id = look()
    confirm(import_id)
    services.take_in(now=scenes.NOW)
    mara = scenes.person("mara")
    for text in ("nora@example.com", "+36 1 555 0100", "quist NORA"):
        rows = queries.find(person=mara, now=scenes.NOW, text=text).rows
        assert [row.label for row in rows] == ["Nora Quist"], text
    assert queries.find(person=mara, now=scenes.NOW, tag="vip").total == 1
    row = Import.objects.get()
    assert (row.state, row.body, row.made) == ("done", None, 2)
    assert ring.get(subjects=[row.subject]) == {}


def test_a_piece_that_was_cut_off_is_done_again_and_makes_nobody_twice(monkeypatch):
    monkeypatch.setattr(imports, "CHUNK", 1)
    monkeypatch.setattr(imports, "CHUNKS", 1)
    import_id = look()
    confirm(import_id)
    assert services.take_in(now=scenes.NOW) == 1
    Import.objects.update(made=0)  # As if its transaction had not been the last to be seen.
    while services.take_in(now=scenes.NOW):
        pass
    assert (Customer.objects.count(), Identity.objects.count()) == (2, 3)
    assert NameWord.objects.count() == 4
    assert preview(import_id).state == "done"


def test_a_file_that_nobody_confirms_is_given_up_after_a_day():
    import_id = look()
    services.take_in(now=scenes.NOW + imports.KEPT * 2)
    assert (preview(import_id).state, preview(import_id).lines) == ("given_up", ())
    with pytest.raises(services.NotWaiting):
        confirm(import_id)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "shoe size\n38\n"])
def test_a_file_without_a_known_column_is_refused(text):
    with pytest.raises(services.NoFile):
        look(text)
    assert Import.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "client", "refusal"),
    [("cili", "acme", access.Forbidden), ("adam", "zeta", access.NotFound)],
)
def test_who_may_not_keeps_nothing(who, client, refusal):
    with pytest.raises(refusal):
        look(who=who, client=client)
    assert Import.objects.count() == 0


def test_an_export_reads_back_as_it_was():
    confirm(look())
    services.take_in(now=scenes.NOW)
    rows = list(queries.export(person=scenes.person("mara"), now=scenes.NOW, limit=10))
    assert {(row.name, row.tags, frozenset(row.identities)) for row in rows} == {
        (
            "Nora Quist",
            ("key-account", "vip"),
            frozenset({("address", "nora@example.com"), ("number", "+3615550100")}),
        ),
        ("Éva Kiss", (), frozenset({("number", "+3615550111")})),
    }
    with pytest.raises(access.Forbidden):
        queries.export(person=scenes.person("cili"), now=scenes.NOW, limit=10)
