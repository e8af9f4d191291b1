"""Encrypted fields take only what is encrypted, and give it back at its own row."""

import pytest
from django.db import transaction

from callfloor.kernel import fields
from callfloor.kernel.keys import crypt
from tests.records.scenes import NOW, Person

pytestmark = [pytest.mark.db, pytest.mark.django_db]

KEY = b"k" * 32


def person(key: str = "anna") -> Person:
    return Person(key=key, created_at=NOW)


class TestEncryptedText:
    def test_comes_back_from_the_database(self):
        row = person()
        fields.encrypt(row, "name", "Anna Árvai", key=KEY)
        row.save()
        read = Person.objects.get(key="anna")
        assert fields.decrypt(read, "name", key=KEY) == "Anna Árvai"
        assert b"Anna" not in bytes(read.name)

    def test_clear_text_never_reaches_a_statement(self):
        row = person()
        row.name = "Anna Árvai"
        with pytest.raises(AssertionError), transaction.atomic():
            row.save()
        assert not Person.objects.exists()

    def test_does_not_open_in_another_row(self):
        anna, bela = person("anna"), person("bela")
        fields.encrypt(anna, "name", "Anna Árvai", key=KEY)
        bela.name = anna.name
        with pytest.raises(crypt.Unreadable):
            fields.decrypt(bela, "name", key=KEY)

    def test_is_empty_without_text_and_without_key(self):
        row = person()
        fields.encrypt(row, "name", "", key=KEY)
        assert row.name is None
        assert fields.decrypt(row, "name", key=KEY) is None
        fields.encrypt(row, "name", "Anna", key=KEY)
        assert fields.decrypt(row, "name", key=None) is None
