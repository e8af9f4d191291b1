"""Ready answers beside a written contact: whose they are, in which language, with what names."""

import datetime as dt
import os

import pytest

from callfloor.desk.articles import canned_pages
from callfloor.kernel.testing import row_counts
from callfloor.records.articles import services
from callfloor.records.interactions.services import chats
from tests.records import scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

WRITER = scenes.Someone(
    key="cili", clients=("acme", "zeta"), may=("articles.read", "articles.write")
)
APPROVER = scenes.Someone(
    key="mara", clients=("acme", "zeta"), may=("articles.read", "articles.approve")
)


def approved(key, client, *, language="en", title="Thanks", body="Thank you."):
    """Keep a ready answer in a language."""
    if language == "en":
        services.begin(
            person=WRITER, key=key, kind="canned", client=client, owner="manager",
            review_date=dt.date(2027, 1, 1),
        )  # fmt: skip
    version = services.write(
        person=WRITER, key=key, language=language, title=title, body=body, keywords="",
        translates=None, now=scenes.NOW, chance=(key + language).ljust(10, "x").encode(),
    )  # fmt: skip
    services.approve(person=APPROVER, version=version, now=scenes.NOW)


def chat(*, language="hu", name="Nora Q.", client="acme"):
    """Begin a chat and give its id."""
    return chats.start(
        client=client, called=f"chat:{client}", visitor=f"v-{client}-{name}", text="Hello",
        external="web:m-1", language=language, now=scenes.NOW, chance=os.urandom(10), name=name,
    ).interaction_id  # fmt: skip


def sign_in(client, key):
    client.force_login(scenes.person(key), backend="callfloor.app.accounts.PeopleBackend")


@pytest.fixture(autouse=True)
def library(scene):
    """Give two answers of Acme, one of them in two languages, and one of Zeta."""
    approved("thanks", "acme", body="Dear {customer}, thank you. {agent}, {client}")
    approved("thanks", "acme", language="hu", title="Köszönet", body="Kedves {customer}!")
    approved("hours", "acme", title="Hours", body="We are here from 9 to 17.")
    approved("foreign", "zeta", title="Zeta's", body="Not for Acme.")


def test_they_come_in_the_customers_language_or_else_in_english_with_names(client):
    item = chat()
    sign_in(client, "anna")
    before = row_counts()
    found = client.get(f"/desk/canned/{item}", headers={"accept-language": "fa"}).json()["texts"]
    assert row_counts() == before
    assert [(row["key"], row["language"], row["text"]) for row in found] == [
        ("hours", "en", "We are here from 9 to 17."),
        ("thanks", "hu", "Kedves Nora Q.!"),
    ]


def test_the_agent_and_the_client_are_filled_in(client):
    item = chat(language="en")
    sign_in(client, "anna")
    found = client.get(f"/desk/canned/{item}").json()["texts"]
    assert found[1]["text"] == "Dear Nora Q., thank you. Anna Árvai, Acme"


def test_whoever_gave_no_name_is_not_greeted_by_his_number(client):
    item = chat(language="en", name="")
    sign_in(client, "anna")
    found = client.get(f"/desk/canned/{item}").json()["texts"]
    assert found[1]["text"].startswith("Dear {customer}, thank you.")


@pytest.mark.parametrize(("who", "status"), [("zoe", 404), ("adam", 403), ("bela", 200)])
def test_it_opens_to_agents_of_the_client_only(client, who, status):
    item = chat()
    sign_in(client, who)
    assert client.get(f"/desk/canned/{item}").status_code == status


def test_what_nobody_has_is_not_there(client):
    sign_in(client, "anna")
    assert client.get("/desk/canned/01a00000-0000-7000-8000-000000000000").status_code == 404


def test_a_field_that_is_none_stays_as_it_is_written():
    assert canned_pages.filled("{x} {agent}", {"agent": "Anna"}) == "{x} Anna"
