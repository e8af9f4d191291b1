"""
Mailboxes of the centre: where mail is fetched, and by whom it is sent.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from callfloor.blueprint.schema.parts import Part, Text

Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,253}$")]
Port = Annotated[int, Field(ge=1, le=65_535)]
MailUser = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.@+-]{1,100}$")]
Security = Literal["tls", "starttls", "none"]
CaseKind = Literal["query", "request", "complaint", "technical_fault", "billing_dispute"]


class Incoming(Part):
    """Where mail is fetched, by IMAP."""

    host: Host
    """The server's name, which its certificate must hold, or its address."""
    port: Port = 993
    """The usual one; 143 with starttls."""
    security: Security = "tls"
    """`tls` from the first byte, `starttls`, or `none` for a server on this very machine."""
    user: MailUser
    """Our name there; the password is kept by `callfloor password`."""
    folder: Annotated[str, Field(min_length=1, max_length=200)] = "INBOX"
    """The folder that is read, and no other."""
    trusts: Annotated[str, Field(max_length=253)] = ""
    """The name by which this server signs its checks of senders (the first word of its
    Authentication-Results); empty if it makes none."""


class Outgoing(Part):
    """Where mail is handed in, by SMTP."""

    host: Host
    """The server's name, which its certificate must hold, or its address."""
    port: Port = 465
    """The usual one; 587 with starttls."""
    security: Security = "tls"
    """`tls` from the first byte, `starttls`, or `none` for a server on this very machine."""
    user: MailUser | None = None
    """Our name there, if it asks for one; the password is kept by `callfloor password`."""


class Mailbox(Part):
    """A mailbox, and the addresses whose mail lies in it."""

    name: Text | None = None
    """What customers read before the address; the client's name if empty."""
    addresses: Annotated[list[str], Field(min_length=1)]
    """Addresses of `numbers`, all of one client; the first one writes if no other was asked."""
    incoming: Incoming | None = None
    """Empty for a mailbox that only sends."""
    outgoing: Outgoing | None = None
    """Empty for a mailbox that only receives."""
    acknowledge: bool = True
    """Whether whoever brings a new matter is told at once that it is there, and its reference."""
    tags: bool = True
    """Whether `help+tag@` reaches the mailbox: answers are then sure to find their case."""
    kind: CaseKind = "query"
    """The kind of case that a new matter is; it says by when an answer is promised."""
