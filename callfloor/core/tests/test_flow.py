"""Flows: every step, every way out of it, and that each waits for the caller only so long."""

import pytest

from callfloor.core import actions, errors, events, facts, plan
from callfloor.core.tests import centre

pytestmark = pytest.mark.pure

MENU = plan.Menu(
    key="menu",
    prompt="menu",
    choices=(
        plan.Choice(digit="1", name="bills", next="bills"),
        plan.Choice(digit="2", name="end", next="end"),
    ),
    otherwise="bills",
    wait_seconds=10.0,
    tries=3,
)
BILLS = plan.Enqueue(key="bills", queue="billing")
END = plan.End(key="end", prompt="bye")


def on(*steps: plan.Step, **changes) -> tuple[centre.Hands, str]:
    """Bring a call to the first of some steps."""
    hands = centre.Hands(centre.floor_plan(flows=[centre.flow(*steps)], **changes))
    return hands, hands.call()


def end_prompt(hands: centre.Hands, *, failed: bool = False, after: float = 1.0):
    """Let the prompt that plays come to its end."""
    play = hands.acted(actions.Play)[-1]
    return hands.do(events.PromptEnded(item=play.item, play=play.play, failed=failed), after)


def steps(hands: centre.Hands) -> list[str]:
    """Name the steps that were entered."""
    return [fact.step for fact in hands.said(facts.StepEntered)]


class TestSay:
    def test_goes_on_when_the_prompt_has_ended(self):
        """The next step begins with the end of the prompt, in the call's language."""
        hands, _ = on(plan.Say(key="hello", prompt="hello", next="bills"), BILLS)
        assert steps(hands) == ["hello"]
        play = hands.acted(actions.Play)[0]
        assert (play.prompts, play.language, play.loop) == (("hello",), "en", False)
        end_prompt(hands)
        assert steps(hands) == ["hello", "bills"]

    def test_goes_on_without_a_report(self):
        """A prompt whose end is never reported is over after its lease."""
        hands, _ = on(plan.Say(key="hello", prompt="hello", next="bills"), BILLS)
        hands.wait(64.9)
        assert steps(hands) == ["hello"]
        hands.wait(0.1)
        assert steps(hands) == ["hello", "bills"]

    def test_ignores_the_end_of_an_earlier_prompt(self):
        """A late report about another prompt moves nothing."""
        say = plan.Say(key="a", prompt="a", next="b"), plan.Say(key="b", prompt="b", next="bills")
        hands, item = on(*say, BILLS)
        old = hands.acted(actions.Play)[0].play
        end_prompt(hands)
        assert hands.do(events.PromptEnded(item=item, play=old)) == []
        assert steps(hands) == ["a", "b"]


class TestNotice:
    NOTICE = plan.Notice(key="notice", prompt="notice", next="bills", refuse_key="9")

    def recorded(self, hands: centre.Hands) -> list[actions.StartRecording]:
        """Answer the call, and give what is recorded then."""
        hands.do(events.DeviceUp(agent="anna", leg="leg-anna"))
        hands.do(events.AgentSignedIn(agent="anna", ready=True))
        hands.answer("anna")
        return hands.acted(actions.StartRecording)

    def test_records_from_the_bridge_on_after_its_end(self):
        """Nothing is recorded before the notice has ended, nor before an agent is there."""
        hands, item = on(self.NOTICE, BILLS, agents=[centre.agent("anna", "billing")])
        end_prompt(hands)
        assert hands.said(facts.NoticeGiven) == [facts.NoticeGiven(item=item, client="acme")]
        assert hands.acted(actions.StartRecording) == []
        assert self.recorded(hands) == [
            actions.StartRecording(item=item, customer_leg=f"leg-{item}", agent_leg="leg-anna")
        ]

    def test_is_refused_by_its_key(self):
        """Who presses the key is never recorded, and the flow goes on."""
        hands, item = on(self.NOTICE, BILLS, agents=[centre.agent("anna", "billing")])
        (collect,) = hands.acted(actions.Collect)
        assert [choice.digit for choice in collect.choices] == ["9"]
        refuse = events.ChoiceMade(item=item, step="notice", choice=collect.choices[0].name)
        hands.do(refuse, after=1)
        assert hands.said(facts.NoticeGiven)[0].refused
        assert self.recorded(hands) == []

    @pytest.mark.parametrize("silence", ["failed", "never reported"])
    def test_without_proof_nothing_is_recorded(self, silence):
        """A notice that could not be played, or of which nobody heard again, was not given."""
        hands, _ = on(self.NOTICE, BILLS, agents=[centre.agent("anna", "billing")])
        if silence == "failed":
            end_prompt(hands, failed=True)
        else:
            hands.wait(70)
        assert steps(hands) == ["notice", "bills"]
        assert hands.said(facts.NoticeGiven) == []
        assert [alarm.name for alarm in hands.said(facts.Alarmed)] == ["notice_not_heard"]
        assert self.recorded(hands) == []


