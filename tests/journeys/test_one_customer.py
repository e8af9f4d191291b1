"""
One customer writes in the chat, calls, and writes a mail: one thread, one case, nobody asks twice.

Everything is real: Chromium with the widget, baresip, a mail program against dovecot and an SMTP
server, and the whole centre between them.
"""

import json
import subprocess
import sys
from typing import Any

import pytest
from playwright.async_api import BrowserContext, expect

from callfloor.app import supervisor
from tests.journeys import baresip, browser
from tests.journeys import stack as stacks
from tests.journeys.post import Mail, Post
from tests.journeys.stack import Stack, Visitor, until
from tests.journeys.test_chat import shop

pytestmark = pytest.mark.journey

WAIT = browser.WAIT_MILLISECONDS
MAIL_WAIT = 3 * WAIT  # The mailboxes are read last by a worker that has just started.
NUMBER, ADDRESS = "+36309876533", "nora.quillfeather@post.example"
QUESTION = "My bill of May counts the night rate twice. Who can help?"
SUBJECT = "Night rate counted twice"
LETTER, REPLY = "Here is the bill, as you asked.", "Thank you. The night rate is corrected."


@pytest.fixture
def mail(post: Post | None) -> Mail:
    """Give the customer's mail program."""
    if post is None:
        pytest.skip("dovecot is missing: apt-get install dovecot-imapd")
    return Mail(post, ADDRESS)


class Journey:
    """The customer's way, contact by contact, and the agent who is there each time."""

    def __init__(self, desk: browser.Desk, centre: Stack, context: BrowserContext) -> None:
        self.desk, self.page, self.centre, self.context = desk, desk.page, centre, context
        self.reference = ""

    async def chats(self, address: str) -> None:
        """She asks on a page, says by what she is known, and is given a case."""
        visitor = await self.context.new_page()
        await visitor.goto(address)
        await visitor.get_by_role("button", name="Chat with us").click()
        frame = visitor.frame_locator("iframe")
        await frame.get_by_label("Your name").fill(baresip.NAME)
        await frame.get_by_label("Telephone").fill(NUMBER)
        await frame.get_by_label("E-mail (").fill(ADDRESS)
        await frame.get_by_label("Your question").fill(QUESTION)
        await frame.get_by_label("I agree").check()
        await frame.get_by_role("button", name="Begin the chat").click()
        await self.page.bring_to_front()
        await self.accepts(QUESTION)
        await self.opens_a_case()
        await self.page.locator("#text-words").fill(f"Please call us. It is {self.reference}.")
        await self.page.keyboard.press("Enter")
        await expect(frame.get_by_role("log")).to_contain_text(self.reference, timeout=WAIT)
        await self.finishes("Explained")
        await visitor.close()

    async def opens_a_case(self) -> None:
        """From the desk, in a tab of its own."""
        async with self.context.expect_page() as opened:
            await self.page.locator("#text-panels").get_by_role("link", name="Open a case").click()
        tab = await opened.value
        await tab.get_by_label("Subject").fill(SUBJECT)
        await tab.get_by_role("button", name="Open the case").click()
        await tab.wait_for_url("**/cases/0*")
        self.reference = await tab.locator("h1 [data-latin]").inner_text()
        await tab.close()
        await self.page.bring_to_front()

    async def calls(self, phone: baresip.Baresip) -> None:
        """It rings, and what she wrote and her case are there before anybody says hello."""
        seq = self.centre.seq()
        await phone.dial("900")
        await until(
            lambda: "menu" in [f["step"] for f in self.centre.facts("StepEntered", after=seq)]
        )
        phone.press("1")
        await self.desk.state("Ringing")
        before = self.page.locator("#before")
        await expect(before).to_contain_text(QUESTION, timeout=WAIT)
        await expect(before).to_contain_text(self.reference, timeout=WAIT)
        await expect(self.page.locator("#story-part")).to_contain_text(baresip.NAME)
        await self.desk.state("Ringing")
        await self.desk.press("Answer")
        await self.desk.state("Talking")
        await before.get_by_role("button", name=f"is about {self.reference}").click()
        await expect(before).to_contain_text("In this contact", timeout=WAIT)
        await self.desk.press("Hang up")
        await phone.ended()
        await self.desk.finish("Explained")

    async def writes(self, mail: Mail) -> None:
        """She sends what was asked for, and has the answer in her own mailbox."""
        sent = mail.send(subject=f"My bill, {self.reference}", text=LETTER)
        await self.accepts(LETTER, wait=MAIL_WAIT)
        await self.page.locator("#text-words").fill(REPLY)
        await self.page.keyboard.press("Control+Enter")
        await expect(self.page.locator("#text-log")).to_contain_text(REPLY, timeout=WAIT)
        await self.finishes("Solved")
        (answer,) = await until(mail.inbox)
        assert REPLY in answer.get_content()
        assert answer["In-Reply-To"] == sent
        assert self.reference in answer["Subject"]

    async def accepts(self, words: str, *, wait: float = WAIT) -> None:
        """Take what is offered in writing and read it."""
        await self.desk.button("Accept").click(timeout=wait)
        await expect(self.page.locator("#text-log")).to_contain_text(words, timeout=WAIT)

    async def finishes(self, disposition: str) -> None:
        """Say what came of a written contact, once the desk knows that its answer is kept."""
        await expect(self.page.locator("#text-log .unsent")).to_have_count(0, timeout=WAIT)
        chosen = self.page.get_by_label("What came of it")
        await chosen.select_option(label=disposition, timeout=WAIT)
        await self.desk.press("Finish")
        await expect(self.page.locator("#text-columns")).to_be_hidden(timeout=WAIT)


