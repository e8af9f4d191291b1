"""
Interactions and all that hangs on them. Every row carries its client and the mark `simulated`.

Personal values (numbers, names, digits, notes, keys of recordings) are encrypted under the
customer's key; whoever called without a number is a customer without a name.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from callfloor.kernel.fields import EncryptedTextField
from callfloor.records.customers.models import Customer
from callfloor.records.people.models import Client, Person
from callfloor.records.routing.models import Queue


class Interaction(models.Model):
    """One call (later chat, mail, post), from arrival to its one final state."""

    hidden_way: ClassVar[str] = "hidings__person"

    id = models.CharField(primary_key=True, max_length=64)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=16)
    called = models.CharField(max_length=64)
    """The number of ours that was used."""
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="interactions", db_index=False
    )
    language = models.CharField(max_length=12)
    flow = models.CharField(max_length=64)
    flow_version = models.PositiveIntegerField()
    trunk = models.CharField(max_length=64, blank=True)
    arrived_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=32, blank=True)
    """One of DESIGN's final states; empty while it goes on."""
    queue = models.ForeignKey(Queue, models.PROTECT, null=True, related_name="+", db_index=False)
    """The last queue it was in."""
    agent = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    """The last agent who talked."""
    disposition = models.CharField(max_length=64, blank=True)
    wait_seconds = models.FloatField(default=0.0)
    talk_seconds = models.FloatField(default=0.0)
    hold_seconds = models.FloatField(default=0.0)
    wrap_seconds = models.FloatField(default=0.0)
    message_seconds = models.FloatField(null=True)
    short = models.BooleanField(default=False)
    interrupted = models.BooleanField(default=False)
    recording_refused = models.BooleanField(default=False)
    recorded = models.BooleanField(default=False)
    """Whether frames were kept at any time."""
    recording_open = models.BooleanField(default=False)
    """Whether the projection still waits for the end of a recording."""
    simulated = models.BooleanField(default=False)
    direction = models.CharField(max_length=16, default="in")
    """in, out (an agent dialed), callback, internal (a colleague)."""
    answers = models.CharField(max_length=64, blank=True)
    """The interaction in which a callback was asked for."""
    consult_seconds = models.FloatField(default=0.0)
    """Of all agents: spent asking somebody, or being asked."""
    dial_seconds = models.FloatField(default=0.0)
    """Spent until the far side answered."""
    dial_outcome = models.CharField(max_length=16, blank=True)
    """How dialing the customer ended: answered, busy, no_answer …; empty if nobody dialed."""
    note = EncryptedTextField()
    due_at = models.DateTimeField(null=True)
    """When an answer is owed; None for what is answered while the customer waits."""
    written = models.PositiveIntegerField(default=0)
    """How many messages it has; the next one is numbered after it."""
    preferred = models.CharField(max_length=64, blank=True)
    """The agent who should have what is written, if he is there."""
    to_floor = models.BooleanField(default=False)
    """Whether the floor is yet to be told of what is written, or has no such address."""
    leaving = models.BooleanField(default=False)
    """Whether its customer has closed it and the floor is yet to let him go."""
    seen_at = models.DateTimeField(null=True)
    """When the page of a chat was last open at its customer's; to half a minute."""
    shared = models.BooleanField(default=False)
    """Whether another agent had a part in it or was asked, or it waited once more."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", ended_at=None) | (~Q(outcome="") & ~Q(ended_at=None)),
                name="interaction_ends_once",
            ),
        ]
        indexes = [
            # The mark is in it so that rows can be counted without being looked at.
            models.Index(fields=["client", "-arrived_at", "simulated"], name="interaction_listed"),
            # What says that somebody came back stands in it: no row is looked at.
            models.Index(
                fields=["customer", "-arrived_at", "direction", "client", "simulated"],
                name="interaction_customer",
            ),
            models.Index(fields=["agent", "-arrived_at"], name="interaction_agent"),
            models.Index(
                fields=["id"], condition=Q(recording_open=True), name="interaction_recording"
            ),
            models.Index(fields=["id"], condition=Q(to_floor=True), name="interaction_to_floor"),
            models.Index(fields=["id"], condition=Q(leaving=True), name="interaction_leaving"),
            models.Index(
                fields=["client", "arrived_at", "simulated"],
                condition=Q(simulated=True),
                name="interaction_simulated",
            ),
            # All that a first contact is counted by.
            models.Index(
                fields=[
                    *("queue", "direction", "outcome", "arrived_at"),
                    *("client", "simulated", "shared", "customer"),
                ],
                name="interaction_first",
            ),
        ]


class Hiding(models.Model):
    """A contact that does not exist for a person, because somebody complained about him in it."""

    interaction = models.ForeignKey(
        Interaction,
        models.CASCADE,
        related_name="hidings",
        db_index=False,
        db_constraint=False,  # A call is in the records only some seconds after it was named.
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    because_of = models.CharField(max_length=64)
    """The case; two cases may hide the same contact, and each takes back only its own."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["interaction", "person", "because_of"], name="hiding_once"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "interaction"], name="hiding_from"),
            models.Index(fields=["because_of"], name="hiding_because"),
        ]


