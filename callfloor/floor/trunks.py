"""
Who may call: trunks known by their address or by a password, and strangers kept out.

An address that a trunk names may send calls. Where a trunk has a digest user, anybody may try the
password (`passwords`); who fails too often is not heard for a while.

Refuses: to answer a stranger when nobody has a password: silence tells nothing to a scanner.
"""

from collections.abc import Callable, Mapping

from callfloor.core import plan
from callfloor.floor import providers
from callfloor.floor.passwords import Password, Passwords
from callfloor.wire.sip import auth


class Trunks:
    """The lines of the plan in force."""

    def __init__(
        self,
        *,
        secrets: Mapping[str, str],
        secret: bytes,
        draw: Callable[[int], bytes],
        addresses: Callable[[str], tuple[str, ...]],
        phones: Mapping[str, Password] | None = None,
    ) -> None:
        """
        Begin with no trunk.

        `secrets` are passwords by digest user, `phones` those of telephones by user name, `secret`
        are random bytes; `addresses` says what is known of a provider's host.
        """
        self._addresses = addresses
        self.passwords = Passwords(secret=secret, draw=draw)
        """Everybody who has one, trunks and telephones alike."""
        self.guesses = self.passwords.guesses
        self._secrets = secrets
        self._phones = phones or {}
        self._by_address: dict[str, str] = {}
        self._by_user: dict[str, str] = {}
        self._accounts: dict[str, str | None] = {}

    def keep(self, known: Mapping[str, Password]) -> None:
        """Keep other passwords, of trunks and telephones; they hold from the next `use` on."""
        self._secrets = {user: password.text for user, password in known.items()}
        self._phones = known

    def use(self, floor_plan: plan.FloorPlan) -> None:
        """Let the trunks of a plan hold, and the passwords of its telephones."""
        self._by_address = {
            address: trunk.key for trunk in floor_plan.trunks for address in trunk.addresses
        }
        for trunk in floor_plan.trunks:  # Whom we send calls to may send his.
            host = providers.host_of(trunk)
            for address in self._addresses(host) if host is not None else ():
                self._by_address.setdefault(address, trunk.key)
        self._accounts = {trunk.key: trunk.user for trunk in floor_plan.trunks}
        self._by_user = {
            trunk.digest_user: trunk.key
            for trunk in floor_plan.trunks
            if trunk.digest_user is not None and trunk.digest_user in self._secrets
        }
        phones = {user for agent in floor_plan.agents for user in agent.phones}
        known = {user: secret for user, secret in self._phones.items() if user in phones}
        for user in self._by_user:
            known[user] = Password(text=self._secrets[user], algorithms=auth.ALGORITHMS)
        self.passwords.use(floor_plan.centre, known)

    def is_line(self, host: str) -> bool:
        """Say whether an address is a configured trunk's, which is never banned."""
        return host in self._by_address

    def takes_strangers(self) -> bool:
        """Say whether somebody may prove himself by a password, from wherever he is."""
        return bool(self.passwords)

    def by_address(self, host: str) -> str | None:
        """Name the trunk of an address."""
        return self._by_address.get(host)

    def account_of(self, trunk: str) -> str | None:
        """Give our user name at a trunk's provider, under which we register."""
        return self._accounts.get(trunk)

    def by_user(self, user: str) -> str | None:
        """Name the trunk of somebody who has proven himself; None if it is a telephone."""
        return self._by_user.get(user)
