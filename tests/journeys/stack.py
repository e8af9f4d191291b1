"""
The whole centre as the journeys use it: what its files hold, who is signed in, what its pages say.

The centre is the demo with more numbers. At 905 a caller is asked to type digits: the demo itself
asks for none, and a journey must know that nobody can read them. 906 and 907 lead through an
announcement into a queue; many agents answer the first, nobody the second.
"""

import contextlib
import datetime as dt
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from callfloor.app import supervisor
from callfloor.core import events
from tests.journeys.post import Post
from tests.journeys.waiting import until as until
from tests.journeys.waiting import wait_until as wait_until
from tests.small_centre import free_ports
from tests.whole_centre import WholeCentre

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "blueprints" / "demo.yaml"
RIVAL = "rival"  # Has every duty there is, for one of the two clients.
PASSWORDS = {
    key: f"callfloor-{key}" for key in ("agent", "agent2", "leader", "manager", RIVAL)
}  # They stand on the sign-in page.
LABEL = "contract"
ANSWER_SECONDS = 30.0  # A page that was never asked for before, on a machine that is busy.
LOAD_AGENTS = 40  # 50 callers a second, one in ten answered, for 5 s with ringing and wrap-up.


def blueprint(path: Path, *, post: Post | None = None) -> Path:
    """Write the demo's blueprint with the number 905, and with a mailbox if there are servers."""
    yaml = YAML()
    plan = yaml.load(DEMO.read_text(encoding="utf-8"))
    del plan["probe"]  # Journeys wait for facts of their own callers; it has a journey of its own.
    _add_digits(plan)
    _add_load(plan)
    _add_rival(plan)
    _add_chat(plan)
    _move_provider(plan)
    if post is not None:
        post.add_to(plan)
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(plan, file)
    return path


def _add_digits(plan: dict[str, Any]) -> None:
    steps = plan["flows"]["halden_main"]["steps"]
    plan["flows"]["halden_digits"] = {
        "first": "notice",
        "steps": {
            "notice": {**steps["notice"], "next": "digits"},
            "digits": {"do": "ask", "prompt": "type", "label": LABEL, "next": "billing"},
            "billing": dict(steps["billing"]),
        },
    }
    plan["numbers"]["905"] = {"client": "halden", "flow": "halden_digits", "language": "en"}
    plan["prompts"]["type"] = {"en": "Please type your number.", "hu": "Írja be a számát."}


def _add_chat(plan: dict[str, Any]) -> None:
    """Let Halden's customers write, to agents who may have two chats beside a call."""
    if "chat:halden" not in plan["numbers"]:
        plan["queues"]["halden_chat"] = {
            "name": {"en": "Halden chat"},
            "client": "halden",
            "channel": "chat",
            "tiers": [{"requires": {"billing": 1}}],
            "ring_seconds": 60,
            "dispositions": ["solved"],
        }
        wait = {"do": "queue", "queue": "halden_chat"}
        plan["flows"]["halden_write"] = {"first": "wait", "steps": {"wait": wait}}
        plan["numbers"]["chat:halden"] = {
            "client": "halden",
            "flow": "halden_write",
            "language": "en",
        }
    plan["people"]["agent"] |= {"capacity": {"call": 1, "chat": 2}, "beside_call": 2}


def _move_provider(plan: dict[str, Any]) -> None:
    """Let calls out end at a port of this machine that nobody else uses."""
    (port,) = free_ports(1)
    plan["trunks"]["provider"]["uri"] = f"sip:127.0.0.1:{port}"


def _add_rival(plan: dict[str, Any]) -> None:
    plan["people"][RIVAL] = {
        "roles": ["agent", "team_leader", "manager", "it_support"],
        "clients": ["halden"],
        "skills": {"billing": 1},
    }
    plan["demo"]["people"][RIVAL] = {"name": "Rival Halden", "password": PASSWORDS[RIVAL]}


def _add_load(plan: dict[str, Any]) -> None:
    steps = plan["flows"]["halden_main"]["steps"]
    for number, name, skilled in (("906", "served", True), ("907", "waiting", False)):
        plan["skills"][name] = {"name": {"en": name.title()}}
        plan["queues"][name] = {
            "name": {"en": name.title()},
            "client": "halden",
            "tiers": [{"requires": {name: 1}}],
            "wrap_up_seconds": 10,
            "dispositions": ["solved"],
        }
        notice = {**steps["notice"], "next": "wait"}
        wait = {"do": "queue", "queue": name}
        plan["flows"][name] = {"first": "notice", "steps": {"notice": notice, "wait": wait}}
        plan["numbers"][number] = {"client": "halden", "flow": name, "language": "en"}
        for one in range(LOAD_AGENTS if skilled else 1):
            plan["people"][f"{name}_{one}"] = {
                "roles": ["agent"],
                "clients": ["halden"],
                "team": "energy",
                "skills": {name: 3},
            }
            plan["demo"]["people"][f"{name}_{one}"] = {"name": f"{name.title()} {one}"}


