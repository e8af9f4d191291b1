"""
Keys of items and tokens of callers: how personal values leave the telephone unreadable.

Each item gets a key of its own at its birth. The key is kept in memory while the item is open and
in the journal only as a seal to the centre's public key, so that the floor of tomorrow cannot read
what the floor of today wrote. A caller's token is an HMAC and equals the blind index of the
records (docs/reference/link.md).

Refuses: to open anything but the digits and the number of an item that is open now.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Callable

from callfloor.wire import seal

TOKEN_BYTES = 16  # As the records cut their blind index.


class Seals:
    """The keys of the items that are open now."""

    def __init__(
        self,
        *,
        public_key: bytes,
        token_key: bytes,
        draw: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self.public_key = public_key
        self._token_key = token_key
        self._draw = draw
        self._keys: dict[str, bytes] = {}
        self._callers: dict[str, str] = {}

    def open_item(self, item: str) -> bytes:
        """Make a key for a new item and give it wrapped, for the journal."""
        key = self._keys[item] = self._draw(seal.KEY_BYTES)
        return seal.seal(
            key,
            public_key=self.public_key,
            ephemeral_private=self._draw(seal.KEY_BYTES),
            nonce=self._draw(seal.NONCE_BYTES),
        )

    def close_item(self, item: str) -> None:
        """Forget the key of an item: from here on only the centre can read its fields."""
        self._keys.pop(item, None)
        self._callers.pop(item, None)

    def restore(self, item: str, key: bytes) -> None:
        """Know the key of an open item of an earlier epoch again: its number is to be dialed."""
        self._keys[item] = key

    def has(self, item: str) -> bool:
        """Say whether the key of an item is known."""
        return item in self._keys

    def caller(self, item: str, *, number: str | None, name: str | None) -> str | None:
        """Seal who is calling; None if nothing is known of him."""
        known = {"number": number, "name": name}
        plain = {key: value for key, value in known.items() if value}
        if not plain:
            return None
        sealed = self._callers[item] = self._seal(item, json.dumps(plain, ensure_ascii=False))
        return sealed

    def digits(self, item: str, digits: str) -> str | None:
        """Seal what was typed; None for an item without a key (it is of an earlier epoch)."""
        return self._seal(item, json.dumps(digits)) if item in self._keys else None

    def read_digits(self, item: str, sealed: str) -> str | None:
        """Open digits of an item that is open now, for the telephone to send on."""
        key = self._keys.get(item)
        if key is None:
            return None
        return str(json.loads(seal.decrypt_field(sealed, key=key, item=item)))

    def caller_of(self, item: str) -> str | None:
        """Open the number of who called in an item that is open now; None if he withheld it."""
        return self.read_number(item, self._callers.get(item))

    def number(self, item: str, number: str) -> str:
        """Seal a number that is to be dialed."""
        return self._seal(item, json.dumps({"number": number}))

    def read_number(self, item: str, sealed: str | None) -> str | None:
        """Open the number of an item that is open now, for the telephone to dial."""
        key = self._keys.get(item)
        if key is None or sealed is None:
            return None
        number = json.loads(seal.decrypt_field(sealed, key=key, item=item)).get("number")
        return number if isinstance(number, str) else None

    def token(self, number: str) -> str:
        """Give the keyed token of a number in E.164."""
        message = f"number:{number}".encode()
        return hmac.digest(self._token_key, message, hashlib.sha256)[:TOKEN_BYTES].hex()

    def _seal(self, item: str, plain: str) -> str:
        return seal.encrypt_field(
            plain.encode(), key=self._keys[item], item=item, nonce=self._draw(seal.NONCE_BYTES)
        )