class TestMenu:
    def test_takes_a_key_before_the_prompt_is_over(self):
        """Barge-in: the prompt stops, and the choice is followed."""
        hands, item = on(MENU, BILLS, END)
        hands.do(events.ChoiceMade(item=item, step="menu", choice="bills"), after=1)
        assert hands.said(facts.Chose) == [
            facts.Chose(item=item, client="acme", step="menu", choice="bills")
        ]
        assert steps(hands)[-1] == "bills"
        assert len(hands.acted(actions.StopPlay)) == 1

    def test_shows_the_key_to_the_agent(self):
        """The key is sealed by whoever heard it; the agent sees it under the choice's name."""
        hands, item = on(MENU, BILLS, END)
        made = events.ChoiceMade(item=item, step="menu", choice="bills", sealed="xyz")
        hands.do(made, after=1)
        assert hands.said(facts.Typed) == [
            facts.Typed(item=item, client="acme", label="bills", count=1, sealed="xyz")
        ]

    def test_ends_at_a_human_after_three_wrong_keys(self):
        """Three keys that mean nothing lead to `otherwise`, with the reason."""
        hands, item = on(MENU, BILLS, END)
        for _ in range(3):
            assert steps(hands) == ["menu"]
            hands.do(events.ChoiceMade(item=item, step="menu", choice=None), after=1)
        assert steps(hands)[-1] == "bills"
        assert hands.said(facts.Chose) == [
            facts.Chose(item=item, client="acme", step="menu", choice=None, reason="wrong_input")
        ]

    def test_counts_silence_from_the_end_of_the_prompt(self):
        """Ten seconds after the prompt, not after its beginning, a try is over."""
        hands, _ = on(MENU, BILLS, END)
        hands.wait(30)
        assert len(hands.acted(actions.Play)) == 1
        for _ in range(3):
            end_prompt(hands)
            hands.wait(9.9)
            assert steps(hands) == ["menu"]
            hands.wait(0.1)
        assert steps(hands)[-1] == "bills"
        assert hands.said(facts.Chose)[0].reason == "silence"

    def test_wrong_keys_and_silence_count_together(self):
        """Two wrong keys and one silence are three tries; the last names the reason."""
        hands, item = on(MENU, BILLS, END)
        hands.do(events.ChoiceMade(item=item, step="menu", choice=None))
        hands.do(events.ChoiceMade(item=item, step="menu", choice=None))
        end_prompt(hands)
        hands.wait(10)
        assert [fact.reason for fact in hands.said(facts.Chose)] == ["silence"]

    def test_ignores_a_key_for_another_step(self):
        """A late key is not taken for this step's."""
        hands, item = on(MENU, BILLS, END)
        assert hands.do(events.ChoiceMade(item=item, step="before", choice="bills")) == []


class TestAsk:
    ASK = plan.Ask(key="ask", prompt="ask", label="customer number", next="bills", digits_max=6)

    def test_passes_sealed_digits_on(self):
        """What was typed is told sealed, with its label and its length."""
        hands, item = on(self.ASK, BILLS)
        assert hands.acted(actions.Collect)[0].digits_max == 6
        hands.do(events.DigitsEntered(item=item, step="ask", count=6, sealed="xyz"), after=5)
        assert hands.said(facts.Typed) == [
            facts.Typed(item=item, client="acme", label="customer number", count=6, sealed="xyz")
        ]
        assert steps(hands)[-1] == "bills"

    def test_asks_for_what_was_typed_when_time_is_over(self):
        """After the wait the digits so far are flushed, and counted if they come in a second."""
        hands, item = on(self.ASK, BILLS)
        end_prompt(hands)
        hands.wait(10)
        assert hands.acted(actions.StopCollect) == [
            actions.StopCollect(item=item, leg=f"leg-{item}", flush=True)
        ]
        hands.do(events.DigitsEntered(item=item, step="ask", count=2, sealed="x"), after=0.5)
        assert hands.said(facts.Typed)[0].count == 2
        assert steps(hands)[-1] == "bills"

    def test_goes_on_without_digits(self):
        """If even the flush is not answered, the flow goes on after a second."""
        hands, item = on(self.ASK, BILLS)
        end_prompt(hands)
        hands.wait(11)
        assert steps(hands)[-1] == "bills"
        late = events.DigitsEntered(item=item, step="ask", count=2, sealed="x")
        assert hands.do(late) == []


