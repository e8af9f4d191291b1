"""
Cases, what happened in them, and what hangs on them. Every row carries its client.

The columns of a case are the fold of its events (`rules.state`), kept so that lists can be cut
by them; `services.recompute` makes them anew. What people wrote is encrypted under the customer's
key, or under the case's own where no customer is.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from callfloor.kernel.fields import EncryptedTextField
from callfloor.records.customers.models import Customer
from callfloor.records.interactions.models import Interaction
from callfloor.records.people.models import Client, Person, Team


class CaseCounter(models.Model):
    """The last number given in a year; whoever opens a case holds the row."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class CaseCalendar(models.Model):
    """Whose open time counts for a client, as the centre's file says it."""

    client = models.OneToOneField(Client, models.CASCADE, null=True, related_name="+")
    """None for every client without one of its own."""
    calendar = models.CharField(max_length=64)
    """A calendar of the plan."""


class CaseRule(models.Model):
    """A kind of case that is used, as the centre's file says it; no rows mean all, as they are."""

    kind = models.CharField(primary_key=True, max_length=32)
    stages = models.JSONField(default=list)
    """From new to closed; empty for those of the kind."""
    answer = models.JSONField(default=dict)
    """Priority to seconds of open time until the first answer."""
    solve = models.JSONField(default=dict)
    """Priority to seconds of open time until it is solved."""
    warn_share = models.FloatField(default=0.8)
    """When so much of a time is used, somebody is warned."""
    escalates = models.JSONField(default=list)
    """Goals that bring it a level up when they are missed."""


class Case(models.Model):
    """One matter, from the moment it was told to its end; and again, if it is reopened."""

    hidden_way: ClassVar[str] = "hidden_from"

    id = models.CharField(primary_key=True, max_length=64)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    reference = models.CharField(max_length=16, unique=True)
    """As it is said: CF-2026-000123."""
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, related_name="cases", db_index=False
    )
    """None for what the centre itself has noticed: an incident, an alert."""
    kind = models.CharField(max_length=32)
    language = models.CharField(max_length=12, blank=True)
    """In which the customer is written to."""
    origin = models.CharField(max_length=64, blank=True)
    """The interaction in which it was opened."""
    code = models.CharField(max_length=64, blank=True)
    """What it is about, as a disposition of the client."""
    subject = EncryptedTextField()
    hidden_from = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    """The person who is complained about, until it is released to him."""
    opened_at = models.DateTimeField()
    events = models.PositiveIntegerField(default=0)
    """How many there are; the next one is numbered after it."""
    simulated = models.BooleanField(default=False)

    # --- the fold of its events ---
    stage = models.CharField(max_length=32)
    priority = models.CharField(max_length=8, default="normal")
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", db_index=False)
    level = models.PositiveSmallIntegerField(default=1)
    """1, and one more for each time it went up."""
    waits_for = models.CharField(max_length=16, blank=True)
    """Why the clock rests: customer, supplier; empty while it runs."""
    incident = models.ForeignKey("self", models.PROTECT, null=True, related_name="linked")
    """The incident of which it is a part."""
    emergency = models.CharField(max_length=64, blank=True)
    """Of an incident: what callers hear while it lasts, a key of the plan."""
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    solved_at_once = models.BooleanField(default=False)
    """Whether whoever opened it said that it was solved in that contact."""
    decision = models.CharField(max_length=16, blank=True)
    """Of a complaint: upheld, partly, rejected."""
    appealed = models.BooleanField(default=False)
    promised_at = models.DateTimeField(null=True)
    """By when the customer was told that he has an answer."""
    answer_due_at = models.DateTimeField(null=True)
    """None if it was answered, has no such target, or rests."""
    solve_due_at = models.DateTimeField(null=True)
    """None if it is closed, has no such target, or rests."""
    due_at = models.DateTimeField(null=True)
    """The earlier of the two; lists stand in its order."""
    look_at = models.DateTimeField(null=True)
    """When somebody must be warned, or told that it is too late."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(owner=models.F("hidden_from")) | Q(hidden_from=None) | Q(owner=None),
                name="case_not_ones_own",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(due_at=None), name="case_closed_owes_nothing"
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-opened_at"], name="case_listed"),
            models.Index(fields=["customer", "-opened_at"], name="case_customer"),
            models.Index(fields=["owner", "closed_at"], name="case_owner"),
            models.Index(fields=["team", "closed_at"], name="case_team"),
            models.Index(fields=["due_at"], condition=Q(closed_at=None), name="case_due"),
            models.Index(fields=["look_at"], condition=~Q(look_at=None), name="case_look"),
            models.Index(fields=["client", "code", "-opened_at"], name="case_code"),
        ]

    @property
    def key_subject(self) -> str:
        """The subject whose key encrypts what people wrote here."""
        return f"customer:{self.customer_id}" if self.customer_id else f"case:{self.id}"


class CaseEvent(models.Model):
    """One thing that happened in a case; never changed, never deleted."""

    id = models.CharField(primary_key=True, max_length=64)
    case = models.ForeignKey(Case, models.PROTECT, related_name="rows", db_index=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    """Counts the events of this case from 1."""
    at = models.DateTimeField()
    kind = models.CharField(max_length=16)
    """One of `rules.state.KINDS`."""
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    """Who did it; None for the customer and for the centre itself."""
    data = models.JSONField(default=dict)
    """Keys and instants, no personal value."""
    text = EncryptedTextField()
    """What was written with it: a note, a message, a reason."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="case_event_numbered"),
        ]


class CaseInteraction(models.Model):
    """An interaction was about a case; one may be about several."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="contacts", db_index=False)
    interaction = models.ForeignKey(
        Interaction, models.CASCADE, related_name="case_rows", db_index=False
    )
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    attached_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "interaction"], name="case_contact_once"),
        ]
        indexes = [models.Index(fields=["interaction"], name="case_contact_of")]


class CaseFile(models.Model):
    """A file in a case, encrypted whole."""

    id = models.CharField(primary_key=True, max_length=64)
    case = models.ForeignKey(Case, models.CASCADE, related_name="files")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    """None for the customer."""
    kind = models.CharField(max_length=32)
    """Its media type, read off its bytes."""
    size_bytes = models.PositiveIntegerField()
    is_public = models.BooleanField(default=False)
    """Whether the customer sees it."""
    name = EncryptedTextField()
    body = models.BinaryField()
    """`kernel.keys.crypt`, bound to this row."""
