"""
Clients, teams, skills, departments, roles and the people who work here.

A person may work for several clients and is therefore joined to them by rows; everything else
that people do carries one client. Names of people are encrypted under the person's own key.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from callfloor.kernel import department, quick
from callfloor.kernel.access import Rights
from callfloor.kernel.fields import EncryptedTextField


class Client(models.Model):
    """A company for whom the centre works."""

    key = models.CharField(primary_key=True, max_length=64)
    names = models.JSONField(default=dict)
    """Language to name."""
    languages = models.JSONField(default=list)
    """Languages spoken to its customers, the default first."""
    is_active = models.BooleanField(default=True)


class Team(models.Model):
    """People with one leader."""

    key = models.CharField(primary_key=True, max_length=64)
    names = models.JSONField(default=dict)
    is_active = models.BooleanField(default=True)


class Skill(models.Model):
    """What a person may be given."""

    key = models.CharField(primary_key=True, max_length=64)
    names = models.JSONField(default=dict)


class PersonManager(BaseUserManager["Person"]):
    """Finds a person by the name that he signs in with."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Give the person who signs in with this name; keys are lower case."""
        return self.get(key=(username or "").lower())


class Person(AbstractBaseUser):
    """Somebody who works here; signs in with the key."""

    key = models.CharField(primary_key=True, max_length=64)
    name = EncryptedTextField()
    language = models.CharField(max_length=12, default="en")
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="people"
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "key"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(key=""), name="person_has_key"),
        ]

    shown_name: str | None = None
    """The name in clear, once a query has read it for this request."""

    @property
    def subject(self) -> str:
        """The subject whose key encrypts what is personal here."""
        return self.subject_of(self.key)

    @staticmethod
    def subject_of(key: str) -> str:
        """Give the subject of the person who has a key."""
        return f"person:{key}"

    @cached_property
    def role_keys(self) -> tuple[str, ...]:
        """The person's roles, sorted; read once per object."""
        return tuple(sorted(row.role for row in self.role_rows.all()))

    def _joined(self, kind: str) -> list[str]:
        return [key for of, key in self._rows if of == kind]

    @cached_property
    def _rows(self) -> list[tuple[Any, ...]]:
        """The rows by which the person is joined to clients and duties, in one statement."""
        sql = (
            f"SELECT 'client', client_id FROM {quick.table(PersonClient)} WHERE person_id = %s "
            f"UNION ALL SELECT 'duty', d.duty FROM {quick.table(PersonRole)} r "
            f"JOIN {quick.table(RoleDuty)} d ON d.role_id = r.role WHERE r.person_id = %s"
        )
        return quick.fetch(sql, [self.key, self.key])

    @property
    def duty_keys(self) -> frozenset[str]:
        """The person's duties as `department.duty`, by all his roles."""
        return frozenset(self._joined("duty")) if self.is_active else frozenset()

    @cached_property
    def rights(self) -> Rights:
        """What the person may do now; read once per object, so take a fresh one per request."""
        clients = frozenset(self._joined("client"))
        permissions = department.permissions_of_duties(self._joined("duty"))
        return Rights(
            person=self.key,
            clients=clients if self.is_active else frozenset(),
            permissions=permissions if self.is_active else frozenset(),
            team=self.team_id,
        )

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Answer Django's own question by the person's duties."""
        return self.rights.may(perm)

    def has_perms(self, perms: Sequence[str], obj: Any = None) -> bool:
        """Answer Django's own question by the person's duties."""
        return all(self.rights.may(perm) for perm in perms)


class PersonClient(models.Model):
    """A person works for a client."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="client_rows")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="person_rows")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "client"], name="person_client_once")
        ]