class TestHours:
    CALENDAR = plan.CalendarPlan(
        key="shop",
        timezone="Europe/Budapest",
        weekly=tuple(
            (day, begin, end) for day in range(5) for begin, end in ((480, 750), (780, 1020))
        ),
    )

    @pytest.mark.parametrize(
        ("jump", "step"), [(0.0, "bills"), (-7200.0, "end"), (3600 * 24 * 6.0, "end")]
    )
    def test_branches_by_the_wall_clock(self, jump, step):
        """The branch follows the calendar, and the calendar follows the wall clock when set."""
        hours = plan.Hours(key="hours", calendar="shop", open="bills", closed="end")
        flow = centre.flow(hours, BILLS, plan.End(key="end", outcome="closed_hours"))
        hands = centre.Hands(centre.floor_plan(flows=[flow], calendars=(self.CALENDAR,)))
        hands.now = 1_795_422_600.0  # Monday, 9:30 in Budapest.
        hands.do(events.ClockSet(jump_seconds=jump))
        hands.call()
        assert steps(hands) == ["hours", step]


class TestSpeak:
    def test_sets_the_language_of_what_follows(self):
        """Later prompts are in the language, and a late recognition does not change it."""
        hands, item = on(
            plan.Speak(key="hu", language="hu", next="end"), plan.End(key="end", prompt="bye")
        )
        assert hands.said(facts.LanguageSet)[0].language == "hu"
        assert hands.acted(actions.Play)[0].language == "hu"
        hands.do(events.CallerRecognised(item=item, customer="c", language="en"))
        assert len(hands.said(facts.LanguageSet)) == 1


class TestByLanguage:
    SORT = plan.ByLanguage(key="sort", ways=(("en", "bills"), ("hu", "hu")), otherwise="end")
    HU = plan.Enqueue(key="hu", queue="billing")

    @pytest.mark.parametrize(
        ("language", "step", "otherwise"),
        [("en", "bills", False), ("hu", "hu", False), ("fa", "end", True)],
    )
    def test_goes_on_in_the_language_of_the_call(self, language, step, otherwise):
        """Each language has its way, every other takes the last; the fact says why."""
        speak = plan.Speak(key="speak", language=language, next="sort")
        hands, item = on(speak, self.SORT, BILLS, self.HU, END)
        assert steps(hands) == ["speak", "sort", step]
        assert hands.said(facts.Branched) == [
            facts.Branched(
                item=item, client="acme", step="sort", language=language, to=step,
                otherwise=otherwise,
            )
        ]  # fmt: skip

    def test_takes_the_language_in_which_the_caller_is_known(self):
        """Who is recognized before the step goes on in his own language, not the number's."""
        hello = plan.Say(key="hello", prompt="hello", next="sort")
        hands, item = on(hello, self.SORT, BILLS, self.HU, END)
        hands.do(events.CallerRecognised(item=item, customer="c", language="hu"))
        end_prompt(hands)
        assert steps(hands) == ["hello", "sort", "hu"]

    def test_what_is_written_takes_it_too(self):
        """A step that makes no sound is for every channel."""
        flow = centre.flow(self.SORT, plan.Enqueue(key="bills", queue="chats"), self.HU, END)
        number = plan.NumberPlan(number="chat:acme", client="acme", flow="main", language="en")
        hands = centre.Hands(
            centre.floor_plan(
                queues=[centre.queue(), centre.queue("chats", channel="chat")],
                flows=[flow],
                numbers=(number,),
            )
        )
        hands.call("t1", channel="chat", called="chat:acme", leg="")
        assert steps(hands) == ["sort", "bills"]

    def test_who_leaves_the_line_for_a_callback_behind_it_has_asked_for_one(self):
        """The wait ends as the step means to which the branch leads."""
        wait = plan.Enqueue(
            key="wait", queue="billing", leave=(plan.Choice(digit="1", name="back", next="sort"),)
        )
        sort = plan.ByLanguage(key="sort", ways=(("en", "callback"),), otherwise="end")
        callback = plan.AskCallback(key="callback", prompt="noted", queue="billing")
        hands, item = on(wait, sort, callback, END)
        hands.do(events.ChoiceMade(item=item, step="wait", choice="back"), after=40)
        assert [fact.outcome for fact in hands.said(facts.Dequeued)] == ["callback_asked"]
        assert steps(hands) == ["wait", "sort", "callback"]
        end_prompt(hands)
        assert hands.said(facts.Closed)[0].outcome == "callback_asked"

    def test_a_plan_that_leads_nowhere_is_refused(self):
        """A way to a step that is not there is found before a call takes it."""
        with pytest.raises(errors.PlanError, match="no step end"):
            on(self.SORT, BILLS, self.HU)


