"""
What a page costs: milliseconds of CPU for each page and endpoint, in process, database included.

Django is asked through WSGI as `web/shell.py` asks it, with a session, on SQLite files, with 200
interactions in the records. A busy machine makes everything dearer, so a fixed loop runs between
the answers: `cpu_ms_even` is what they cost where that loop takes as long as on a quiet machine.
A bare page and a bare address are asked for beside each as well (`times_bare`): they empty the same
caches as the answers do, which a loop does not.
`bench/page_large.py` asks the same of six hundred people. Refuses: to measure network and browser.
"""

import functools
import io
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PAGES = {
    "interactions": "/interactions",
    "interaction": "/interactions/{interaction}",
    "customers": "/customers",
    "customer": "/customers/{customer}",
    "queues": "/queues",
    "queue": "/queues/billing",
    "people": "/people",
    "flows": "/flows",
    "hours": "/hours",
    "floor": "/floor",
    "wallboard": "/wallboard",
    "organisation": "/organisation",
    "matrix": "/organisation/matrix",
    "gaps": "/organisation/gaps",
    "direction": "/direction",
    "targets": "/direction/mine",
    "cases": "/cases",
    "case": "/cases/{case}",
    "knowledge": "/articles",
    "forms": "/forms",
    "tokens": "/tokens",
    "systems": "/systems",
    "help": "/help",
}
ENDPOINTS = {
    "api_me": "/api/me",
    "api_queues": "/api/queues",
    "api_people": "/api/people",
    "api_person": "/api/people/anna",
    "api_interactions": "/api/interactions?size=20",
    "api_interaction": "/api/interactions/{interaction}",
    "api_messages": "/api/interactions/{interaction}/messages",
    "api_customers": "/api/customers?size=20",
    "api_customer": "/api/customers/{customer}",
    "api_cases": "/api/cases?size=20",
    "api_case": "/api/cases/{case}",
    "api_articles": "/api/articles",
    "api_search": "/api/search?q=call",
    "api_forms": "/api/forms",
    "api_runs": "/api/interactions/{interaction}/runs",
    "api_hooks": "/api/hooks",
    "api_hook_kinds": "/api/hook-kinds",
    "api_reports": "/api/reports/queues?first=2026-03-02",
    "api_reports_agents": "/api/reports/agents?first=2026-03-02",
    "api_reports_abandoned": "/api/reports/abandoned?first=2026-03-02",
}
BARE_PAGE, BARE_ADDRESS = "/help", "/api/me"  # The frame of every page, and who asks: no more.
READERS = ("mara", "ivan", "cili", "anna")
CALLS = 200
CASES = 30
WARM, TIMES = 5, 40
PAGE_MS, API_MS = 15.0, 4.0  # DESIGN section 9.
LOOP_TURNS = 10_000
LOOP_MS = 1.6  # What the loop below takes where nothing else runs.

Keys = tuple[str, ...]