class PersonRole(models.Model):
    """A person has a role, which is a set of duties."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="role_rows")
    role = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "role"], name="person_role_once")]


class PersonSkill(models.Model):
    """A person has a skill, at a level."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="skill_rows")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="person_rows")
    level = models.PositiveSmallIntegerField()
    proof = models.CharField(max_length=16, null=True)
    """certificate, test or observation; nothing if nobody vouches for it."""
    proved_by = models.CharField(max_length=64, null=True)
    """The key of who vouches for it."""
    proved_on = models.DateField(null=True)
    proved_until = models.DateField(null=True)
    """The last day on which it holds; nothing if it holds for good."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "skill"], name="person_skill_once"),
            models.CheckConstraint(
                condition=Q(proof=None, proved_by=None, proved_on=None, proved_until=None)
                | Q(proof__isnull=False, proved_by__isnull=False, proved_on__isnull=False),
                name="person_skill_proof_whole",
            ),
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=5), name="person_skill_level"
            ),
        ]


class Department(models.Model):
    """A department of this centre, as the file that is applied says it."""

    key = models.CharField(primary_key=True, max_length=64)
    names = models.JSONField(default=dict)
    """Language to name; empty for the standard name."""
    host = models.CharField(max_length=64, null=True)
    """In whose line it sits."""
    supervised_by = models.CharField(max_length=64, null=True)
    """Which function says what is to be reached."""
    merges = models.JSONField(default=list)
    duties = models.JSONField(default=list)
    """What is answered for here, as `department.duty`."""
    head = models.CharField(max_length=64, null=True)
    """The key of the person who answers for it."""
    order = models.PositiveSmallIntegerField()


class Role(models.Model):
    """A set of duties."""

    key = models.CharField(primary_key=True, max_length=64)
    names = models.JSONField(default=dict)
    """Language to name; empty for the standard name."""
    department = models.CharField(max_length=64, null=True)
    duties = models.JSONField(default=list)
    """In the order of the file; what counts is in the rows of `RoleDuty`, which are the same."""
    environment = models.CharField(max_length=16, null=True)
    order = models.PositiveSmallIntegerField()


class RoleDuty(models.Model):
    """Whoever has a role has this duty; permissions are read through these rows."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="duty_rows")
    duty = models.CharField(max_length=129)
    """`department.duty`."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "duty"], name="role_duty_once")]


class ApiToken(models.Model):
    """By which a program asks in a person's name, with some of his duties."""

    id = models.CharField(primary_key=True, max_length=36)
    """Stands in the token, so that it is found; it proves nothing."""
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    """What it is for."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the secret, which has 256 bits of chance and needs no slow hash."""
    duties = models.JSONField()
    """As `department.duty`; what the person has lost since does not count."""
    clients = models.JSONField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=64, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    """When it was last used, to the minute."""
    used_from = EncryptedTextField(blank=True)
    """The address from where it was last used, under the person's key."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")), name="token_expires"
            ),
        ]

    @property
    def subject(self) -> str:
        """The subject whose key encrypts the address."""
        return f"person:{self.person_id}"


class Notice(models.Model):
    """Something that was said to people of the house."""

    id = models.CharField(primary_key=True, max_length=36)
    kind = models.CharField(max_length=32)
    """`message` is what a person wrote; a department has kinds of its own."""
    by = models.CharField(max_length=64, db_index=True)
    """The key of who said it."""
    team = models.CharField(max_length=64, null=True, blank=True)
    """The team to which it was said; none if it was said to one, or to those whom it concerns."""
    text = EncryptedTextField(blank=True)
    """Under the key of who wrote it; none where the kind says it all."""
    place = models.CharField(max_length=200, blank=True)
    """The page where it is to be seen."""
    detail = models.JSONField(default=dict, blank=True)
    """What the words of the kind need; keys and numbers only."""
    sent_at = models.DateTimeField()


class NoticeCopy(models.Model):
    """What one of them has of it."""

    id = models.CharField(primary_key=True, max_length=36)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="copies")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notice_copies")
    text = EncryptedTextField(blank=True)
    """Under the person's own key."""
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "person"], name="notice_once_each")
        ]
        indexes = [
            models.Index(
                fields=["person"], condition=Q(read_at=None), name="notice_unread_of_person"
            )
        ]

    @property
    def subject(self) -> str:
        """The subject whose key encrypts the text."""
        return f"person:{self.person_id}"