def told(centre: Stack) -> dict[str, Any]:
    """Ask the records, in a process of its own that knows Django."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.tell_thread", "manager", "halden"],
        cwd=stacks.ROOT,
        env=supervisor.environment({"CALLFLOOR_DATA": str(centre.data)}),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


async def test_chat_call_and_mail_of_one_customer_are_one_thread(floor, mail, program, tmp_path):
    """F06.1, F06.4: one customer, one case, three contacts, and one first contact that sufficed."""
    before = told(floor)
    async with (
        browser.running(program("chromium"), tmp_path) as context,
        shop(floor) as address,
        baresip.running(
            program("baresip"), tmp_path / "phone", sip=floor.sip, number=NUMBER
        ) as phone,
    ):
        desk = await browser.Desk.sit_down(context, floor)
        await desk.ready()
        journey = Journey(desk, floor, context)
        await journey.chats(address)
        await journey.calls(phone)
        await journey.writes(mail)
    after = await until(lambda: ended(floor))
    contacts = after["contacts"][len(before["contacts"]) :]
    said = [(row["channel"], row["outcome"], row["agent"]) for row in contacts]
    assert said == [(channel, "answered", "agent") for channel in ("chat", "call", "mail")]
    (customer,) = {row["customer"] for row in contacts}
    ids = [row["id"] for row in contacts]
    assert after["cases"][len(before["cases"]) :] == [
        {"reference": journey.reference, "customer": customer, "contacts": ids}
    ]
    # Three contacts and not three first ones: after two of them she came again, about one matter.
    assert {key: after["sums"][key] - before["sums"][key] for key in after["sums"]} == SUMS
    status, page, _ = Visitor.signed_in(floor, "manager").ask(f"/customers/{customer}")
    assert status == 200
    for words in (*ids, QUESTION, LETTER, REPLY, journey.reference, SUBJECT):
        assert words in page.decode(), "all of it stands on one line of time"


SUMS = {
    "first_answered": 3,
    "first_settled": 3,
    "first_no_return": 1,
    "first_one_agent": 3,
    "first_cases": 1,
    "first_cases_alone": 0,
}


def ended(centre: Stack) -> dict[str, Any] | None:
    """Return what the records have once the last contact has ended there."""
    found = told(centre)
    return found if all(row["outcome"] for row in found["contacts"]) else None