class Stack(WholeCentre):
    """A running centre."""

    @property
    def base(self) -> str:
        """The address of its pages."""
        return f"http://127.0.0.1:{self.http}"

    def keep_passwords(self, passwords: dict[str, str]) -> None:
        """Keep passwords of servers where a centre that starts will look for them."""
        keys = self.data / "keys"
        keys.mkdir(parents=True, mode=0o700)
        (keys / "passwords.json").write_text(json.dumps(passwords))
        (keys / "passwords.json").chmod(0o600)

    def kill(self, name: str) -> int:
        """End a process without a word; return the pid that it had."""
        pid = self.pids()[name]
        os.kill(pid, signal.SIGKILL)
        return pid

    def is_well(self) -> bool:
        """Say whether calls can be taken and everything runs."""
        return bool(self.health()["status"] == "ok")

    def facts(self, name: str, *, after: int = 0) -> list[dict[str, Any]]:
        """Read the facts of a class from the journal, after a row."""
        rows = self.query(
            "SELECT body FROM journal WHERE kind = 'fact' AND name = ? AND seq > ? ORDER BY seq",
            (name, after),
        )
        return [json.loads(body) for (body,) in rows]

    def seq(self) -> int:
        """Return the number of the journal's last row."""
        return int(self.query("SELECT max(seq) FROM journal")[0][0] or 0)

    def query(self, text: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Ask the journal's file."""
        connection = sqlite3.connect(f"file:{self.data / 'journal.db'}?mode=ro", uri=True)
        try:
            return connection.execute(text, values).fetchall()
        finally:
            connection.close()

    def files(self) -> list[Path]:
        """List every file of the centre."""
        return [path for path in sorted(self.data.rglob("*")) if path.is_file()]

    async def board(self) -> dict[str, Any]:
        """Return the floor's board as it is now."""
        peer = await self.connect("web")
        await peer.close()
        board: dict[str, Any] = peer.welcome["board"]
        return board

    async def clear(self) -> None:
        """
        End what is open and send everybody home, so that the next journey finds an empty floor.

        It fails with the names of what would not go.
        """
        left: list[str] = []

        async def is_empty() -> bool:
            left[:] = await self._left()
            return not left

        try:
            await until(is_empty)
        except AssertionError as late:
            raise AssertionError(f"still on the floor: {left}") from late

    async def _left(self) -> list[str]:
        """Send away whoever and whatever is there; return what that was."""
        try:
            coming = self._on_their_way()  # Before the board: what has come meanwhile is on it.
            web = await self.connect("web")
        except OSError:  # Somebody has killed it, and it is started again.
            return ["the floor is away"]
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(web.close)
            items = web.welcome["board"]["items"]
            agents = web.welcome["board"]["agents"]
            there = [key for key, row in agents.items() if row["state"] != "signed_out"]
            for key in there:
                await web.command(events.AgentSignedOut(agent=key))
            for item in items:
                await web.ask("hang_up", item=item)
            if written := [{"item": key} for key, row in items.items() if row["channel"] != "call"]:
                worker = await self.connect("worker")
                stack.push_async_callback(worker.close)
                await worker.ask("left", items=written)
        told = [f"{key}: {row['channel']} {row['state']}" for key, row in items.items()]
        return [*there, *told, *(f"{key}: on its way" for key in coming)]

    def _on_their_way(self) -> list[str]:
        """Name what was written and the floor has not heard of."""
        address = f"file:{self.data / 'records.db'}?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as records:
            text = "SELECT id FROM interactions_interaction WHERE to_floor AND outcome = ''"
            return [key for (key,) in records.execute(text)]

    def day_numbers(self, *, person: str = "manager") -> dict[str, Any]:
        """Ask the records for today's figures, in a process of its own that knows Django."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.tell_day", person],
            cwd=ROOT,
            env=supervisor.environment({"CALLFLOOR_DATA": str(self.data)}),
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def cpu_seconds(self) -> dict[str, float]:
        """Return the processor time that each process has used."""
        return {name: cpu_of(pid) for name, pid in self.pids().items()}


def cpu_of(pid: int) -> float:
    """Return the processor time of a process."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


class Visitor:
    """Somebody at the pages without a browser: signed in, or nobody."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.jar = CookieJar()
        self._open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.jar), _NoRedirect()
        ).open

    @classmethod
    def signed_in(cls, stack: Stack, key: str) -> "Visitor":
        """Take a free seat by name and password."""
        visitor = cls(stack.base)
        visitor.ask("/accounts/login/")
        status, _, _ = visitor.post("/accounts/login/", login=key, password=PASSWORDS[key])
        assert status == 302, f"{key} cannot sign in"
        return visitor

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies by name."""
        return {cookie.name: cookie.value or "" for cookie in self.jar}

    def ask(
        self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes, dict[str, str]]:
        """Ask for a page; return status, body and headers. Redirects are not followed."""
        asked = urllib.request.Request(self.base + path, data=body, method=method)
        for name, value in headers.items():
            asked.add_header(name.replace("_", "-"), value)
        try:
            with self._open(asked, timeout=ANSWER_SECONDS) as answer:
                return answer.status, answer.read(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read(), dict(error.headers)

    def post(self, path: str, **fields: str) -> tuple[int, bytes, dict[str, str]]:
        """Send a form, as a page of ours would."""
        token = self.cookies.get("csrftoken", "")
        return self.ask(
            path,
            method="POST",
            body=urllib.parse.urlencode(fields).encode(),
            X_CSRFToken=token,
            Referer=self.base + path,
            Origin=self.base,
        )

    def json(self, path: str) -> Any:
        """Ask the API."""
        status, body, _ = self.ask(path)
        assert status == 200, (path, status, body[:300])
        return json.loads(body)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


def calls(manager: Visitor, *, since: dt.datetime) -> list[dict[str, Any]]:
    """Ask the API for the real calls since an instant, newest first."""
    when = urllib.parse.quote(since.isoformat())
    rows: list[dict[str, Any]] = manager.json(f"/api/interactions?arrived_from={when}")["rows"]
    return rows


def ids_in(text: str, prefix: str) -> list[str]:
    """Find what stands behind a prefix in the links of a page."""
    return re.findall(rf"{re.escape(prefix)}([0-9A-Za-z-]+)", text)
