"""
The one thread of web that writes messages: all that wait go to the disk together.

A message is acknowledged after its commit has reached the disk (`synchronous=FULL`), and a commit
costs the same for one as for fifty. Refuses: to acknowledge what is not there, and to let one
message that is refused take another with it.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import (
    OperationalError,
    close_old_connections,
    connection,
    connections,
    transaction,
)
from django.utils.translation import gettext_lazy as _

from callfloor.kernel.errors import Refusal

BATCH = 50  # Messages of one commit: a quarter of a second at the rate that is promised.
TRIES = 5  # A lock or a deadlock is over when the other has committed; more is a fault.
CLOSE_SECONDS = 5.0  # Longer than a batch takes on a busy disk; the thread is a daemon.
WAITING_MAX = 2_000  # Ten seconds at the promised rate; more means the disk takes nothing.

Result = TypeVar("Result")


class Overfull(Refusal):
    """So much waits to be written that nothing more is taken."""

    code = "chat.busy"
    message = _("Too much is written just now. It is tried again in a moment.")


@dataclass(kw_only=True)
class Job:
    """Something to write, and who waits for it."""

    work: Callable[[], Any]
    future: "asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop
    result: Any = None
    fault: BaseException | None = None

    def tell(self) -> None:
        """Let whoever waits go on; he may have left."""
        if self.future.done():
            return
        if self.fault is not None:
            self.future.set_exception(self.fault)
        else:
            self.future.set_result(self.result)


class Writer:
    """A thread with a queue before it."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    async def write(self, work: Callable[[], Result]) -> Result:
        """Do a piece of writing; returns when it is on the disk, raises what it raised."""
        if self._waiting.qsize() >= WAITING_MAX:
            raise Overfull
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="chat-writer", daemon=True)
            self._thread.start()
        loop = asyncio.get_running_loop()
        job = Job(work=work, future=loop.create_future(), loop=loop)
        self._waiting.put(job)
        found: Result = await job.future
        return found

    def close(self) -> None:
        """Write what waits, and wait until the thread has ended and let go of the database."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(CLOSE_SECONDS)

    # --- in the thread ---

    def _run(self) -> None:
        while True:
            jobs = self._take()
            if jobs:
                _commit(jobs)
                jobs[0].loop.call_soon_threadsafe(_tell, jobs)
            else:
                connections.close_all()  # Records and keys.
                return

    def _take(self) -> list[Job]:
        """Give all that waits, at least one; nothing when it is over."""
        first = self._waiting.get()
        jobs = [first] if first is not None else []
        while jobs and len(jobs) < BATCH and not self._waiting.empty():
            job = self._waiting.get_nowait()
            if job is None:
                self._waiting.put(None)  # The end comes after what went before.
                break
            jobs.append(job)
        return jobs


def _tell(jobs: list[Job]) -> None:
    for job in jobs:
        job.tell()


def _commit(jobs: list[Job]) -> None:
    for left in reversed(range(TRIES)):
        try:
            close_old_connections()
            _be_durable()
            _write_all(jobs)
        except OperationalError as error:
            if not left:
                for job in jobs:
                    job.fault = error
        except Exception as error:  # The commit itself: nothing of it is there.
            for job in jobs:
                job.fault = error
            return
        else:
            return


def _write_all(jobs: list[Job]) -> None:
    with transaction.atomic():
        for job in jobs:
            job.result = job.fault = None
            try:
                with transaction.atomic():  # A savepoint: what is refused takes nobody with it.
                    job.result = job.work()
            except OperationalError:
                raise
            except Exception as error:
                job.fault = error


def _be_durable() -> None:
    """Let commits of this thread wait for the disk; for other rows NORMAL is enough."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")  # Microseconds; asked again it says nothing.