def main() -> None:
    """Print the figures as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CALLFLOOR_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "callfloor.app.settings"
        print(json.dumps(measure(Path(folder))))


def measure(data: Path) -> dict[str, Any]:
    """Make the records, and ask for everything."""
    import django

    django.setup()
    from callfloor.app import database

    database.prepare()
    return {"bench": "page", **figures(PAGES, ENDPOINTS, names=_fill(data), readers=READERS)}


def figures(
    pages: dict[str, str], endpoints: dict[str, str], *, names: dict[str, str], readers: Keys
) -> dict[str, Any]:
    """
    Ask for everything and say what it cost, as it was and as it is on a quiet machine.

    Each is asked by the first of the readers who may.
    """
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    cookies = [session(reader) for reader in readers]
    spent, loops, bare = {}, {}, {}
    for key, path in (pages | endpoints).items():
        address = path.format(**names)
        cookie = _who(application, address, cookies)
        beside = BARE_PAGE if key in pages else BARE_ADDRESS
        spent[key], loops[key], bare[key] = _cost(application, address, cookie, beside)
    even = {key: round(spent[key] * LOOP_MS / loops[key], 2) for key in spent}
    worst_page, worst_api = (max(even[key] for key in of) for of in (pages, endpoints))
    return {
        "cpu_ms": spent,
        "cpu_ms_even": even,
        "times_bare": {key: round(spent[key] / bare[key], 1) for key in spent},
        "loop_ms": [min(loops.values()), max(loops.values())],
        "loop_ms_quiet": LOOP_MS,
        "load_average": round(os.getloadavg()[0], 1),
        "pages_worst_ms": worst_page,
        "pages_median_ms": statistics.median(even[key] for key in pages),
        "api_worst_ms": worst_api,
        "target_page_ms": PAGE_MS,
        "target_api_ms": API_MS,
        "met": worst_page <= PAGE_MS and worst_api <= API_MS,
    }


def _who(application: Callable[..., Any], path: str, cookies: list[str]) -> str:
    for cookie in cookies[:-1]:
        if _status(application, path, cookie) == "200 OK":
            return cookie
    return cookies[-1]


def _loop() -> None:
    """Do a fixed piece of work such as pages are made of."""
    found: dict[str, int] = {}
    for turn in range(LOOP_TURNS):
        key = f"k{turn % 97}"
        found[key] = found.get(key, 0) + len(key)


def _fill(data: Path) -> dict[str, str]:
    """Make records of calls and cases."""
    from callfloor.records.interactions.models import Interaction
    from tests.records import organisations, scenes

    organisations.apply()
    scene = scenes.Scene(data)
    calls(scene, {"client": "acme", "called": "900", "queue": "billing"}, agent="anna")
    row = Interaction.objects.order_by("-pk")[0]
    case = cases(client="acme", customer=str(row.customer_id), by="anna")
    return {
        "interaction": str(row.pk),
        "customer": str(row.customer_id),
        "case": case,
    }


def calls(scene: Any, values: dict[str, Any], *, agent: str) -> None:
    """Let an agent take calls of sixty customers, and bring them into the records."""
    from tests.records import scenes

    for number in range(CALLS):
        call = scene.call(number=f"+3615550{number % 60:03}", name="Nora Quill", **values)
        scenes.in_queue(call)
        scenes.answered(call, agent)
        scene.write(call)
    scenes.project(scene)
    scene.close()


def cases(*, client: str, customer: str, by: str) -> str:
    """Open cases of a customer; give the last one's key."""
    from callfloor.records.cases import services

    for number in range(CASES):
        made = services.open_case(
            client=client,
            kind="query",
            customer_id=customer,
            subject=f"Parcel {number}",
            origin=None,
            by=by,
            now=datetime.now(UTC),
            chance=os.urandom(10),
        )
    return str(made.id)


def session(key: str) -> str:
    """Sign somebody in."""
    from django.contrib.sessions.backends.db import SessionStore

    from tests.records import scenes

    person = scenes.person(key)
    session = SessionStore()
    session["_auth_user_id"] = person.pk
    session["_auth_user_backend"] = "callfloor.app.accounts.PeopleBackend"
    session["_auth_user_hash"] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _cost(
    application: Callable[..., Any], path: str, cookie: str, beside: str
) -> tuple[float, float, float]:
    """Return the median CPU of an answer, a loop and a bare answer beside it, in milliseconds."""
    ask = functools.partial(_ask, application, cookie=cookie)
    tasks = (functools.partial(ask, path), _loop, functools.partial(ask, beside))
    spent = [[_spent(task) for task in tasks] for _ in range(WARM + TIMES)][WARM:]
    answer, loop, bare = (_middle(list(each)) for each in zip(*spent, strict=True))
    return answer, loop, bare


def _spent(task: Callable[[], None]) -> float:
    began = time.process_time()
    task()
    return time.process_time() - began


def _middle(seconds: list[float]) -> float:
    return round(statistics.median(seconds) * 1000, 2)


def _ask(application: Callable[..., Any], path: str, cookie: str) -> None:
    said = _status(application, path, cookie)
    assert said == "200 OK", f"{path}: {said}"


def _status(application: Callable[..., Any], path: str, cookie: str) -> str:
    where, _, query = path.partition("?")
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": where,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "HTTP_COOKIE": f"sessionid={cookie}",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    answer = application(environ, lambda status, headers: said.append(status))
    for _ in answer:
        pass
    answer.close()
    return said[0]


if __name__ == "__main__":
    main()