class QueueEntry(models.Model):
    """One wait in one queue; a transfer is a new one."""

    hidden_way: ClassVar[str] = "interaction__hidings__person"

    id = models.CharField(primary_key=True, max_length=80)
    """Interaction and entry."""
    interaction = models.ForeignKey(
        Interaction, models.CASCADE, related_name="entries", db_index=False
    )
    entry = models.PositiveIntegerField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="+", db_index=False)
    queued_at = models.DateTimeField()
    quarter = models.PositiveIntegerField()
    """The quarter hour of queued_at, counted from 1970: reports add up by it."""
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=32, blank=True)
    """Empty while it waits."""
    waited_seconds = models.FloatField(default=0.0)
    short = models.BooleanField(default=False)
    within_goal = models.BooleanField(default=False)
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interaction", "entry"], name="queue_entry_once"),
        ]
        indexes = [
            # All that is added up stands in it, so that a report looks at no row.
            models.Index(
                fields=[
                    *("queue", "quarter", "simulated", "outcome", "short", "within_goal"),
                    *("entry", "waited_seconds"),
                ],
                name="queue_entry_sums",
            ),
            # Who gave up is listed by it, the latest first.
            models.Index(
                fields=["client", "-queued_at", "-id", "queue", "simulated"],
                condition=Q(outcome="abandoned_in_queue"),
                name="queue_entry_abandoned",
            ),
        ]


class AgentWork(models.Model):
    """One agent's part of an interaction."""

    hidden_way: ClassVar[str] = "interaction__hidings__person"

    id = models.CharField(primary_key=True, max_length=80)
    """Interaction and part."""
    interaction = models.ForeignKey(
        Interaction, models.CASCADE, related_name="work", db_index=False
    )
    part = models.PositiveIntegerField()
    """Counts the parts of this interaction from 1."""
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    agent = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    queue = models.ForeignKey(Queue, models.PROTECT, null=True, related_name="+", db_index=False)
    """None for a part in a call that waited in no queue."""
    role = models.CharField(max_length=16, default="serves")
    """serves, asked (by who serves), joins (talks with both)."""
    bridged_at = models.DateTimeField()
    """When the part began: with the first word, or with dialing."""
    ended_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    talk_seconds = models.FloatField(default=0.0)
    hold_seconds = models.FloatField(default=0.0)
    wrap_seconds = models.FloatField(default=0.0)
    consult_seconds = models.FloatField(default=0.0)
    dial_seconds = models.FloatField(default=0.0)
    ended_by = models.CharField(max_length=16, blank=True)
    disposition = models.CharField(max_length=64, blank=True)
    quarter = models.PositiveIntegerField(null=True)
    """The quarter hour in which the talk ended, counted from 1970: reports add up by it."""
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interaction", "part"], name="agent_work_once"),
        ]
        indexes = [
            models.Index(fields=["agent", "bridged_at"], name="agent_work_day"),
            models.Index(
                fields=[
                    *("quarter", "client", "queue", "agent", "role", "simulated"),
                    *("talk_seconds", "hold_seconds", "wrap_seconds"),
                ],
                name="agent_work_sums",
            ),
            # The same by agent.
            models.Index(
                fields=[
                    *("agent", "quarter", "client", "role", "simulated"),
                    *("talk_seconds", "hold_seconds", "wrap_seconds"),
                ],
                name="agent_work_agent",
            ),
        ]


ALIKE = ["queue", "quarter", "simulated", "outcome", "short", "within_goal", "entry"]


class WaitSum(models.Model):
    """How many waits of a queue and quarter hour are alike: sums of `QueueEntry`."""

    queue = models.ForeignKey(Queue, models.PROTECT, related_name="+", db_index=False)
    quarter = models.PositiveIntegerField()
    simulated = models.BooleanField(default=False)
    outcome = models.CharField(max_length=32, blank=True)
    short = models.BooleanField(default=False)
    within_goal = models.BooleanField(default=False)
    entry = models.PositiveIntegerField()
    entries = models.PositiveIntegerField()
    waited_seconds = models.FloatField()
    longest_seconds = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=ALIKE, name="wait_sum_once"),
        ]


class WorkSum(models.Model):
    """What agents did for a queue in a quarter hour: sums of `AgentWork` that served."""

    queue = models.ForeignKey(Queue, models.PROTECT, related_name="+", db_index=False)
    quarter = models.PositiveIntegerField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    simulated = models.BooleanField(default=False)
    parts = models.PositiveIntegerField()
    talk_seconds = models.FloatField()
    hold_seconds = models.FloatField()
    wrap_seconds = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "quarter", "client", "simulated"], name="work_sum_once"
            ),
        ]


class TimelineEntry(models.Model):
    """One fact of an interaction, without personal values."""

    hidden_way: ClassVar[str] = "interaction__hidings__person"

    id = models.CharField(primary_key=True, max_length=32)
    """Source and number in its journal; the value is bound to it."""
    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="timeline")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=32)
    """The fact's name."""
    data = models.JSONField(default=dict)
    value = EncryptedTextField()
    """Digits that the caller typed."""


