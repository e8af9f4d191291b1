"""
Who is it? The floor asks by token and goes on without the answer after 300 ms.

One indexed read on its own thread, so that no batch of the projection stands in the way.
Refuses: numbers and names. The answer holds keys of the records, or the key of an open item.
"""

import asyncio
import base64
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.db import close_old_connections

from callfloor.kernel import journal
from callfloor.kernel.keys import ring
from callfloor.records.customers import queries as customers

log = logging.getLogger(__name__)

Message = dict[str, Any]


class Recogniser:
    """Answers the floor's questions, one after the other."""

    def __init__(self, *, journal_path: Path) -> None:
        self._journal_path = journal_path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recogniser")

    async def answer(self, message: Message) -> Message:
        """Give what is known of a caller; an empty answer for a new one."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._known, message)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _known(self, message: Message) -> Message:
        close_old_connections()
        if message.get("want") == "key":
            return self._key(str(message.get("item", "")))
        item, token = str(message.get("item", "")), message.get("caller")
        client = message.get("client") or self._client_of(item)
        known = customers.known_caller(client=client, token=token) if client and token else None
        if known is None:
            return {}
        answer = {
            "customer": known.customer,
            "language": known.language,
            "priority_seconds": known.priority_seconds,
            "preferred_agent": known.preferred_agent,
            "do_not_record": known.do_not_record or None,
        }
        return {name: value for name, value in answer.items() if value is not None}

    def _key(self, item: str) -> Message:
        """
        Give the key of an item that is still open, so that who waits for a call can be called.

        The floor that a callback was asked of may be another one than the one that dials.
        """
        with journal.opened(self._journal_path) as opened:
            wrapped = opened.seals(items=[item]).get(item) if opened else None
        key = ring.item_key(wrapped) if wrapped is not None else None
        return {} if key is None else {"key": base64.b64encode(key).decode()}

    def _client_of(self, item: str) -> str | None:
        with journal.opened(self._journal_path) as opened:
            return opened.client_of(item=item) if opened else None
