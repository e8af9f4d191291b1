"""Pausing a recording is a lease, and a refusal is for good."""

import pytest

from callfloor.core import actions, events, facts, plan
from callfloor.core.tests import centre, test_consults

pytestmark = pytest.mark.pure


def recorded(*others: str) -> tuple[centre.Hands, str]:
    """Bring anna into a talk that is recorded."""
    return test_consults.talk(*others, notice=True)


class TestPause:
    def test_ends_when_it_is_asked(self):
        """Nothing is kept in between."""
        hands, item = recorded()
        hands.do(events.RecordingPauseAsked(agent="anna", item=item), after=10)
        (paused,) = hands.said(facts.RecordingPaused)
        assert paused.until == hands.now + 120.0
        hands.do(events.RecordingResumeAsked(agent="anna", item=item), after=30)
        assert hands.said(facts.RecordingResumed)[0].by_itself is False
        hands.wait(300)
        assert len(hands.acted(actions.PauseRecording)) == 1
        assert len(hands.acted(actions.ResumeRecording)) == 1

    def test_ends_by_itself(self):
        """Nobody can forget the rest of a call."""
        hands, item = recorded()
        hands.do(events.RecordingPauseAsked(agent="anna", item=item))
        hands.wait(119)
        assert hands.acted(actions.ResumeRecording) == []
        hands.wait(1)
        assert hands.said(facts.RecordingResumed)[0].by_itself is True

    def test_ends_with_the_recording(self):
        """No word about a recording that is closed."""
        hands, item = recorded()
        hands.do(events.RecordingPauseAsked(agent="anna", item=item))
        hands.do(events.CustomerLeft(item=item), after=5)
        hands.wait(300)
        assert hands.acted(actions.ResumeRecording) == []

    def test_is_refused_where_it_means_nothing(self):
        """Twice, without a pause, without a recording."""
        hands, item = recorded()
        pause = events.RecordingPauseAsked(agent="anna", item=item)
        resume = events.RecordingResumeAsked(agent="anna", item=item)
        assert hands.exchange.refusal(resume) == "not_paused"
        hands.do(pause)
        assert hands.exchange.refusal(pause) == "already_paused"
        hands, item = test_consults.talk()
        assert hands.exchange.refusal(events.RecordingPauseAsked(agent="anna", item=item)) == (
            "not_recorded"
        )


class TestRefused:
    def test_ends_it_for_the_rest_of_the_item(self):
        """Neither a transfer nor a second agent begins it again."""
        hands, item = recorded("ben")
        hands.do(events.RecordingRefused(agent="anna", item=item), after=10)
        assert len(hands.acted(actions.StopRecording)) == 1
        told = hands.said(facts.NoticeGiven)[-1]
        assert (told.refused, told.source, told.agent) == (True, "agent", "anna")
        hands.do(events.TransferAsked(agent="anna", item=item, to_agent="ben"))
        hands.answer("ben")
        assert len(hands.acted(actions.StartRecording)) == 1
        refused = events.RecordingRefused(agent="ben", item=item)
        assert hands.exchange.refusal(refused) == "not_recorded"


class TestRemembered:
    """Who has said before that no call of his is to be recorded need not say it again."""

    def test_nothing_is_recorded_though_the_notice_was_heard(self):
        """He is recognized while the notice is still said."""
        say = plan.Notice(key="notice", prompt="notice", next="wait")
        flow = centre.flow(say, plan.Enqueue(key="wait", queue="billing"))
        hands = centre.Hands(centre.calling_plan("anna", flows=[flow]))
        hands.seat("anna")
        item = hands.call(caller="token")
        hands.do(events.CallerRecognised(item=item, customer="c1", do_not_record=True))
        hands.do(events.PromptEnded(item=item, play=hands.acted(actions.Play)[0].play))
        hands.answer("anna")
        assert hands.acted(actions.StartRecording) == []
        assert {fact.refused for fact in hands.said(facts.NoticeGiven)} == {True}

    def test_what_is_known_late_ends_a_recording(self):
        hands, item = recorded("ben")
        known = events.CallerRecognised(item=item, customer="c1", do_not_record=True)
        hands.do(known, after=3)
        assert len(hands.acted(actions.StopRecording)) == 1
        hands.do(known)  # Said again it is no news.
        assert len(hands.said(facts.NoticeGiven)) == 2
        hands.do(events.TransferAsked(agent="anna", item=item, to_agent="ben"))
        hands.answer("ben")
        assert len(hands.acted(actions.StartRecording)) == 1


class TestCallsOut:
    """Who has said so is not recorded either when we call him."""

    def calling(self) -> centre.Hands:
        """Let anna call a number whose customer the records are asked for."""
        hands = centre.Hands(centre.calling_plan("anna", client={"record_calls_out": True}))
        hands.seat("anna")
        hands.dial("anna", callee="token")
        return hands

    def test_the_records_are_asked_who_is_called(self):
        hands = self.calling()
        assert hands.acted(actions.AskWho) == [actions.AskWho(item="o1", caller="token")]
        hands.far_answers("o1", after=3)
        assert len(hands.acted(actions.StartRecording)) == 1

    def test_nothing_is_recorded_of_who_has_refused(self):
        hands = self.calling()
        hands.do(events.CallerRecognised(item="o1", customer="c1", do_not_record=True))
        hands.far_answers("o1", after=3)
        assert hands.acted(actions.StartRecording) == []
        assert hands.said(facts.NoticeGiven)[0].source == "known"

    def test_a_callback_obeys_too(self):
        hands = centre.Hands(centre.calling_plan("anna", client={"record_calls_out": True}))
        hands.seat("anna")
        hands.do(
            events.CallbackArrived(
                item="b1", leg="leg-b1", client="acme", queue="billing", of="i9",
                born_at=centre.T0, language="hu", zone="near", sealed="number", caller="token",
            )
        )  # fmt: skip
        hands.do(events.CallerRecognised(item="b1", customer="c1", do_not_record=True))
        hands.answer("anna")
        hands.far_answers("b1")
        assert hands.acted(actions.StartRecording) == []


class TestStart:
    def test_goes_on_over_hold_and_reload(self):
        """One recording, begun once."""
        hands, item = recorded()
        hands.do(events.HoldAsked(agent="anna", item=item))
        hands.do(events.ResumeAsked(agent="anna", item=item), after=5)
        hands.do(events.DeviceUp(agent="anna", leg="new"), after=5)
        assert len(hands.acted(actions.StartRecording)) == 1
        assert hands.acted(actions.StopRecording) == []