class Explanation(models.Model):
    """Why an item was offered to an agent, or to nobody."""

    hidden_way: ClassVar[str] = "interaction__hidings__person"

    id = models.CharField(primary_key=True, max_length=32)
    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="explanations"
    )
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    offer = models.CharField(max_length=64, blank=True)
    why = models.JSONField(default=dict)


class LineQuality(models.Model):
    """How well one leg was heard in an interaction: an agent's talk, or a side outside."""

    hidden_way: ClassVar[str] = "interaction__hidings__person"

    id = models.CharField(primary_key=True, max_length=32)
    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="lines")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    """When it ended."""
    agent = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    """Whose leg it was; None for a side outside."""
    trunk = models.CharField(max_length=64, blank=True)
    """By which trunk a side outside was reached; empty for a browser and for an agent."""
    packets = models.PositiveBigIntegerField()
    lost = models.PositiveBigIntegerField()
    jitter_ms = models.FloatField()
    mos = models.FloatField()
    mos_worst = models.FloatField()
    is_bad = models.BooleanField()
    """Whether many would have been dissatisfied with it (`rules.MOS_BAD`)."""

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="line_quality_at"),  # What is old leaves by it.
            models.Index(fields=["-at"], condition=models.Q(is_bad=True), name="line_quality_bad"),
        ]


class Recording(models.Model):
    """A file of encrypted sound, and its key under the customer's."""

    hidden_way: ClassVar[str] = "interaction__hidings__person"

    id = models.CharField(primary_key=True, max_length=64)
    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="recordings"
    )
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    path = models.CharField(max_length=200)
    """Below the centre's data folder."""
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)
    channels = models.PositiveSmallIntegerField(default=2)
    partial = models.BooleanField(default=False)
    missing = models.BooleanField(default=False)
    """Whether no file was found when the recording had ended."""
    wrapped_key = models.BinaryField(null=True)
    """The data key, encrypted under the customer's key; None before it was taken over."""
    simulated = models.BooleanField(default=False)


class Message(models.Model):
    """What somebody wrote in an interaction: a chat's line, a mail, a note between agents."""

    hidden_way: ClassVar[str] = "interaction__hidings__person"

    id = models.CharField(primary_key=True, max_length=64)
    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    """Counts the messages of this interaction from 1; whoever was away asks for what follows."""
    direction = models.CharField(max_length=8)
    """in (from the customer), out (to him), note (for colleagues only)."""
    author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    """Who wrote it here; None for the customer and for the centre itself."""
    at = models.DateTimeField()
    kind = models.CharField(max_length=16, default="text")
    """text, file, event (said by the centre, as that a colleague joined)."""
    body = EncryptedTextField()
    data = models.JSONField(default=dict)
    """What is said of it without a personal value."""
    external = models.CharField(max_length=64, blank=True)
    """The key by which its writer knows it: a message that is given twice is kept once (R26)."""
    state = models.CharField(max_length=12, default="kept")
    """kept; of one that must be sent on: to_send, sent, failed, unknown (never sent again, I5)."""
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interaction", "number"], name="message_numbered"),
            models.UniqueConstraint(
                fields=["interaction", "external"],
                condition=~Q(external=""),
                name="message_once",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="to_send"), name="message_to_send"),
        ]


class AgentState(models.Model):
    """What an agent was from one change to the next: the floor's facts, a row for each."""

    id = models.CharField(primary_key=True, max_length=32)
    """Source and number in its journal."""
    agent = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=16)
    """ready, away, ringing, talking, wrap_up, missed, reserved; signed out is no row."""
    reason = models.CharField(max_length=64, blank=True)
    """Why away."""
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="+", db_index=False)
    """The client of the work in hand."""
    item = models.CharField(max_length=64, blank=True)
    """The interaction in hand; it may be one that the records have lost."""
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    """None while it lasts; a state that a floor's end has cut lasts until the next start."""
    simulated = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["agent", "since_at"], name="agent_state_day"),
            models.Index(
                fields=["simulated"], condition=Q(until_at=None), name="agent_state_lasting"
            ),
        ]


class AgentDay(models.Model):
    """How long an agent was in a state on a local day of the centre: sums of `AgentState`."""

    day = models.DateField()
    agent = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=16)
    reason = models.CharField(max_length=64, blank=True)
    simulated = models.BooleanField(default=False)
    spent_us = models.BigIntegerField()
    """Microseconds of the states that have ended: whole numbers add up the same in any order."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "agent", "state", "reason", "simulated"], name="agent_day_once"
            ),
        ]


class MissedOffer(models.Model):
    """A contact that was offered to an agent who did not take it."""

    hidden_way: ClassVar[str] = "interaction__hidings__person"

    id = models.CharField(primary_key=True, max_length=32)
    """Source and number in its journal."""
    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="+", db_index=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    agent = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    queue = models.ForeignKey(Queue, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=16)
    """missed or declined."""
    simulated = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["at", "agent"], name="missed_offer_day")]


class ProjectionState(models.Model):
    """How far a journal has been projected."""

    source = models.CharField(primary_key=True, max_length=16)
    """journal or history."""
    seq = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)
    """The instant of the last fact."""
