"""
All providers of the plan in force: who dials a number, and how each trunk is.

A plan that leaves a trunk as it was leaves its registration standing.

Refuses: to choose the trunk (the exchange says which), to know a number beyond dialing it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from callfloor.core import plan
from callfloor.floor.calling_line import Caller
from callfloor.floor.parties import Line, Order
from callfloor.floor.provider import Provider, Told
from callfloor.floor.signals import Signals
from callfloor.floor.sip_talk import Switchboard
from callfloor.wire.errors import PeerError
from callfloor.wire.sip import uri as uris


class Providers:
    """The trunks that have somewhere to send calls to; a `parties.Dialer`."""

    def __init__(
        self,
        *,
        signals: Signals,
        telephone: Switchboard,
        caller: Caller,
        secrets: Mapping[str, str],
        told: Told,
        note: Callable[[str, str], None],
    ) -> None:
        """Begin with none; `secrets` are our passwords by user, `told` hears of up and down."""
        self._signals = signals
        self._telephone = telephone
        self._caller = caller
        self._secrets = secrets
        self._told = told
        self._note = note
        self._by_key: dict[str, Provider] = {}

    def keep(self, secrets: Mapping[str, str]) -> None:
        """Let other passwords of ours hold; who registers proves himself at once by the new one."""
        self._secrets = secrets
        for provider in self._by_key.values():
            provider.use_password(self._password_of(provider.plan))

    def use(self, floor_plan: plan.FloorPlan) -> None:
        """Let the trunks of a plan hold."""
        before, self._by_key = self._by_key, {}
        for trunk in floor_plan.trunks:
            known = before.get(trunk.key)
            if known is not None and known.plan == trunk:
                self._by_key[trunk.key] = before.pop(trunk.key)
            elif host_of(trunk) is not None:
                self._by_key[trunk.key] = self._begin(trunk)
        for provider in before.values():
            provider.stop()

    def dial(self, order: Order) -> Line | None:
        """Begin to call; None if the trunk cannot now."""
        provider = self._by_key.get(order.trunk)
        line = provider.call(order, self._caller) if provider is not None else None
        if line is None:
            self._note("trunk_skipped", order.trunk)
        return line

    def of(self, trunk: str) -> Provider:
        """Give the provider of a trunk that takes calls out."""
        return self._by_key[trunk]

    def health(self) -> dict[str, dict[str, Any]]:
        """Say by trunk how each is (link.md)."""
        return {key: provider.health() for key, provider in self._by_key.items()}

    def stop(self) -> None:
        """Let every provider forget us; `is_idle` says when they have."""
        for provider in self._by_key.values():
            provider.stop()

    @property
    def is_idle(self) -> bool:
        """Say whether no registrar owes us an answer."""
        return all(provider.is_idle for provider in self._by_key.values())

    def _begin(self, trunk: plan.TrunkPlan) -> Provider:
        provider = Provider(
            trunk,
            signals=self._signals,
            telephone=self._telephone,
            password=self._password_of(trunk),
            told=self._told,
        )
        provider.start()
        return provider

    def _password_of(self, trunk: plan.TrunkPlan) -> str | None:
        return self._secrets.get(trunk.user) if trunk.user is not None else None


def host_of(trunk: plan.TrunkPlan) -> str | None:
    """Give the host that a trunk's calls go to; None if it takes none."""
    if trunk.uri is None:
        return None
    try:
        return uris.parse(trunk.uri).host or None
    except PeerError:
        return None
