"""What stands on pages that are empty in a new centre: tokens, systems, promises, cases, drafts."""

import datetime as dt
import re

from tests.journeys.stack import RIVAL, Stack, Visitor, ids_in

CLIENT, ARTICLE, EDGE = "halden", "looked_at", "a-file"
FILE = (
    f'--{EDGE}\r\nContent-Disposition: form-data; name="act"\r\n\r\nfile\r\n--{EDGE}\r\n'
    'Content-Disposition: form-data; name="file"; filename="a bill of November.txt"\r\n'
    f"Content-Type: text/plain\r\n\r\n84.20 EUR\r\n--{EDGE}--\r\n"
).encode()


Answer = tuple[int, bytes, dict[str, str]]


class Furniture:
    """Makes each thing once by the form that people use; gives the pages that then show it."""

    def __init__(self, stack: Stack) -> None:
        self._visitor = Visitor.signed_in(stack, RIVAL)
        self._nobody = Visitor(stack.base)
        self.portal = self._portal()
        self.paths = self._paths()

    def _paths(self) -> tuple[str, ...]:
        """Return what somebody with every duty opens."""
        self._fill()
        customer = self._customer()
        return (
            *("/tokens", "/systems", "/promises", f"/promises/new?customer={customer}"),
            *("/queues/halden_billing/change", "/hours", "/flows", "/flows/halden_main"),
            *("/flows/halden_main/change", "/jobs/reality?simulated=1", "/jobs/reality/agent"),
            *(self._hours(), self._case(customer), f"/cases/new?customer={customer}"),
            *(f"/articles/{ARTICLE}{self._draft()}", f"/articles/{ARTICLE}/write/en"),
        )

    def _portal(self) -> str:
        """Ask by the form as a customer; return the page on which he follows his case."""
        said = {"subject": "A bill", "text": "I read 84.20.", "address": "vera@ours.example"}
        status, body, _ = self._posted(self._nobody, f"/ask/{CLIENT}", kind="query", **said)
        assert status == 200, body[:300]
        return f"/case/{ids_in(body.decode(), '/case/')[0]}"

    def _fill(self) -> None:
        """Let lists have a row each."""
        duty = re.findall(r'name="duty" value="([^"]+)"', self._page("/tokens"))[0]
        self._made("/tokens", name="Nightly export", days="30", client=CLIENT, duty=duty)
        self._made("/systems", act="hear", name="Forum", client=CLIENT)
        told = {"url": "https://crm.example/told", "kind": "case.opened"}
        self._made("/systems", act="tell", name="CRM", client=CLIENT, **told)
        hook = ids_in(self._page("/systems"), "/systems/told/")[0]
        self._made(f"/systems/told/{hook}", act="off")  # It would be told of other journeys.

    def _customer(self) -> str:
        rows = self._visitor.json("/api/interactions?include_simulated=true")["rows"]
        return str(next(row["customer_id"] for row in rows if row["client"] == CLIENT))

    def _hours(self) -> str:
        return f"/hours/{ids_in(self._page('/hours'), '/hours/')[0]}/change"

    def _case(self, customer: str) -> str:
        said = {"customer": customer, "kind": "query", "subject": "A bill", "details": "84.20"}
        case = _place(self._made("/cases/new", **said))
        self._page(case)
        self._visitor.ask(
            case,
            method="POST",
            body=FILE,
            Content_Type=f"multipart/form-data; boundary={EDGE}",
            X_CSRFToken=self._visitor.cookies["csrftoken"],
            Origin=self._visitor.base,
        )
        assert "a bill of November.txt" in self._page(case)
        return case

    def _draft(self) -> str:
        year = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=300)).isoformat()
        said = {"key": ARTICLE, "kind": "knowledge", "owner": "team_leader", "review": year}
        self._made("/articles/new", client=CLIENT, **said)
        text = {"title": "Looked at", "body": "# Bills\n- one\n- two", "keywords": ""}
        place = _place(self._made(f"/articles/{ARTICLE}/write/en", **text))
        return place[place.index("?") :]

    def _page(self, path: str) -> str:
        status, body, _ = self._visitor.ask(path)
        assert status == 200, (path, status)
        return body.decode()

    def _made(self, path: str, **fields: str) -> Answer:
        return self._posted(self._visitor, path, **fields)

    def _posted(self, visitor: Visitor, path: str, **fields: str) -> Answer:
        visitor.ask(path)
        found = visitor.post(path, **fields)
        assert found[0] in {200, 302}, (path, found[0], found[1][:300])
        return found


def _place(answer: Answer) -> str:
    """Return where an answer leads."""
    return {name.lower(): value for name, value in answer[2].items()}["location"]
