"""
R30 with real processes: a worker that is killed at every step of mail, dovecot, an SMTP server.

One mail comes for each step and the worker is killed there (SIGKILL); the next one goes on. In the
end every mail is one contact and one case, and nobody was answered twice.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from callfloor.blueprint.tests.test_mailboxes import MAIL, SERVERS
from callfloor.wire.mail import read
from callfloor.wire.mail.tests import samples
from tests.faults.points import MAIL_POINTS, Point
from tests.journeys.waiting import wait_until
from tests.records import dovecot, smtp

pytestmark = pytest.mark.journey

ROOT = Path(__file__).resolve().parents[2]
POISON = samples.nested(60)
END_SECONDS = 180.0  # Many interpreters on two busy cores; on a quiet machine each takes two.


class Centre:
    """A centre of which only the worker runs."""

    def __init__(self, data: Path, *, imap: int, smtp: int) -> None:
        self.data = data
        there = "{{host: 127.0.0.1, port: {port}, security: none{user}}}"
        incoming = there.format(port=imap, user=", user: help")
        outgoing = there.format(port=smtp, user="")
        text = MAIL.replace(SERVERS, f"incoming: {incoming}, outgoing: {outgoing}")
        assert text != MAIL
        file = data / "file.yaml"
        file.write_text(text)
        self.run("callfloor.app.prepare", "records", str(file), str(data))
        passwords = data / "keys" / "passwords.json"
        passwords.write_text(json.dumps({"help": dovecot.PASSWORD}))
        passwords.chmod(0o600)

    def environment(self, point: str = "") -> dict[str, str]:
        """Give the worker's environment, with a trap if one is asked for."""
        trap = {"CALLFLOOR_FAIL": f"{point}:1:kill"} if point else {}
        return {**os.environ, "CALLFLOOR_DATA": str(self.data), **trap}

    def run(self, module: str, *words: str) -> None:
        """Run a command to its end."""
        done = subprocess.run(
            [sys.executable, "-m", module, *words],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=END_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def worker(self, point: str = "") -> "subprocess.Popen[bytes]":
        """Start the worker."""
        with (self.data / "worker.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "callfloor.worker.main"],
                cwd=ROOT,
                env=self.environment(point),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def counts(self, table: str, column: str = "1") -> Counter[str]:
        """Count the rows of a table by a column."""
        database = sqlite3.connect(f"file:{self.data / 'records.db'}?mode=ro", uri=True)
        try:
            return Counter(str(value) for (value,) in database.execute(
                f"SELECT {column} FROM {table}"))  # fmt: skip
        finally:
            database.close()


@pytest.fixture
def centre(program, tmp_path):
    """Give a centre between its two servers."""
    with dovecot.running(program("dovecot")) as imap, smtp.running() as (port, provider):
        yield Centre(tmp_path, imap=imap.port, smtp=port), imap, provider


SMALL = ("mail.kept", "mail.before_quarantined", "mail.submitted")
"""One on the way in, one with poison, one on the way out; all of them with --long."""


def test_a_worker_that_is_killed_at_three_steps_of_mail(centre):
    _killed(*centre, points=[point for point in MAIL_POINTS if point.name in SMALL])


@pytest.mark.long
def test_a_worker_that_is_killed_at_every_step_of_mail(centre):
    _killed(*centre, points=list(MAIL_POINTS))


def _killed(
    place: Centre, imap: dovecot.Dovecot, provider: smtp.Handler, *, points: list[Point]
) -> None:
    for number, point in enumerate(points):
        raw = samples.plain(sender=f"s{number}@x.example", to="help@n.example",
                            message_id=f"m{number}@x")  # fmt: skip
        imap.deliver(POISON if point.name == "mail.before_quarantined" else raw)
        worker = place.worker(point.name)
        assert worker.wait(END_SECONDS) == -signal.SIGKILL, point.name
    worker = place.worker()
    try:
        matters = len(points) - 1
        wait_until(lambda: place.counts("imap_spooled", "state")
                   == {"taken": matters, "quarantined": 1}, END_SECONDS)  # fmt: skip
        wait_until(lambda: not place.counts("interactions_message", "state")["to_send"])
    finally:
        worker.terminate()
        assert worker.wait(END_SECONDS) == 0
    assert place.counts("interactions_interaction")["1"] == matters + 1
    assert place.counts("cases_case")["1"] == matters
    answers = place.counts("interactions_message", "direction || ':' || state")
    assert answers["out:sent"] + answers["out:unknown"] == matters
    # Killed before the mail left, and after; whoever comes next cannot tell the two apart.
    doubtful = {"mail.in_doubt", "mail.submitted"} & {point.name for point in points}
    assert answers["out:unknown"] == len(doubtful)
    people = Counter(each.to[0] for each in provider.taken)
    assert set(people.values()) == {1}
    assert len(people) == matters - ("mail.in_doubt" in doubtful)
    assert all(read.mail(each.raw).verdict.kind == "auto" for each in provider.taken)