class TestTakeMessage:
    MESSAGE = plan.TakeMessage(key="message", prompt="speak", queue="billing", seconds_max=60.0)

    def test_ends_as_message_left(self):
        """What was said is closed with its length, and the caller is let go."""
        hands, item = on(self.MESSAGE)
        end_prompt(hands)
        assert hands.acted(actions.RecordMessage)[0].seconds_max == 60.0
        hands.do(events.MessageEnded(item=item, seconds=12.0), after=12)
        assert hands.facts[-1] == facts.Closed(
            item=item, client="acme", outcome="message_left", queue="billing",
            message_seconds=12.0,
        )  # fmt: skip
        assert len(hands.acted(actions.HangUp)) == 1

    def test_ends_as_left_in_flow_if_nothing_was_said(self):
        """Silence is no message."""
        hands, item = on(self.MESSAGE)
        end_prompt(hands)
        hands.do(events.MessageEnded(item=item, seconds=0.0), after=5)
        assert hands.said(facts.Closed)[0].outcome == "left_in_flow"

    def test_hanging_up_ends_a_message(self):
        """Who says his message and hangs up has left it; who hangs up at once has not."""
        for seconds, outcome in ((8.0, "message_left"), (0.5, "left_in_flow")):
            hands, item = on(self.MESSAGE)
            end_prompt(hands)
            hands.do(events.CustomerLeft(item=item), after=seconds)
            assert hands.said(facts.Closed)[0].outcome == outcome

    def test_ends_by_its_lease(self):
        """A message whose end is never reported ends at its full length and a margin."""
        hands, _ = on(self.MESSAGE)
        end_prompt(hands)
        hands.wait(65)
        assert hands.said(facts.Closed)[0].message_seconds == 60.0


class TestEnd:
    def test_hangs_up_after_its_last_words(self):
        """The outcome is the step's."""
        hands, item = on(plan.End(key="end", outcome="diverted", prompt="bye"))
        assert hands.acted(actions.HangUp) == []
        end_prompt(hands)
        assert hands.acted(actions.HangUp) == [
            actions.HangUp(item=item, leg=f"leg-{item}", reason="normal")
        ]
        assert hands.said(facts.Closed)[0].outcome == "diverted"

    def test_keeps_its_outcome_if_the_caller_hangs_up_first(self):
        """Who does not listen to the end is served all the same."""
        hands, item = on(plan.AskCallback(key="callback", prompt="noted", queue="billing"))
        hands.do(events.CustomerLeft(item=item))
        assert hands.said(facts.Closed)[0].outcome == "callback_asked"
        assert hands.acted(actions.HangUp) == []


class TestGo:
    def test_keeps_its_version_after_a_change_of_plan(self):
        """A call goes on in the flow that it began; the next one takes the new version."""
        hands, item = on(MENU, BILLS, END)
        other = plan.Menu(key="menu", prompt="new", choices=MENU.choices, otherwise="end")
        new = centre.floor_plan(version="2", flows=[centre.flow(other, BILLS, END, version=2)])
        hands.do(events.PlanChanged(plan=new))
        for _ in range(3):
            hands.do(events.ChoiceMade(item=item, step="menu", choice=None))
        assert steps(hands)[-1] == "bills"
        hands.call()
        assert hands.said(facts.Arrived)[-1].flow_version == 2
        assert hands.acted(actions.Play)[-1].prompts == ("new",)

    def test_a_circle_is_our_fault(self):
        """A flow that never waits for anything is stopped."""
        speak = (
            plan.Speak(key="a", language="en", next="b"),
            plan.Speak(key="b", language="hu", next="a"),
        )
        hands = centre.Hands(centre.floor_plan(flows=[centre.flow(*speak)]))
        with pytest.raises(AssertionError, match="circle"):
            hands.call()
        assert hands.exchange.in_hand == "i1"
        hands.exchange.park("i1", hands.now)
        assert hands.exchange.facts()[-1].outcome == "lost_by_system"


class TestLeavingTheFlow:
    def test_a_caller_who_hangs_up_has_left_in_the_flow(self):
        """Who hangs up in a menu was never offered to a queue."""
        hands, item = on(MENU, BILLS, END)
        hands.do(events.CustomerLeft(item=item), after=3)
        assert hands.facts[-1] == facts.Closed(item=item, client="acme", outcome="left_in_flow")
        assert hands.said(facts.Queued) == []
        assert hands.exchange.timer() is None
