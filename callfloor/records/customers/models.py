"""
Customers, what identifies them, and what is known of them, encrypted under each one's own key.

Nothing here ever moves from one customer to another: that two are one person is a row of `Merge`
and a pointer, so that it can be taken back to the row. Real and simulated customers never meet:
the mark is part of what makes an identity unique.
"""

from django.db import models
from django.db.models import F, Q

from callfloor.kernel.fields import EncryptedTextField
from callfloor.records.people.models import Client, Person


class Customer(models.Model):
    """A person or organisation outside, as one client knows him."""

    id = models.CharField(primary_key=True, max_length=64)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="customers")
    kind = models.CharField(max_length=16, default="person")
    """person, organisation, household."""
    name = EncryptedTextField()
    language = models.CharField(max_length=12, blank=True)
    """Chosen by the customer; empty if never."""
    priority_seconds = models.FloatField(default=0.0)
    """Seconds of waiting that the customer is worth."""
    preferred_agent = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="preferred_by"
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_from"
    )
    """Who he turned out to be; None for the one whose page shows everything."""
    held_at = models.DateTimeField(null=True, blank=True)
    """Since when nothing of his may be erased (a legal hold); None if it may."""
    hold_reason = EncryptedTextField()
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)
    emptied_at = models.DateTimeField(null=True, blank=True)
    """When the bytes that nobody can read any more were removed as well."""
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(name=None), name="erased_customer_has_no_name"
            ),
            models.CheckConstraint(
                condition=Q(priority_seconds__gte=0), name="customer_priority_positive"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="customer_not_merged_into_himself",
            ),
        ]
        indexes = [
            # The marks are in them so that rows can be counted without being looked at.
            models.Index(
                fields=["client", "-last_seen_at", "simulated", "merged_into"],
                name="customer_last",
            ),
            models.Index(
                fields=["client", "-first_seen_at", "simulated", "merged_into"],
                name="customer_first",
            ),
            models.Index(
                fields=["id", "merged_into"],
                condition=Q(merged_into__isnull=False),
                name="customer_merged",
            ),
            models.Index(
                fields=["erased_at"],
                condition=~Q(erased_at=None) & Q(emptied_at=None),
                name="customer_to_empty",
            ),
        ]

    @property
    def subject(self) -> str:
        """The subject whose key encrypts what is personal here."""
        return f"customer:{self.id}"


class Identity(models.Model):
    """
    A number, address or handle of a customer, found by its blind index.

    One that is not shared belongs to one customer; of a shared one (a switchboard, a household's
    telephone) each customer who uses it has a row.
    """

    id = models.CharField(primary_key=True, max_length=64)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=16)
    """number, address (of mail), handle, external (another system's key), visitor (a browser)."""
    index = models.CharField(max_length=32)
    value = EncryptedTextField()
    evidence = models.CharField(max_length=100)
    """How it is known, as `call:ITEM`."""
    confidence = models.CharField(max_length=12, default="seen")
    """seen (used by him), said (by him or for him), confirmed (by one of us)."""
    shared = models.BooleanField(default=False)
    """Whether several people use it, so that it tells nobody who somebody is."""
    added_at = models.DateTimeField()
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "kind", "index", "simulated"],
                condition=Q(shared=False),
                name="identity_once",
            ),
            models.UniqueConstraint(
                fields=["client", "kind", "index", "customer"], name="identity_once_each"
            ),
        ]
        indexes = [models.Index(fields=["index"], name="identity_index")]


class NameWord(models.Model):
    """One word of a customer's name as a blind index, so that a name can be found unread."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="words")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    index = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["index", "customer"], name="name_word_once"),
        ]


class Tag(models.Model):
    """A word under which customers of one client are gathered; says nothing personal."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="tags")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    tag = models.CharField(max_length=40)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """None if it came with an import of a process."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "tag"], name="tag_once")]
        indexes = [models.Index(fields=["client", "tag"], name="tag_of_client")]


class Membership(models.Model):
    """A person who belongs to an organisation or a household."""

    id = models.CharField(primary_key=True, max_length=64)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="memberships")
    """Who belongs."""
    whole = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="members")
    """The organisation or household."""
    role = EncryptedTextField()
    """What he is there, as the accountant, under his own key."""
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["whole", "customer"], name="membership_once"),
            models.CheckConstraint(
                condition=~Q(whole=F("customer")), name="nobody_belongs_to_himself"
            ),
        ]


class Consent(models.Model):
    """What a customer allowed or forbade at one time; the latest word of a purpose counts."""

    id = models.CharField(primary_key=True, max_length=64)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=32)
    """marketing, survey, recording, analytics, …"""
    channel = models.CharField(max_length=16)
    """call, chat, mail, post, message; `any` for all of them."""
    given = models.BooleanField()
    """False if it was withdrawn or refused."""
    at = models.DateTimeField()
    """When the customer said so."""
    evidence = models.CharField(max_length=100)
    """Where he said so, as `call:ITEM` or `form:ID`."""
    words = EncryptedTextField()
    """What was asked or said, if it was written down."""
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """Who wrote it down; None for the customer himself or a process."""

    class Meta:
        indexes = [models.Index(fields=["customer", "purpose", "at"], name="consent_latest")]


class CustomerNote(models.Model):
    """What one of us writes about a customer, beside any contact."""

    id = models.CharField(primary_key=True, max_length=64)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = EncryptedTextField()
    removed_at = models.DateTimeField(null=True, blank=True)
    """When it was taken away; its text went with it."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(text=None), name="removed_note_has_no_text"
            ),
        ]


class Merge(models.Model):
    """That two customers were found to be one, by whom, and whether it was taken back."""

    id = models.CharField(primary_key=True, max_length=64)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    kept = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="took_in")
    """Whose page shows both from then on."""
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="merges")
    """Who was merged into him."""
    why = models.CharField(max_length=100)
    """same (somebody said so), or the contact that was attached, as `interaction:ID`."""
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(undone_at=None), name="merged_into_one"
            ),
            models.CheckConstraint(
                condition=~Q(kept=F("customer")), name="nobody_merged_with_himself"
            ),
        ]


class Import(models.Model):
    """A file of customers that waits for somebody to say yes, under a key of its own."""

    id = models.CharField(primary_key=True, max_length=64)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    body = EncryptedTextField()
    """The lines; empty once they were taken in or given up."""
    state = models.CharField(max_length=12, default="waiting")
    """waiting, running, done, given_up."""
    lines = models.PositiveIntegerField(default=0)
    """How many can be taken in."""
    made = models.PositiveIntegerField(default=0)
    """How many customers it has made."""
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(ended_at=None), name="import_not_ended"
            ),
        ]

    @property
    def subject(self) -> str:
        """The subject whose key encrypts the lines while they wait."""
        return f"import:{self.id}"
