"""
The worker's process: `python -m callfloor.worker.main`.

One loop holds the link to the floor; one thread does the rounds; one answers the floor's questions.
It lives without the floor and without the web, and ends at SIGTERM between two transactions.
"""

import asyncio
import contextlib
import logging
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

from callfloor.wire import fail

if TYPE_CHECKING:
    from callfloor.worker.hooks import Hooks
    from callfloor.worker.mail import Mail
    from callfloor.worker.rounds import Rounds

log = logging.getLogger("callfloor.worker")  # As a main module its name says nothing.

IDLE_SECONDS = 0.5  # The floor wakes the worker; this is for a floor whose word was lost.
GATHER_SECONDS = 0.1  # Facts of a tenth of a second are written together: it costs a third.
STALL_SECONDS = 10.0  # For tests only (wire/fail.py).


async def work(
    *, data: Path, certificate: Path | None, passwords: Path, hook_hosts: frozenset[str]
) -> None:
    """Work until SIGTERM or SIGINT."""
    # Models can be imported only after django.setup(), which main() has called.
    from callfloor.kernel import link
    from callfloor.worker.hooks import Hooks
    from callfloor.worker.mail import Mail
    from callfloor.worker.plans import Plans
    from callfloor.worker.promises import Promises
    from callfloor.worker.recogniser import Recogniser
    from callfloor.worker.rounds import Rounds
    from callfloor.worker.texts import Texts

    loop = asyncio.get_running_loop()
    wake, stop = asyncio.Event(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    recogniser = Recogniser(journal_path=data / "journal.db")

    def welcome(message: dict[str, Any]) -> None:
        plans.welcome(message)
        texts.welcome()
        wake.set()

    handlers = link.Handlers(
        welcome=welcome,
        wake=lambda message: wake.set(),
        ask=recogniser.answer,
    )
    client = link.LinkClient(path=data / "floor.sock", role="worker", handlers=handlers)

    plans = Plans(send=client.call_from_thread)

    def forget(items: list[str]) -> None:
        with contextlib.suppress(link.FloorAway):  # The job comes by again.
            client.send_from_thread({"type": "forget", "items": items})

    def alarm(name: str, detail: str) -> None:
        log.warning("worker.alarm", extra={"alarm": name, "detail": detail})
        with contextlib.suppress(link.FloorAway):  # That the floor is away is seen elsewhere.
            client.send_from_thread({"type": "fault", "name": name, "detail": detail})

    texts = Texts(journal_path=data / "journal.db", send=client.call_from_thread, alarm=alarm)
    rounds = Rounds(
        data=data,
        forget=forget,
        plans=plans,
        texts=texts,
        promises=Promises(
            journal_path=data / "journal.db", send=client.call_from_thread, alarm=alarm
        ),
        alarm=alarm,
        certificate=certificate,
        is_linked=lambda: client.connected,
        tick=time.perf_counter,
    )
    mail = Mail(data=data, passwords=passwords, alarm=alarm)
    beside = (mail, Hooks(allowed=hook_hosts, alarm=alarm))
    talking = asyncio.create_task(client.run())
    await _rounds(rounds, beside, wake=wake, stop=stop)
    await _ended(talking)
    recogniser.close()


async def _rounds(
    rounds: "Rounds", beside: "tuple[Mail, Hooks]", *, wake: asyncio.Event, stop: asyncio.Event
) -> None:
    """Go round after round until it is time to stop, with others beside."""
    loop = asyncio.get_running_loop()
    for each in beside:
        each.start()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="rounds") as thread:
        while not stop.is_set():
            wake.clear()
            is_busy = await loop.run_in_executor(thread, rounds.run, datetime.now(UTC))
            if not is_busy:
                await _either(wake, stop, seconds=IDLE_SECONDS)
                await _either(stop, seconds=GATHER_SECONDS)
        for ending in (rounds, *beside):
            await loop.run_in_executor(thread, ending.close)


async def _ended(task: asyncio.Task[None]) -> None:
    """Cancel a task and wait until it is gone."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _either(*events: asyncio.Event, seconds: float) -> None:
    """Wait until one of the events is set, or the time is over."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()


def main() -> None:
    """Set Django up and work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callfloor.app.settings")
    django.setup()
    from django.conf import settings

    fail.arm(
        os.environ,
        kill=lambda: os.kill(os.getpid(), signal.SIGKILL),
        stall=lambda: time.sleep(STALL_SECONDS),
        warn=log.critical,
    )
    log.info("worker.started")
    asyncio.run(
        work(
            data=Path(settings.DATA),
            certificate=settings.CERTIFICATE,
            passwords=settings.PASSWORDS_FILE,
            hook_hosts=settings.HOOK_HOSTS,
        )
    )
    log.info("worker.stopped")


if __name__ == "__main__":
    main()
