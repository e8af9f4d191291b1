"""
What a page costs: milliseconds of CPU for each page and endpoint, in process, database included.

Django is asked through WSGI as `web/shell.py` asks it, with a session, on SQLite files, with 200
interactions in the records. Refuses: to measure the network or the browser.
"""

import io
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
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
    "floor": "/floor",
    "wallboard": "/wallboard",
    "organisation": "/organisation",
    "matrix": "/organisation/matrix",
    "gaps": "/organisation/gaps",
    "direction": "/direction",
    "targets": "/direction/mine",
    "help": "/help",
}
ENDPOINTS = {
    "api_me": "/api/me",
    "api_queues": "/api/queues",
    "api_people": "/api/people",
    "api_interactions": "/api/interactions?size=20",
    "api_interaction": "/api/interactions/{interaction}",
    "api_messages": "/api/interactions/{interaction}/messages",
    "api_customers": "/api/customers?size=20",
    "api_customer": "/api/customers/{customer}",
    "api_cases": "/api/cases?size=20",
    "api_articles": "/api/articles",
    "api_reports": "/api/reports/queues?first=2026-03-02",
}
CALLS = 200
WARM, TIMES = 5, 40
PAGE_MS, API_MS = 15.0, 4.0  # DESIGN section 9.


def main() -> None:
    """Print the figures as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CALLFLOOR_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "callfloor.app.settings"
        print(json.dumps(measure(Path(folder))))


def measure(data: Path) -> dict[str, Any]:
    """Ask for each page some times and give the median of its CPU."""
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    from callfloor.app import database

    database.prepare()
    cookie, names = _fill(data)
    figures = {
        key: _cost(application, path.format(**names), cookie)
        for key, path in (PAGES | ENDPOINTS).items()
    }
    pages = {key: figures[key] for key in PAGES}
    return {
        "bench": "page",
        "cpu_ms": figures,
        "pages_worst_ms": max(pages.values()),
        "pages_median_ms": statistics.median(pages.values()),
        "api_worst_ms": max(figures[key] for key in ENDPOINTS),
        "target_page_ms": PAGE_MS,
        "target_api_ms": API_MS,
        "met": max(pages.values()) <= PAGE_MS and max(figures[key] for key in ENDPOINTS) <= API_MS,
    }


def _fill(data: Path) -> tuple[str, dict[str, str]]:
    """Make records of calls, and sign a manager in."""
    from django.contrib.sessions.backends.db import SessionStore

    from callfloor.records.interactions.models import Interaction
    from tests.records import organisations, scenes

    organisations.apply()
    scene = scenes.Scene(data)
    for number in range(CALLS):
        call = scene.call(number=f"+3615550{number % 60:03}", name="Nora Quill")
        scenes.in_queue(call)
        scenes.answered(call, "anna")
        scene.write(call)
    scenes.project(scene)
    scene.close()
    person = scenes.person("mara")
    session = SessionStore()
    session["_auth_user_id"] = person.pk
    session["_auth_user_backend"] = "callfloor.app.accounts.PeopleBackend"
    session["_auth_user_hash"] = person.get_session_auth_hash()
    session.create()
    row = Interaction.objects.order_by("-pk")[0]
    return str(session.session_key), {
        "interaction": str(row.pk),
        "customer": str(row.customer_id),
    }


def _cost(application: Callable[..., Any], path: str, cookie: str) -> float:
    """Return the median CPU of one answer in milliseconds."""
    spent = []
    for number in range(WARM + TIMES):
        began = time.process_time()
        _ask(application, path, cookie)
        if number >= WARM:
            spent.append(time.process_time() - began)
    return round(statistics.median(spent) * 1000, 2)


def _ask(application: Callable[..., Any], path: str, cookie: str) -> None:
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
    assert said == ["200 OK"], f"{path}: {said}"


if __name__ == "__main__":
    main()
