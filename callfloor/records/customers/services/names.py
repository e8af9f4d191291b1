"""
A customer's name: encrypted, and found by blind indexes of its words.

Refuses: to keep a word in clear.
"""

from callfloor.kernel import fields
from callfloor.kernel.keys import ring
from callfloor.records.customers import rules
from callfloor.records.customers.models import Customer, NameWord

CHARACTERS_MAX = 200


def words(customer: Customer, name: str) -> list[NameWord]:
    """Give the rows by which a name is found, not yet written."""
    return [
        NameWord(customer=customer, client_id=customer.client_id, index=index)
        for index in indexes(name)
    ]


def indexes(name: str) -> list[str]:
    """Give the blind indexes of a name's words."""
    return [ring.blind_index(kind="name", value=word) for word in rules.name_words(name)]


def set_name(customer: Customer, name: str, *, key: bytes) -> None:
    """Give a customer who has his row a name, or take it away; within a transaction."""
    fields.encrypt(customer, "name", name.strip()[:CHARACTERS_MAX], key=key)
    Customer.objects.filter(id=customer.id).update(name=customer.name)
    NameWord.objects.filter(customer=customer).delete()
    NameWord.objects.bulk_create(words(customer, name))
