"""
Batteries of tests that standard pages and queries inherit, so that no wall is forgotten.

A test class names its page or query and gets the cases for who may and who may not.
Refuses: to be imported by anything but tests.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import translation

from callfloor.kernel import access, events
from callfloor.kernel.access import Rights

LANGUAGES = ("en", "hu", "es", "ru", "fa", "fr")


@dataclass(frozen=True, kw_only=True)
class FakePerson:
    """Whoever asks, with exactly the rights that a case needs."""

    key: str = "somebody"
    clients: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()

    @property
    def rights(self) -> Rights:
        """The rights as given."""
        return Rights(person=self.key, clients=self.clients, permissions=self.permissions)


@contextlib.contextmanager
def own_reactions() -> Iterator[None]:
    """Let a test join reactions of its own; afterwards the process has those it had."""
    before = events.joined()
    try:
        yield
    finally:
        events.join(before)


def row_counts(*, leave: tuple[str, ...] = ()) -> dict[str, int]:
    """Count the rows of every table, to show that nothing was written."""
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.label not in leave
    }


class AccessBattery:
    """
    Who may call a query or service about one object.

    The heir gives `ask(person)`, which calls it about an object of `client`.
    """

    client: ClassVar[str]
    """The client to whom the object belongs."""
    permission: ClassVar[str]
    """The permission that opens it."""

    def ask(self, person: FakePerson) -> Any:
        """Call the query or service about the object."""
        raise NotImplementedError

    def test_who_may_is_answered(self) -> None:
        """The right client and the duty are enough."""
        self.ask(self._person(clients={self.client}, may={self.permission}))

    def test_a_foreign_object_does_not_exist_and_nothing_is_written(self) -> None:
        """A person of another client cannot even tell that it is there."""
        before = row_counts()
        with pytest.raises(access.NotFound):
            self.ask(self._person(clients={f"not-{self.client}"}, may={self.permission}))
        assert row_counts() == before

    def test_without_the_duty_it_is_forbidden_and_nothing_is_written(self) -> None:
        """The right client alone is not enough."""
        before = row_counts()
        with pytest.raises(access.Forbidden):
            self.ask(self._person(clients={self.client}, may=set()))
        assert row_counts() == before

    def _person(self, *, clients: set[str], may: set[str]) -> FakePerson:
        return FakePerson(clients=frozenset(clients), permissions=frozenset(may))


class PageBattery:
    """
    A page opens in every language, and to nobody who has not signed in.

    The heir gives the page's address and somebody of its scene who may open it.
    """

    allowed: ClassVar[str]
    """The key of somebody who may open it."""

    def url(self) -> str:
        """Give the page's address."""
        raise NotImplementedError

    def sign_in(self, client: Client, key: str) -> None:
        """Sign somebody of the scene in."""
        person = get_user_model()._default_manager.get(pk=key)
        client.force_login(person, backend="callfloor.app.accounts.PeopleBackend")

    def test_a_stranger_is_sent_to_the_sign_in(self, client: Client) -> None:
        """Nothing is shown to nobody."""
        answer = client.get(self.url())
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_opens_in_every_language(self, client: Client, language: str) -> None:
        """The page is whole in each of the six, with its direction."""
        self.sign_in(client, self.allowed)
        with translation.override(language):
            answer = client.get(self.url(), headers={"accept-language": language})
        assert answer.status_code == 200
        assert f'lang="{language}"' in answer.content.decode()
        assert ('dir="rtl"' in answer.content.decode()) == (language == "fa")


class DutyPageBattery(PageBattery):
    """A page that a duty opens."""

    forbidden: ClassVar[str]
    """The key of somebody of the right client without the duty."""

    def test_without_the_duty_it_is_forbidden(self, client: Client) -> None:
        """403, and the page says so."""
        self.sign_in(client, self.forbidden)
        assert client.get(self.url()).status_code == 403


class ObjectPageBattery(PageBattery):
    """A page about one object of one client."""

    foreign: ClassVar[str]
    """The key of somebody of another client who has the duty."""

    def test_a_foreign_object_is_not_there_and_nothing_is_written(self, client: Client) -> None:
        """404, as for what does not exist."""
        self.sign_in(client, self.foreign)
        before = row_counts()
        assert client.get(self.url()).status_code == 404
        assert row_counts() == before
